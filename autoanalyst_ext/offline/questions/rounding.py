"""How many places a question wants: `average price by city, rounded to 2 decimals`.

The words stand at the end of the question. Without them it is read like any other, and its figures are
rounded.
"""

import re
from collections.abc import Sequence

from ..plan import Correlation, Measure, Plan, Statistics
from ..words.schema import Schema, is_numeric
from ..words.tokens import Token

MOST_DECIMALS = 10
_LONGEST = 10
_ROUNDED = re.compile(
    r"(?:, )?(?:and )?(?:please )?(?:"
    r"(?:round(?:ed)?(?: (?:it|them|the (?:result|figure|value|answer)s?))? )?(?:off )?(?:to|at|with|in) "
    r"(?P<places>\d+) (?:decimals?(?: places?| digits?| points?)?|places|dp)|"
    r"round(?:ed)?(?: (?:it|them|the (?:result|figure|value|answer)s?))?(?: off)? to "
    r"(?:the nearest |a |an )?(?:whole numbers?|integers?)"
    r")(?: please)?[.?!]?"
)


def without_rounding(question: Sequence[Token]) -> tuple[Sequence[Token], int | None]:
    """The question without how it is to be rounded, and to how many places, if it says so."""
    for at in range(max(1, len(question) - _LONGEST), len(question)):
        match = _ROUNDED.fullmatch(" ".join(map(_plain, question[at:])))
        if match is not None:
            places = int(match["places"] or 0)
            return (question[:at], places) if places <= MOST_DECIMALS else (question, None)
    return question, None


def _plain(token: Token) -> str:
    return str(token.number) if token.kind == "number" else token.word or token.text


def can_round(plan: Plan, schema: Schema) -> bool:
    """Whether the plan's figures are numbers that can have places."""
    match plan.ask:
        case Statistics(measures=measures) if plan.by or len(measures) == 1:
            return all(_is_number(each, schema) for each in measures)
        case Correlation(tested=tested):
            return not tested
        case _:
            return False


def _is_number(figure: Measure, schema: Schema) -> bool:
    """Whether a statistic is a number: neither a date nor a value of any kind."""
    profile = schema.named_column(figure.column.name)
    numeric = profile is not None and is_numeric(profile)
    return figure.function in ("count", "nunique") or (numeric and figure.function not in ("first", "last"))
