"""Values that a task's text names, which rows they choose, and what an answer's name can call them."""

import re

from ...types.profiles import ColumnProfile
from ...types.results import Leaf
from ..plan import Compare, Condition
from ..questions.conditions import column_of, negated
from ..words.mentions import C as M
from ..words.mentions import Marked
from ..words.schema import words_of, yes_and_no
from ..words.tokens import fold, word_set
from .idle import GRAMMAR
from .scene import Choice, Scene, TaskError
from .text import words_of_name

ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def is_value(column: ColumnProfile, value: Leaf) -> Condition:
    return Compare(column=column_of(column), operator="==", value=value)


def value_names(column: ColumnProfile, value: Leaf) -> tuple[tuple[str, ...], ...]:
    """What an answer's name can call a value: `male`; `class 1`, `1 class`; `first class`."""
    if isinstance(value, str):
        words = words_of_name(value)
        if len(value) > 1:
            return (words,)
        return tuple((part, *words) for part in words_of(column.name))
    pair = yes_and_no(column)
    if pair is not None:
        names = verbs(column)
        negative = [(no, *name) for name in names for no in ("not", "did not", "non", "no", "didnt", "did")]
        split = tuple(tuple(" ".join(name).split()) for name in negative)
        return names if value == pair[0] else tuple(name for name in split if name[:2] != ("did", name[-1]))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    parts = [part for part in words_of(column.name) if len(part) > 2]
    parts += [part[1:] for part in parts if len(part) > 4]  # the `type` of `stype`
    number = str(value)
    named: list[tuple[str, ...]] = [(part, number) for part in parts]
    named += [(number, part) for part in parts]
    ordinals = [word for word, place in ORDINALS.items() if place == value]
    named += [(*words_of_name(word), part) for word in ordinals for part in parts]
    return tuple(named)


def verbs(column: ColumnProfile) -> tuple[tuple[str, ...], ...]:
    return tuple((word,) for word in words_of(column.name) if len(word) > 4)


def value_choices(scene: Scene, text: Marked) -> list[Choice]:
    """Texts of category columns: `female players`; only where one column has them."""
    found = []
    words = [(m.start(), m.end(), fold(m[0])) for m in re.finditer(r"[^\W_]+", text.text)]
    taken: set[int] = set()
    for length in range(4, 0, -1):
        for index in range(len(words) - length + 1):
            part = words[index : index + length]
            plain = tuple(word for _, _, word in part)
            hits = scene.schema.values(plain)
            if len(hits) != 1 or taken & set(range(index, index + length)):
                continue
            value = hits[0].value
            start, end = part[0][0], part[-1][1]
            quoted = text.text[max(0, start - 1) : start] + text.text[end : end + 1] in (
                "''",
                '""',
            )
            if scene.schema.is_subject(plain[-1]) and not quoted:
                continue
            if (
                not isinstance(value, str)
                or ((len(value) < 3 or fold(value) in GRAMMAR) and not quoted)
                or fold(value) in _ORDINARY
            ):
                continue
            taken |= set(range(index, index + length))
            condition = is_value(hits[0].column, value)
            if _is_left_out(text.text, start, end):
                condition = negated(condition, hits[0].column)
            found.append(Choice(hits[0].column, condition, (words_of_name(value),)))
    return found


_LEFT_OUT = re.compile(
    r"\b(?:(?:exclud|ignor|remov|drop|delet|discard|omit|skip|eliminat|disregard|leav|without|except|unless|minus|outside)\w*|"
    r"other\s+than|apart\s+from|besides)\b[^.;:\n]{0,50}$|\b(?:not|non|never|neither|nor)[\s-]+(?:\w+\s+){0,2}[\"']?$",
    re.IGNORECASE,
)


def _is_left_out(text: str, start: int, end: int) -> bool:
    """Whether the rows of a value are to be left out: `excluding Lima`, `not in Lima`."""
    before = text[:start]
    clause = re.split(r"[.;:\n]", before)[-1] + text[start:end] + re.split(r"[.;:\n]", text[end:])[0]
    if _LEFT_OUT.search(before) is None:
        if re.search(
            rf"\b(?:not|n't|without|except|exclud\w+|leave\w*)\b(?!\s+(?:\w+\s+){{0,2}}{M})",
            clause,
            re.IGNORECASE,
        ):
            raise TaskError(f"it is not clear whether “{text[start:end]}” is left out")
        return False
    if re.search(r"\b(?:missing|null|nan|outliers?|duplicates?|and|or|replac\w+)\b", clause, re.IGNORECASE):
        raise TaskError(f"it is not clear whether “{text[start:end]}” is left out")
    return True


_ORDINARY = word_set("""
    other none normal high low medium yes no true false unknown missing null total average mean median male
    linear positive negative first second third open close test train training testing data python value
    """) - {"male"}  # fmt: skip
"""Values that are everyday words of such texts: only `column is value` can mean them."""
