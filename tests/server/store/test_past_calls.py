"""Earlier answers as estimates find them, on each kind of database."""

from typing import Any

import pytest

from autoanalyst_ext.store import past_calls
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.past_calls import PastAnswer, PastCalls
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.types.chats import Chat
from autoanalyst_ext.types.runs import RunStatus
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
from autoanalyst_ext.usage.owner import this_process
from autoanalyst_ext.usage.prices import PriceBook

ANN, BOB = "os:ann", "os:bob"
NANO = "openai:gpt-5-nano"
PRICES = PriceBook()


def call(sent: int, said: int = 10) -> TokenUsage:
    return TokenUsage(input_tokens=sent, output_tokens=said)


class Scene:
    """Answers as questions leave them, made without asking any."""

    def __init__(self, database: Database) -> None:
        self.past = PastCalls(database)
        self._chats, self._runs = Chats(database), Runs(database)
        self._ledger = Ledger(database, PRICES)

    async def answer(
        self,
        *calls: TokenUsage | None,
        who: str = ANN,
        chat: Chat | None = None,
        model: str = NANO,
        status: RunStatus = "answered",
        agents: tuple[str, ...] = ("planner",),
        notebook: str | None = None,
    ) -> Chat:
        """An answer that took these calls; None is one that was refused."""
        chat = chat or await self._chats.create(who, "A chat")
        run = await self._runs.start(
            who,
            NewRun(
                chat_id=chat.id, question_id=None, agents=agents, model=model, mode="auto",
                egress_level="names", owner=this_process(), notebook=notebook,
            ),
        )  # fmt: skip
        provider, _, name = model.partition(":")
        for tokens in calls:
            attempt = (
                await self._ledger.open(
                    NewAttempt(
                        provider=provider, model=name, principal_id=who, chat_id=chat.id, run_id=run.id
                    )
                )
            ).id
            if tokens is None:
                await self._ledger.void(attempt, "rate_limited")
            else:
                await self._ledger.settle(attempt, tokens)
        await self._runs.finish(who, run.id, status)
        return chat


def test_the_answers_of_a_model_come_newest_first_with_their_calls_in_order(play: Any) -> None:
    async def scene(database: Database) -> None:
        made = Scene(database)
        chat = await made.answer(call(100), None, call(200), notebook="a.ipynb")
        await made.answer(call(300), chat=chat, agents=("stats",))
        assert await made.past.answers("openai", "GPT-5-nano", ANN) == (
            PastAnswer((call(300),), ("stats",), None, opened=False),
            PastAnswer((call(100), call(200)), ("planner",), "a.ipynb", opened=True),
        )

    play(scene)


def test_only_answers_of_this_person_and_model_count_unless_all_are_wanted(play: Any) -> None:
    async def scene(database: Database) -> None:
        made = Scene(database)
        await made.answer(call(1), who=BOB)
        await made.answer(call(2), model="openai:gpt-5")
        await made.answer(call(3), status="failed")
        await made.answer(None)
        assert await made.past.answers("openai", "gpt-5-nano", ANN) == ()
        (bobs,) = await made.past.answers("openai", "gpt-5-nano")
        assert bobs.calls == (call(1),)

    play(scene)


def test_the_last_call_of_a_chat_is_the_last_that_was_counted(play: Any) -> None:
    async def scene(database: Database) -> None:
        made = Scene(database)
        chat = await made.answer(call(100), call(200, 30))
        await made.answer(TokenUsage(), chat=chat, model="offline:analyst")
        await made.answer(None, chat=chat)
        assert await made.past.last_of_chat(ANN, chat.id) == (NANO, call(200, 30))
        assert await made.past.last_of_chat(BOB, chat.id) is None

    play(scene)


def test_no_more_than_the_latest_calls_are_looked_at(play: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_calls, "OWN", 3)
    monkeypatch.setattr(past_calls, "MOST", 2)

    async def scene(database: Database) -> None:
        made = Scene(database)
        for sent in range(1, 6):
            await made.answer(call(sent))
        found = await made.past.answers("openai", "gpt-5-nano", ANN)
        assert [one.calls for one in found] == [(call(5),), (call(4),)]

    play(scene)
