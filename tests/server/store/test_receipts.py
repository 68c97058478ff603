"""Receipts in the store: found by the question, newest first, gone with the chat."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.receipts import Receipts
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.store.tables import chats, receipts
from autoanalyst_ext.types.receipts import Receipt, ReceiptCell, ReceiptTable

ANN, BOB = "os:ann", "os:bob"


async def begun(database: Database, principal: str = ANN) -> str:
    """The id of a run that has begun."""
    chat = await Chats(database).create(principal, "A chat")
    new = NewRun(
        chat_id=chat.id,
        question_id=None,
        agents=("planner",),
        model="offline:analyst",
        mode="auto",
        egress_level="statistics",
    )
    return (await Runs(database).start(principal, new)).id


def receipt(run_id: str, question: str = "total revenue", **more: Any) -> Receipt:
    """A receipt of a run."""
    facts: dict[str, Any] = {
        "data": (ReceiptTable(name="sales", fingerprint="f1", rows=12, columns=3),),
        "cells": (ReceiptCell(label="c1", id="a1", source="sales.sum()"),),
        "template": "{{c1}}",
        "answer": "231 \u2603 \0",
        "status": "answered",
        "answered_by": "offline:analyst",
        "at": datetime(2026, 11, 22, 12, tzinfo=UTC),
    }
    return Receipt(question=question, run_id=run_id, **{**facts, **more})


def test_a_receipt_comes_back_as_it_was_whatever_its_text_holds(play: Any) -> None:
    async def scene(database: Database) -> None:
        kept = receipt(await begun(database), "total\n  revenue \U0001f600 ''")
        await Receipts(database).save(ANN, kept)
        assert await Receipts(database).find(ANN, kept.question) == (kept,)
        assert await Receipts(database).find(ANN, f"\n{kept.question}  \n") == (kept,)
        assert await Receipts(database).find(ANN, "total  revenue") == ()

    play(scene)


def test_the_newest_wins_for_the_same_key_and_comes_first_among_others(play: Any) -> None:
    async def scene(database: Database) -> None:
        store, first, second = Receipts(database), await begun(database), await begun(database)
        other_data = (ReceiptTable(name="sales", fingerprint="f2", rows=13, columns=3),)
        await store.save(ANN, receipt(first))
        await store.save(ANN, receipt(first, data=other_data))
        await store.save(ANN, receipt(first, model="openai:gpt-4o"))
        await store.save(ANN, receipt(second, answer="again"))
        found = await store.find(ANN, "total revenue")
        assert found[0].answer == "again"
        assert len(found) == 3
        assert {one.model for one in found} == {None, "openai:gpt-4o"}

    play(scene)


def test_nobody_sees_or_writes_another_persons(play: Any) -> None:
    async def scene(database: Database) -> None:
        run = await begun(database)
        await Receipts(database).save(ANN, receipt(run))
        assert await Receipts(database).find(BOB, "total revenue") == ()
        with pytest.raises(NotFound):
            await Receipts(database).save(BOB, receipt(run))

    play(scene)


def test_a_receipt_goes_with_its_chat(play: Any) -> None:
    async def scene(database: Database) -> None:
        await Receipts(database).save(ANN, receipt(await begun(database)))
        await database.write(lambda connection: connection.execute(delete(chats)))
        assert await Receipts(database).find(ANN, "total revenue") == ()

    play(scene)


def test_several_that_save_the_same_at_once_leave_one(play: Any) -> None:
    async def scene(database: Database) -> None:
        run = await begun(database)
        await asyncio.gather(*(Receipts(database).save(ANN, receipt(run)) for _ in range(10)))
        count = select(func.count()).select_from(receipts)
        assert await database.read(lambda connection: connection.execute(count).scalar()) == 1

    play(scene)


def test_a_receipt_of_another_version_is_left_out(play: Any) -> None:
    async def scene(database: Database) -> None:
        await Receipts(database).save(ANN, receipt(await begun(database)))
        newer = receipts.update().values(receipt='{"version": 2}')
        await database.write(lambda connection: connection.execute(newer))
        assert await Receipts(database).find(ANN, "total revenue") == ()

    play(scene)
