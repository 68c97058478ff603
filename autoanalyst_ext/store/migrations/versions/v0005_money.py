"""Money: accounts, entries, holds, budgets, prices, and the sums that dashboards read.

What was booked before gets its entries and is summed up: every account and sum is right from the start.
"""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from autoanalyst_ext.store.buckets import bucket

revision = "0005"
down_revision = "0004"

_QUARTER, _DAY = 900_000_000, 86_400_000_000
"""Microseconds."""
_SPANS = (("quarter", _QUARTER), ("day", _DAY))
_OF_PEOPLE = (*_SPANS, ("week", 7 * _DAY))
_TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")
_BOOKED = "state IN ('settled', 'estimated') AND cost_pusd > 0"


def upgrade() -> None:
    """New tables and columns; attempts and runs stay as they are."""
    for column in (
        sa.Column("cache_write_1h_tokens", sa.BigInteger),
        sa.Column("notebook", sa.Text),
        sa.Column("held_pusd", sa.BigInteger),
    ):
        op.add_column("attempts", column)
    # What one person used in a period is read row by row.
    op.drop_index("ix_attempts_principal", "attempts")
    op.create_index("ix_attempts_principal", "attempts", ["principal_id", "started_at"])
    op.create_index("ix_runs_principal", "runs", ["principal_id", "started_at"])
    _ledger()
    _rules()
    _sums()
    _only_added("entries", "postings")
    _post_what_was_booked()
    _sum_up_calls()
    _sum_up_runs()


