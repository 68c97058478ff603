"""`Replay`: answers a question as it was answered before. No model is called.

Its cells run through the same tool as a model's, so whatever holds for code that nobody here has seen
holds for them. Where they stand in the notebook already, nothing is run: the answer is filled from
what they came to, or shown as it was recorded until they have run.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from pydantic_ai.messages import ModelResponse, ToolCallPart

from ..agents.conversation import Conversation
from ..errors import NotFound
from ..tools.base import ToolCall, ToolOutcome
from ..tools.run_cell import RunCell
from ..tools.turn import Turn, first_line
from ..types.cells import Execution
from ..types.claims import Claim
from ..types.events import CellNotRun, CellProposed, RunEvent
from ..types.receipts import Receipt, ReceiptCell
from ..types.results import Result
from .candidates import Found
from .filling import Filling, fill, mark
from .reading import read
from .receipts import labels_in, relabelled

NOT_RUN_YET = "The cell stands in the notebook for the user to run. What it comes to is not known yet."


@dataclass(frozen=True)
class Redone:
    """How a replay ended: its last item."""

    failure: str | None = None
    """Why the recorded answer cannot be given; the question is to be asked anew."""
    receipt: Receipt | None = None
    """The answer as it is now, with the labels of its cells as they are in the notebook."""
    cells: Mapping[str, Execution] | None = None
    """Cells that stand in the notebook, by those labels; None where the replay ran them itself."""
    pending: tuple[str, ...] = ()


class Replay:
    """One recorded answer, and the turn in which it is given again."""

    def __init__(self, found: Found, turn: Turn, *, in_process: bool) -> None:
        """`in_process`: the model that answered saw all of the data; its words must not reach a provider."""
        self.receipt = found.receipt
        self.own = found.own
        self._turn, self._in_process = turn, in_process
        mode = turn.approvals.mode(turn.notebook.id, turn.permissions.mode)
        self._standing, self._leaving = found.standing, mode == "suggest"
        self._labels = _new_labels(self.receipt, turn)
        """From the labels of the receipt to those of the chat."""
        self._results = {
            **_earlier_results(self.receipt, turn),
            **(found.results if found.standing else {}),
        }
        self._hopeless = False
        """A cell's code could only have failed here."""
        self.pending = self._pending()

    async def run(self, task: str, conversation: Conversation) -> AsyncGenerator[RunEvent | Redone, None]:
        """Answer; the last item is how it ended. After a failure nothing of it is left but what it ran."""
        before = list(conversation.messages)
        conversation.ask(task)
        if self._standing:
            done = self._stand(conversation)
        else:
            async with aclosing(self._execute(conversation)) as events:
                async for event in events:
                    yield event
            done = self._executed()
        if done.failure is not None:
            conversation.messages[:] = before
            await self._take_back()
        elif done.receipt is not None:
            text = relabelled(self.receipt.template, self._labels)
            conversation.told(text, in_process=self._in_process)
        yield done

    async def _execute(self, conversation: Conversation) -> AsyncGenerator[RunEvent, None]:
        """Run the recorded cells one after the other, none after one that fails or is not run."""
        for part, recorded in self._calls(conversation):
            label, outcome = self._turn.next_label(), ToolOutcome()
            call = ToolCall(id=part.tool_call_id, name=part.tool_name, arguments=part.args_as_dict())
            async with aclosing(RunCell().call(call, self._turn)) as items:
                async for item in items:
                    if isinstance(item, ToolOutcome):
                        outcome = item
                        continue
                    if isinstance(item, CellProposed) and any(f.fails for f in item.findings):
                        self._hopeless = True
                    if isinstance(item, CellNotRun) and item.cell_id:
                        self._turn.cells[label] = _not_run(item.cell_id, recorded.source)
                    yield item
            conversation.returned(part, outcome.facts)
            if self._turn.failing is not None or self._turn.refused is not None:
                conversation.answer_calls("Not tried, because the cell before it did not succeed.")
                return

    def _executed(self) -> Redone:
        """What the cells came to."""
        turn, cell = self._turn, self._turn.failing
        if cell is not None:
            why = f"{cell.ename}: {first_line(cell.evalue)}" if cell.ename else f"it ended as {cell.status}"
            return Redone(failure=f"a recorded cell failed ({why})")
        if turn.refused is not None:
            return Redone(failure="a recorded cell would fail here" if self._hopeless else None)
        receipt = self.receipt.model_copy(
            update={
                "template": relabelled(self.receipt.template, self._labels),
                "cells": tuple(self._placed(recorded) for recorded in self.receipt.cells),
                "earlier": tuple(
                    recorded.model_copy(update={"label": self._labels[recorded.label]})
                    for recorded in self.receipt.earlier
                ),
                "run_id": turn.run_id,
            }
        )
        if self.pending:
            return Redone(receipt=_moved(receipt, self.receipt, self._labels), pending=self.pending)
        return self._filled(receipt, turn.all_cells())

    def _filled(self, receipt: Receipt, cells: Mapping[str, Execution]) -> Redone:
        """The receipt with the figures of `cells`."""
        if receipt.status == "abstained" and self.own:
            return Redone(receipt=receipt)
        filling = _words(receipt, cells)
        if not filling.fits:
            return Redone(failure="its cells came to something else than they did then")
        return Redone(receipt=receipt.model_copy(update={"answer": filling.text, "claims": filling.claims}))

    def _placed(self, recorded: ReceiptCell) -> ReceiptCell:
        label = self._labels[recorded.label]
        return recorded.model_copy(update={"label": label, "id": self._turn.cells[label].cell_id})

    def _stand(self, conversation: Conversation) -> Redone:
        """Take the cells that stand in the notebook for what they are."""
        for part, recorded in self._calls(conversation):
            execution = _standing(recorded, self._results.get(recorded.label))
            label = self._labels[recorded.label]
            self._turn.cells[label] = execution
            facts = {"execution": execution.model_dump(mode="json"), "label": label}
            known = execution.status == "ok"
            conversation.returned(part, facts if known else {"notice": NOT_RUN_YET, "label": label})
        # They make tables when somebody runs them, and these are no data of the user's either.
        if (reading := read([cell.source for cell in self.receipt.cells])) is not None:
            self._turn.makes(reading.made)
        cells = {c.label: self._turn.cells[self._labels[c.label]] for c in self.receipt.cells}
        if self.pending:
            return Redone(receipt=self.receipt, cells=cells, pending=self.pending)
        done = self._filled(self.receipt, _proofs(self.receipt, self._results))
        return Redone(done.failure, done.receipt, cells)

    def _calls(self, conversation: Conversation) -> list[tuple[ToolCallPart, ReceiptCell]]:
        """Put the recorded cells into the conversation as calls, as if the model had just made them."""
        cells = self.receipt.cells
        if not cells:
            return []
        parts = [ToolCallPart(RunCell.name, {"code": c.source, "purpose": c.purpose}) for c in cells]
        response = conversation.replied(ModelResponse(parts=parts), in_process=self._in_process)
        return list(zip(response.tool_calls, cells, strict=True))

    def _pending(self) -> tuple[str, ...]:
        """Labels of cells that nobody runs now and whose values the answer needs, as they are shown."""
        if not (self._standing or self._leaving) or self.receipt.status == "abstained":
            return ()
        missing = [label for label in needed(self.receipt) if label not in self._results]
        return tuple(missing if self._standing else (self._labels[label] for label in missing))

    async def _take_back(self) -> None:
        """Take the cells of a failed replay out of the notebook: the model's will stand there."""
        if self._standing:
            return
        for cell in reversed(self._turn.cells.values()):
            try:
                await self._turn.notebook.remove(cell.cell_id)
            except NotFound:
                continue  # The user took it out.


