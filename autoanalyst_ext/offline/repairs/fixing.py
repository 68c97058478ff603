"""The offline analyst fixes a failed cell: what to do next, or why it does nothing.

It corrects what `repair` is certain of, runs the corrected cell, and corrects again what that meets. A
choice that it offered is a question of its own: ``Use `price` for `prce` ``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...types.cells import Execution
from ...types.results import ScalarResult
from ..abstention import Abstained
from ..answers.phrases import listed, printable
from . import fix_task
from .fix_task import FixTask
from .repair import Failure, Known, Repair, Unclear, repaired

_CHOICE = re.compile(r"Use `([^`]+)` for `([^`]+)`\.?")
_LIMITS = (
    "I correct misspelt names of columns and variables, missing imports, brackets and colons, and only where "
    "one correction is certain. A model with a key can try this cell."
)
_ENDINGS = {
    "ok": "The corrected cell ran.",
    "interrupted": "The corrected cell was stopped.",
    "timeout": "The corrected cell ran too long and was stopped.",
}


@dataclass(frozen=True)
class FixOrder:
    """A cell that is to be fixed now."""

    task: FixTask
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What the user said that a name stands for."""


@dataclass(frozen=True)
class Correction:
    """A corrected cell, to be run."""

    source: str
    said: str
    """What was wrong, all of it so far, in sentences."""


@dataclass(frozen=True)
class Ran:
    """The corrected cell has been run, and there is no more to do."""

    text: str
    """What was wrong and how it ended."""
    has_figure: bool = False

    def answer(self, label: str) -> str:
        """The text with a reference to what the cell gave, where that is one value."""
        return f"{self.text} It gives {{{{{label}}}}}." if self.has_figure else self.text


def order_of(questions: Sequence[str]) -> FixOrder | None:
    """The order that the last question is, alone or as a choice after one; `None`: it is no such thing."""
    if not questions:
        return None
    task = fix_task.read(questions[-1])
    if task is not None:
        return FixOrder(task)
    chosen = _CHOICE.fullmatch(questions[-1].strip())
    before = order_of(questions[:-1]) if chosen else None
    return FixOrder(before.task, {**before.chosen, chosen[2]: chosen[1]}) if before and chosen else None


def fix(order: FixOrder, executions: Sequence[Execution], known: Known) -> Correction | Ran | Abstained:
    """What to do next, after these `executions` of corrected cells."""
    failure, said = _first(order.task), ""
    for execution in executions:
        found = repaired(failure, known)
        said = f"{said} {found.said}".strip() if isinstance(found, Repair) else said
        if execution.status != "error":
            ending = _ENDINGS.get(execution.status, "How the corrected cell ended is not known.")
            return Ran(f"{said} {ending}", _is_figure(execution))
        failure = Failure(execution.source, execution.ename or "", execution.evalue or "")
    found = repaired(failure, known)
    if isinstance(found, Repair):
        return Correction(found.source, f"{said} {found.said}".strip())
    if not executions:
        return _abstention(failure, found)
    again = f"The corrected cell fails too, with `{printable(failure.ename)}`."
    return Ran(f"{said} {again} A model with a key can try this cell.")


def _first(task: FixTask) -> Failure:
    """The failure that a task tells of."""
    ename, _, evalue = task.error.split("\n", 1)[0].partition(": ")
    return Failure(task.source.replace("\r\n", "\n").replace("\r", "\n"), ename, evalue)


def _is_figure(execution: Execution) -> bool:
    result = execution.result
    return execution.status == "ok" and isinstance(result, ScalarResult) and result.value is not None


def _abstention(failure: Failure, unclear: Unclear) -> Abstained:
    """What was read of the failure, why it is not corrected, and what to choose from."""
    read = f"a cell that failed with `{printable(failure.ename)}`"
    if not unclear.names:
        return Abstained(read, _LIMITS, ())
    wrong = printable(unclear.wrong)
    names = listed([f"`{printable(name)}`" for name in unclear.names], "or")
    reason = (
        f"`{wrong}` may stand for {names}, and that is not certain. Say what is meant, or ask a model with a"
    )
    offered = [f"Use `{name}` for `{unclear.wrong}`" for name in unclear.names]
    chooseable = tuple(text for text in offered if _CHOICE.fullmatch(text) and text.isprintable())
    return Abstained(f"{read}, `{wrong}`", f"{reason} key, which can try this cell.", chooseable)
