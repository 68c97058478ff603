"""Figures in an answer's free text: each is matched with what the cells show, or marked as unverified.

References are filled from outputs and hold by construction (`references`); this file looks after the
numbers that a model wrote itself. Numbers that repeat the question, number a list or name a cell claim
nothing.
"""

import bisect
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..types.cells import DisplayOutput, Execution, ResultOutput, StreamOutput
from ..types.claims import Claim
from ..types.results import (
    FigureResult,
    Leaf,
    MappingResult,
    OtherResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from . import markdown
from .references import Filled

MARK = " (unverified)"

_NUMBER = re.compile(
    r"(?<![\w.,/])(?P<sign>[-−+])?[$€£]?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?"
    r"(?P<exponent>[eE][-+]?\d+)?"
    r"(?P<scale>\s?(?:%|percent\b|per cent\b|pct\b|thousand\b|million\b|billion\b|trillion\b|[kKM]\b|bn\b))?"
    r"(?![\w]|[.,]\d)"
)
_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
_PERCENT = frozenset({"%", "percent", "per cent", "pct"})
_ROUNDLY = re.compile(
    r"(?:about|around|roughly|approximately|nearly|almost|circa|over|under|≈|~)\s*[$€£]?$", re.I
)
_DATE = re.compile(r"(?<![\w-])\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?![\w-])")
_ORDINAL = re.compile(r"^[ \t>]*(?:[-*+] +)?(?:#+ +)?\**\d+[.)](?=\s)", re.MULTILINE)
_NAMED = re.compile(r"(?:\b(?:cells?|steps?|figures?|tables?|part|question)\s+|\[)\d+\]?", re.IGNORECASE)
_LINK = re.compile(r"\]\([^)\n]*\)|https?://\S+|&#\d+;")
_WORDS = dict(
    zip(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        range(1, 13),
        strict=True,
    )
)


@dataclass(frozen=True)
class Figure:
    """A number in a text."""

    text: str
    end: int
    """Where it ends in the text."""
    value: float
    tolerance: float
    """How far from it a value may be that is written like this."""
    percent: bool = False
    date: str | None = None


def free_figures(
    text: str,
    question: str,
    cells: Mapping[str, tuple[str, Execution]],
    inserted: Sequence[tuple[int, int]] = (),
) -> list[Claim]:
    """Claims for the figures of `text` outside code and outside `inserted` (what references filled)."""
    return [claim for _, claim in _matched(text, question, cells, inserted) if claim is not None]


def mark(
    filled: Filled, *, question: str, cells: Mapping[str, tuple[str, Execution]]
) -> tuple[str, tuple[Claim, ...]]:
    """The filled text with a mark after every figure that no output shows, and the claims of free text.

    `cells`: label to cell id and execution.
    """
    found = [
        (figure, claim)
        for figure, claim in _matched(filled.text, question, cells, filled.inserted)
        if claim is not None
    ]
    text = filled.text
    for figure, claim in reversed(found):
        if claim.status == "unverified":
            text = f"{text[: figure.end]}{MARK}{text[figure.end :]}"
    return text, tuple(claim for _, claim in found)


def figures_in(text: str, skip: Sequence[tuple[int, int]] = ()) -> Iterator[Figure]:
    """Dates and numbers of a text, in order, that do not touch a span of `skip`."""
    dates = list(_DATE.finditer(text))
    spans = sorted([*skip, *(found.span() for found in dates)])
    found = [_number(match, text) for match in _NUMBER.finditer(text) if not _touches(match.span(), spans)]
    found += [
        Figure(match.group(), match.end(), 0.0, 0.0, date=match.group())
        for match in dates
        if not _touches(match.span(), skip)
    ]
    return iter(sorted(found, key=lambda figure: figure.end))


def _matched(
    text: str,
    question: str,
    cells: Mapping[str, tuple[str, Execution]],
    inserted: Sequence[tuple[int, int]],
) -> Iterator[tuple[Figure, Claim | None]]:
    skip = [*inserted, *markdown.code_spans(text)]
    skip += [found.span() for pattern in (_ORDINAL, _NAMED, _LINK) for found in pattern.finditer(text)]
    asked = _asked(question)
    evidence = [_Evidence(cell_id, execution) for cell_id, execution in cells.values()]
    for figure in figures_in(text, skip):
        repeats = figure.date in asked if figure.date else (figure.value, figure.percent) in asked
        yield figure, None if repeats else _claim(figure, evidence)


def _claim(figure: Figure, evidence: Sequence["_Evidence"]) -> Claim:
    proof = next((shown.cell_id for shown in evidence if shown.shows(figure)), None)
    value = figure.date or (int(figure.value) if figure.value.is_integer() else figure.value)
    status = "verified" if proof is not None else "unverified"
    return Claim(text=figure.text, value=value, cell=proof, path=None, status=status)


def _asked(question: str) -> set[tuple[float, bool] | str]:
    """Numbers and dates that the question itself holds, number words too."""
    asked: set[tuple[float, bool] | str] = set()
    for figure in figures_in(question):
        asked.add(figure.date or (figure.value, figure.percent))
    for word in re.findall(r"[a-z]+", question.lower()):
        if word in _WORDS:
            asked.add((float(_WORDS[word]), False))
    return asked


def _touches(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < stop and start < span[1] for start, stop in spans)


def _number(found: re.Match[str], text: str) -> Figure:
    digits, fraction = found["digits"].replace(",", ""), found["fraction"] or ""
    scale_word = (found["scale"] or "").strip().lower()
    # Read as text: a power of ten that is too large for a float is infinite, and no error.
    scale = _SCALES.get(scale_word, 1.0) * float(f"1{found['exponent'] or 'e0'}")
    unit = float(f"1e-{max(len(fraction) - 1, 0)}")
    if _ROUNDLY.search(text[: found.start()][-20:]) and not fraction:
        # "about 4,800,000" is said to two digits; its zeros are not.
        unit = float(f"1e{len(digits) - len(digits.rstrip('0'))}") if digits.strip("0") else 1.0
    value = float(f"{digits}{fraction}") * scale
    sign = -1.0 if found["sign"] in ("-", "−") else 1.0
    percent = scale_word in _PERCENT
    return Figure(found.group(), found.end(), sign * value, unit * scale / 2, percent)


class _Evidence:
    """What one execution shows: its numbers, sorted, and its texts."""

    def __init__(self, cell_id: str, execution: Execution) -> None:
        self.cell_id = cell_id
        texts = list(_texts(execution))
        leaves = list(_leaves(execution.result)) if execution.result is not None else []
        texts += [leaf for leaf in leaves if isinstance(leaf, str)]
        numbers = [
            float(leaf) for leaf in leaves if isinstance(leaf, int | float) and not isinstance(leaf, bool)
        ]
        shown = [figure for text in texts for figure in figures_in(text)]
        numbers += [figure.value for figure in shown if figure.date is None]
        self.numbers = sorted(number for number in numbers if math.isfinite(number))
        self.text = "\n".join(texts)

    def shows(self, figure: Figure) -> bool:
        """Whether a number here is the figure at the precision it is written with."""
        if figure.date is not None:
            return figure.date in self.text
        if self._has(figure):
            return True
        if not figure.percent:
            return False
        return self._has(replace(figure, value=figure.value / 100, tolerance=figure.tolerance / 100))

    def _has(self, figure: Figure) -> bool:
        slack = figure.tolerance + abs(figure.value) * 1e-15
        position = bisect.bisect_left(self.numbers, figure.value - slack)
        return position < len(self.numbers) and self.numbers[position] <= figure.value + slack


def _texts(execution: Execution) -> Iterator[str]:
    for output in execution.outputs:
        if isinstance(output, StreamOutput):
            yield output.text
        elif isinstance(output, DisplayOutput | ResultOutput):
            text = output.data.get("text/plain")
            if isinstance(text, str):
                yield text


def _leaves(result: Result) -> Iterator[Leaf]:
    """Every value, label and size of a result."""
    match result:
        case ScalarResult():
            yield result.value
        case SeriesResult():
            yield from (result.length, *result.values, *_labels(result.index))
        case TableResult():
            yield from (result.length, len(result.columns), *_labels(result.index))
            for row in result.rows:
                yield from row
        case MappingResult() | SequenceResult():
            yield result.length
            for value in result.values:
                yield from _leaves(value)
        case FigureResult():
            yield result.points
        case OtherResult():
            return


def _labels(index: Sequence[Leaf | tuple[Leaf, ...]]) -> Iterator[Leaf]:
    for label in index:
        yield from label if isinstance(label, tuple) else (label,)
