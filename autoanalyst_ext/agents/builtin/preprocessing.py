"""`preprocessing_agent`: cleans and prepares tables."""

from ...types.agents import AgentSpec
from ..prompts import instructions

AGENT = AgentSpec(
    name="preprocessing_agent",
    title="Preprocessing",
    description="Cleans and prepares tables: types, dates, missing values, duplicates, new columns.",
    instructions=instructions("preprocessing_agent"),
    aliases=("preprocessing", "cleaning_agent"),
)
