"""New columns that a task describes: what they are called, and how they are computed from others.

A description that is not understood makes no column; the task is then not answered.
"""

import re

from ...types.profiles import ColumnKind, ColumnProfile
from ..plan.expressions import (
    Across,
    Arithmetic,
    Binned,
    Constant,
    DatePart,
    Expression,
    Mathematical,
    Of,
    TextPart,
    Total,
)
from ..plan.measures import Measure
from ..plan.steps import Derive
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.mentions import Marked
from .bins import bins_of
from .formulas import formula, marked_of, pair_of

_NAMED = re.compile(
    r"\b(?:creat\w+|generat\w+|add\w*|construct\w*|build\w*|mak\w+|deriv\w+|introduc\w+|engineer\w+|"
    r"new|call\w*|named?)\b[^.\n]{0,80}?"
    r"\b(?:features?|columns?|variables?|attribute|field)\b[^.\n\"'`]{0,25}?"
    r"[\"'`](?P<name>[^\"'`\n]{2,60})[\"'`]",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(
    r"\b(?i:creat\w+|generat\w+|add|construct\w*|build|mak\w+|deriv\w+|engineer\w+|new)\b[^.\n]{0,30}?"
    r"\b(?i:features?|columns?|variables?)\s+(?i:called\s+|named\s+)?(?P<name>[a-z]+_\w+|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)\b"
)
_LOGGED = re.compile(
    r"\blog(?:arithm\w*|10|2)?\b[^.\n]{0,40}\btransform|\btransform\w*[^.\n]{0,60}\blog", re.IGNORECASE
)
_EXTRACTED = re.compile(r"\bextract\w*\s+the\s+(hour|day|month|year|weekday)\b", re.IGNORECASE)
_UNNAMED = re.compile(
    r"\b(?:creat\w+|generat\w+|construct\w*|deriv\w+|engineer\w+)\b[^.\n]{0,30}?\bnew\s+"
    r"(?:feature|column|variable)\b",
    re.IGNORECASE,
)
_NEW = "new feature"
_THE = r"(?:the\s+|each\s+|every\s+|a\s+|[a-z]+'s\s+|their\s+)*"
_AFTER = r"(?:\s+(?:columns?|variables?|values?|features?|prices?|scores?|percentages?))*"
ONE = rf"{_THE}({M}){_AFTER}"
_MANY = rf"{_THE}((?:{M})(?:{_AFTER}(?:,\s*and\s+(?:the\s+)?|,\s*|\s+and\s+(?:the\s+)?|\s*\+\s*){M})+)"
_SUM = re.compile(
    rf"(?:(?:sum\w*|add(?:ing|s)?(?:\s+up)?|total)\s+(?:of\s+|up\s+)?(?:the\s+)?(?:(?:the\s+)?\w+\s+(?:of|in)\s+){{0,3}}"
    rf"|combining\s+the\s+|combining\s+){_MANY}",
    re.IGNORECASE,
)
_PLUS = re.compile(rf"({M}(?:\s*\+\s*{M})+)")
_DIFFERENCE = re.compile(rf"difference\s+between\s+{ONE}\s+and\s+{ONE}", re.IGNORECASE)
_SUBTRACT = re.compile(rf"subtract(?:ing|s)?\s+{ONE}\s+from\s+{ONE}", re.IGNORECASE)
_CENTRE = re.compile(
    rf"subtract(?:ing|s)?\s+the\s+(mean|median)\s+(?:value\s+)?of\s+{ONE}\s+from\s+each", re.I
)
_RATIO = re.compile(
    rf"(?:divid(?:ing|e|es)\s+{ONE}\s+by\s+{ONE}|ratio\s+(?:of|between)\s+{ONE}\s+(?:to|and)\s+{ONE}"
    rf"|{ONE}\s+divided\s+by\s+{ONE})",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    rf"(?:multiply(?:ing)?\s+{ONE}\s+(?:by|and|with)\s+{ONE}|product\s+of\s+{ONE}\s+and\s+{ONE}"
    rf"|{ONE}\s+multiplied\s+by\s+{ONE})",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    rf"(?:average|mean)\s+(?:\w+\s+){{0,3}}of\s+(?P<list>(?:(?!\.\s)[^\n])*?{M}(?:(?!\.\s)[^\n])*{M})",
    re.IGNORECASE,
)
_LOG = re.compile(r"\blog(?:arithm\w*|10|2)?\b", re.IGNORECASE)
_BASE = re.compile(r"base[\s-]*(10|2|e)\b|\blog(10|2)\b|\bnatural\b", re.IGNORECASE)
_PART = re.compile(
    rf"extract\w*\s+the\s+(hour|day|month|year|weekday|minute|{M})\w*\s+(?:\w+\s+)*?from\s+{ONE}",
    re.IGNORECASE,
)
_PARTS = ("hour", "day", "month", "year", "weekday", "minute")


def names_of_new(text: str) -> list[str]:
    """What a text calls the columns that it makes, in order."""
    names = [match["name"].strip() for match in _NAMED.finditer(text)]
    names += [match["name"] for match in _PLAIN_NAME.finditer(text)]
    extracted = _EXTRACTED.search(text)
    if not names and extracted:
        names.append(extracted[1].casefold())
    if not names and (_UNNAMED.search(text) or _LOGGED.search(text)):
        names.append(_NEW)
    return list(dict.fromkeys(names))


def placeholder(name: str, kind: ColumnKind = "number") -> ColumnProfile:
    """A profile for a column that does not exist yet."""
    return ColumnProfile(name=name, dtype="float64", kind=kind, nulls=0)


def feature(name: str, text: Marked) -> tuple[Derive, ColumnProfile] | None:
    """The step that makes a column, and its profile; `None` where its description is not understood."""
    made = _value(name, text)
    if made is None:
        return None
    labels = tuple(item.label for item in made.bins) if isinstance(made, Binned) else ()
    kind: ColumnKind = "category" if labels else "text" if isinstance(made, TextPart) else "number"
    return Derive(name=name, value=made), placeholder(name, kind)


def _value(name: str, text: Marked) -> Expression | None:
    found = {
        value
        for read in (_centred, formula, bins_of, _log, _date_part, _arithmetic, _average)
        if (value := read(name, text)) is not None
    }
    simple = [value for value in found if not isinstance(value, Across)]
    if len(found) > 1 and len(simple) == 1:
        return simple[0]
    return found.pop() if len(found) == 1 else None


def _groups(match: re.Match[str]) -> list[str]:
    return [group for group in match.groups() if group]


def _arithmetic(name: str, text: Marked) -> Expression | None:
    """The one operation that the text names; all sentences that name one must agree."""
    found: set[Expression] = set()
    for match in [*_SUM.finditer(text.text), *_PLUS.finditer(text.text)]:
        columns = [c for c in match[1] if text.is_mark(c)]
        found.add(_chain("+", [marked_of(text, c) for c in columns]))
    for match in _DIFFERENCE.finditer(text.text):
        found.add(pair_of("-", *(marked_of(text, c) for c in match.groups())))
    for match in _SUBTRACT.finditer(text.text):
        found.add(pair_of("-", marked_of(text, match[2]), marked_of(text, match[1])))
    for match in _RATIO.finditer(text.text):
        left, right = (marked_of(text, c) for c in _groups(match))
        found.add(pair_of("/", left, _safe(text, right)))
    products = {pair_of("*", *(marked_of(text, c) for c in _groups(m))) for m in _PRODUCT.finditer(text.text)}
    if products:  # "combining A and B" says less than "multiplied"
        found = {value for value in found if not _is_sum_of(value, products)} | products
    own = {value for value in found if name not in _names(value)}
    return own.pop() if len(own) == 1 else None


def _is_sum_of(value: Expression, products: set[Expression]) -> bool:
    return isinstance(value, Arithmetic) and any(
        isinstance(product, Arithmetic) and (product.left, product.right) == (value.left, value.right)
        for product in products
    )


def _names(value: Expression) -> set[str]:
    match value:
        case Of(column=column):
            return {column.name}
        case Arithmetic(left=left, right=right):
            return _names(left) | _names(right)
        case _:
            return set()


def _chain(operator: str, parts: list[Expression]) -> Expression:
    value = parts[0]
    for part in parts[1:]:
        value = pair_of(operator, value, part)
    return value


def _safe(text: Marked, divisor: Expression) -> Expression:
    """The divisor with the small constant that the text adds to it."""
    small = re.search(
        r"add\w*\s+a\s+small\s+constant[^.\n]*?\(?(\d+e-\d+|0\.0+\d)\)?[^.\n]*denominator",
        text.text,
        re.IGNORECASE,
    )
    return pair_of("+", divisor, Constant(value=float(small[1]))) if small else divisor


def _centred(name: str, text: Marked) -> Expression | None:
    match = _CENTRE.search(text.text)
    if match is None:
        return None
    column = column_of(text.column(match[2]))
    function = "mean" if match[1].casefold() == "mean" else "median"
    return pair_of("-", Of(column=column), Total(measure=Measure(function=function, column=column)))


def _average(name: str, text: Marked) -> Expression | None:
    for match in _AVERAGE.finditer(text.text):
        columns = [c for c in text.columns(match["list"]) if c.kind in ("integer", "number")]
        if len(columns) > 1 and name not in [column.name for column in columns]:
            return Across(function="mean", columns=tuple(map(column_of, columns)))
    return None


def _log(name: str, text: Marked) -> Expression | None:
    """The logarithm of the one column that the sentence names."""
    for sentence in re.split(r"(?<=[.;])\s|\n", text.text):
        word = _LOG.search(sentence)
        columns = [c for c in text.columns(sentence) if c.name != name]
        if word is None or len(columns) != 1:
            continue
        base = _BASE.search(text.text)
        function = "log" if base is None or not (base[1] or base[2]) else f"log{base[1] or base[2]}"
        return Mathematical.model_validate(
            {"function": "log" if function == "loge" else function, "of": Of(column=column_of(columns[0]))}
        )
    return None


def _date_part(name: str, text: Marked) -> Expression | None:
    match = _PART.search(text.text)
    if match is None or text.plain(match[1]).casefold() not in _PARTS:
        return None
    return DatePart.model_validate(
        {"column": column_of(text.column(match[2])), "part": text.plain(match[1]).casefold()}
    )
