"""A data file becomes an ordinary *loading cell*: the line of pandas that a careful analyst would write.

The file is looked at, never loaded: its name, its first bytes, for text its delimiter, encoding,
decimal sign, codes and dates. Only what pandas would get wrong by itself goes into the code. Running
the cell, and tables that come from elsewhere, are others' work.
"""

import builtins
import difflib
import gzip
import json
import keyword
import os
import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

from ..errors import BadRequest, DataUnreadable
from ..types.value import Value
from .text import DELIMITED, text_arguments
from .workbook import sheet_names

HEAD_BYTES = 64 * 2**10
"""How much of a file its shape is judged by."""
LEVELS_UP = 2
"""A path in the code may climb this many folders; beyond, it is absolute."""
NAME_LENGTH = 40
"""Most characters of a variable that is named after a file."""

READERS = {
    **dict.fromkeys(DELIMITED, "read_csv"),
    ".xlsx": "read_excel",
    ".xlsm": "read_excel",
    ".xls": "read_excel",
    ".parquet": "read_parquet",
    ".pq": "read_parquet",
    ".feather": "read_feather",
    ".arrow": "read_feather",
    ".json": "read_json",
    ".jsonl": "read_json",
    ".ndjson": "read_json",
}

NEEDS = {
    "read_parquet": "pyarrow",
    "read_feather": "pyarrow",
    "read_excel": "openpyxl",
}
"""What pandas needs besides itself."""

LINE_LENGTH = 100
"""Where a call gets longer, each argument has its own line."""

MAGIC = {
    "read_parquet": (b"PAR1",),
    "read_feather": (b"ARROW1", b"FEA1"),
    "read_excel": (b"PK", b"\xd0\xcf\x11\xe0"),
}
"""How such files begin."""

RESERVED = (
    frozenset(dir(builtins))
    | frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | sys.stdlib_module_names
    | {
        "pd",
        "np",
        "pandas",
        "numpy",
        "px",
        "go",
        "plotly",
        "plt",
        "sns",
        "pl",
        "pa",
        "sklearn",
        "scipy",
        "display",
    }
)
"""Names that a table must not take: code means something else by them."""


class LoadingCell(Value):
    """A cell that loads one file."""

    name: str
    """The variable."""
    source: str
    """The cell's code, complete with its import."""
    path: str
    """The file, absolute."""
    note: str = ""
    """What was left out, as sentences for the user; empty where everything was loaded."""


def loading_cell(
    path: str | Path,
    *,
    folder: str | Path,
    name: str | None = None,
    taken: Collection[str] = (),
    sheet: str | None = None,
) -> LoadingCell:
    """The cell that loads `path` in a notebook of `folder` as `name`, or as a name made from the file's.

    `taken` are names in use already. Relative paths start at `folder`. Raises `DataUnreadable` with a
    way out, and `BadRequest` when `name` cannot be a variable or is taken.
    """
    home = Path(folder).resolve()
    file = _checked(home / Path(path).expanduser())
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise BadRequest(f"{name!r} cannot be the name of a table. Use letters, digits and underscores.")
    if name is not None and name in taken:
        raise BadRequest(f"There is already a {name!r}. Give {file.name} another name.")
    variable = name or variable_name(file.name, taken)
    kind, compressed = _kind(file)
    if kind not in READERS:
        raise DataUnreadable(f"{file.name} is of a kind that cannot be read. {_readable()}")
    arguments, comments, note = _arguments(file, kind, compressed, sheet)
    call = _call(f"{variable} = pd.{READERS[kind]}", [_quoted(_written(file, home)), *arguments])
    source = f"import pandas as pd\n\n{comments}{call}"
    return LoadingCell(name=variable, source=source, path=str(file), note=note)


def variable_name(file_name: str, taken: Collection[str] = ()) -> str:
    """A variable for a file: lower snake case, meaning nothing else, not in `taken`.

    >>> variable_name("My Data (1).csv"), variable_name("class.csv"), variable_name("1abc.csv.gz")
    ('my_data_1', 'class_data', 'data_1abc')
    """
    kind, compressed = _kind(Path(file_name))
    stem = file_name[: len(file_name) - len(kind) - len(compressed)]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", stem)).lower()
    name = re.sub(r"_+", "_", "".join(char if f"a{char}".isidentifier() else "_" for char in words)).strip(
        "_"
    )
    if not name or not name.isidentifier():
        name = f"data_{name}".strip("_")
    name = name[:NAME_LENGTH].rstrip("_")
    if name in RESERVED:
        name = f"{name}_data"
    number, unique = 2, name
    while unique in taken:
        number, unique = number + 1, f"{name}_{number}"
    return unique