def refill(receipt: Receipt, results: Mapping[str, Result]) -> tuple[str, tuple[Claim, ...]]:
    """The answer of a receipt with its figures from `results` (label to value), and a claim for each.

    A reference without a value becomes `(no such value)` and a claim that is contradicted.
    """
    filling = _words(receipt, _proofs(receipt, results))
    return filling.text, filling.claims


def _words(receipt: Receipt, cells: Mapping[str, Execution]) -> Filling:
    """What the receipt says with the figures of `cells`. Nobody vouches for what else it holds."""
    if receipt.status == "abstained":
        return mark(receipt.answer, question=receipt.question, cells=cells)
    return fill(receipt.template, question=receipt.question, cells=cells)


def needed(receipt: Receipt) -> tuple[str, ...]:
    """Labels of the cells whose values the answer shows, in order."""
    used = labels_in(receipt.template)
    shown = {claim.cell for claim in receipt.claims if claim.cell and claim.path is None}
    cells = (*receipt.earlier, *receipt.cells)
    return tuple(cell.label for cell in cells if cell.label in used or cell.id in shown)


def _proofs(receipt: Receipt, results: Mapping[str, Result]) -> dict[str, Execution]:
    cells = (*receipt.earlier, *receipt.cells)
    return {cell.label: _standing(cell, results.get(cell.label)) for cell in cells}


def _standing(cell: ReceiptCell, result: Result | None) -> Execution:
    """A cell that somebody else runs, with what it came to if that is known."""
    status = "ok" if result is not None else "unknown"
    return Execution(cell_id=cell.id, source=cell.source, status=status, result=result)


def _not_run(cell_id: str, source: str) -> Execution:
    return Execution(cell_id=cell_id, source=source, status="unknown")


def _moved(receipt: Receipt, recorded: Receipt, labels: Mapping[str, str]) -> Receipt:
    """The receipt with its recorded claims pointing at the cells as they are placed now."""
    ids = {old.id: new.id for old, new in zip(recorded.cells, receipt.cells, strict=True) if old.id}
    moved = tuple(
        claim.model_copy(
            update={
                "cell": ids.get(claim.cell or "", claim.cell),
                "path": claim.path and relabelled(f"{{{{{claim.path}}}}}", labels)[2:-2],
            }
        )
        for claim in receipt.claims
    )
    return receipt.model_copy(update={"claims": moved})


def _new_labels(receipt: Receipt, turn: Turn) -> dict[str, str]:
    """Recorded label to label in this chat: earlier cells by their source, the others in order."""
    there = {cell.source: label for label, cell in turn.all_cells().items()}
    first = int(turn.next_label().removeprefix("c"))
    labels = {cell.label: there[cell.source] for cell in receipt.earlier}
    return labels | {cell.label: f"c{first + n}" for n, cell in enumerate(receipt.cells)}


def _earlier_results(receipt: Receipt, turn: Turn) -> dict[str, Result]:
    there = {cell.source: cell.result for cell in turn.all_cells().values()}
    found = {cell.label: there.get(cell.source) for cell in receipt.earlier}
    return {label: result for label, result in found.items() if result is not None}
