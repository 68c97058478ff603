"""Numbers of a task's text: which of them the plan must have, and which only say how an answer is written."""

import re

from ..words.schema import words_of
from ..words.tokens import key
from .scene import Scene

_WORDS = {
    word: number
    for number, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
} | {"twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "thousand": 1000}  # fmt: skip
_SCALES = {"k": 1e3, "m": 1e6}
_COUNTED = (
    r"(?:\w+\s+)?(?:columns?|variables?|groups?|features?|samples?|distributions?|sets?|types?|parts?|datasets?|"
    r"categories|classes|values|figures?|results?|answers?|numbers|steps?|kinds?|means|medians|questions?|tests?)\b"
)
_IDLE = "|".join(
    (
        r"@\w+\[[^\]]*\]",
        r"^\s*\d+[.)]\s",  # the number of a sentence
        r"\b\d+\s*%(?=[^.\n]*\b(?:train|test|confiden|signific|level))",
        r"(?:train|test|split|confiden|signific|level)\w*[^.\n%]*?\d+\s*%",
        r"\d\d\s*[:/]\s*\d\d\b",
        r"(?:\b0(?:\.0)?|-1(?:\.0)?)\s+(?:and|to)\s+\+?1(?:\.0)?\b|close to [01]\b",
        r"[\[(]\s*(?:0|-1)\s*(?:,|and|to)\s*1\s*[\])]",
        r"\b(?:number|integer|float|percentage|value)\s+(?:\w+\s+)?between 0 and \d+",
        r"\b(?:numbers?|numbered|integers?)\s+(?:from|between)\s+\d+\s+(?:to|and)\s+\d+",
        r"starting (?:from|at|with) 0\b|24[\s-]hour",
        r"\b\S+ (?:decimals?|digits?|significant (?:figures?|digits?))\b",
        r"base[\s-]*\(?(?:10|2)\b|\blog(?:10|2)\b|\bq[13]\b|\bn - 1\b|\bi = 1\b|\^2",  # in formulas
        r"\(\d = \w+, \d = \w+\)",  # what the two values of a column mean
        rf"\b(?:{'|'.join(_WORDS)})[\s-](?:tailed|sided|sample|way)\b|\b(?:{'|'.join(_WORDS)})\s+{_COUNTED}",
    )
)
_LEVELS = (
    r"(?:alpha|significance)[^.\d\n]{0,40}0?\.\d+|\.\d+\s+(?:as\s+the\s+)?\(?(?:alpha|significance)"
    r"|p[\s-]?values?\b[^.\n]{0,40}0?\.\d+|consider[^.\n]*\bsignificant(?:[^.\n]|\.\d)*"
)
_SEED = r"(?:random[_\s](?:state|seed)|seed)\D{0,40}\d+"
_STRUCTURE = re.compile(r'"(?:decimals|ddof|steps|rank)":\d+')
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:e-?\d+)?)"
    r"(?P<percent>\s*%)?(?!\.?\d)(?P<scale>[km]\b)?"
)


def unused_amount(scene: Scene, text: str, written: str) -> str | None:
    """The first number of the text that the plan does not have."""
    idle = [_IDLE, *([] if '"verdict"' in written else [_LEVELS])]
    idle += [] if re.search(r'"(?:model|clusters|sample)"', written) else [_SEED]
    plain = re.sub("|".join(idle), " ", _without_names(scene, text).casefold(), flags=re.MULTILINE)
    plain = re.sub(r"\b(?:two|three|four|five)\b(?=\s*[\ue000-\uf8ff])", " ", plain)
    plain = re.sub(rf"\b(?:{'|'.join(_WORDS)})\b", lambda match: str(_WORDS[match[0]]), plain)
    known = {
        float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", _STRUCTURE.sub("", written))
    }
    edges = '"binned"' in written
    for match in _NUMBER.finditer(plain):
        value = float(match["digits"].replace(",", "")) * _SCALES.get(match["scale"], 1)
        near = [value, -value]
        near += [value / 100, 1 - value / 100] if match["percent"] else []
        near += [value + 1] if edges else []  # 0-12, 13-19 has the edge 13
        if not any(abs(have - number) < 1e-12 for have in near for number in known):
            return match[0].strip()
    return None


def _without_names(scene: Scene, text: str) -> str:
    """The text without numbers that end a name in capitals, as `CAC 40`."""
    names = {key(column.name) for column in scene.schema.columns}
    parts = {part for column in scene.schema.columns for part in words_of(column.name)}

    def named(match: re.Match[str]) -> str:
        return match[0] if key(match[1]) in names | parts else " "

    return re.sub(r"\b([A-Z][A-Z&]+) \d+\b", named, text)
