"""Errors in words, for a model: what happened and where, without the data that the text of an error carries.

An error's text is kept through the patterns of well-known messages in `known_errors`: the fixed words stay,
a gap keeps only words that the model knows. A text that fits no pattern is withheld as a whole, whatever it
says.
"""

import builtins
import difflib
import re
from collections.abc import Sequence

from ...types.profiles import TableProfile
from ...types.runs import EgressLevel
from .bounds import clip
from .known_errors import PATTERNS
from .levels import allows
from .table_text import written_name
from .vocabulary import schema_words, source_words

WITHHELD = "(withheld)"
TEXT_WITHHELD = "(text withheld)"

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CLASS = re.compile(r"[A-Za-z_]\w{0,60}")
_CLASS_ENDINGS = ("Error", "Exception", "Warning", "Interrupt", "Exit", "Flood")
_CELL_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)|<ipython-input[^>]*> ?in|ipykernel_\d+/\d+\.py:(\d+)")
_ARROW = re.compile(r"^\s*-+> ?(\d+) ?(.*)$", re.MULTILINE)
_TOKEN = re.compile(
    r"'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<word>[\w.-]*\w)|(?P<sign>[\[\](),:=<>{}|&])|(?P<gap>\s+)"
)
_TYPE_NAMES = (
    "int float str bool list dict tuple set bytes object NoneType type function method module slice range "
    "Series DataFrame Index RangeIndex MultiIndex DatetimeIndex Timestamp Timedelta NaTType ndarray dtype "
    "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 boolean string category "
    "datetime64 timedelta64 Int64 Float64 Categorical DataFrameGroupBy SeriesGroupBy Figure "
    "StringDtype CategoricalDtype NDFrame floating integer mixed None True False "
    "index columns axis rows and or how dtype ns us"
)
_TYPES = frozenset(_TYPE_NAMES.split())
_KEY_ERRORS = frozenset({"KeyError", "ColumnNotFoundError"})
"""Their whole text is the name that was not found."""

_GAP_CHARACTERS = 200
_READ_CHARACTERS = 2_000
"""More of a message is not read: patterns with several gaps are slow on long texts."""


def error_text(
    ename: str,
    evalue: str,
    traceback: Sequence[str],
    source: str,
    tables: Sequence[TableProfile],
    level: EgressLevel,
) -> str:
    """What a model may read of an exception that ended a cell: class, message, line, near names."""
    if allows(level, "rows"):
        return _whole(ename, evalue, traceback, source)
    words = source_words(source) | schema_words(tables)
    sizes = _sizes(tables) if allows(level, "schema") else frozenset[str]()
    lines = [f"{_class_text(ename, words)}: {message_text(ename, evalue, words | sizes)}"]
    where = failing_line(traceback, source)
    if where is not None:
        lines.append(f"at line {where} of the cell: {source.splitlines()[where - 1].strip()}")
    near = _near_names(_unquoted(ename, evalue), words, tables)
    if near:
        lines.append(f"names like it: {', '.join(near)}")
    return clip("\n".join(lines))


def message_text(ename: str, evalue: str, words: frozenset[str]) -> str:
    """The text of an exception with everything taken out that is not in `words` or a known message."""
    text = _unquoted(ename, evalue)
    if not text or text in words:
        return text
    for pattern in PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return _refilled(found, words)
    return _gap_text(text, words) if ename in _KEY_ERRORS else TEXT_WITHHELD


def _unquoted(ename: str, evalue: str) -> str:
    """The text of an exception. A KeyError's is the `repr` of what was raised: sentences stand in quotes."""
    text = plain(evalue).strip()[:_READ_CHARACTERS]
    quoted = ename in _KEY_ERRORS and len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted and " " in text else text


def plain(text: str) -> str:
    """Text without terminal colours."""
    return _ANSI.sub("", text)


def failing_line(traceback: Sequence[str], source: str) -> int | None:
    """The 1-based line of `source` that a traceback points at, or `None`.

    The traceback may show other files and cells too: a line counts only if its text is the source's.
    """
    lines = source.splitlines()
    text = plain("\n".join(traceback))
    shown = [
        int(number)
        for number, code in _ARROW.findall(text)
        if 0 < int(number) <= len(lines) and code.strip() == lines[int(number) - 1].strip()
    ]
    if shown:
        return shown[-1]
    named = [int(match[1] or match[2]) for match in _CELL_LINE.finditer(text) if match[1] or match[2]]
    return next((number for number in named if 0 < number <= len(lines)), None)


def _whole(ename: str, evalue: str, traceback: Sequence[str], source: str) -> str:
    where = failing_line(traceback, source)
    line = f"\nat line {where} of the cell: {source.splitlines()[where - 1].strip()}" if where else ""
    frames = "\n".join(plain(part) for part in traceback)
    return clip(f"{ename}: {plain(evalue)}{line}\n{frames}".strip())


def _class_text(ename: str, words: frozenset[str]) -> str:
    known = isinstance(getattr(builtins, ename, None), type) or ename in words
    named = _CLASS.fullmatch(ename) is not None and ename.endswith(_CLASS_ENDINGS)
    return ename if known or named else "an exception"


def _sizes(tables: Sequence[TableProfile]) -> frozenset[str]:
    """Numbers of rows and columns: they may be named from the level `schema` on."""
    return frozenset(str(size) for table in tables for size in (table.rows, len(table.columns)))


def _refilled(found: re.Match[str], words: frozenset[str]) -> str:
    """The message with each gap filled by what of it may be shown."""
    text, end = "", 0
    whole = found.string
    for number in range(1, (found.re.groups or 0) + 1):
        start, stop = found.span(number)
        if start < 0:
            continue
        text += whole[end:start] + _gap_text(whole[start:stop], words)
        end = stop
    return text + whole[end:]


def _gap_text(gap: str, words: frozenset[str]) -> str:
    """A gap of a message: known words and punctuation stay, runs of anything else become `(withheld)`."""
    bare = gap.strip().strip("'\"`")
    if bare in words:
        return gap
    pieces: list[str] = []
    position = 0
    while position < len(gap):
        found = _TOKEN.match(gap, position)
        kept = found is not None and _is_known(found, words)
        pieces.append(found.group() if found and kept else WITHHELD)
        position = found.end() if found else position + 1
    text = re.sub(rf"{re.escape(WITHHELD)}(?:[\s,:=.]*{re.escape(WITHHELD)})+", WITHHELD, "".join(pieces))
    return text if len(text) <= _GAP_CHARACTERS else WITHHELD


def _is_known(found: re.Match[str], words: frozenset[str]) -> bool:
    if found["sign"] or found["gap"]:
        return True
    quoted = found["one"] if found["one"] is not None else found["two"]
    token = quoted if quoted is not None else found["word"]
    known = words | _TYPES
    return token == "" or token in known or all(part in known for part in token.split("."))


def _near_names(text: str, words: frozenset[str], tables: Sequence[TableProfile]) -> list[str]:
    """Names of the schema that look like a name that the code got wrong."""
    schema = schema_words(tables)
    wrong = [one or two for one, two in re.findall(r"'([^']*)'|\"([^\"]*)\"", text[:500])]
    near: list[str] = []
    for name in wrong:
        if name in words and name not in schema:
            lowered = {word.lower(): word for word in sorted(schema)}
            close = difflib.get_close_matches(name.lower(), list(lowered), n=3, cutoff=0.6)
            near += [written_name(lowered[word]) for word in close]
    return list(dict.fromkeys(near))[:5]
