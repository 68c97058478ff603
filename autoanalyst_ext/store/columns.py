"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """An aware time as whole microseconds since 1970 UTC; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(since_epoch: int) -> datetime:
    """The aware UTC time of `since_epoch` microseconds."""
    return _EPOCH + since_epoch * _MICROSECOND


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored as whole microseconds since 1970 UTC: exact, and ordered as a number."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware time to microseconds."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds to aware UTC time."""
        return None if value is None else moment(value)


class CleanText(TypeDecorator[str]):
    """Text of people and models. What PostgreSQL cannot hold (NUL, lone surrogates) becomes U+FFFD.

    Done on both databases, so that a chat moved from one to the other stays the same.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect | None) -> str | None:
        """Text that both databases can hold."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
