"""The tables, as SQLAlchemy Core. `migrations/` builds them; a test holds the two together.

Times are whole microseconds UTC, money is whole pico-USD, ids are uuid7 text. The tables of money (accounts,
entries, budgets, prices, sums) are in `money_tables.py`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from .columns import CleanText, UtcTime
from .metadata import metadata


def _id(name: str, *, nullable: bool = False) -> "Column[str]":
    return Column(name, String(36), nullable=nullable)


principals = Table(
    "principals",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("choices", JSON(none_as_null=True)),
)

chats = Table(
    "chats",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("principal_id", ForeignKey("principals.id"), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("active_at", UtcTime, nullable=False),
    Column("choices", JSON(none_as_null=True)),
    Column("history", CleanText),
)
Index("ix_chats_page", chats.c.principal_id, chats.c.active_at.desc(), chats.c.id.desc())

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("principal_id", ForeignKey("principals.id"), nullable=False),
    _id("question_id", nullable=True),
    Column("agents", JSON, nullable=False),
    Column("model", String(255), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("egress_level", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("answer", JSON(none_as_null=True)),
    Column("error_code", String(64)),
    # Path of the notebook, where a panel asked.
    Column("notebook", CleanText),
    # The process that it runs in: when that is gone, so is an open run. NULL in runs of earlier versions.
    Column("owner_pid", Integer),
    Column("owner_start", String(64)),
    Column("owner_boot", String(128)),
)
Index("ix_runs_chat", runs.c.chat_id, runs.c.id)
Index(
    "ix_runs_open",
    runs.c.id,
    sqlite_where=runs.c.ended_at.is_(None),
    postgresql_where=runs.c.ended_at.is_(None),
)
Index("ix_runs_started", runs.c.started_at)
Index("ix_runs_principal", runs.c.principal_id, runs.c.started_at)

# What a run said, in order, as JSON text: enough to show it again. Without outputs, which the notebook has,
# and without pieces of text, which its steps and its answer have.
run_events = Table(
    "run_events",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", CleanText, nullable=False),
)

# What the last call of each agent of a run sent to its model (`types.panel.SentCall` as JSON text).
payloads = Table(
    "payloads",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("agent", String(255), primary_key=True),
    _id("attempt_id"),
    Column("payload", CleanText, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("text", CleanText, nullable=False),
    # Not a foreign key: the question stands in the chat before its run begins.
    _id("run_id", nullable=True),
    Column("created_at", UtcTime, nullable=False),
)
Index("ix_messages_chat", messages.c.chat_id, messages.c.id)

feedback = Table(
    "feedback",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("rating", Integer, nullable=False),
    Column("comment", CleanText, nullable=False),
    Column("given_at", UtcTime, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("agent", String(255), nullable=False),
    _id("attempt_id", nullable=True),
    Column("text", CleanText, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

tool_calls = Table(
    "tool_calls",
    metadata,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("call_id", String(255), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", JSON(none_as_null=True)),
)

# What a question needs to be answered again without a model. One per question as it is written in a cell
# and state of the data; it goes with the run that made it.
receipts = Table(
    "receipts",
    metadata,
    Column("principal_id", ForeignKey("principals.id"), primary_key=True),
    # SHA-256 of the whole key, and of the question alone.
    Column("key", String(64), primary_key=True),
    Column("question_key", String(64), nullable=False),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # JSON text: it is never searched, and SQL's JSON refuses what text may hold.
    Column("receipt", CleanText, nullable=False),
)
Index("ix_receipts_question", receipts.c.principal_id, receipts.c.question_key, receipts.c.created_at)
Index("ix_receipts_run", receipts.c.run_id)

# One row per request to a provider. It has no foreign keys: what was paid outlives the chat it was paid
# for, and a team's gateway books attempts of chats that it does not hold.
# Entries, postings and holds refer to `attempts.id` (`money_tables.py`).
attempts = Table(
    "attempts",
    metadata,
    Column("id", String(36), primary_key=True),
    _id("run_id", nullable=True),
    Column("step", Integer),
    Column("principal_id", String(255), nullable=False),
    _id("chat_id", nullable=True),
    Column("agent", String(255)),
    Column("provider", String(64), nullable=False),
    Column("model", String(255), nullable=False),
    Column("model_answered", String(255)),
    Column("purpose", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    # NULL tokens: the provider gave none. NULL cost: not booked yet, or unpriced. Neither is zero.
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("cache_read_tokens", BigInteger),
    Column("cache_write_tokens", BigInteger),
    # The part of the cache writes that the provider keeps for an hour, at another price.
    Column("cache_write_1h_tokens", BigInteger),
    Column("reasoning_tokens", BigInteger),
    Column("cost_pusd", BigInteger),
    Column("unit_prices", JSON(none_as_null=True)),
    Column("price_source", Text),
    Column("error_code", String(64)),
    Column("started_at", UtcTime, nullable=False),
    # The last sign of life of the call: when it was opened, or its last checkpoint.
    Column("seen_at", UtcTime, nullable=False),
    Column("first_token_ms", Integer),
    Column("ended_at", UtcTime),
    Column("latency_ms", Integer),
    Column("request_digest", String(64)),
    Column("egress_level", String(16)),
    # Path of the notebook that it was asked in, where one is known.
    Column("notebook", CleanText),
    # Set aside against budgets when it was opened; NULL where no budget applied.
    Column("held_pusd", BigInteger),
    Column("owner_pid", Integer, nullable=False),
    Column("owner_start", String(64), nullable=False),
    Column("owner_boot", String(128), nullable=False),
)
Index("ix_attempts_run", attempts.c.run_id)
Index("ix_attempts_chat", attempts.c.chat_id)
Index("ix_attempts_principal", attempts.c.principal_id, attempts.c.started_at)
Index("ix_attempts_started", attempts.c.started_at)
Index(
    "ix_attempts_open",
    attempts.c.id,
    sqlite_where=attempts.c.state == "started",
    postgresql_where=attempts.c.state == "started",
)

proofs = Table(
    "proofs",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at", UtcTime, nullable=False),
)
"""`writable`: when the database last took a write just to show that it does."""

# Keys of administrators that are good now. One that is taken back is deleted; the log has its end.
admin_keys = Table(
    "admin_keys",
    metadata,
    Column("name", String(64), primary_key=True),
    # SHA-256 of the key, which itself is nowhere.
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("made_by", String(255), nullable=False),
)
