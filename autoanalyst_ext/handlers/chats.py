"""The chats of the person who asks: list, open, name, delete; a question, what it may cost, and stars."""

from typing import TYPE_CHECKING

from ..errors import LimitReached
from .base import AnalystHandler
from .operation import Query, operation

if TYPE_CHECKING:
    from ..types.chats import Chat
    from ..types.estimates import Estimate, EstimateOrder
    from ..types.panel import (
        ChatChange,
        ChatPage,
        Feedback,
        MessagePage,
        NewChat,
        RunOrder,
        RunTicket,
    )

LIMIT = Query("limit", "How many at most.", default=30, least=1, most=200)
CURSOR = Query("cursor", "Where the page before has ended.")
SEARCH = Query("search", "Part of the title; large and small letters are the same.", default="")


class ChatsHandler(AnalystHandler):
    """`chats`"""

    @operation("A page of the chats, newest activity first", reply="ChatPage", query=(LIMIT, CURSOR, SEARCH))
    async def get(self, limit: int, cursor: str | None, search: str) -> "ChatPage":
        """List chats."""
        engine, who = await self.desk()
        return await engine.chats.page(who, limit=limit, cursor=cursor, search=search)

    @operation("A new chat, named after its first question", body="NewChat", reply="Chat", status=201)
    async def post(self, body: "NewChat") -> "Chat":
        """Make a chat. The question is not asked by this."""
        engine, who = await self.desk()
        return await engine.chats.create(who, body.question)


class ChatHandler(AnalystHandler):
    """`chats/{chat_id}`"""

    @operation("A chat", reply="Chat")
    async def get(self, chat_id: str) -> "Chat":
        """Find a chat."""
        engine, who = await self.desk()
        return await engine.chats.get(who, chat_id)

    @operation("Give a chat another name", body="ChatChange", reply="Chat")
    async def patch(self, chat_id: str, body: "ChatChange") -> "Chat":
        """Rename a chat, and tell the person's pages."""
        engine, who = await self.desk()
        chat = await engine.chats.rename(who, chat_id, body.title)
        engine.news.chat(who.id, chat)
        return chat

    @operation("Delete a chat with all that belongs to it; what it cost stays booked", status=204)
    async def delete(self, chat_id: str) -> None:
        """Delete a chat in which nothing is being answered, and tell the person's pages."""
        engine, who = await self.desk()
        if any(run.chat == chat_id for run in engine.live_runs.running(who)):
            # Also one that waits (for its turn, for its notebook) and has written nothing yet.
            from ..chats.manager import BUSY

            raise LimitReached(BUSY)
        chat = await engine.chats.delete(who, chat_id)
        engine.news.chat(who.id, chat, deleted=True)


class MessagesHandler(AnalystHandler):
    """`chats/{chat_id}/messages`"""

    @operation("The last messages of a chat, oldest first", reply="MessagePage", query=(LIMIT, CURSOR))
    async def get(self, chat_id: str, limit: int, cursor: str | None) -> "MessagePage":
        """Read a page of messages; its cursor leads to those before them."""
        engine, who = await self.desk()
        return await engine.chats.messages(who, chat_id, limit=limit, cursor=cursor)


class ChatRunsHandler(AnalystHandler):
    """`chats/{chat_id}/runs`"""

    @operation("Ask a question", body="RunOrder", reply="RunTicket", status=202, action="execute")
    async def post(self, chat_id: str, body: "RunOrder") -> "RunTicket":
        """Start a run. Its events come over the socket."""
        engine, who = await self.desk()
        return await engine.live_runs.start(who, chat_id, body)


class FeedbackHandler(AnalystHandler):
    """`messages/{message_id}/feedback`"""

    @operation("Give an answer one to five stars, and a comment", body="Feedback", reply="Feedback")
    async def put(self, message_id: str, body: "Feedback") -> "Feedback":
        """Keep the stars; they replace those given before."""
        engine, who = await self.desk()
        return await engine.chats.rate(who, message_id, body)


class EstimateHandler(AnalystHandler):
    """`estimate`"""

    @operation(
        "What the next question may cost; it is not asked by this", body="EstimateOrder", reply="Estimate"
    )
    async def post(self, body: "EstimateOrder") -> "Estimate":
        """Estimate it."""
        engine, who = await self.desk()
        return await engine.chats.estimate(who, body)
