"""What a person thinks of an answer."""

from typing import TYPE_CHECKING

from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from ..types.panel import Feedback


class FeedbackHandler(AnalystHandler):
    """`messages/{message_id}/feedback`"""

    @operation("Give an answer one to five stars, and a comment", body="Feedback", reply="Feedback")
    async def put(self, message_id: str, body: "Feedback") -> "Feedback":
        """Keep the stars; they replace those given before."""
        engine, who = await self.desk()
        return await engine.chats.rate(who, message_id, body)
