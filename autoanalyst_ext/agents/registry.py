"""`AgentRegistry`: finds an agent by its name or alias."""

from collections.abc import Sequence
from difflib import get_close_matches

from ..errors import UnknownAgent
from ..types.agents import AgentSpec
from .builtin import AGENTS


class AgentRegistry:
    """The agents one can ask, built-in ones first."""

    def __init__(self, agents: Sequence[AgentSpec] = AGENTS) -> None:
        self._agents = {agent.name: agent for agent in agents}
        self._aliases = {alias: agent.name for agent in agents for alias in agent.aliases}

    def all(self) -> tuple[AgentSpec, ...]:
        """Every agent, in the order in which they are offered."""
        return tuple(self._agents.values())

    def knows(self, name: str) -> bool:
        """Whether `name` is an agent's name or alias, in any letter case."""
        return name.lower() in self._agents or name.lower() in self._aliases

    def get(self, name: str) -> AgentSpec:
        """The agent called `name`; raises `UnknownAgent`, with the nearest names."""
        key = name.lower()
        agent = self._agents.get(self._aliases.get(key, key))
        if agent is None:
            raise UnknownAgent(self._unknown(name), name=name, known=list(self._agents))
        return agent

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name.lower(), [*self._agents, *self._aliases], n=1, cutoff=0.6)
        if near:
            return f"There is no agent @{name}. Did you mean @{self._aliases.get(near[0], near[0])}?"
        return f"There is no agent @{name}. There are: {', '.join('@' + a for a in self._agents)}."
