"""The admin keys in a database, on SQLite and on PostgreSQL."""

import asyncio
from typing import Any

import pytest

from autoanalyst_ext.errors import BadRequest, LimitReached, NotFound
from autoanalyst_ext.policy.admin import digest
from autoanalyst_ext.store.admin_keys import AdminKeys
from autoanalyst_ext.store.database import Database

ANN = "account:ann"


def test_two_keys_are_good_at_a_time_and_a_third_takes_the_place_of_the_older_only_if_that_is_meant(
    play: Any,
) -> None:
    async def scene(database: Database) -> None:
        keys = AdminKeys(database)
        first, ended = await keys.add(digest("1"), made_by=ANN)
        assert (first.name, first.made_by, ended) == ("admin", ANN, None)
        second, ended = await keys.add(digest("2"), made_by=ANN, replace=True)
        assert (second.name, ended) == ("admin-2", None)
        with pytest.raises(LimitReached, match=r"autoanalyst admin revoke-key admin$"):
            await keys.add(digest("3"), made_by=ANN)
        third, ended = await keys.add(digest("3"), made_by=ANN, name="ops", replace=True)
        assert (third.name, ended) == ("ops", first)
        assert await keys.digests() == {digest("2"): "admin-2", digest("3"): "ops"}
        await keys.remove("ops")
        assert await keys.digests() == {digest("2"): "admin-2"}
        with pytest.raises(NotFound):
            await keys.remove("ops")

    play(scene)


def test_a_name_is_a_plain_word_and_not_taken(play: Any) -> None:
    async def scene(database: Database) -> None:
        keys = AdminKeys(database)
        await keys.add(digest("1"), made_by=ANN, name="ops")
        for name in ("ops", "", "a b", "x" * 41, "../x"):
            with pytest.raises(BadRequest):
                await keys.add(digest("2"), made_by=ANN, name=name)

    play(scene)


def test_of_many_who_make_keys_at_once_two_succeed(play: Any, url: str) -> None:
    async def scene(database: Database) -> None:
        await database.open()
        others = [Database(url) for _ in range(3)]
        made = [
            AdminKeys(one).add(digest(f"{number}"), made_by=ANN)
            for number, one in enumerate([database, *others] * 2)
        ]
        found = await asyncio.gather(*made, return_exceptions=True)
        assert sum(isinstance(one, tuple) for one in found) == 2
        assert sum(isinstance(one, LimitReached) for one in found) == 6
        assert len(await AdminKeys(database).all()) == 2
        for other in others:
            await other.close()

    play(scene)