def _ledger() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(320), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("balance_high", sa.BigInteger, nullable=False),
        sa.Column("balance_low", sa.BigInteger, nullable=False),
        sa.Column("held_pusd", sa.BigInteger, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entries",
        sa.Column("about", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "postings",
        sa.Column("about", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("account_id", sa.String(320), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("amount_pusd", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["about", "kind"], ["entries.about", "entries.kind"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "holds",
        sa.Column("attempt_id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(320), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("amount_pusd", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("placed_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_holds_account", "holds", ["account_id", "state"])


def _rules() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("principal_id", sa.String(255)),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("name", sa.String(320), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("limit_pusd", sa.BigInteger, nullable=False),
        sa.Column("warn_percent", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("model", sa.String(255), nullable=False),
        sa.Column("effective_from", sa.BigInteger, nullable=False),
        sa.Column("rates", sa.JSON(none_as_null=True)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(255), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_prices_model", "prices", ["provider", "model", "effective_from"])
    op.create_table(
        "switches",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.String(255), nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )


def _sums() -> None:
    calls = (
        *("requests", "priced", "unpriced", "estimated", "failed", "input_tokens", "output_tokens"),
        *("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens"),
        "cost_pusd",
    )
    whole = sa.CheckConstraint("cost_pusd < 9223372036854775807", name="ck_call_sums_cost")
    for table, sums, checks in (
        ("call_sums", calls, (whole,)),
        ("run_sums", ("runs", "answered", "abstained", "failed", "stopped"), ()),
    ):
        op.create_table(
            table,
            sa.Column("grain", sa.String(8), primary_key=True),
            sa.Column("dimension", sa.String(16), primary_key=True),
            sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("name", sa.String(320), primary_key=True),
            *(sa.Column(name, sa.BigInteger, nullable=False) for name in sums),
            sa.Column("active_at", sa.BigInteger, nullable=False),
            *checks,
            sqlite_with_rowid=False,
        )
    op.create_table(
        "durations",
        sa.Column("dimension", sa.String(16), primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(320), primary_key=True),
        sa.Column("counts", sa.LargeBinary, nullable=False),
    )


def _only_added(*tables: str) -> None:
    """Refuse every change of a row and every deletion."""
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION autoanalyst_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
        )
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION autoanalyst_only_added()"
                if postgres
                else f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
            )


def _post_what_was_booked() -> None:
    bind = op.get_bind()
    balances: Counter[tuple[str, str]] = Counter()
    columns = ("principal", "principal_id", 1), ("provider", "provider", -1)
    for kind, column, sign in columns:
        # In two parts: a sum of pico-USD leaves 64 bits at $9.2 million.
        parts = f"{column}, SUM(cost_pusd / 1000000), SUM(cost_pusd % 1000000)"
        for name, high, low in bind.execute(
            sa.text(f"SELECT {parts} FROM attempts WHERE {_BOOKED} GROUP BY {column}")  # noqa: S608
        ):
            balances[kind, f"{kind}:{name}"] = sign * (int(high) * 10**6 + int(low))
    opened = bind.execute(sa.text("SELECT COALESCE(MIN(started_at), 0) FROM attempts")).scalar_one()
    for (kind, account), balance in sorted(balances.items()):
        high, low = divmod(balance, 10**6)
        bind.execute(
            sa.text("INSERT INTO accounts VALUES (:id, :kind, :high, :low, 0, :at)"),
            {"id": account, "kind": kind, "high": high, "low": low, "at": opened},
        )
    op.execute(
        "INSERT INTO entries (about, kind, at) "  # noqa: S608
        f"SELECT id, 'settle', COALESCE(ended_at, seen_at) FROM attempts WHERE {_BOOKED}"
    )
    for kind, column, sign in columns:
        op.execute(
            "INSERT INTO postings (about, kind, account_id, amount_pusd) "  # noqa: S608
            f"SELECT id, 'settle', '{kind}:' || {column}, {sign} * cost_pusd FROM attempts WHERE {_BOOKED}"
        )


def _sum_up_calls() -> None:
    sums = (
        "COUNT(*)",
        "COUNT(CASE WHEN state <> 'void' AND cost_pusd IS NOT NULL THEN 1 END)",
        "COUNT(CASE WHEN state <> 'void' AND cost_pusd IS NULL THEN 1 END)",
        "COUNT(CASE WHEN state = 'estimated' THEN 1 END)",
        "COUNT(error_code)",
        *(f"COALESCE(SUM({name}), 0)" for name in _TOKENS[:4]),
        "0",
        f"COALESCE(SUM({_TOKENS[4]}), 0)",
        "COALESCE(SUM(cost_pusd), 0)",
        "MAX(started_at)",
    )
    names = {
        "all": "''",
        "principal": "principal_id",
        "model": "provider || ':' || model",
        "agent": "COALESCE(agent, '')",
    }
    for dimension, name in names.items():
        for grain, length in _OF_PEOPLE if dimension == "principal" else _SPANS:
            op.execute(
                f"INSERT INTO call_sums SELECT '{grain}', '{dimension}', started_at / {length}, {name}, "  # noqa: S608
                f"{', '.join(sums)} FROM attempts WHERE state <> 'started' "
                f"GROUP BY 3, 4"
            )
    _count(
        "model",
        f"SELECT started_at / {_DAY}, provider || ':' || model, latency_ms, COUNT(*) FROM attempts "  # noqa: S608
        "WHERE state <> 'started' AND latency_ms IS NOT NULL GROUP BY 1, 2, 3",
    )
    _count(
        "first_token",
        f"SELECT started_at / {_DAY}, provider || ':' || model, first_token_ms, COUNT(*) FROM attempts "  # noqa: S608
        "WHERE state <> 'started' AND first_token_ms IS NOT NULL GROUP BY 1, 2, 3",
    )


def _sum_up_runs() -> None:
    ends = ("'answered'", "'abstained'", "'failed'", "'stopped', 'interrupted'")
    sums = ", ".join(f"COUNT(CASE WHEN status IN ({end}) THEN 1 END)" for end in ends)
    for dimension, name in {"all": "''", "principal": "principal_id"}.items():
        for grain, length in _OF_PEOPLE if dimension == "principal" else _SPANS:
            op.execute(
                f"INSERT INTO run_sums SELECT '{grain}', '{dimension}', started_at / {length}, {name}, "  # noqa: S608
                f"COUNT(*), {sums}, MAX(started_at) FROM runs GROUP BY 3, 4"
            )
    # Who has only asked is a person of that time too.
    for grain, length in _OF_PEOPLE:
        op.execute(
            f"INSERT INTO call_sums SELECT '{grain}', 'principal', started_at / {length}, principal_id, "  # noqa: S608
            f"{'0, ' * 12} MAX(started_at) FROM runs WHERE true GROUP BY 3, 4 "
            "ON CONFLICT (grain, dimension, start, name) "
            "DO UPDATE SET active_at = CASE WHEN call_sums.active_at < excluded.active_at "
            "THEN excluded.active_at ELSE call_sums.active_at END"
        )
    _count(
        "run",
        f"SELECT started_at / {_DAY}, '', (ended_at - started_at) / 1000, COUNT(*) FROM runs "  # noqa: S608
        "WHERE status = 'answered' AND ended_at IS NOT NULL GROUP BY 1, 2, 3",
    )


def _count(dimension: str, query: str) -> None:
    """Count the durations that `query` gives (day, name, milliseconds, how often) in their buckets."""
    bind = op.get_bind()
    counts: Counter[tuple[int, str]] = Counter()
    for day, name, milliseconds, often in bind.execute(sa.text(query)):
        # One number holds the counts of all buckets, 64 bits each.
        counts[day, name] += often << 64 * bucket(milliseconds)
    rows = [
        {
            "dimension": dimension,
            "start": day,
            "name": name,
            "counts": count.to_bytes(-(-count.bit_length() // 64) * 8, "little"),
        }
        for (day, name), count in sorted(counts.items())
    ]
    if rows:
        bind.execute(sa.text("INSERT INTO durations VALUES (:dimension, :start, :name, :counts)"), rows)
