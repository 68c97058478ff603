"""Runs: what was asked for, within which limits, and how it ended."""

from typing import Any, Literal

from .cells import Output
from .claims import Claim
from .usage import Usage
from .value import Value

Mode = Literal["auto", "ask", "suggest"]
"""`auto`: safe code runs by itself, anything else asks. `ask`: everything asks. `suggest`: code is
inserted and never run."""

RunStatus = Literal["running", "waiting", "answered", "abstained", "failed", "stopped", "interrupted"]
"""`stopped`: ended by policy, a limit or a budget. `interrupted`: ended by the user."""

EgressLevel = Literal["names", "schema", "statistics", "masked", "rows"]
"""How much of the data a provider may see, each including the ones before it."""


class RunLimits(Value):
    """Bounds of one turn, shared by all agents that work on it."""

    rounds: int = 20
    """Model calls."""
    repairs: int = 3
    """How often failing code goes back to the model before the run ends."""
    tokens: int = 400_000
    """Input and output tokens of all model calls together."""
    seconds: float = 600.0
    """Wall time."""
    cell_seconds: float = 300.0
    """Wall time of one cell; it is interrupted then."""


class ModelSettings(Value):
    """How a model is asked to generate."""

    temperature: float | None = None
    """`None` leaves the provider's default."""
    max_tokens: int | None = 8192
    """Most output tokens of one model call."""
    timeout_seconds: float = 120.0
    """Longest silence of the provider before the call is given up."""


class Choices(Value):
    """Choices that a run, a chat or a principal may make; what is None is left to the next in line."""

    model: str | None = None
    """`provider:model`."""
    temperature: float | None = None
    max_tokens: int | None = None

    def over(self, other: "Choices") -> "Choices":
        """These choices, and where they are silent the other's."""
        made: dict[str, Any] = {**other.model_dump(), **self.model_dump(exclude_none=True)}
        return Choices(**made)


class CellRecord(Value):
    """A finished cell in an answer."""

    source: str
    outputs: tuple[Output, ...] = ()
    id: str = ""
    label: str = ""
    """What references call it: `c1`."""


class Check(Value):
    """What the offline analyst says of a figure that a model came to."""

    agrees: bool
    text: str
    """One or two sentences of Markdown."""


class Answer(Value):
    """One question's outcome: the last line of `autoanalyst ask --json`."""

    status: Literal["answered", "abstained", "failed", "stopped"]
    answer: str
    """The filled answer, or the message that says what happened and what was kept."""
    claims: tuple[Claim, ...] = ()
    check: Check | None = None
    """None: the offline analyst was not asked, or is not sure."""
    cells: tuple[CellRecord, ...] = ()
    notebook: str | None = None
    run_id: str
    chat_id: str
    usage: Usage = Usage()
    cost_usd: str | None = "0.00"
    """The same as `usage.cost_usd`."""
    seconds: float = 0.0
    suggestions: tuple[str, ...] = ()
    """Questions that could be answered instead."""
    error: dict[str, Any] | None = None
    """`{"code", "message", "detail"}` when something went wrong."""
