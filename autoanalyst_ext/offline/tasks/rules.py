"""Rules that a task gives for its words: `linear if p < 0.05 and |r| >= 0.5`.

A rule is read as comparisons of named figures with numbers; which figures those are is left to others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..plan.selection import Operator

Subject = Literal["p_value", "r", "skew", "statistic"]


@dataclass(frozen=True)
class Threshold:
    """One comparison of a rule."""

    subject: Subject
    operator: Operator
    value: float
    absolute: bool = False


@dataclass(frozen=True)
class WordRule:
    """When a word is said."""

    word: str
    thresholds: tuple[Threshold, ...]


_NUMBER = r"(-?\d+(?:\.\d+)?)"
_OPERATORS: tuple[tuple[str, Operator], ...] = (
    (r"(?:is\s+)?(?:greater|larger|more|higher)\s+than\s+or\s+equal\s+to|>=|≥|(?:is\s+)?at\s+least", ">="),
    (r"(?:is\s+)?(?:less|smaller|lower)\s+than\s+or\s+equal\s+to|<=|≤|(?:is\s+)?at\s+most", "<="),
    (r"(?:is\s+)?(?:greater|larger|more|higher)\s+than|exceeds|(?:is\s+)?above|>", ">"),
    (r"(?:is\s+)?(?:less|smaller|lower)\s+than|(?:is\s+)?(?:below|under)|<", "<"),
)
_SUBJECTS: tuple[tuple[str, Subject, bool], ...] = (
    (r"p[\s-]?values?", "p_value", False),
    (r"absolute\s+(?:value\s+of\s+)?(?:the\s+)?(?:correlation\s+)?(?:coefficient|correlation)|"
     r"absolute\s+value\s+of\s+(?:the\s+)?r|\|r\||its\s+absolute\s+value", "r", True),
    (r"absolute\s+(?:value\s+of\s+)?(?:the\s+)?skewness", "skew", True),
    (r"skewness", "skew", False),
    (r"(?:the\s+)?(?:pearson\s+)?correlation\s+coefficient(?:\s+\(r\))?|\br[\s-]value|\br\b", "r", False),
)  # fmt: skip
_COMPARISON = re.compile(
    r"(?P<subject>" + "|".join(pattern for pattern, _, _ in _SUBJECTS) + r")"
    r"[\w\s()]{0,40}?(?P<operator>"
    + "|".join(pattern for pattern, _ in _OPERATORS)
    + rf")\s*(?P<number>{_NUMBER})",
    re.IGNORECASE,
)
_ALPHA = re.compile(
    r"(?:alpha|significance\s+level|level\s+of\s+significance)[^.\d\n]{0,40}(0?\.\d+)"
    r"|(0?\.\d+)\s+(?:as\s+the\s+)?\(?(?:alpha|significance)",
    re.IGNORECASE,
)


def alphas(text: str) -> set[float]:
    """The significance levels that a text names, by that word or by a comparison with a p-value."""
    named = {float(match[1] or match[2]) for match in _ALPHA.finditer(text)}
    compared = {t.value for t in thresholds(text) if t.subject == "p_value"}
    return named | compared


def thresholds(text: str) -> list[Threshold]:
    """The comparisons in a text, in order."""
    return [_threshold(match) for match in _COMPARISON.finditer(text)]


def _threshold(match: re.Match[str]) -> Threshold:
    subject, absolute = next(
        (name, absolute)
        for pattern, name, absolute in _SUBJECTS
        if re.fullmatch(pattern, match["subject"], re.IGNORECASE)
    )
    operator = next(
        sign for pattern, sign in _OPERATORS if re.fullmatch(pattern, match["operator"], re.IGNORECASE)
    )
    return Threshold(subject, operator, float(match["number"]), absolute)


def word_rules(text: str, words: Sequence[str]) -> list[WordRule]:
    """The rules of sentences that say one of the words under a condition."""
    rules: list[WordRule] = []
    for clause in re.split(r"(?<=[.;])\s+|\n|,\s+or\s+(?=[\"'])", text):
        compared = tuple(thresholds(clause))
        word = _said(clause, words)
        if compared and word is not None:
            rules.append(WordRule(word, compared))
    return list(dict.fromkeys(rules))


def open_rules(text: str, words: Sequence[str]) -> bool:
    """Whether a rule (`consider it to be weak if ...`) says none of the words."""
    clauses = re.split(r"(?<=[.;])\s+|\n", text)
    ruled = (c for c in clauses if re.search(r"\bconsider\b[^.]*\bto be\b", c.casefold()) and thresholds(c))
    stems = [word.casefold()[:5] for word in words if len(word) > 3]
    unsaid = (clause.casefold() for clause in ruled if _said(clause, words) is None)
    return any(all(stem not in clause for stem in stems) for clause in unsaid)


def _said(clause: str, words: Sequence[str]) -> str | None:
    """The one of the words that a sentence says; the longest where one contains the other."""
    outside = _COMPARISON.sub(" ", clause).casefold()
    found: list[str] = []
    for word in sorted(words, key=len, reverse=True):
        pattern = re.escape(word.casefold()).replace("_", r"[\s_-]")
        pattern = (
            pattern.replace("non", "non-?")
            if word.casefold().startswith("non") and "-" not in word
            else pattern
        )
        if re.search(rf"(?<![\w-]){pattern}(?![\w])", outside):
            outside = re.sub(rf"(?<![\w-]){pattern}(?![\w])", " ", outside)
            found.append(word)
    if len(found) == 1 and re.search(
        rf"\b(?:no|not)\s+(?:\w+\s+)?{re.escape(found[0].casefold())}\b", clause.casefold()
    ):
        found = [word for word in words if is_negative(word)]
    return found[0] if len(found) == 1 else None


def is_negative(word: str) -> bool:
    """Whether a word denies: `no`, `not normal`, `False`, `none`, `non-significant`."""
    plain = word.casefold().replace("_", " ")
    return (
        re.match(r"(?:no\b|not\b|none\b|non[- ]|non(?:significant|normal)|false|insignificant)", plain)
        is not None
    )
