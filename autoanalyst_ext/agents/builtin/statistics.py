"""`statistical_analytics_agent`: answers with statistics."""

from ...types.agents import AgentSpec
from ..prompts import instructions

AGENT = AgentSpec(
    name="statistical_analytics_agent",
    title="Statistics",
    description="Answers with statistics: summaries, comparisons, correlation, tests, regression.",
    instructions=instructions("statistical_analytics_agent"),
    aliases=("statistical_analyst_agent", "statistics_agent", "stats_agent"),
)
