"""`AgentSpec`: what an agent is."""

from .value import Value


class AgentSpec(Value):
    """Instructions, tools and model settings under a name."""

    name: str
    """The name a mention uses, e.g. `data_viz_agent`."""
    title: str
    """A short name for people."""
    description: str
    """One sentence: what to ask it. The planner chooses by it."""
    instructions: str
    """The agent's standing text, Markdown."""
    aliases: tuple[str, ...] = ()
    """Other names that mean this agent."""
    tools: tuple[str, ...] = ("run_cell", "run_plan", "inspect_data", "abstain")
    """Names of the tools it may call, as far as they are offered."""
    temperature: float | None = None
    """Overrides the run's temperature."""
