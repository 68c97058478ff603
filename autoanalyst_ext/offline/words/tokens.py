"""A question as tokens: words, numbers, quoted texts and symbols.

Numbers are read as people write them (`5,000`, `5k`, `1.5 million`, `ten`). What the words mean is
left to `vocabulary` and `schema`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

TokenKind = Literal[
    "word", "number", "ordinal", "percent", "quoted", "name", "operator", "comma", "date", "symbol"
]

_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6}
_SCALES |= {"b": 10**9, "bn": 10**9, "billion": 10**9, "hundred": 100, "millions": 10**6, "thousands": 10**3}
_COUNTS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBER_WORDS = {word: value for value, word in enumerate(_COUNTS)}
_NUMBER_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
_NUMBER_WORDS |= {"ninety": 90, "dozen": 12}

_PIECES = re.compile(
    r"""
      (?P<name>`[^`]+`)
    | (?P<quoted>"[^"]*"|“[^”]*”|(?<!\w)'[^']+'(?!\w))
    | (?P<operator>>=|<=|!=|<>|==|=|>|<|≥|≤|≠)
    | (?P<date>\d{4}-\d{1,2}(?:-\d{1,2})?(?!\d))
    | (?P<ordinal>\d+(?:st|nd|rd|th)\b)
    | (?P<number>(?:(?<![\w.)])-)?[$€£]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:(?:k|m|mn|bn|b)\b)?(?!\w))
    | (?P<word>\w+(?:['’]\w+)?)
    | (?P<comma>[,;])
    | (?P<end>[?!.:()\[\]…]+|(?<=\w)[-–](?=[^\W\d]))
    | (?P<symbol>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPERATORS = {"=": "==", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!="}


@dataclass(frozen=True)
class Token:
    """A piece of the question."""

    kind: TokenKind
    text: str
    """As written; without its quotes for `quoted` and `name`; a normal form for `operator`."""
    number: int | float = 0
    """The value of a number, ordinal or percentage."""
    mantissa: int | float = 0
    """The number without its scale: 5 for `5 million`."""

    @property
    def word(self) -> str:
        """The word in the form in which vocabularies have it."""
        return fold(self.text).removesuffix("'s").removesuffix("’s")


def fold(text: str) -> str:
    """Write `text` in lower case and one Unicode form."""
    return unicodedata.normalize("NFKC", text).casefold()


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


@lru_cache(4096)
def key(text: str) -> str:
    """Only the letters and digits of `text`, folded: what two spellings of a name have in common."""
    return re.sub(r"[\W_]+", "", fold(text))


@lru_cache(4096)
def singular(word: str) -> str:
    """The singular of an English noun by its ending, good enough to compare two words."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if (
        len(word) > 4
        and word.endswith(("sses", "shes", "ches", "xes", "zes", "uses"))
        and word[-5:] != "ouses"
    ):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Whether a noun looks like a plural."""
    return singular(word) != word or word in {"people", "men", "women", "children"}


def tokens(question: str) -> tuple[Token, ...]:
    """Cut a question into tokens; sentence ends and brackets are left out."""
    pieces = [_token(match) for match in _PIECES.finditer(question) if match.lastgroup != "end"]
    return tuple(_with_scales(pieces))


def _token(match: re.Match[str]) -> Token:
    text = match.group()
    match match.lastgroup:
        case "name":
            return Token("name", text[1:-1])
        case "quoted":
            return Token("quoted", text[1:-1])
        case "operator":
            return Token("operator", _OPERATORS.get(text, text))
        case "ordinal":
            return Token("ordinal", text, int(text[:-2]))
        case "number":
            return _number(text)
        case "comma":
            return Token("comma", ",")
        case "date":
            return Token("date", text)
        case "word":
            value = _NUMBER_WORDS.get(fold(text))
            return Token("word", text) if value is None else Token("number", text, value, value)
        case _:
            return Token("symbol", text)


def _number(text: str) -> Token:
    digits = re.sub(r"[^\d.-]", "", text)
    mantissa: int | float = float(digits) if "." in digits else int(digits)
    suffix = re.sub(r"[^a-z]", "", fold(text))
    return Token("number", text, _scaled(mantissa, _SCALES.get(suffix, 1)), mantissa)


def _scaled(value: int | float, scale: int) -> int | float:
    scaled = value * scale
    return int(scaled) if scale > 1 and scaled == int(scaled) else scaled


def _with_scales(pieces: list[Token]) -> list[Token]:
    """Join `1.5` `million` and `5` `%`."""
    joined: list[Token] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is not None and before.kind == "number":
            if piece.kind == "word" and len(piece.word) > 2 and piece.word in _SCALES:
                scale = _SCALES[piece.word]
                joined[-1] = Token(
                    "number", f"{before.text} {piece.text}", _scaled(before.number, scale), before.mantissa
                )
                continue
            if piece.text == "%" or (piece.kind == "word" and piece.word == "percent"):
                joined[-1] = Token("percent", before.text + "%", before.number)
                continue
        joined.append(piece)
    return joined
