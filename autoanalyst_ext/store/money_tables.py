"""The tables of money, beside `attempts`: accounts and what was posted to them, budgets, prices, sums.

Double entry: an entry's postings add up to zero, an account's balance is the sum of its postings. Entries and
postings are only ever added; triggers refuse anything else. Sums are changed in the transaction of what they
sum up, and can be made again from it.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from .columns import UtcTime
from .metadata import metadata

# Ids say what an account is: `principal:os:ann`, `provider:openai`, `budget:<id>:<start of its period>`.
accounts = Table(
    "accounts",
    metadata,
    Column("id", String(320), primary_key=True),
    Column("kind", String(16), nullable=False),
    # The balance in two parts, millions of pico-USD and the rest: one number would end at $9.2 million.
    Column("balance_high", BigInteger, nullable=False),
    Column("balance_low", BigInteger, nullable=False),
    # Of a budget's period: what calls under way have set aside of it.
    Column("held_pusd", BigInteger, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

# What happened once: `about` is the attempt (or grant, or refund) it is about. Key and kind make it unique.
entries = Table(
    "entries",
    metadata,
    Column("about", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

postings = Table(
    "postings",
    metadata,
    Column("about", String(36), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("amount_pusd", BigInteger, nullable=False),
    ForeignKeyConstraint(["about", "kind"], ["entries.about", "entries.kind"]),
    sqlite_with_rowid=False,
)

# Money set aside of a budget's period for one call: `open`, then `settled`, `void` or `expired`, once.
holds = Table(
    "holds",
    metadata,
    Column("attempt_id", String(36), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("amount_pusd", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    sqlite_with_rowid=False,
)
Index("ix_holds_account", holds.c.account_id, holds.c.state)

# Limits of an administrator, or of a person for themselves. One that is over has an end, and stays.
budgets = Table(
    "budgets",
    metadata,
    Column("id", String(36), primary_key=True),
    # Whose calls count: of one person, or NULL for everybody's.
    Column("principal_id", String(255)),
    # `everything`, or which of the calls: `group`, `notebook`, `chat`, `agent`, `model`, and its name.
    Column("scope", String(16), nullable=False),
    Column("name", String(320), nullable=False),
    Column("period", String(8), nullable=False),
    # IANA name of the zone that its days, weeks and months are of.
    Column("zone", String(64), nullable=False),
    Column("limit_pusd", BigInteger, nullable=False),
    Column("warn_percent", Integer, nullable=False),
    Column("made_by", String(255), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

# Prices that an administrator sets over those of the price data; never changed, a later one replaces.
prices = Table(
    "prices",
    metadata,
    Column("id", String(36), primary_key=True),
    # In small letters, as they are looked up.
    Column("provider", String(64), nullable=False),
    Column("model", String(255), nullable=False),
    Column("effective_from", UtcTime, nullable=False),
    # Dollars per million tokens of each kind, as decimal text; NULL: the price data's hold again.
    Column("rates", JSON(none_as_null=True)),
    Column("note", Text, nullable=False),
    Column("made_by", String(255), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)
Index("ix_prices_model", prices.c.provider, prices.c.model, prices.c.effective_from)

# What holds for all processes at once, e.g. `paid_calls` = `off`.
switches = Table(
    "switches",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_by", String(255), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

_SUMS = ("requests", "priced", "unpriced", "estimated", "failed")
_TOKENS = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "reasoning_tokens",
)
CALL_SUMS = (*_SUMS, *_TOKENS, "cost_pusd")
"""The columns of `call_sums` that add up, as those of `attempts` that ended do."""
RUN_SUMS = ("runs", "answered", "abstained", "failed", "stopped")
"""The columns of `run_sums` that add up. `stopped` are the interrupted ones too."""

# Attempts that have ended, by the time they started. `grain`: `quarter` (of an hour) or `day` (UTC), and
# `week` for people; `start`: its number since 1970. `dimension`: `all`, `principal`, `model` or `agent`, and
# its name. A person who has only asked has a row too, with zeros.
call_sums = Table(
    "call_sums",
    metadata,
    Column("grain", String(8), primary_key=True),
    Column("dimension", String(16), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("name", String(320), primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in CALL_SUMS),
    # Start of the last of them.
    Column("active_at", UtcTime, nullable=False),
    # Else SQLite would go on in floating point where PostgreSQL refuses: at $9.2 million in one row.
    CheckConstraint("cost_pusd < 9223372036854775807", name="ck_call_sums_cost"),
    sqlite_with_rowid=False,
)

# Runs, by the time they started: all when they begin, how they ended when they end.
run_sums = Table(
    "run_sums",
    metadata,
    Column("grain", String(8), primary_key=True),
    Column("dimension", String(16), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("name", String(320), primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in RUN_SUMS),
    Column("active_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

# How long things took, per UTC day (`store/durations.py`): model calls (`model`) and first tokens
# (`first_token`) by model, runs that answered (`run`, without a name). It keeps its row ids: a row is large.
durations = Table(
    "durations",
    metadata,
    Column("dimension", String(16), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("name", String(320), primary_key=True),
    Column("counts", LargeBinary, nullable=False),
)
