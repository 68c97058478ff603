"""The `plan` tool: the planner hands a larger task to specialists, one after the other.

They share the kernel, the limits and the notebook of the turn; each begins with a look at the tables
as the one before left them. A hand-over is checked before anybody works.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from ..errors import UnknownAgent
from ..tools.base import Tool, ToolCall, ToolOutcome
from ..tools.inspect_data import look, table_facts
from ..tools.turn import Turn
from ..types.events import PlanMade, RunEvent
from ..types.value import Value
from .conversation import Conversation
from .loop import Loop, Report
from .registry import AgentRegistry

MOST_STEPS = 5


class PlanStep(Value):
    """One specialist's part."""

    agent: str
    """Name of the agent."""
    task: str
    """What it should do, as one clear request that stands alone."""


class Plan(Value):
    """Who works, in which order."""

    steps: tuple[PlanStep, ...]
    """At most five, in the order in which they should work."""


@dataclass(frozen=True)
class Done:
    """What one agent was asked, and what it told, with references."""

    task: str
    told: str


class MakePlan(Tool):
    """Runs specialists in order and brings back what they say."""

    name = "plan"
    description = (
        "Hand a larger task to specialists, in order. They work in the same kernel and see each other's "
        "variables. You get back what each of them answered. The specialists:"
    )
    parameters = Plan

    def __init__(self, registry: AgentRegistry, loop: Loop) -> None:
        self._registry = registry
        self._loop = loop
        offered = [f"- {a.name}: {a.description}" for a in registry.all() if self.name not in a.tools]
        self.description = "\n".join([MakePlan.description, *offered])

    async def run(
        self, call: ToolCall, arguments: Plan, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Check the plan, then let each specialist work."""
        if wrong := self._wrong(arguments):
            yield ToolOutcome(facts={"notice": wrong})
            return
        named = [(self._registry.get(step.agent).name, step.task) for step in arguments.steps]
        yield PlanMade(lines=tuple(f"@{name}: {task}" for name, task in named))
        done: list[Done] = []
        for name, task in named:
            work = specialist(self._loop, self._registry, name, task, turn, done)
            async with aclosing(work) as items:
                async for item in items:
                    if isinstance(item, Report):
                        done.append(Done(task, _told(name, item)))
                    else:
                        yield item
        turn.hand_over()
        yield ToolOutcome(facts={"notice": "\n\n".join(part.told for part in done)})

    def _wrong(self, plan: Plan) -> str | None:
        if not 1 <= len(plan.steps) <= MOST_STEPS:
            return f"A plan has one to {MOST_STEPS} steps; this one has {len(plan.steps)}."
        for step in plan.steps:
            try:
                agent = self._registry.get(step.agent)
            except UnknownAgent as error:
                return str(error)
            if self.name in agent.tools:
                return f"@{step.agent} makes plans itself; name specialists."
        return None


async def specialist(
    loop: Loop, registry: AgentRegistry, name: str, task: str, turn: Turn, before: Sequence[Done]
) -> AsyncGenerator[RunEvent | Report, None]:
    """Let one agent work on `task` in a conversation of its own, which begins with what came `before`."""
    turn.hand_over()
    await look(turn, task)
    conversation = Conversation()
    conversation.look(table_facts(turn.tables, turn))
    for part in before:
        conversation.ask(part.task)
        conversation.told(part.told)
    async with aclosing(loop.run(registry.get(name), task, turn, conversation)) as items:
        async for item in items:
            yield item


def _told(agent: str, report: Report) -> str:
    if report.abstention is not None:
        return f"@{agent} did not answer: {report.abstention.not_understood}"
    return f"@{agent} answered:\n{report.text}"
