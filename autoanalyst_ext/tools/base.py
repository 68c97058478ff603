"""`Tool`: something an agent can do, and what doing it left. One tool per file beside this one."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ValidationError

from ..types.events import RunEvent
from ..types.value import Value
from .turn import Turn


class Abstention(Value):
    """Why a question stays unanswered, and what could be asked instead."""

    understood: str
    """What of the question is clear, in one sentence."""
    not_understood: str
    """What is missing, ambiguous or cannot be known from the data, in one sentence."""
    suggestions: tuple[str, ...] = ()
    """Up to three nearby questions that the data can answer."""


@dataclass(frozen=True)
class ToolCall:
    """A model's request to use a tool."""

    id: str
    """The provider's id of the call; unique within a run."""
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class ToolOutcome:
    """What a tool call left.

    `facts` is structured and stays in the process; what of it a provider may read is decided by
    `policy.egress` each time it is sent.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    abstention: Abstention | None = None
    """Set when the run is over with this call, without an answer."""


class Tool(ABC):
    """One thing an agent can do."""

    name: ClassVar[str]
    description: str
    """What it does, for the model."""
    parameters: ClassVar[type[Value]]
    """Its arguments; their field docstrings are what the model reads."""

    async def call(self, call: ToolCall, turn: Turn) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Check the arguments, do it, and say what happens; the last item is the `ToolOutcome`."""
        try:
            arguments = self.parameters.model_validate(call.arguments)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            yield ToolOutcome(facts={"notice": f"The arguments of {self.name} are not right: {wrong}"})
            return
        async with aclosing(self.run(call, arguments, turn)) as items:
            async for item in items:
                yield item

    @abstractmethod
    def run(self, call: ToolCall, arguments: Any, turn: Turn) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Do it; `arguments` is an instance of `parameters`."""
