"""`Ending`: the answer of a run, however it ended: reported by agents, replayed, or cut off."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import AnalystError
from ..tools.base import Abstention
from ..tools.turn import Turn
from ..types.cells import Execution
from ..types.runs import Answer, CellRecord
from .filling import abstained, fill, mark
from .replay import Redone

STOPPED = "Stopped. Your question and everything so far are kept."


class Ending:
    """Writes the answer of one run from what its turn came to."""

    def __init__(self, run_id: str, chat_id: str, question: str) -> None:
        self._ids = {"run_id": run_id, "chat_id": chat_id}
        self._question = question
        self.template = ""
        """The answer with its references."""
        self.redone: Redone | None = None
        """What a replay came to, if it gave the answer."""

    def reported(self, turn: Turn, texts: Sequence[str], abstention: Abstention | None) -> Answer:
        """The answer of agents that came to their end by themselves."""
        if abstention is not None:
            self.template = text = abstained(abstention)
            return self._answered(turn, "abstained", text, suggestions=abstention.suggestions)
        self.template = "\n\n".join(texts)
        filling = fill(self.template, question=self._question, cells=turn.all_cells())
        if turn.failing is not None or turn.given_up:
            return self._answered(turn, "failed", filling.text, claims=filling.claims)
        if turn.refused is not None:
            reason = f"{filling.text}\n\nThe code was not run. {turn.refused}"
            return self._answered(turn, "stopped", reason, claims=filling.claims)
        return self._answered(turn, "answered", filling.text, claims=filling.claims)

    def replayed(self, turn: Turn, redone: Redone) -> Answer:
        """The answer of a replay that did not fail; it is stopped where its code was not run."""
        receipt = redone.receipt
        if receipt is None:
            return self._answered(turn, "stopped", f"The code was not run. {turn.refused}")
        self.redone = redone
        claims = receipt.claims
        if redone.pending:
            # They say what was shown then, and maybe elsewhere. Here nothing has shown it yet.
            claims = tuple(claim.model_copy(update={"status": "unverified"}) for claim in claims)
        more: dict[str, object] = {"claims": claims, "suggestions": receipt.suggestions}
        if redone.cells is not None:
            more["cells"] = _records(redone.cells)
        return self._answered(turn, receipt.status, receipt.answer, **more)

    def ended(self, turn: Turn, status: str, *, said: str, error: AnalystError) -> Answer:
        """The answer of a run that an error ended: what was `said` so far, and what happened."""
        return self._cut_off(turn, status, said, error.as_json())

    def interrupted(self, turn: Turn, *, said: str) -> Answer:
        """The answer of a run that the user stopped; its error's code tells that from a stop by policy."""
        return self._cut_off(turn, "stopped", said, {"code": "interrupted", "message": STOPPED, "detail": {}})

    def broken(self, turn: Turn, bug: AnalystError) -> Answer:
        """The answer of a run that broke on a bug. What it had said is left out: that may be what broke."""
        return self._answered(turn, "failed", str(bug), error=bug.as_json())

    def _cut_off(self, turn: Turn, status: str, said: str, error: dict[str, Any]) -> Answer:
        partial = mark(said.strip(), question=self._question, cells=turn.all_cells())
        text = f"{partial.text}\n\n{error['message']}" if partial.text else error["message"]
        return self._answered(turn, status, text, claims=partial.claims, error=error)

    def _answered(self, turn: Turn, status: str, text: str, **more: object) -> Answer:
        facts = {"status": status, "answer": text, "cells": _records(turn.cells), **more}
        return Answer.model_validate({**facts, **self._ids})


def _records(cells: Mapping[str, Execution]) -> tuple[CellRecord, ...]:
    return tuple(
        CellRecord(id=cell.cell_id, label=label, source=cell.source, outputs=cell.outputs)
        for label, cell in cells.items()
    )
