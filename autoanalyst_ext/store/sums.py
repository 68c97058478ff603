"""What attempts cost, summed up by the database and exact: pico-USD leave 64 bits at $9.2 million.

So a cost is summed in two parts, which are put together here.
"""

from sqlalchemy import ColumnElement, case, func

from .tables import attempts

CHUNK = 10**6
"""Pico-USD of one unit of the higher part."""


def cost_columns() -> tuple[ColumnElement[int], ...]:
    """The two parts `cost_high` and `cost_low`, and how many requests were `priced` or `unpriced`."""
    ended = attempts.c.state.in_(("settled", "estimated"))
    priced = attempts.c.cost_pusd.is_not(None)
    return (
        func.coalesce(func.sum(attempts.c.cost_pusd // CHUNK), 0).label("cost_high"),
        func.coalesce(func.sum(attempts.c.cost_pusd % CHUNK), 0).label("cost_low"),
        func.count(case((ended & priced, 1))).label("priced"),
        func.count(case((ended & ~priced, 1))).label("unpriced"),
    )


def whole(high: int, low: int) -> int:
    """Pico-USD of the two parts, which some databases give as decimals."""
    return int(high) * CHUNK + int(low)
