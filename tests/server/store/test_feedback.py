"""Feedback on answers, on SQLite and on PostgreSQL."""

from typing import Any

import pytest

from autoanalyst_ext.errors import NotFound
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.feedback import FeedbackStore
from autoanalyst_ext.types.panel import Feedback

from .conftest import asked

ANN, BOB = "os:ann", "os:bob"


def test_feedback_is_the_newest_of_its_owner_on_an_answer(play: Any) -> None:
    async def scene(database: Database) -> None:
        chat, store = await asked(database, ANN, "x"), FeedbackStore(database)
        question = await Chats(database).append(ANN, chat.id, "user", "and?")
        answer = await Chats(database).append(ANN, chat.id, "analyst", "545")
        await store.give(ANN, answer.id, Feedback(rating=2, comment="Too short 🙁"))
        newest = Feedback(rating=5, comment="")
        assert await store.give(ANN, answer.id, newest) == newest
        assert await store.of_messages([question.id, answer.id]) == {answer.id: newest}
        for principal, message_id in ((BOB, answer.id), (ANN, question.id), (ANN, "none")):
            with pytest.raises(NotFound):
                await store.give(principal, message_id, newest)

    play(scene)
