"""The first tables: principals, chats, messages, runs, steps, tool calls, attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From an empty database."""
    _chats()
    _runs()
    _attempts()
    op.create_table(
        "proofs",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _chats() -> None:
    op.create_table(
        "principals",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("choices", sa.JSON),
    )
    op.create_table(
        "chats",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("principal_id", sa.String(255), sa.ForeignKey("principals.id"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("active_at", sa.BigInteger, nullable=False),
        sa.Column("choices", sa.JSON),
        sa.Column("history", sa.Text),
    )
    op.create_index("ix_chats_page", "chats", ["principal_id", sa.text("active_at DESC"), sa.text("id DESC")])
    op.create_table(
        "messages",
        sa.Column("id", sa.String(36), primary_key=True),
        _belongs_to("chat_id", "chats.id"),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("run_id", sa.String(36)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_messages_chat", "messages", ["chat_id", "id"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(36), primary_key=True),
        _belongs_to("chat_id", "chats.id"),
        sa.Column("principal_id", sa.String(255), sa.ForeignKey("principals.id"), nullable=False),
        sa.Column("question_id", sa.String(36)),
        sa.Column("agents", sa.JSON, nullable=False),
        sa.Column("model", sa.String(255), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("egress_level", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("answer", sa.JSON),
        sa.Column("error_code", sa.String(64)),
    )
    op.create_index("ix_runs_chat", "runs", ["chat_id", "id"])
    op.create_table(
        "steps",
        _belongs_to("run_id", "runs.id", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("agent", sa.String(255), nullable=False),
        sa.Column("attempt_id", sa.String(36)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "tool_calls",
        _belongs_to("run_id", "runs.id", primary_key=True),
        sa.Column("call_id", sa.String(255), primary_key=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("outcome", sa.JSON),
    )


def _belongs_to(name: str, parent: str, *, primary_key: bool = False) -> "sa.Column[str]":
    return sa.Column(
        name,
        sa.String(36),
        sa.ForeignKey(parent, ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("run_id", sa.String(36)),
        sa.Column("step", sa.Integer),
        sa.Column("principal_id", sa.String(255), nullable=False),
        sa.Column("chat_id", sa.String(36)),
        sa.Column("agent", sa.String(255)),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("model", sa.String(255), nullable=False),
        sa.Column("model_answered", sa.String(255)),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("input_tokens", sa.BigInteger),
        sa.Column("output_tokens", sa.BigInteger),
        sa.Column("cache_read_tokens", sa.BigInteger),
        sa.Column("cache_write_tokens", sa.BigInteger),
        sa.Column("reasoning_tokens", sa.BigInteger),
        sa.Column("cost_pusd", sa.BigInteger),
        sa.Column("unit_prices", sa.JSON),
        sa.Column("price_source", sa.Text),
        sa.Column("error_code", sa.String(64)),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("first_token_ms", sa.Integer),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("latency_ms", sa.Integer),
        sa.Column("request_digest", sa.String(64)),
        sa.Column("egress_level", sa.String(16)),
        sa.Column("owner_pid", sa.Integer, nullable=False),
        sa.Column("owner_start", sa.String(64), nullable=False),
        sa.Column("owner_boot", sa.String(128), nullable=False),
    )
    started = sa.text("state = 'started'")
    op.create_index("ix_attempts_run", "attempts", ["run_id"])
    op.create_index("ix_attempts_principal", "attempts", ["principal_id", "id"])
    op.create_index("ix_attempts_open", "attempts", ["id"], sqlite_where=started, postgresql_where=started)
