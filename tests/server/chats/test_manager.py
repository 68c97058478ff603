"""The list of chats, and chats that are shown again, rated and deleted: the seed's Test 4."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.errors import BadRequest, InvalidBody, LimitReached, NotFound
from autoanalyst_ext.policy.principal import Principal
from autoanalyst_ext.store.attempts import Owner
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.ids import new_id
from autoanalyst_ext.store.run_events import RunEvents
from autoanalyst_ext.store.runs import NewRun, Run, Runs
from autoanalyst_ext.types.chats import Chat, Message
from autoanalyst_ext.types.events import Notice, RunFinished, RunStarted
from autoanalyst_ext.types.panel import Feedback, Sent
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt
from autoanalyst_ext.usage.owner import this_process

ANN = Principal(id="os:ann", name="Ann", source="account")
BOB = Principal(id="os:bob", name="Bob", source="account")
DEAD = Owner(pid=this_process().pid, start="another time", boot=this_process().boot)


class Past:
    """Chats as questions leave them, made without asking any."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.manager = engine, engine.chats
        self._chats, self._runs = Chats(engine.database), Runs(engine.database)

    async def chat(self, question: str, answer: str | None = "545", **more: Any) -> Chat:
        """A chat with one question, and its answer unless it is None."""
        chat = await self.manager.create(ANN, question)
        await self.ask(chat, question, answer, **more)
        return await self.manager.get(ANN, chat.id)

    async def ask(
        self, chat: Chat, question: str, answer: str | None = "545", **more: Any
    ) -> tuple[Message, Run]:
        """One more question; the message and the run that it began."""
        asked = await self._chats.append(ANN.id, chat.id, "user", question)
        new = {
            "chat_id": chat.id,
            "question_id": asked.id,
            "agents": ("planner",),
            "model": "offline:analyst",
            "mode": "auto",
            "egress_level": "rows",
            "owner": this_process(),
        }
        run = await self._runs.start(ANN.id, NewRun(**(new | more)))
        if answer is None:
            return asked, run
        said = Answer(status="answered", answer=answer, run_id=run.id, chat_id=chat.id)
        await self._chats.append(ANN.id, chat.id, "analyst", answer, run_id=run.id)
        return asked, await self._runs.finish(ANN.id, run.id, "answered", answer=said)

    async def pay(self, chat: Chat, provider: str, model: str, tokens: int) -> None:
        """A model call of this chat."""
        ledger: Ledger = self.engine.ledger
        call = NewAttempt(provider=provider, model=model, principal_id=ANN.id, chat_id=chat.id)
        attempt = (await ledger.open(call)).id
        await ledger.settle(attempt, TokenUsage(input_tokens=tokens, output_tokens=tokens))


def past(folder: Path, scene: Callable[[Past], Awaitable[None]]) -> None:
    """Play a scene with an engine that has never been asked anything."""

    async def play() -> None:
        async with Engine(data_dir=str(folder), database_url=f"sqlite:///{folder}/test.db") as engine:
            await scene(Past(engine))

    asyncio.run(play())


# The list


