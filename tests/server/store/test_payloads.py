"""Payloads in the store: the last call of each agent, for who asked, gone with the chat."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.payloads import Payloads
from autoanalyst_ext.store.tables import chats, payloads
from autoanalyst_ext.types.panel import SentCall, SentPart

from .test_receipts import ANN, BOB, begun


def call(text: str = "total revenue") -> SentCall:
    """What a model call sent."""
    part = SentPart(role="user", text=text)
    return SentCall(
        attempt_id=new_id(), model="openai:gpt-4o", level="statistics", digest="d", left=True, parts=(part,)
    )


def test_the_last_call_of_each_agent_is_kept_in_the_order_sent(play: Any) -> None:
    async def scene(database: Database) -> None:
        store, run = Payloads(database), await begun(database)
        first, other, last = call(), call(), call("total \0 \U0001f600 ''")
        await store.keep(run, "planner", first)
        await store.keep(run, "data_viz_agent", other)
        await store.keep(run, "planner", last)
        shown = (await store.of_run(ANN, run)).calls
        assert [one.attempt_id for one in shown] == [other.attempt_id, last.attempt_id]
        assert shown[1].parts[0].text.startswith("total ")
        assert shown[1].parts[0].text.endswith(" \U0001f600 ''")

    play(scene)


def test_nobody_sees_what_another_person_sent(play: Any) -> None:
    async def scene(database: Database) -> None:
        run = await begun(database)
        await Payloads(database).keep(run, "planner", call())
        with pytest.raises(NotFound):
            await Payloads(database).of_run(BOB, run)

    play(scene)


def test_it_goes_with_its_chat_and_a_late_call_is_not_kept(play: Any) -> None:
    async def scene(database: Database) -> None:
        store, run = Payloads(database), await begun(database)
        await store.keep(run, "planner", call())
        await database.write(lambda connection: connection.execute(delete(chats)))
        await store.keep(run, "planner", call())
        count = select(func.count()).select_from(payloads)
        assert await database.read(lambda connection: connection.execute(count).scalar_one()) == 0
        with pytest.raises(NotFound):
            await store.of_run(ANN, run)

    play(scene)
