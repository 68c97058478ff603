"""`ShownAgain`: chats, messages and runs as a panel shows them later: put together from the store."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from ..store.chat_facts import ChatFacts, FactsOfChats
from ..store.chats import Chats
from ..store.feedback import FeedbackStore
from ..store.run_events import RunEvents
from ..store.runs import Run, Runs
from ..types.chats import Chat, Message
from ..types.events import RunEvent, RunFinished, RunStarted
from ..types.panel import ChatEntry, ChatPage, MessagePage, RunView, ShownMessage
from .summary import summary_of


class ShownAgain:
    """Reads what is shown again. Nothing is changed here."""

    def __init__(self, chats: Chats, runs: Runs, events: RunEvents) -> None:
        self._chats, self._runs, self._events = chats, runs, events
        self._facts = FactsOfChats(chats.database)
        self._feedback = FeedbackStore(chats.database)

    async def chats(self, principal: str, *, limit: int, cursor: str | None, search: str) -> ChatPage:
        """A page of chats, newest activity first."""
        found, following = await self._chats.list(principal, limit=limit, cursor=cursor, search=search)
        facts = await self._facts.of([chat.id for chat in found])
        # One without facts was deleted in between.
        entries = tuple(_entry(chat, facts[chat.id]) for chat in found if chat.id in facts)
        return ChatPage(chats=entries, cursor=following)

    async def messages(self, principal: str, chat_id: str, *, limit: int, cursor: str | None) -> MessagePage:
        """The last messages of a chat, oldest first, with their runs and feedback."""
        found, before = await self._chats.messages(principal, chat_id, limit=limit, cursor=cursor)
        feedback, runs = await asyncio.gather(
            self._feedback.of_messages([message.id for message in found]),
            self._runs_of(principal, chat_id, found),
        )
        shown = tuple(
            ShownMessage(**dict(message), feedback=feedback.get(message.id), run=runs.get(message.id))
            for message in found
        )
        return MessagePage(messages=shown, cursor=before)

    async def run(self, principal: str, run_id: str) -> RunView:
        """One run; raises `NotFound`."""
        run = await self._runs.get(principal, run_id)
        events = await self._events.of_runs([run_id])
        return _view(run, events.get(run_id, ()))

    async def _runs_of(self, principal: str, chat_id: str, found: Sequence[Message]) -> dict[str, RunView]:
        """The run of each message that has one to show, by the message's id."""
        answers = {message.id: message.run_id for message in found if message.run_id is not None}
        written = await self._runs.of_ids(principal, answers.values())
        runs = {message: written[run] for message, run in answers.items() if run in written}
        runs |= await self._unanswered(principal, chat_id, [m.id for m in found if m.role == "user"])
        events = await self._events.of_runs([run.id for run in runs.values()])
        return {message: _view(run, events.get(run.id, ())) for message, run in runs.items()}

    async def _unanswered(
        self, principal: str, chat_id: str, questions: Collection[str]
    ) -> Mapping[str, Run]:
        """The runs that these questions began and that have not written an answer, yet or ever."""
        begun = await self._runs.of_questions(principal, chat_id, questions)
        answered = await self._chats.answered(principal, chat_id, [run.id for run in begun.values()])
        return {question: run for question, run in begun.items() if run.id not in answered}


def _entry(chat: Chat, facts: ChatFacts) -> ChatEntry:
    return ChatEntry(
        **dict(chat),
        summary=summary_of(facts.said),
        agents=facts.agents,
        notebook=facts.notebook,
        cost_usd=facts.cost_usd,
    )


def _view(run: Run, events: Sequence[RunEvent]) -> RunView:
    return RunView(
        id=run.id,
        chat_id=run.chat_id,
        status=run.status,
        agents=run.agents,
        model=run.model,
        notebook=run.notebook,
        started_at=run.started_at,
        ended_at=run.ended_at,
        events=_complete(run, events),
    )


def _complete(run: Run, events: Sequence[RunEvent]) -> tuple[RunEvent, ...]:
    """The events with a beginning and, where the run has an answer, its end; earlier versions kept none."""
    begun = RunStarted(run_id=run.id, chat_id=run.chat_id, agents=run.agents, model=run.model)
    said = tuple(events) or (begun,)
    if run.answer is None or isinstance(said[-1], RunFinished):
        return said
    return (*said, RunFinished(answer=run.answer))
