"""What runs said: kept in order, with how the run stands, and gone with the run."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.run_events import RunEvents
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.tables import run_events, runs
from autoanalyst_ext.types.events import Notice

from .test_receipts import ANN, begun


def said(*texts: str) -> tuple[Notice, ...]:
    return tuple(Notice(code="n", text=text) for text in texts)


def test_events_come_back_in_order_for_each_run(play: Any) -> None:
    async def scene(database: Database) -> None:
        events = RunEvents(database)
        first, second = await begun(database), await begun(database)
        await events.append(first, said("a", "b"))
        await events.append(second, said("x"))
        await events.append(first, said("c \x00 ü"))
        found = await events.of_runs([first, second, "nobody"])
        assert found[second] == said("x")
        assert [event.model_dump()["text"][:1] for event in found[first]] == ["a", "b", "c"]
        assert set(found) == {first, second}

    play(scene)


def test_how_a_run_stands_is_written_with_its_events_until_it_ends(play: Any) -> None:
    async def scene(database: Database) -> None:
        run = await begun(database)
        store, events = Runs(database), RunEvents(database)
        await events.append(run, said("may I?"), status="waiting")
        assert (await store.get(ANN, run)).status == "waiting"
        await events.append(run, (), status="running")
        assert (await store.get(ANN, run)).status == "running"
        await store.finish(ANN, run, "interrupted")
        await events.append(run, (), status="waiting")
        assert (await store.get(ANN, run)).status == "interrupted"
        assert len((await events.of_runs([run]))[run]) == 1

    play(scene)


def test_an_event_of_another_version_is_left_out(play: Any) -> None:
    async def scene(database: Database) -> None:
        run, events = await begun(database), RunEvents(database)
        await events.append(run, said("a", "b"))
        change = update(run_events).where(run_events.c.run_id == run, run_events.c.number == 1)
        await database.write(lambda c: c.execute(change.values(event='{"kind": "from_the_future"}')))
        assert (await events.of_runs([run]))[run] == said("b")

    play(scene)


@pytest.mark.parametrize("left", [0, 1])
def test_events_go_with_their_run(play: Any, left: int) -> None:
    async def scene(database: Database) -> None:
        run, events = await begun(database), RunEvents(database)
        await events.append(run, said("a"))
        if not left:
            await database.write(lambda c: c.execute(delete(runs).where(runs.c.id == run)))
        assert len(await events.of_runs([run])) == left

    play(scene)
