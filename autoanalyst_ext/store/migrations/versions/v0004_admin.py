"""What an administrator sees: keys that let one in, and usage found by its time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A new table, and two indexes; nothing that is there changes."""
    op.create_table(
        "admin_keys",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(255), nullable=False),
    )
    op.create_index("ix_attempts_started", "attempts", ["started_at"])
    op.create_index("ix_runs_started", "runs", ["started_at"])
