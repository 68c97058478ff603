"""Derived values as expressions: one value for each row of a frame."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ..plan import (
    Across,
    Arithmetic,
    Bin,
    Binned,
    Constant,
    DatePart,
    Expression,
    Flag,
    Mapped,
    Mathematical,
    Moving,
    Of,
    TextPart,
    Total,
)
from .conditions import mask
from .draft import Draft
from .literals import column_key, column_keys, literal
from .measures import of_values, transformed

_DATE_PARTS = {
    "year": ".dt.year",
    "quarter": ".dt.quarter",
    "month": ".dt.month",
    "month_name": ".dt.month_name()",
    "week": ".dt.isocalendar().week",
    "day": ".dt.day",
    "weekday": ".dt.day_of_week",
    "day_name": ".dt.day_name()",
    "hour": ".dt.hour",
    "minute": ".dt.minute",
    "weekend": ".dt.day_of_week >= 5",
    "date": ".dt.normalize()",
    "year_month": '.dt.strftime("%Y-%m")',
    "year_quarter": '.dt.to_period("Q").dt.strftime("%YQ%q")',
    "week_start": '.dt.to_period("W").dt.start_time',
}
_TEXT_PARTS = {
    "length": ".str.len()",
    "letters": '.str.replace(r"\\s", "", regex=True).str.len()',
    "words": ".str.split().str.len()",
    "first_word": ".str.split().str[0]",
    "last_word": ".str.split().str[-1]",
    "lower": ".str.lower()",
    "upper": ".str.upper()",
}


def values(expression: Expression, frame: str, draft: Draft) -> str:
    """The expression over the rows of a frame."""
    match expression:
        case Of(column=column):
            return f"{frame}[{column_key(column)}]"
        case Constant(value=value):
            return literal(value)
        case Total(measure=measure, by=by):
            key = f"[{column_key(measure.column)}]"
            if not by:
                return of_values(f"{frame}{key}", measure, draft)
            return f"{frame}.groupby({column_keys(by)}, observed=True){key}{transformed(measure, draft)}"
        case Arithmetic(operator=operator, left=left, right=right):
            first, second = _operand(left, frame, draft), _operand(right, frame, draft)
            return f"{first} {operator} {second}"
        case Across(function=function, columns=columns):
            names = ", ".join(map(column_key, columns))
            some = ", min_count=1" if function == "sum" and draft.gaps else ""
            return f"{frame}[[{names}]].{function}(axis=1{some})"
        case Mathematical():
            return _mathematical(expression, frame, draft)
        case DatePart(column=column, part=part):
            return f"{frame}[{column_key(column)}]{_DATE_PARTS[part]}"
        case TextPart():
            return _text_part(expression, frame)
        case Binned():
            return _binned(expression, frame, draft)
        case Flag(where=where):
            return f"({mask(where, frame, draft)}).astype(int)"
        case Mapped():
            return _mapped(expression, frame, draft)
        case Moving():
            return _moving(expression, frame)


def is_text(expression: Expression) -> bool:
    """Whether the values are texts."""
    match expression:
        case TextPart(part=part):
            return part not in ("length", "letters", "words")
        case DatePart(part=part):
            return part in ("month_name", "day_name", "year_month", "year_quarter")
        case Mapped(values=pairs):
            return any(isinstance(new, str) for _, new in pairs)
        case _:
            return isinstance(expression, Binned)


def _operand(expression: Expression, frame: str, draft: Draft) -> str:
    """A part of a larger expression, in brackets where the operator would bind wrongly."""
    text = values(expression, frame, draft)
    negative = isinstance(expression, Constant) and expression.value < 0
    sums = isinstance(expression, (Arithmetic, Total)) and re.search(r" [-+*/] ", text)
    weekend = isinstance(expression, DatePart) and expression.part == "weekend"
    return f"({text})" if negative or sums or weekend else text


def _mathematical(expression: Mathematical, frame: str, draft: Draft) -> str:
    match expression.function:
        case "abs":
            return f"{_operand(expression.of, frame, draft)}.abs()"
        case "square":
            return f"{_operand(expression.of, frame, draft)} ** 2"
        case function:
            return f"{draft.module('numpy', 'np')}.{function}({values(expression.of, frame, draft)})"


def _text_part(expression: TextPart, frame: str) -> str:
    column = f"{frame}[{column_key(expression.column)}]"
    if expression.part != "title_before":
        return column + _TEXT_PARTS[expression.part]
    pattern = _raw(r"(\S+?)" + re.escape(expression.mark))
    return f"{column}.str.extract({pattern}, expand=False)"


def _raw(pattern: str) -> str:
    """A pattern as a raw text where that can be written."""
    return repr(pattern) if '"' in pattern or not pattern.isprintable() else f'r"{pattern}"'


def _binned(expression: Binned, frame: str, draft: Draft) -> str:
    labels = ", ".join(literal(one.label) for one in expression.bins)
    edges = _edges(expression.bins)
    if edges is not None:
        bounds, right = edges
        places = ", ".join(_bound(bound, at == 0) for at, bound in enumerate(bounds))
        options = f"bins=[{places}], labels=[{labels}], right={right}"
        numbers = values(expression.of, frame, draft)
        return f"{draft.module('pandas', 'pd')}.cut({numbers}, {options})"
    numbers = values(expression.of, frame, draft)
    if not isinstance(expression.of, Of):
        numbers = draft.let("numbers", numbers)
    intervals = ", ".join(_interval(one, numbers) for one in expression.bins)
    return f"{draft.module('numpy', 'np')}.select([{intervals}], [{labels}], default=None)"


def _edges(bins: Sequence[Bin]) -> tuple[list[float | None], bool] | None:
    """The edges of intervals that touch each other, and whether the upper ones belong to them."""
    if not all(_touch(one, other) for one, other in pairwise(bins)):
        return None
    right = bins[0].high_included if len(bins) > 1 else False
    first, last = bins[0], bins[-1]
    alike = all(one.high_included == right for one in bins[:-1])
    opens = first.low is None or first.low_included != right
    closes = last.high is None or last.high_included == right
    if not (alike and opens and closes):
        return None
    return [first.low, *(one.high for one in bins)], right


def _touch(one: Bin, other: Bin) -> bool:
    """Whether an interval begins where another ends, and the edge belongs to one of them."""
    return one.high is not None and one.high == other.low and one.high_included != other.low_included


def _bound(bound: float | None, lowest: bool) -> str:
    if bound is None:
        return 'float("-inf")' if lowest else 'float("inf")'
    return _number(bound)


def _number(value: float) -> str:
    return literal(int(value) if float(value).is_integer() else value)


def _interval(one: Bin, numbers: str) -> str:
    parts = []
    if one.low is not None:
        parts.append(f"{numbers} {'>=' if one.low_included else '>'} {_number(one.low)}")
    if one.high is not None:
        parts.append(f"{numbers} {'<=' if one.high_included else '<'} {_number(one.high)}")
    if not parts:
        return f"{numbers}.notna()"
    return parts[0] if len(parts) == 1 else f"({parts[0]}) & ({parts[1]})"


def _mapped(expression: Mapped, frame: str, draft: Draft) -> str:
    of = _operand(expression.of, frame, draft)
    pairs = ", ".join(f"{literal(old)}: {literal(new)}" for old, new in expression.values)
    if expression.otherwise is None:
        return f"{of}.replace({{{pairs}}})"
    found = f"{{{pairs}}}.get(value, {literal(expression.otherwise)})"
    return f'{of}.map(lambda value: {found}, na_action="ignore")'


def _moving(expression: Moving, frame: str) -> str:
    window, column = expression.window, column_key(expression.column)
    rows = f"{frame}.groupby({column_keys(expression.by)}, observed=True)" if expression.by else frame
    series = f"{rows}[{column}]"
    steps = "" if window == 1 else str(window)
    match expression.function:
        case "difference":
            return f"{series}.diff({steps})"
        case "growth":
            return f"{series}.pct_change({steps + ', ' if steps else ''}fill_method=None)"
        case "previous":
            return f"{series}.shift({steps})"
        case "cumulative":
            return f"{series}.cumsum()"
        case function if expression.by:
            return f"{series}.transform(lambda values: values.rolling({window}).{function}())"
        case function:
            return f"{series}.rolling({window}).{function}()"
