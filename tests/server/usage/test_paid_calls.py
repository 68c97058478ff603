"""The incident switch, between processes of one database: it acts at once, and survives a restart."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.switches import Switch
from autoanalyst_ext.types.budgets import PolicyChange
from autoanalyst_ext.usage.budget_book import BudgetBook
from autoanalyst_ext.usage.budgets import off
from tests.server.store.conftest import on

CALLER = """
import asyncio, json, sys
from autoanalyst_ext.errors import PaidCallsOff
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.ledger import Ledger, NewAttempt

def call(provider, model):
    return NewAttempt(provider=provider, model=model, principal_id="account:ann")

async def main():
    database = Database(sys.argv[1])
    ledger = Ledger(database)
    for _ in sys.stdin:
        said = []
        for provider, model in (("openai", "gpt-4o-mini"), ("openai", "unknown"), ("ollama", "qwen")):
            try:
                opened = await ledger.open(call(provider, model), TokenUsage(output_tokens=10))
                await ledger.settle(opened.id, TokenUsage(output_tokens=1))
                said.append("sent")
            except PaidCallsOff as error:
                said.append(str(error))
        print(json.dumps(said), flush=True)
    await database.close()

asyncio.run(main())
"""
"""A process that makes a paid call, one of unknown price and a free one for each line that it is given."""


class Caller:
    """Another process with a ledger."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def calls(self) -> list[str]:
        """What became of three calls: paid, unpriced, free."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: list[str] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def caller(url: str) -> Iterator[Caller]:
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Caller(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def turn(url: str, position: str, reason: str = "") -> None:
    async def scene(database: Database) -> None:
        change = PolicyChange.model_validate({"paid_calls": position, "reason": reason})
        await BudgetBook(database, {}, str).set_policy(change, by="admin ops")

    on(url, scene)


def test_the_switch_acts_at_once_in_other_processes_and_after_a_restart(url: str) -> None:
    with caller(url) as one, caller(url) as two:
        assert one.calls() == two.calls() == ["sent"] * 3
        turn(url, "off", "The invoice is wrong.")
        began = time.monotonic()
        for process in (one, two):
            paid, unpriced, free = process.calls()
            assert paid == unpriced, "who does not know that it is free does not send it"
            assert paid.startswith("Paid model calls are switched off since ")
            assert "The reason: The invoice is wrong. Nothing more was sent." in paid
            assert free == "sent", "calls that cost nothing go on"
        assert time.monotonic() - began < 2
    with caller(url) as restarted:
        assert restarted.calls()[0].startswith("Paid model calls are switched off")
        turn(url, "on")
        assert restarted.calls() == ["sent"] * 3


@pytest.mark.parametrize("reason", ["", "Why not", "It is over."])
def test_the_reason_is_a_sentence(reason: str) -> None:
    at = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    switch = Switch(name="paid_calls", value="off", reason=reason, changed_by="admin ops", changed_at=at)
    text = str(off(switch))
    assert text.startswith("Paid model calls are switched off since 23 Nov 2026 05:30 UTC.")
    assert ".." not in text
    assert "  " not in text
    assert (f"The reason: {reason.rstrip('.')}. Nothing" in text) == bool(reason)
