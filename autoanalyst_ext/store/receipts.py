"""Receipts: how questions were answered, found again by the question.

There is one for each question as it is written in a cell and each state of the data; the newest wins. It
belongs to the run that made its cells and goes with it when the chat is deleted.
"""

import hashlib
import json
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from ..types.receipts import Receipt, as_asked
from . import runs
from .database import Database
from .tables import receipts

FOUND = 50
"""Most receipts of one question that are looked at: states of the data, models, agents."""


class Receipts:
    """The receipts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, principal: str, receipt: Receipt) -> None:
        """Keep a receipt in place of the one for the same question and data. Raises NotFound for its run."""
        row = {
            "principal_id": principal,
            "key": _key(receipt),
            "question_key": _digest(as_asked(receipt.question)),
            "run_id": receipt.run_id,
            "receipt": receipt.model_dump_json(),
        }

        def work(connection: Connection) -> None:
            runs.owned(connection, principal, receipt.run_id)
            values = row | {"created_at": datetime.now(UTC)}
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            change = {name: values[name] for name in ("run_id", "created_at", "receipt")}
            key = [receipts.c.principal_id, receipts.c.key]
            connection.execute(
                insert(receipts).values(values).on_conflict_do_update(index_elements=key, set_=change)
            )

        await self._database.write(work)

    async def find(self, principal: str, question: str) -> tuple[Receipt, ...]:
        """The receipts of a question, newest first; those of another version of the program are left out."""
        query = (
            select(receipts.c.receipt)
            .where(
                receipts.c.principal_id == principal,
                receipts.c.question_key == _digest(as_asked(question)),
            )
            .order_by(receipts.c.created_at.desc())
            .limit(FOUND)
        )
        texts = await self._database.read(lambda connection: connection.execute(query).scalars().all())
        return tuple(receipt for text in texts if (receipt := _read(text)) is not None)


def _key(receipt: Receipt) -> str:
    """What is written in the cell, what was asked before it, and the state of the data."""
    data = sorted((table.name, table.fingerprint) for table in receipt.data)
    parts = [as_asked(receipt.question), receipt.agents, receipt.model, receipt.scope, receipt.follows, data]
    return _digest(json.dumps(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read(text: str) -> Receipt | None:
    try:
        return Receipt.model_validate_json(text)
    except ValidationError:
        return None
