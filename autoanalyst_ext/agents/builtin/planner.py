"""`planner`: answers simple questions and hands larger ones to the specialists."""

from ...types.agents import AgentSpec
from ..prompts import instructions

AGENT = AgentSpec(
    name="planner",
    title="Planner",
    description="Answers simple questions itself and hands larger ones to the specialists, in order.",
    instructions=instructions("planner"),
    tools=("run_cell", "run_plan", "inspect_data", "plan", "abstain"),
)
