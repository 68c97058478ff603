"""Columns in running text: where a long text names a column of the table, in whatever words.

Each mention is replaced by one character, so that patterns can be written as if all columns had one name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from ...types.profiles import ColumnProfile
from .schema import SHORT, Schema, words_of
from .tokens import fold, key, singular, word_set
from .vocabulary import ABBREVIATIONS

FIRST = 0xE000
"""Mention number n is the character FIRST + n."""
C = "[\ue000-\uf8ff]"
"""Pattern of one mention."""

QUOTES = "\"'`"
_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_COMMON = word_set("""
    a an the of in on at by for to from and or is are be as it its with without if not no each all any new
    number numbers value values data dataset column columns row rows mean average median sum total count
    minimum maximum min max range standard deviation variance rate percent percentage index type feature
    features result results high low first last one two three test model score scores name id key date time
    group class order position size level length unit measure label text part parts point points end start
    use using used more less than into per between based only other same different analysis method python
    outlier outliers missing normal distribution correlation coefficient relationship linear random state
    change original final current true false yes target title status above below both location locations year
    impute imputed imputing fill filled removed remove normalized normalize scaled scale predicted predict
    encoded encode cleaned processed years month months day days categories category
    """)  # fmt: skip
"""Words that name a column only where they are quoted, written as the column is, or stand before `column`."""


_SAME = {"gender": "sex", "sex": "gender", "earnings": "income", "wage": "salary", "wages": "salary"}


_OBJECTS = ("it", "them", "this", "that", "these", "those")
"""Words that end no name: `renormalize them` is not short for `rent`."""
_BETWEEN = ("in", "of", "the", "by", "recorded", "reported", "measured")
"""Words that an abbreviated name leaves out."""


@dataclass(frozen=True)
class Mention:
    """A place of the text that names a column."""

    column: ColumnProfile
    text: str
    sure: bool
    """False where the words are a part of its name, or common words."""


@dataclass
class Marked:
    """A text whose mentions of columns are single characters."""

    text: str
    mentions: list[Mention] = field(default_factory=list)

    def column(self, mark: str) -> ColumnProfile:
        """The column that a mark stands for."""
        return self.mentions[ord(mark) - FIRST].column

    def columns(self, part: str) -> list[ColumnProfile]:
        """The columns that a part of the text names, in order, each once."""
        found = [self.column(char) for char in part if self.is_mark(char)]
        return list(dict.fromkeys(found))

    def sure_columns(self, part: str) -> list[ColumnProfile]:
        """Those that are named beyond doubt."""
        marks = [self.mentions[ord(char) - FIRST] for char in part if self.is_mark(char)]
        return list(dict.fromkeys(mention.column for mention in marks if mention.sure))

    def plain(self, part: str) -> str:
        """A part of the text as it was written."""
        return "".join(self.mentions[ord(char) - FIRST].text if self.is_mark(char) else char for char in part)

    def with_unsure(self) -> str:
        """The text with marks only where a column is named for sure."""
        marks = {char for char in self.text if self.is_mark(char)}
        plain = {char: self.mentions[ord(char) - FIRST] for char in marks}
        return "".join(
            plain[char].text if char in plain and not plain[char].sure else char for char in self.text
        )

    def is_mark(self, char: str) -> bool:
        """Whether a character stands for a column."""
        return FIRST <= ord(char) < FIRST + len(self.mentions)

    def put(self, column: ColumnProfile, text: str, sure: bool) -> str:
        """A new mark."""
        self.mentions.append(Mention(column, text, sure))
        return chr(FIRST + len(self.mentions) - 1)


def marked(text: str, schema: Schema, made: Iterable[ColumnProfile] = ()) -> Marked:
    """Mark the mentions of the table's columns, and of columns that the text itself makes."""
    made = tuple(made)
    columns = [*made, *schema.columns]
    result = Marked(text)
    result.text = _quoted(result, columns)
    result.text = _written(result, columns)
    result.text = _made(result, made)
    result.text = _phrases(result, schema)
    result.text = _explained(result)
    return result


