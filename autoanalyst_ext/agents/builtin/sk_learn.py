"""`sk_learn_agent`: trains and judges scikit-learn models."""

from ...types.agents import AgentSpec
from ..prompts import instructions

AGENT = AgentSpec(
    name="sk_learn_agent",
    title="Machine learning",
    description="Trains and judges scikit-learn models: classification, regression, clustering.",
    instructions=instructions("sk_learn_agent"),
    aliases=("sklearn_agent", "machine_learning_agent"),
)
