"""Principals: who chats, runs and attempts belong to. A row appears with the first thing that is theirs."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from .once import insert_once
from .tables import principals


def ensure(connection: Connection, principal: str) -> None:
    """Make sure that `principal` has a row."""
    insert_once(connection, principals, {"id": principal, "created_at": datetime.now(UTC)})
