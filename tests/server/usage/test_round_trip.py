"""Amounts of money leave as decimal text, and come back as what they were: whoever passes them on."""

import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from sqlalchemy import Connection, select, text

from autoanalyst_ext.store.attempts import Attempts
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.types.usage import Usage, pico, usd

COUNT = 100_000
EDGES = (0, 1, 9, 10, 10**6, 10**12 - 1, 10**12, 10**12 + 1, 2**53 - 1, 2**53 + 1, 2**63 - 1)
NODE = shutil.which("node", path=os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)]))
"""The machine's, where there is one, else the one in the environment, as in `make`."""

THROUGH_JAVASCRIPT = """
const usages = JSON.parse(require('fs').readFileSync(0, 'utf8'));
if (!usages.every(usage => typeof usage.cost_usd === 'string')) throw new Error('an amount is not text');
process.stdout.write(usages.map(usage => usage.cost_usd + '\\r\\n').join(''));
"""


INSERT = """
INSERT INTO attempts (id, cost_pusd, principal_id, provider, model, purpose, state,
                      started_at, seen_at, ended_at, owner_pid, owner_start, owner_boot)
SELECT id, amount, 'os:ann', 'openai', 'gpt-5', 'answer', 'settled', 1, 1, 1, 1, '', ''
FROM ({numbered}) AS numbered
"""
NUMBERED = {
    "sqlite": "SELECT printf('%06d', key) AS id, value AS amount FROM json_each(:amounts)",
    "postgresql": "SELECT lpad(place::text, 6, '0') AS id, value::bigint AS amount FROM "
    "json_array_elements_text(cast(:amounts AS json)) WITH ORDINALITY AS each (value, place)",
}


def random_amounts() -> list[int]:
    """Of every size that a column holds."""
    random.seed(2026)
    return [*EDGES, *(random.getrandbits(random.randint(1, 63)) for _ in range(COUNT - len(EDGES)))]


async def keep(database: Database, amounts: list[int]) -> None:
    """Store each as the cost of a model call, in one statement."""

    def work(connection: Connection) -> None:
        numbered = NUMBERED[connection.dialect.name]
        connection.execute(text(INSERT.format(numbered=numbered)), {"amounts": json.dumps(amounts)})

    await database.write(work)


def test_a_hundred_thousand_amounts_come_out_of_the_database_as_they_went_in(play: Any) -> None:
    amounts = random_amounts()

    async def scene(database: Database) -> list[int]:
        await keep(database, amounts)
        query = select(attempts.c.cost_pusd).order_by(attempts.c.id)
        return await database.read(lambda connection: [*connection.execute(query).scalars()])

    assert play(scene) == amounts


def test_a_hundred_thousand_amounts_are_the_same_after_json_javascript_csv_and_a_workbook(
    tmp_path: Path,
) -> None:
    amounts = random_amounts()
    texts = [usd(amount) for amount in amounts]
    sent = f"[{','.join(Usage(cost_usd=words).model_dump_json() for words in texts)}]"
    assert [usage["cost_usd"] for usage in json.loads(sent)] == texts
    assert NODE is not None, "make brings a Node where the machine has none"
    ran = subprocess.run(
        [NODE, "-e", THROUGH_JAVASCRIPT], input=sent.encode(), capture_output=True, timeout=60, check=True
    )
    from_csv = [words for (words,) in csv.reader(io.StringIO(ran.stdout.decode(), newline=""))]
    assert from_csv == texts
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for start in range(0, COUNT, 100):
        sheet.append(from_csv[start : start + 100])
    book.save(tmp_path / "amounts.xlsx")
    with closing(load_workbook(tmp_path / "amounts.xlsx", read_only=True)) as read:
        from_sheet = [amount for row in read.worksheets[0].iter_rows(values_only=True) for amount in row]
    assert from_sheet == texts
    assert [pico(words) for words in from_sheet] == amounts
    assert sum(Decimal(words) for words in from_sheet) * 10**12 == sum(amounts)


def test_a_hundred_thousand_calls_of_next_to_nothing_add_up_to_31_cents(play: Any) -> None:
    async def scene(database: Database) -> Usage:
        await keep(database, [pico("0.0000031")] * COUNT)
        return await Attempts(database).usage_of_principal("os:ann")

    found = play(scene)
    assert (found.requests, found.cost_usd) == (COUNT, "0.31")
