"""`autoanalyst db` as a program of its own."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.database import Database

from ..store.calls import put
from .program import run


def test_sums_that_are_wrong_are_made_anew_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/books.db"
    call = NewAttempt(provider="groq", model="llama", principal_id="os:ann")
    spoil = text("UPDATE call_sums SET requests = requests + 1 WHERE dimension = 'agent'")

    async def spoiled() -> None:
        database = Database(url)
        await database.write(lambda connection: put(connection, call, at=datetime.now(UTC)))
        await database.write(lambda connection: connection.execute(spoil))
        await database.close()

    asyncio.run(spoiled())
    first = run(tmp_path, "db", "rebuild-rollups", AUTOANALYST_DATABASE_URL=url)
    assert (first.code, first.err) == (0, "")
    assert "2 of model calls" in first.out
    again = run(tmp_path, "db", "rebuild-rollups", AUTOANALYST_DATABASE_URL=url)
    assert "agree with every model call and run" in again.out
