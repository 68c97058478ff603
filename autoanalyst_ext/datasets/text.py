"""What pandas must be told to read a delimited text file: delimiter, encoding, decimal sign.

Judged by the file's first bytes. The encoding is checked further, because one accent on the last
page would break the load, and so are leading zeros, which would be lost without a word.
What single columns need is said by `columns`.
"""

import codecs
import csv
import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import DataUnreadable
from .columns import column_arguments

DELIMITED = (".csv", ".tsv", ".tab", ".txt")
"""Extensions of delimited text."""

DELIMITERS = ",;\t|"
"""In order of preference."""

ENCODING_BYTES = 64 * 2**20
"""How far the encoding is checked."""

LATER_BYTES = 64 * 2**10
"""How much is read in the middle and at the end of a file that goes on behind its head."""

_DECIMAL_COMMA = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+),\d+")
_INTEGER = re.compile(r"-?\d+")
_ROWS = 200
"""Rows that are compared."""


def text_arguments(file: Path, head: bytes, kind: str, *, whole: bool) -> tuple[list[str], str]:
    """Arguments of `read_csv` for `file`, which begins with `head`, only those that are needed; and
    comment lines about them.

    `whole` says that the file itself may be looked into, behind its head. Raises `DataUnreadable`
    where it is not text.
    """
    encoding = _encoding(file, head, whole=whole)
    text = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(head)
    if "\x00" in text:
        raise DataUnreadable(f"{file.name} is not text, so it cannot be read as {kind}.")
    if not text.strip("\ufeff \t\r\n"):
        raise DataUnreadable(f"{file} is empty.")
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > 1 and not text.endswith(("\n", "\r")):
        lines.pop()  # cut in the middle, or the last one; the others say enough
    skip = 1 if lines[0][:4].lower() == "sep=" and len(lines[0]) == 5 else 0
    delimiter = lines[0][4] if skip else _delimiter(lines, kind)
    arguments = [] if delimiter == "," else [f"sep={_escaped(delimiter)}"]
    arguments += ["skiprows=1"] if skip else []
    arguments += [] if encoding == "utf-8" else [f'encoding="{encoding}"']
    header, *rows = [row for row in csv.reader(lines[skip:], delimiter=delimiter) if row] or [[]]
    if delimiter != ",":
        arguments += _decimal(rows[:_ROWS])
    later = _later(file, encoding, len(head)) if whole else []
    of_columns, note = column_arguments(header, rows, list(csv.reader(later, delimiter=delimiter)))
    return arguments + of_columns, note


def _later(file: Path, encoding: str, begun: int) -> list[str]:
    """Lines from the middle and the end of a file, behind its first `begun` bytes."""
    size = file.stat().st_size
    if size <= begun or encoding == "utf-16":  # its bytes say nothing without the first two
        return []
    lines: list[str] = []
    with file.open("rb") as opened:
        for start in (size // 2, size - LATER_BYTES):
            opened.seek(max(start, begun))
            chunk = opened.read(LATER_BYTES).decode(encoding, errors="ignore")
            lines += chunk.splitlines()[1:-1]  # the outer two are cut
    return lines


def _encoding(file: Path, head: bytes, *, whole: bool) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _is_utf8(file, head, whole=whole):
        return "utf-8"  # with or without a byte order mark, pandas takes both
    return "latin-1"


def _is_utf8(file: Path, head: bytes, *, whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if not whole:
            decoder.decode(head)
            return True
        with file.open("rb") as opened:
            left = ENCODING_BYTES
            while left > 0 and (chunk := opened.read(2**20)):
                decoder.decode(chunk)
                left -= len(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(lines: Sequence[str], kind: str) -> str:
    """The delimiter that cuts nearly all lines into as many fields as the first, the more the better.

    The standard library's sniffer takes letters for delimiters in prose and in single columns, so its
    reader is asked for each candidate instead.
    """
    if kind in {".tsv", ".tab"} and "\t" in lines[0]:
        return "\t"
    best, fields = ",", 1
    for candidate in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:_ROWS], delimiter=candidate) if row]
        if not widths or widths[0] <= fields:
            continue
        if sum(width == widths[0] for width in widths) >= 0.9 * len(widths):
            best, fields = candidate, widths[0]
    return best


def _decimal(rows: Sequence[Sequence[str]]) -> list[str]:
    """`decimal=","` where a column of numbers has it; also the thousands' points."""
    points = False
    found = False
    for column in zip(*(row for row in rows if row), strict=False):
        values = [value.strip() for value in column if value.strip()]
        commas = [value for value in values if _DECIMAL_COMMA.fullmatch(value)]
        if commas and all(_DECIMAL_COMMA.fullmatch(value) or _INTEGER.fullmatch(value) for value in values):
            found = True
            points = points or any("." in value for value in commas)
    return ['decimal=","', *(['thousands="."'] if points else [])] if found else []


def _escaped(delimiter: str) -> str:
    return '"\\t"' if delimiter == "\t" else f'"{delimiter}"'