def _checked(file: Path) -> Path:
    """The absolute path of a file that can be read and holds something."""
    try:
        file = file.resolve()
        if file.is_dir():
            inside = ", ".join(sorted(each.name for each in file.iterdir() if _kind(each)[0] in READERS)[:5])
            raise DataUnreadable(f"{file} is a folder." + (f" Data files in it: {inside}." if inside else ""))
        if not file.exists():
            raise DataUnreadable(f"There is no file {file}.{_near(file)}")
        if not file.is_file():
            raise DataUnreadable(f"{file} is not a file that can be read from start to end.")
        if file.stat().st_size == 0:
            raise DataUnreadable(f"{file} is empty.")
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _unreadable(file, error) from None
    return file


def _near(file: Path) -> str:
    """Files of similar name in the folder, else its data files, as a sentence."""
    if not file.parent.is_dir():
        return f" There is no folder {file.parent} either."
    names = sorted(each.name for each in file.parent.iterdir() if each.is_file())
    folded = {each.casefold(): each for each in names}
    close = [folded[each] for each in difflib.get_close_matches(file.name.casefold(), folded, n=3)]
    if close:
        return f" Did you mean {' or '.join(close)}?"
    data = [each for each in names if _kind(Path(each))[0] in READERS][:5]
    return f" Data files there: {', '.join(data)}." if data else ""


def _kind(file: Path) -> tuple[str, str]:
    """The extension that says the format, and that of the compression (empty where there is none)."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        inner = suffixes[-2] if len(suffixes) > 1 else ""
        return (inner, ".gz") if inner in READERS else ("", ".gz")
    return (suffixes[-1], "") if suffixes else ("", "")


def _arguments(file: Path, kind: str, compressed: str, sheet: str | None) -> tuple[list[str], str, str]:
    """What pandas must be told besides the path, comment lines above the code, and the cell's note."""
    reader = READERS[kind]
    try:
        with gzip.open(file) if compressed else file.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
        if not head:
            raise DataUnreadable(f"{file} is empty.")
        if reader in MAGIC and not head.startswith(MAGIC[reader]):
            raise DataUnreadable(f"{file.name} is named {kind} but does not hold such data.")
        if reader == "read_excel":
            return _sheet_argument(file, kind, sheet)
        if reader == "read_csv":
            return *text_arguments(file, head, kind, whole=not compressed), ""
    except (OSError, EOFError) as error:  # also a broken gzip file
        raise _unreadable(file, error) from None
    if reader == "read_json":
        return (["lines=True"] if kind != ".json" or _holds_lines(head) else []), "", ""
    return [], f"# needs {NEEDS[reader]}\n", ""


def _holds_lines(head: bytes) -> bool:
    """Whether a JSON file holds one object per line."""
    lines = [line for line in head.splitlines()[:2] if line.strip()]
    if len(lines) < 2 or not all(line.strip().startswith(b"{") for line in lines):
        return False
    try:
        json.loads(lines[0])
    except ValueError:
        return False
    return True


def _sheet_argument(file: Path, kind: str, sheet: str | None) -> tuple[list[str], str, str]:
    names = sheet_names(file)
    if sheet is not None and names and sheet not in names:
        raise DataUnreadable(f"{file.name} has no sheet {sheet!r}. Its sheets: {', '.join(names)}.")
    comments = f"# needs {'xlrd' if kind == '.xls' and not names else NEEDS['read_excel']}\n"
    note = ""
    if others := [name for name in names if name != (sheet or names[0])]:
        comments = f"# Other sheets: {', '.join(map(_quoted, others))}\n{comments}"
        loaded = f"The first, {names[0]}," if sheet is None else sheet
        note = f"{file.name} has more sheets: {', '.join(others)}. {loaded} was loaded."
    return ([f"sheet_name={_quoted(sheet)}"] if sheet is not None else []), comments, note


def _call(function: str, arguments: Sequence[str]) -> str:
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= LINE_LENGTH or len(arguments) == 1:
        return line
    return f"{function}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _written(file: Path, home: Path) -> str:
    """The path as the code has it: relative where it is near the notebook."""
    try:
        relative = Path(os.path.relpath(file, home))
    except ValueError:  # another drive
        return str(file)
    return relative.as_posix() if relative.parts.count(os.pardir) <= LEVELS_UP else str(file)


def _quoted(text: str) -> str:
    """A Python literal in double quotes; characters that UTF-8 cannot hold are escaped."""
    lone = any("\ud800" <= char <= "\udfff" for char in text)
    return json.dumps(text, ensure_ascii=lone)


def _unreadable(file: Path, error: Exception) -> DataUnreadable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return DataUnreadable(f"{file} cannot be read: {reason}.")


def _readable() -> str:
    return f"Readable are {', '.join(sorted(READERS))}, and text also as .gz."
