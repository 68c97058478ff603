"""Receipts: how a question was answered, so that it can be answered again without a model."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One more table; nothing that is there changes."""
    op.create_table(
        "receipts",
        sa.Column("principal_id", sa.String(255), sa.ForeignKey("principals.id"), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("question_key", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(36), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )
    op.create_index("ix_receipts_question", "receipts", ["principal_id", "question_key", "created_at"])
    op.create_index("ix_receipts_run", "receipts", ["run_id"])
