"""Chats and their messages."""

from datetime import datetime
from typing import Literal

from .value import Value

Role = Literal["user", "analyst"]
"""Who said it: the person who asks, or the run that answers."""


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
    role: Role
    text: str
    """Markdown, as it was written."""
    run_id: str | None = None
    """The run that wrote it; `None` for a message of the user."""
    created_at: datetime
    """UTC."""
