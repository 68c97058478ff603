"""`data_viz_agent`: draws one clear chart."""

from ...types.agents import AgentSpec
from ..prompts import instructions

AGENT = AgentSpec(
    name="data_viz_agent",
    title="Charts",
    description="Draws one clear plotly chart for a question.",
    instructions=instructions("data_viz_agent"),
    aliases=("visualization_agent", "viz_agent", "chart_agent"),
)