def _explained(result: Marked) -> str:
    """`kind of seat (Stype)`: what stands in brackets is what the words before them mean."""

    def named(match: re.Match[str]) -> str:
        if not result.mentions[ord(match[3]) - FIRST].sure:
            return match[0]
        result.mentions[ord(match[1]) - FIRST] = result.mentions[ord(match[3]) - FIRST]
        return match[0]

    return re.sub(rf"({C})((?:\s+\w+){{0,2}})\s+\(({C})\)", named, result.text)


def _quoted(result: Marked, columns: list[ColumnProfile]) -> str:
    by_key = {key(column.name): column for column in reversed(columns)}

    def mark(match: re.Match[str]) -> str:
        column = by_key.get(key(match[2]))
        return result.put(column, match[0], True) if column and key(match[2]) else match[0]

    return re.sub(rf"(?<![\w])([{QUOTES}])([^{QUOTES}\n]{{1,60}})\1(?!\w)", mark, result.text)


def _written(result: Marked, columns: list[ColumnProfile]) -> str:
    """Names written just as the column is, where that is no word of everyday English."""
    names = {column.name: column for column in reversed(columns) if _is_striking(column.name)}
    names |= {c.name: c for c in columns if c.name[:1].isupper() and _in_list(c.name, result.text)}
    names |= {sign: column for sign, column in _signs(columns).items() if sign not in names}
    if not names:
        return result.text
    choice = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w.])(?:{choice})(?!\w|-?\s?[Ss]cores?\b)",
        lambda m: result.put(names[m[0]], m[0], True),
        result.text,
    )


def _made(result: Marked, made: Iterable[ColumnProfile]) -> str:
    """The columns that the text makes, by their names in any case."""
    text = result.text
    for column in made:
        name = re.escape(column.name)
        text = re.sub(
            rf"(?<![\w'\"`]){name}(?![\w'\"`])",
            lambda match, column=column: result.put(column, match[0], True),  # type: ignore[misc]
            text,
            flags=re.IGNORECASE,
        )
    return text


def _signs(columns: list[ColumnProfile]) -> dict[str, ColumnProfile]:
    """Columns by the one part of their names in capitals, as `ABC` of `ABC.X`."""
    found: dict[str, list[ColumnProfile]] = {}
    for column in columns:
        for part in re.split(r"[\W_]+", column.name):
            if len(part) > 2 and part.isupper():
                found.setdefault(part, []).append(column)
    return {part: owners[0] for part, owners in found.items() if len(owners) == 1}


def _in_list(name: str, text: str) -> bool:
    """Whether a capitalised name stands beside an operator, so that it is no word of the sentence."""
    return re.search(rf"[(+*/=-]\s*{re.escape(name)}\b|\b{re.escape(name)}\s[+*/-]\s", text) is not None


def _is_striking(name: str) -> bool:
    if len(name) == 1:
        return name.isupper() and name not in "AI"
    return re.search(r"[\W\d_]|(?<=\w)[A-Z]", name.strip()) is not None or (
        name[:1].isupper() and fold(name) not in _COMMON
    )