def test_a_new_chat_is_on_top_named_by_its_first_question_and_an_old_one_moves_up(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        first = await past.chat("List top 10 houses by area")
        await past.chat("@statistical_analyst_agent What is the average price of houses in the dataset?")
        page = await past.manager.page(ANN)
        assert [chat.title for chat in page.chats] == [
            "Average price of houses in the dataset",
            "List top 10 houses by area",
        ]
        assert page.cursor is None
        await past.ask(first, "and by price?")
        (top, _) = (await past.manager.page(ANN)).chats
        assert (top.id, top.title) == (first.id, first.title)

    past(tmp_path, scene)


def test_all_pages_together_are_all_chats_once_while_new_ones_arrive(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        made = [(await past.chat(f"Question {number}")).id for number in range(7)]
        seen: list[str] = []
        cursor = None
        for size in (3, 3, 1):
            page = await past.manager.page(ANN, limit=3, cursor=cursor)
            assert len(page.chats) == size
            seen += [chat.id for chat in page.chats]
            cursor = page.cursor
            await past.chat("One more")
        assert cursor is None
        assert seen == made[::-1]
        with pytest.raises(BadRequest):
            await past.manager.page(ANN, cursor="of somebody else")

    past(tmp_path, scene)


def test_an_entry_says_how_the_last_answer_begins_who_gave_it_and_where(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("Price?", agents=("sk_learn_agent",))
        await past.ask(
            chat,
            "And by area?",
            "## The **mean** of `price`\n\n| a |\n|---|",
            agents=("data_viz_agent", "planner"),
            notebook="work/sales.ipynb",
        )
        (entry,) = (await past.manager.page(ANN)).chats
        assert entry.summary == "The mean of price"
        assert entry.agents == ("data_viz_agent", "planner")
        assert entry.notebook == "work/sales.ipynb"

    past(tmp_path, scene)


def test_a_chat_costs_what_all_its_calls_cost_and_is_unknown_where_nothing_has_a_price(
    tmp_path: Path,
) -> None:
    async def scene(past: Past) -> None:
        paid, mixed, unpriced, offline, unasked = [await past.chat(str(n)) for n in range(5)]
        await past.pay(paid, "openai", "gpt-5-nano", 1000)
        await past.pay(paid, "openai", "gpt-5-nano", 1)
        await past.pay(mixed, "openai", "gpt-5-nano", 1000)
        await past.pay(mixed, "openai", "nobody-knows-it", 1000)
        await past.pay(unpriced, "openai", "nobody-knows-it", 1000)
        await past.pay(offline, "offline", "analyst", 0)
        costs = {chat.id: chat.cost_usd for chat in (await past.manager.page(ANN)).chats}
        assert costs == {
            paid.id: "0.00045045",
            mixed.id: "0.00045",
            unpriced.id: None,
            offline.id: "0.00",
            unasked.id: "0.00",
        }

    past(tmp_path, scene)


def test_a_chat_whose_only_question_was_refused_is_not_listed(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        await past.manager.create(ANN, "@nobody asks")
        chat = await past.chat("Answered")
        assert [entry.id for entry in (await past.manager.page(ANN)).chats] == [chat.id]
        assert (await past.manager.page(BOB)).chats == ()

    past(tmp_path, scene)


def test_a_search_finds_titles_and_pages_too(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        for number in range(4):
            await past.chat(f"Sales {number}")
            await past.chat(f"Houses {number}")
        first = await past.manager.page(ANN, search="SALES", limit=3)
        rest = await past.manager.page(ANN, search="SALES", limit=3, cursor=first.cursor)
        assert [chat.title for chat in first.chats + rest.chats] == [
            "Sales 3",
            "Sales 2",
            "Sales 1",
            "Sales 0",
        ]

    past(tmp_path, scene)


# One chat


def test_a_chat_is_shown_with_the_runs_of_its_answers_and_what_was_thought_of_them(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("First?")
        _, run = await past.ask(chat, "Second?", "231", notebook="a.ipynb")
        begun = RunStarted(run_id=run.id, chat_id=chat.id, agents=("planner",), model="offline:analyst")
        assert run.answer is not None
        said = (begun, Notice(code="x", text="y"), RunFinished(answer=run.answer))
        await RunEvents(past.engine.database).append(run.id, said)
        page = await past.manager.messages(ANN, chat.id)
        assert [message.text for message in page.messages] == ["First?", "545", "Second?", "231"]
        *_, question, answer = page.messages
        assert question.run is None
        assert answer.run is not None
        assert (answer.run.id, answer.run.notebook, answer.run.events) == (run.id, "a.ipynb", said)
        assert await past.manager.run(ANN, run.id) == answer.run
        given = Feedback(rating=4, comment="Good")
        assert await past.manager.rate(ANN, answer.id, given) == given
        assert (await past.manager.messages(ANN, chat.id)).messages[-1].feedback == given

    past(tmp_path, scene)


def test_a_run_of_which_no_events_are_kept_is_shown_by_its_answer(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("How many?")
        _, answer = (await past.manager.messages(ANN, chat.id)).messages
        assert answer.run is not None
        begun, ended = answer.run.events
        assert isinstance(begun, RunStarted)
        assert (begun.run_id, begun.agents) == (answer.run_id, ("planner",))
        assert isinstance(ended, RunFinished)
        assert ended.answer.answer == "545"

    past(tmp_path, scene)


def test_a_question_without_an_answer_carries_its_run(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("Answered")
        _, lost = await past.ask(chat, "Lost", None, owner=DEAD)
        _, running = await past.ask(chat, "Under way", None)
        assert await past.manager.recover() == 1
        answered, _, died, waits = (await past.manager.messages(ANN, chat.id)).messages
        assert answered.run is None
        assert died.run is not None
        assert (died.run.id, died.run.status) == (lost.id, "interrupted")
        assert [type(event) for event in died.run.events] == [RunStarted]
        assert waits.run is not None
        assert (waits.run.id, waits.run.status) == (running.id, "running")

    past(tmp_path, scene)


def test_a_question_at_the_end_of_a_page_knows_that_its_answer_is_on_the_next(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("First?")
        last = await past.manager.messages(ANN, chat.id, limit=1)
        assert [message.text for message in last.messages] == ["545"]
        first = await past.manager.messages(ANN, chat.id, limit=1, cursor=last.cursor)
        assert [(message.text, message.run) for message in first.messages] == [("First?", None)]
        assert first.cursor is None

    past(tmp_path, scene)


def test_a_chat_keeps_its_new_name_and_its_place(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        old = await past.chat("Old")
        await past.chat("New")
        renamed = await past.manager.rename(ANN, old.id, "  Prices\nby area ")
        assert renamed == old.model_copy(update={"title": "Prices by area"})
        assert [chat.title for chat in (await past.manager.page(ANN)).chats] == ["New", "Prices by area"]
        with pytest.raises(InvalidBody):
            await past.manager.rename(ANN, old.id, " \n ")

    past(tmp_path, scene)


def test_a_deleted_chat_is_gone_and_its_cost_stays_in_ones_usage(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("Delete me")
        await past.pay(chat, "openai", "gpt-5-nano", 1000)
        before = await past.engine.ledger.usage_of_principal(ANN.id)
        await past.manager.delete(ANN, chat.id)
        assert (await past.manager.page(ANN)).chats == ()
        with pytest.raises(NotFound):
            await past.manager.messages(ANN, chat.id)
        assert await past.engine.ledger.usage_of_principal(ANN.id) == before
        assert before.cost_usd == "0.00045"

    past(tmp_path, scene)


def test_a_chat_that_answers_cannot_be_deleted_and_one_whose_process_died_can(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        busy, left = await past.chat("Busy", None), await past.chat("Left", None, owner=DEAD)
        with pytest.raises(LimitReached, match="Stop it"):
            await past.manager.delete(ANN, busy.id)
        await past.manager.delete(ANN, left.id)
        assert [chat.id for chat in (await past.manager.page(ANN)).chats] == [busy.id]

    past(tmp_path, scene)


def test_what_is_anothers_is_not_found(tmp_path: Path) -> None:
    async def scene(past: Past) -> None:
        chat = await past.chat("Mine")
        question, answer = (await past.manager.messages(ANN, chat.id)).messages
        assert answer.run_id is not None
        given, manager = Feedback(rating=1, comment=""), past.manager
        for attempt in (
            manager.get(BOB, chat.id),
            manager.rename(BOB, chat.id, "taken"),
            manager.delete(BOB, chat.id),
            manager.messages(BOB, chat.id),
            manager.rate(BOB, answer.id, given),
            manager.rate(ANN, question.id, given),
            manager.rate(ANN, new_id(), given),
            manager.run(BOB, answer.run_id),
            manager.sent(BOB, answer.run_id),
            manager.sent(ANN, new_id()),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert await manager.sent(ANN, answer.run_id) == Sent()

    past(tmp_path, scene)
