"""`Turn`: what the agents that work on one question share.

One notebook, one set of limits, the cells made so far and the names they may rebind. It is the
only mutable thing that travels through a run; it holds no service that outlives the question.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..errors import LimitReached
from ..notebooks.base import Notebook
from ..policy.approvals import Approvals, code_hash
from ..policy.effects import NamesBefore, names_after
from ..policy.rules import AdminRules
from ..types.cells import Execution
from ..types.effects import Effect
from ..types.profiles import TableProfile
from ..types.runs import Mode, RunLimits
from ..types.usage import TokenUsage


class CallRecord(Protocol):
    """Where a call with an effect is written down before it starts (the store has it)."""

    async def begin(self, call_id: str, name: str, code_hash: str) -> dict[str, Any] | None:
        """Write that it starts; None when it may, else what is known of the earlier start."""

    async def finish_call(self, call_id: str, outcome: dict[str, Any]) -> None:
        """Write how it ended."""


@dataclass(frozen=True)
class Permissions:
    """What a run may do without asking."""

    mode: Mode = "auto"
    allowed: frozenset[Effect] = frozenset()
    """Effects that the user allowed beforehand (`--allow`)."""
    rules: AdminRules = field(default_factory=AdminRules)
    can_ask: bool = False
    """Whether somebody is there to say yes or no."""


@dataclass
class Turn:
    """One question's shared state."""

    run_id: str
    notebook: Notebook
    permissions: Permissions
    approvals: Approvals
    record: CallRecord
    limits: RunLimits = field(default_factory=RunLimits)
    names: NamesBefore = field(default_factory=NamesBefore)
    """The kernel's names as the next cell finds them, and which of them this run made."""
    tables: tuple[TableProfile, ...] = ()
    """The tables as last seen."""
    earlier: Mapping[str, Execution] = field(default_factory=dict)
    """Cells of earlier questions of the chat, by label."""
    cells: dict[str, Execution] = field(default_factory=dict)
    """Executed cells by label, in order; a repaired cell keeps its label."""
    made: set[str] = field(default_factory=set)
    """Tables that answers of this chat made, unlike those that they only changed."""
    given_up: list[Execution] = field(default_factory=list)
    """Cells that an agent left failed when it handed over to the next."""
    failing: Execution | None = None
    """The cell that failed last and was not repaired since."""
    left_unrun: bool = False
    """Some proposed code was shown or inserted, and not run."""
    refused: str | None = None
    """Why the last proposed code was not run, if nothing ran since."""
    setbacks: int = 0
    """How often a cell failed or was not run."""
    rounds: int = 0
    repairs: int = 0
    tokens: TokenUsage = field(default_factory=TokenUsage)
    warned: set[str] = field(default_factory=set)
    """Budgets that the user was warned of."""
    repeats: dict[str, int] = field(default_factory=dict)
    """How often the very same call failed."""
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._of_user = set(self.names.existing) - self.names.fresh - self.made

    def next_label(self) -> str:
        """The label of the next new cell; a cell that failed gives its label to its repair."""
        if self.failing is not None:
            return next(label for label, cell in self.cells.items() if cell is self.failing)
        used = [int(label.removeprefix("c")) for label in self.all_cells()]
        return f"c{max(used, default=0) + 1}"

    def all_cells(self) -> dict[str, Execution]:
        """Every cell that an answer may refer to, by label."""
        return {**self.earlier, **self.cells}

    def hand_over(self) -> None:
        """Another agent begins: what the one before left failed is not its to repair."""
        if self.failing is not None:
            self.given_up.append(self.failing)
        self.failing, self.refused, self.repairs = None, None, 0

    def waited(self, seconds: float) -> None:
        """Time that a person took to decide is not the run's."""
        self.started += seconds

    def remaining_seconds(self) -> float:
        """Wall time left, never negative."""
        return max(0.0, self.limits.seconds - (time.monotonic() - self.started))

    def begin_round(self) -> None:
        """Count one model call; raises `LimitReached` before it would pass a limit."""
        if self.rounds >= self.limits.rounds:
            raise LimitReached(
                f"Stopped after {self.rounds} model calls, the limit of one question. "
                "Everything so far is kept. Ask a narrower question, or raise the limit.",
                limit="rounds",
            )
        spent = self.tokens.input_tokens + self.tokens.output_tokens
        if spent >= self.limits.tokens:
            raise LimitReached(
                f"Stopped after {spent:,} tokens, the limit of one question. Everything so far is kept.",
                limit="tokens",
            )
        self.check_time()
        self.rounds += 1

    def check_time(self) -> None:
        """Raises `LimitReached` when the question's wall time is over."""
        if self.remaining_seconds() == 0:
            raise LimitReached(
                f"Stopped after {self.limits.seconds:.0f} s, the limit of one question. "
                "Everything so far is kept.",
                limit="seconds",
            )

    def not_run(self, why: str) -> None:
        """Keep that proposed code was not run."""
        self.refused = why
        self.setbacks += 1

    def executed(self, label: str, execution: Execution) -> None:
        """Keep a finished cell; count it when it failed."""
        self.cells[label] = execution
        self.makes(table.name for table in execution.tables)
        self.names = names_after(execution.source, self.names, completed=execution.status == "ok")
        self.refused = None
        if execution.status == "ok":
            self.failing = None
            self.repairs = 0
            return
        self.failing = execution
        self.setbacks += 1
        self.repairs += 1
        fingerprint = code_hash(f"{execution.source}\0{execution.ename}\0{execution.evalue}")
        self.repeats[fingerprint] = self.repeats.get(fingerprint, 0) + 1

    def makes(self, names: Iterable[str]) -> None:
        """Keep that cells of the answer make these names; those of the user are only changed."""
        self.made |= set(names) - self._of_user

    def now_exist(self, names: Mapping[str, str]) -> None:
        """Keep which names the kernel has now; those that code could not be seen to make are not ours."""
        self.names = replace(self.names, existing=dict(names))

    def check_repairs(self) -> None:
        """Raises `LimitReached` when failing code has gone back to the model often enough."""
        cell = self.failing
        if cell is None or (self.repairs <= self.limits.repairs and max(self.repeats.values()) < 3):
            return
        raise LimitReached(
            f"The code failed {self.repairs} times ({cell.ename}: {first_line(cell.evalue)}). "
            "Your question and every attempt are kept. Say it another way, or change the code yourself.",
            limit="repairs",
        )


def first_line(text: str | None) -> str:
    """The first line of an error's text."""
    return (text or "").strip().split("\n", 1)[0]