def _phrases(result: Marked, schema: Schema) -> str:
    """Names in other words: case, plural, abbreviations, parts."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(result.text)]
    pieces, position, index = [], 0, 0
    while index < len(words):
        length, column, sure = _longest(result.text, words, index, schema)
        if column is None:
            index += 1
            continue
        start, end = words[index][0], words[index + length - 1][1]
        pieces += [result.text[position:start], result.put(column, result.text[start:end], sure)]
        position, index = end, index + length
    return "".join([*pieces, result.text[position:]])


def _longest(
    text: str, words: list[tuple[int, int, str]], index: int, schema: Schema
) -> tuple[int, ColumnProfile | None, bool]:
    """The longest phrase from here that names one column."""
    for length in range(min(6, len(words) - index), 0, -1):
        part = words[index : index + length]
        between = [text[a[1] : b[0]] for a, b in pairwise(part)]
        if any(gap not in (" ", "-", "/", " / ", "_") for gap in between):
            continue
        plain = tuple(fold(word) for _, _, word in part)
        followed = re.match(r"['\"]?\s+(?:column|variable|field)\b", text[part[-1][1] :]) is not None
        column = _named(plain, schema, followed)
        if column is not None:
            sure = followed or not set(plain) <= _COMMON
            return length, column[0], sure and column[1]
    return 0, None, False


def _named(words: tuple[str, ...], schema: Schema, followed: bool) -> tuple[ColumnProfile, bool] | None:
    """The one column that a phrase names, and whether that is sure."""
    if len(words) == 1 and len(words[0]) == 1:
        return None
    if words[0] in ("of", "and", "the", "in", "per", "or", "a", "is") or words[-1] in (
        "of",
        "and",
        "the",
        "in",
    ):
        return None
    if set(words) <= _COMMON and not followed and len(words) == 1:
        return None
    hits = [hit for hit in schema.firm(words) if hit.score >= SHORT]
    if not hits and len(words) == 1 and words[0] in _SAME:
        hits = [hit for hit in schema.firm((_SAME[words[0]],)) if hit.score >= SHORT]
    if len(hits) == 1:
        return hits[0].column, True
    if len(words) > 1:
        found = [column for column in schema.columns if _abbreviates(words, column.name)]
        return (found[0], True) if len(found) == 1 else _counted(words, schema)
    if words[0] in _COMMON or len(words[0]) < 4:
        return None
    parts = [column for column in schema.columns if _has_word(words[0], column.name)]
    return (parts[0], False) if len(parts) == 1 else None


def _counted(words: tuple[str, ...], schema: Schema) -> tuple[ColumnProfile, bool] | None:
    """`number of visits` for `visit_count`, and parts of longer names."""
    if words[:2] == ("number", "of") and len(words) > 2:
        wanted = [singular(word) for word in words[2:]]
        found = [
            column
            for column in schema.columns
            if [singular(w) for w in words_of(column.name)]
            in ([*wanted, "count"], ["num", *wanted], ["n", *wanted], ["no", "of", *wanted])
        ]
        return (found[0], True) if len(found) == 1 else None
    wanted = [_stem(word) for word in words]
    if set(words) <= _COMMON:
        return None
    found = [c for c in schema.columns if _contains([_stem(w) for w in words_of(c.name)], wanted)]
    return (found[0], True) if len(found) == 1 else None


def _contains(whole: list[str], part: list[str]) -> bool:
    size = len(part)
    return any(whole[i : i + size] == part for i in range(len(whole) - size + 1))


def _has_word(word: str, name: str) -> bool:
    parts = [_stem(part) for part in words_of(name)]
    return _stem(word) in parts and parts[-1] not in ("id", "key", "at")  # what a row is, not its number


@lru_cache(4096)
def _stem(word: str) -> str:
    stem = ABBREVIATIONS.get(word, singular(word))
    for ending in ("ing", "ed", "al", "e"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 4 and len(stem) >= 6:
            return stem.removesuffix(ending)
    return stem


@lru_cache(16384)
def _abbreviates(words: tuple[str, ...], name: str) -> bool:
    """Whether a name is made of beginnings of all these words in turn: `Stype` of `seat type`."""
    wanted = [word for word in words if word not in _BETWEEN]
    letters = key(name)
    if not name or fold(name[0]) != words[0][0] or words[-1][0] not in fold(name):
        return False
    if words[0] in _BETWEEN or words[-1] in _BETWEEN or words[-1] in _OBJECTS:
        return False
    if letters in wanted or singular(letters) in map(singular, wanted):
        return False  # `total of large orders` has the name itself
    if len(wanted) < 2 or "and" in wanted or len(letters) < 4 or set(wanted) <= _COMMON:
        return False
    return _consumes(letters, [singular(word) for word in wanted], 0)


def _consumes(letters: str, words: list[str], longest: int) -> bool:
    if not words:
        return not letters and longest >= 3
    for size in range(min(len(words[0]), len(letters)), 0, -1):
        if letters.startswith(words[0][:size]) and _consumes(letters[size:], words[1:], max(longest, size)):
            return True
    return False
