"""Histories of chats, and choices of chats and principals, on SQLite and on PostgreSQL."""

from typing import Any

import pytest

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.choices import ChoiceStore
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.histories import Histories
from autoanalyst_ext.types.runs import Choices

ANN, BOB = "os:ann", "os:bob"


def test_a_history_is_kept_as_it_was_and_only_for_its_principal(play: Any) -> None:
    async def scene(database: Database) -> None:
        chat = await Chats(database).create(ANN, "Prices")
        histories = Histories(database)
        assert await histories.load(ANN, chat.id) is None
        await histories.save(ANN, chat.id, '[{"kind": "request", "text": "Zürich \\u0000"}]')
        assert await histories.load(ANN, chat.id) == '[{"kind": "request", "text": "Zürich \\u0000"}]'
        for step in (histories.load(BOB, chat.id), histories.save(BOB, chat.id, "[]")):
            with pytest.raises(NotFound):
                await step

    play(scene)


def test_choices_of_a_run_come_before_the_chats_and_those_before_the_principals(play: Any) -> None:
    async def scene(database: Database) -> None:
        chat = await Chats(database).create(ANN, "Prices")
        store = ChoiceStore(database)
        assert await store.of_principal("os:nobody") == Choices()
        await store.choose_for_principal(ANN, Choices(model="openai:gpt-5", temperature=0.2))
        await store.choose_for_chat(ANN, chat.id, Choices(model="groq:llama", max_tokens=100))
        run = Choices(max_tokens=50)
        over = run.over(await store.of_chat(ANN, chat.id)).over(await store.of_principal(ANN))
        assert over == Choices(model="groq:llama", temperature=0.2, max_tokens=50)
        assert await store.of_principal(BOB) == Choices()
        with pytest.raises(NotFound):
            await store.of_chat(BOB, chat.id)

    play(scene)
