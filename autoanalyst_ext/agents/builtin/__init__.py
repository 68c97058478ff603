"""The agents that come with the product: one file each, instructions beside them in `prompts/`."""

from . import planner, preprocessing, sk_learn, statistics, visualization

AGENTS = (
    planner.AGENT,
    preprocessing.AGENT,
    statistics.AGENT,
    sk_learn.AGENT,
    visualization.AGENT,
)
