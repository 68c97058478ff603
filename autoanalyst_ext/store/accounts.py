"""Accounts, and the double-entry book that moves their balances. Why it is booked is left to `usage/`.

All functions work inside the caller's transaction. Accounts are changed in the order of their ids, so that
two processes never wait for each other in a circle.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from . import bulk
from .columns import micros
from .money_tables import accounts, entries, holds, postings
from .once import insert_once

BUDGETS = "budgets"
"""The account that stands against those of the budgets: what it gave out, they have spent."""
_UNIT = 10**6
"""A balance is stored as millions of pico-USD and the rest: one number would end at $9.2 million."""

_FIGURES = ("balance_high", "balance_low", "held_pusd")
_LOCK = 0x616363
"""The advisory lock between opening budgets' accounts and posting to them, on PostgreSQL."""

EntryKind = Literal["settle", "opening", "refund"]
HoldEnd = Literal["settled", "void", "expired"]


class Balance(NamedTuple):
    """An account as it stands, in pico-USD."""

    balance: int
    held: int


class Entry(NamedTuple):
    """Something that happened once. Its postings add up to zero."""

    about: str
    """Id of the attempt, or of whatever else it is about: with the kind, it happens once."""
    kind: EntryKind
    at: datetime
    postings: Mapping[str, int]
    """Pico-USD by account."""


class Hold(NamedTuple):
    """Money of an account set aside for one call."""

    attempt_id: str
    account: str
    amount: int


def principal_account(principal: str) -> str:
    """The account of what a person used."""
    return f"principal:{principal}"


def provider_account(provider: str) -> str:
    """The account of what a provider is owed: below zero."""
    return f"provider:{provider}"


def balances(connection: Connection, ids: Collection[str], *, lock: bool = False) -> dict[str, Balance]:
    """Those of these accounts that are open. `lock` keeps other processes from changing them meanwhile."""
    query = select(accounts).where(accounts.c.id.in_(sorted(ids))).order_by(accounts.c.id)
    if lock:
        # SQLite has locked the whole file by then, and ignores it.
        query = query.with_for_update()
    return {
        row.id: Balance(row.balance_high * _UNIT + row.balance_low, row.held_pusd)
        for row in connection.execute(query)
    }


def open_once(connection: Connection, account: str, *, at: datetime) -> bool:
    """Open an account with nothing in it; True if this call opened it, and no other process before."""
    row = {"id": account, "kind": account.partition(":")[0], "opened_at": at}
    return insert_once(connection, accounts, row | dict.fromkeys(_FIGURES, 0))


def lock_alone(connection: Connection) -> None:
    """Until the transaction ends, no other process posts to budgets, opens their accounts or refunds."""
    _advise(connection, "pg_advisory_xact_lock")


def lock_posting(connection: Connection) -> None:
    """Until the transaction ends, nobody has the lock alone: what is posted is in no opening balance."""
    _advise(connection, "pg_advisory_xact_lock_shared")


def _advise(connection: Connection, lock: str) -> None:
    # SQLite has one writer at a time as it is.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT {lock}({_LOCK})")


def post(connection: Connection, new: Iterable[Entry]) -> None:
    """Add entries, and move the balances of their accounts; opens accounts that are not there."""
    booked = [entry for entry in new if any(entry.postings.values())]
    moved: Counter[str] = Counter()
    for entry in booked:
        if sum(entry.postings.values()):
            raise ValueError(f"the postings of {entry.kind} {entry.about} do not add up to zero")
        for account, amount in entry.postings.items():
            moved[account] += amount
    if not booked:
        return
    change(connection, moved, at=booked[0].at)
    bulk.insert(
        connection,
        entries,
        ("about", "kind", "at"),
        [(entry.about, entry.kind, micros(entry.at)) for entry in booked],
    )
    bulk.insert(
        connection,
        postings,
        ("about", "kind", "account_id", "amount_pusd"),
        [
            (entry.about, entry.kind, account, amount)
            for entry in booked
            for account, amount in entry.postings.items()
        ],
    )


def postings_of(connection: Connection, about: str, kind: EntryKind) -> dict[str, int]:
    """Pico-USD by account of one entry; empty where there is none."""
    query = select(postings.c.account_id, postings.c.amount_pusd).where(
        postings.c.about == about, postings.c.kind == kind
    )
    return {row.account_id: row.amount_pusd for row in connection.execute(query)}


def place(connection: Connection, new: Collection[Hold], *, at: datetime) -> None:
    """Set money aside. Whether there is enough is looked at before, with the accounts locked."""
    columns = ("attempt_id", "account_id", "amount_pusd", "state", "placed_at")
    placed = micros(at)
    bulk.insert(connection, holds, columns, [(*hold, "open", placed) for hold in new])
    change(connection, {}, _by_account(new), at=at)


def release(connection: Connection, ended: Collection[Hold], outcome: HoldEnd, *, at: datetime) -> None:
    """End open holds: what was set aside is free again."""
    statement = (
        "UPDATE holds SET state = ?, ended_at = ? WHERE attempt_id = ? AND account_id = ? AND state = 'open'"
    )
    moment = micros(at)
    touched = bulk.run(
        connection,
        statement,
        [(outcome, moment, hold.attempt_id, hold.account) for hold in ended],
    )
    if touched != len(ended):
        raise ValueError(f"{len(ended)} holds were to end and {touched} were open")
    change(connection, {}, {account: -held for account, held in _by_account(ended).items()}, at=at)


def open_holds(connection: Connection, attempt_ids: Collection[str]) -> dict[str, list[Hold]]:
    """The open holds of these attempts, by attempt."""
    query = select(holds).where(holds.c.attempt_id.in_(sorted(attempt_ids)), holds.c.state == "open")
    found: dict[str, list[Hold]] = {}
    for row in connection.execute(query):
        found.setdefault(row.attempt_id, []).append(Hold(row.attempt_id, row.account_id, row.amount_pusd))
    return found


def change(
    connection: Connection,
    balance: Mapping[str, int],
    held: Mapping[str, int] | None = None,
    *,
    at: datetime,
) -> None:
    """Add to balances and to what is held."""
    rows = []
    for account in sorted({*balance, *(held or {})}):
        high, low = divmod(balance.get(account, 0), _UNIT)
        kind = account.partition(":")[0]
        rows.append((account, kind, high, low, (held or {}).get(account, 0), micros(at)))
    bulk.run(connection, _ADD, rows)


_ADD = f"""
INSERT INTO accounts (id, kind, balance_high, balance_low, held_pusd, opened_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  balance_high = accounts.balance_high + excluded.balance_high
    + (accounts.balance_low + excluded.balance_low) / {_UNIT},
  balance_low = (accounts.balance_low + excluded.balance_low) % {_UNIT},
  held_pusd = accounts.held_pusd + excluded.held_pusd
"""  # noqa: S608 - a number of ours


def _by_account(some: Iterable[Hold]) -> Counter[str]:
    found: Counter[str] = Counter()
    for hold in some:
        found[hold.account] += hold.amount
    return found
