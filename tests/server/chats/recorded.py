"""Receipts for the tests of replay: asking like a cell does, and handing over what a notebook holds."""

import json
from typing import Any

from autoanalyst_ext.types.events import Notice, ReceiptMade, Replayed
from autoanalyst_ext.types.receipts import Receipt
from autoanalyst_ext.types.results import Result, ScalarResult
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.wire import FoundReceipt

from .desk import Desk

SUM = 'sales["revenue"].sum()'
TOTAL = "total revenue"


async def ask(
    desk: Desk, question: str = TOTAL, *, model: str | None = "scripted:test", **more: Any
) -> Answer:
    """Ask as a cell does: what is recorded is looked for first. `model=None` leaves the choice open."""
    more.setdefault("receipts", ())
    return await desk.ask(question, model=model, **more)  # type: ignore[arg-type]


def receipt(desk: Desk) -> Receipt:
    """The receipt of the last question."""
    (made,) = desk.of(ReceiptMade)
    return made.receipt


def found(recorded: Receipt, *, standing: bool = False, **results: Result | None) -> FoundReceipt:
    """A receipt as a client finds it in a notebook: JSON that went through a file."""
    carried = json.loads(json.dumps(recorded.model_dump(mode="json")))
    return FoundReceipt(receipt=carried, standing=standing, results=results)


def forged(recorded: Receipt, **changes: Any) -> FoundReceipt:
    """A receipt that somebody edited."""
    return FoundReceipt(receipt={**recorded.model_dump(mode="json"), **changes})


def number(value: float) -> ScalarResult:
    """A number that a cell came to."""
    return ScalarResult(type="int64", value=value)


def was_replayed(desk: Desk) -> bool:
    """Whether the last question was answered without a model."""
    return bool(desk.of(Replayed)) and "replay_failed" not in notices(desk)


def notices(desk: Desk) -> dict[str, str]:
    """What the last question said by the way."""
    return {notice.code: notice.text for notice in desk.of(Notice)}


def why(desk: Desk) -> str | None:
    """Why the last question was asked anew."""
    return notices(desk).get("asked_anew")


async def run(desk: Desk, code: str) -> None:
    """What the user does in a cell of their own."""
    cell = await desk.notebook.insert(code)
    async for _ in desk.notebook.execute(cell.id):
        pass
    await desk.notebook.remove(cell.id)


async def another_chat(desk: Desk) -> None:
    """The user comes back later: a new chat on the same notebook."""
    engine = desk.engine
    chat = await engine.chats.create(engine.principal, "Another")
    desk.session = engine.chats.open(
        chat, principal=engine.principal, notebook=desk.notebook, folder=desk.notebook.folder
    )
