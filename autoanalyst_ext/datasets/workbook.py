"""The names of a workbook's sheets, read from its table of contents without loading it."""

import re
import zipfile
from html import unescape
from pathlib import Path

from ..errors import DataUnreadable

CONTENTS_BYTES = 2**20
"""Most of the table of contents that is read; a hostile file may claim to be any size."""

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\bname=(?:\"([^\"]*)\"|'([^']*)')")


def sheet_names(file: Path) -> tuple[str, ...]:
    """Names of the sheets in order; empty for the old binary format, whose contents only pandas can read.

    Raises `DataUnreadable` where the workbook is broken.
    """
    with file.open("rb") as opened:
        if opened.read(2) != b"PK":
            return ()
    try:
        with zipfile.ZipFile(file) as archive, archive.open("xl/workbook.xml") as contents:
            text = contents.read(CONTENTS_BYTES)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        # no such part, broken, an unknown compression, encrypted
        raise DataUnreadable(f"{file.name} is not a workbook that can be read.") from None
    found = (double or single for double, single in _SHEET.findall(text))
    return tuple(unescape(name.decode("utf-8", "replace")) for name in found)
