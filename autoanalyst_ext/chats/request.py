"""`Request`: one question with everything that is decided before it runs; and `Mind`: a model for it."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from ..agents.loop import Loop
from ..types.agents import AgentSpec
from ..types.events import Notice, RunEvent
from ..types.panel import FailedCell, RunSettings
from ..types.profiles import TableProfile
from ..types.runs import EgressLevel, ModelSettings
from ..types.value import Value


class Written(Value):
    """What is written beside a question, as it is written."""

    agents: tuple[str, ...] = ()
    model: str | None = None
    scope: tuple[str, ...] = ()
    """Tables that it is limited to."""
    follows: str | None = None
    """The question before it, empty for none; None: the last other one of the chat."""


@dataclass(frozen=True)
class Origin:
    """Where a question comes from, if it is a panel: what the run is, before it is asked."""

    run_id: str | None = None
    """Given to the run, so that it can be watched from the start."""
    notebook: str | None = None
    """Path of the notebook."""
    asked_in: str | None = None
    """Path of the notebook for the books only, where it is no panel's."""
    settings: RunSettings = field(default_factory=RunSettings)
    """What goes before the configured limits."""
    fix: FailedCell | None = None
    """The cell that the question is to fix."""
    told: Sequence[RunEvent] = ()
    """What is told of the run before it begins; read when it begins."""
    load: Callable[[], Awaitable[bool]] | None = None
    """Loads data where there is no table, or not the one that is named; whether there is one then."""
    names_file: bool = False
    """Whether the question has a data file's name in it, so that it may need another table than is there."""


class Request(Value):
    """One question with everything that is decided before it runs."""

    question: str
    """As the user wrote it."""
    agents: tuple[AgentSpec, ...]
    """Who answers, in order."""
    task: str
    """The question without its mentions."""
    model: str
    """`provider:model`."""
    instead_of: str | None = None
    """The model that would have answered, where the offline analyst answers first."""
    settings: ModelSettings = ModelSettings()
    level: EgressLevel = "statistics"
    tables: tuple[TableProfile, ...] = ()
    """The tables before it runs."""
    written: Written = Written()


@dataclass(frozen=True)
class Mind:
    """A model that is ready to answer."""

    loop: Loop
    in_process: bool
    """The model runs in this process and sees all of the data."""
    notices: tuple[Notice, ...] = ()
    """What the user should know before it is asked."""


Think = Callable[[], AbstractAsyncContextManager[Mind]]
"""Opens a model; raises when it may not be used or has no key."""
