"""What a run has said so far, from its events: plan, steps, cells, notices, words.

Nothing is shown here; `page` and `terminal` show it. Events are the JSON of the engine's `RunEvent`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .wording import count, duration, harmless, money

_REFERENCE = re.compile(r"\{\{[^{}]*(?:\}\}|\}?$)")

State = Literal["proposed", "waiting", "running", "done", "failed", "not run"]


@dataclass
class Attempt:
    """Code that the run wanted to execute, and what became of it."""

    call_id: str
    label: str
    purpose: str
    source: str
    findings: tuple[Mapping[str, Any], ...] = ()
    state: State = "proposed"
    cell_id: str = ""
    words: str = ""
    """The error, or why it was not run."""
    repaired: bool = False
    """Another cell took its place."""

    @property
    def title(self) -> str:
        """One line: `c1 mean price by city`."""
        return f"{self.label} {self.purpose or 'code'}".strip()


@dataclass
class Step:
    """One model call and the cells that came of it."""

    number: int
    agent: str
    attempts: list[Attempt] = field(default_factory=list)
    planned: bool = False
    text: str = ""
    seconds: float = 0.0
    cost: str = ""
    done: bool = False

    def line(self, *, live: bool) -> str:
        """Agent, what it does, time, cost."""
        parts = [self.agent, self._doing(live=live)]
        if self.done:
            parts += [duration(self.seconds), self.cost]
        return " · ".join(part for part in parts if part)

    def _doing(self, *, live: bool) -> str:
        if not self.attempts:
            if self.planned:
                return "plan"
            return ("answer" if self.done else "answering") if self.text else "thinking"
        last = self.attempts[-1]
        if live and last.state in ("running", "waiting"):
            return f"{last.state if last.state == 'running' else 'waiting for your yes:'} {last.title}"
        return ", ".join(attempt.title for attempt in self.attempts)


@dataclass
class Progress:
    """The state of a run."""

    question: str = ""
    model: str = ""
    tables: list[str] = field(default_factory=list)
    plan: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    text: str = ""
    """What the model says in the present step."""
    _pending: str | None = None

    def take(self, event: Mapping[str, Any]) -> None:
        """Note one event."""
        match event["kind"]:
            case "run_started":
                self.model = event["model"]
            case "tables_seen":
                seen = event["tables"][:3]
                self.tables = [f"{t['name']}: {t['rows']:,} rows x {len(t['columns'])} columns" for t in seen]
            case "plan_made":
                self.plan += event["lines"]
                if self.steps:
                    self.steps[-1].planned = True
            case "notice":
                if event["text"] not in self.notices:
                    self.notices.append(event["text"])
                if event["code"] == "pending":
                    self._pending = event["text"]
            case "step_started":
                self.text = ""
                self.steps.append(Step(event["step"], event["agent"]))
            case "text_delta":
                self.text += event["text"]
                self._step().text += event["text"]
            case "step_finished":
                self._step_finished(event)
            case _:
                self._cell(event)

    @property
    def words(self) -> str:
        """The text so far; figures that are filled in at the end are left open."""
        return _REFERENCE.sub("…", self.text)

    def settle(self) -> None:
        """What the answer waited for is there: it is no longer said that it waits."""
        self.notices = [notice for notice in self.notices if notice != self._pending]

    @property
    def attempts(self) -> Iterable[Attempt]:
        """All code, in order."""
        return (attempt for step in self.steps for attempt in step.attempts)

    @property
    def repaired(self) -> list[Attempt]:
        """Code that failed."""
        return [attempt for attempt in self.attempts if attempt.state == "failed"]

    @property
    def not_run(self) -> list[Attempt]:
        """Code that nobody allowed, or that nobody could allow."""
        return [attempt for attempt in self.attempts if attempt.state == "not run"]

    def plain(self) -> str:
        """The same without a browser."""
        live = self.steps[-1] if self.steps else None
        steps = [f"- {step.line(live=step is live)}" for step in self.steps]
        return harmless("\n".join([*self.plan, *self.tables, *self.notices, *steps, self.words]).strip())

    def failures(self) -> str:
        """`2 attempts repaired`, `1 attempt failed`, or nothing."""
        failed = self.repaired
        repaired = sum(attempt.repaired for attempt in failed)
        parts = [f"{count(repaired, 'attempt')} repaired"] if repaired else []
        if rest := len(failed) - repaired:
            parts.append(f"{count(rest, 'attempt')} failed")
        return ", ".join(parts)

    def purpose(self, label: str) -> str:
        """What the cell of this label is for."""
        found = [attempt.purpose for attempt in self.attempts if attempt.label == label]
        return found[-1] if found else ""

    def _step(self) -> Step:
        """The present step; one without a number where no model was called (a replay)."""
        if not self.steps:
            self.steps.append(Step(0, ""))
        return self.steps[-1]

    def _step_finished(self, event: Mapping[str, Any]) -> None:
        step = next((step for step in reversed(self.steps) if step.number == event["step"]), self._step())
        step.done, step.seconds = True, step.seconds + event.get("seconds", 0.0)
        dollars = event.get("cost_usd")
        step.cost = "unpriced" if dollars is None else money(dollars)
        if event.get("estimated") and dollars is not None:
            step.cost = f"~{step.cost} (estimate)"

    def _cell(self, event: Mapping[str, Any]) -> None:
        if event["kind"] == "cell_proposed":
            self._proposed(event)
            return
        attempt = next((each for each in self.attempts if each.call_id == event.get("call_id")), None)
        if attempt is None:
            return
        match event["kind"]:
            case "approval_needed":
                attempt.state, attempt.words = "waiting", event["reason"]
            case "cell_started":
                attempt.state, attempt.cell_id = "running", event["cell_id"]
            case "cell_not_run":
                attempt.state, attempt.words, attempt.cell_id = "not run", event["reason"], event["cell_id"]
            case "cell_finished":
                self._cell_finished(attempt, event["execution"])

    def _proposed(self, event: Mapping[str, Any]) -> None:
        replaces = event.get("replaces")
        for earlier in self.attempts:
            if replaces and earlier.cell_id == replaces and earlier.state == "failed":
                earlier.repaired = True
        self._step().attempts.append(
            Attempt(
                event["call_id"], event["label"], event["purpose"], event["source"], tuple(event["findings"])
            )
        )

    def _cell_finished(self, attempt: Attempt, execution: Mapping[str, Any]) -> None:
        self._step().seconds += execution.get("seconds", 0.0)
        if execution["status"] == "ok":
            attempt.state = "done"
            return
        attempt.state = "failed"
        attempt.words = ": ".join(
            part for part in (execution.get("ename") or execution["status"], execution.get("evalue")) if part
        )
