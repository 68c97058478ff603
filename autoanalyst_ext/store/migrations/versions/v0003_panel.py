"""What a panel shows again: what runs said, where they acted, what was sent, what people thought of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """New tables, and columns that may be empty; nothing that is there changes."""
    op.add_column("runs", sa.Column("notebook", sa.Text))
    op.add_column("runs", sa.Column("owner_pid", sa.Integer))
    op.add_column("runs", sa.Column("owner_start", sa.String(64)))
    op.add_column("runs", sa.Column("owner_boot", sa.String(128)))
    op.create_index(
        "ix_runs_open",
        "runs",
        ["id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_attempts_chat", "attempts", ["chat_id"])
    op.create_table(
        "run_events",
        sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event", sa.Text, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column(
            "message_id", sa.String(36), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "payloads",
        sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("agent", sa.String(255), primary_key=True),
        sa.Column("attempt_id", sa.String(36), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
