"""Chats and their messages."""

from datetime import datetime
from typing import Literal

from .value import Value


class Chat(Value):
    """The durable conversation in the list."""

    id: str
    title: str
    created_at: datetime
    """UTC."""
    active_at: datetime
    """UTC; when something last happened in it."""


class Message(Value):
    """One entry in a chat."""

    id: str
    chat_id: str
    role: Literal["user", "analyst"]
    text: str
    run_id: str | None = None
    created_at: datetime
