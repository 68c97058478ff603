"""Data files beside a notebook: which there are, which one a question means, and the sample among them.

Only names, dates and first lines are looked at. Loading is `files`' work.
"""

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

from ..errors import BadRequest
from .files import READERS
from .text import DELIMITED, DELIMITERS

MOST = 50
"""Files that are listed."""
SAMPLE = "housing.csv"
SAMPLE_STARTERS = (
    "List top 10 houses by area",
    "Average price by furnishingstatus",
    "Histogram of price",
    "Which column correlates most with price?",
)
"""A lookup, a comparison, a chart and a statistic about the sample."""

_OTHER_NAME = "housing_sample.csv"
_HEAD = 8 * 2**10
_HOUSES = frozenset({"house", "housing"})
_LITTLE = frozenset(
    {"and", "all", "are", "for", "from", "how", "list", "many", "show", "the", "top", "what", "which", "with"}
)
"""Words that say nothing of which data is meant."""


def files_beside(folder: Path) -> tuple[Path, ...]:
    """The data files of a folder, newest first; none where the folder cannot be listed."""
    found: list[Path] = []
    for file in _newest_first(folder):
        if _holds_data(file):
            found.append(file)
        if len(found) == MOST:
            break
    return tuple(found)


def fitting(question: str, files: Sequence[Path]) -> Path | None:
    """The one file that a question can mean: by its name, by its columns, or because it is the only one.

    None when it cannot be told, and when the only file has nothing of a question about the sample.
    """
    asked = _words(question)
    scores = {file: score for file in files if any(score := _score(file, asked))}
    if scores:
        best = max(scores.values())
        fits = [file for file, score in scores.items() if score == best]
        return fits[0] if len(fits) == 1 else None
    return files[0] if len(files) == 1 and not is_about_sample(question) else None


def names_a_file(question: str) -> bool:
    """Whether there is a data file's name in a question, ending included; no folder is looked at."""
    return any(_is_data_name(word) for word in re.findall(r"\w\.[\w.]*\w", question))


def named(question: str, files: Sequence[Path]) -> Path | None:
    """The one file whose whole name, ending included, is in the question."""
    said = [file for file in files if re.search(_whole(file.name), question, re.IGNORECASE)]
    return said[0] if len(said) == 1 else None


def sample_beside(folder: Path) -> Path:
    """The sample in this folder, put there if it is missing. A file of another content is never overwritten.

    Raises `BadRequest` where it cannot be put there.
    """
    text = _bundled()
    for name in (SAMPLE, _OTHER_NAME):
        file = folder / name
        try:
            with file.open("xb") as opened:
                opened.write(text)
        except FileExistsError:
            if not is_sample(file):
                continue
        except OSError as error:
            raise BadRequest(f"The sample cannot be put into {folder}: {error.strerror}.") from error
        return file
    raise BadRequest(f"{folder} has other files named {SAMPLE} and {_OTHER_NAME}. Rename one of them.")


def is_sample(file: Path) -> bool:
    """Whether a file is our sample, unchanged."""
    text = _bundled()
    try:
        return file.is_file() and file.stat().st_size == len(text) and file.read_bytes() == text
    except OSError:  # one that cannot be read is none
        return False


def is_about_sample(question: str) -> bool:
    """Whether a question is about houses, or names at least two columns of the sample."""
    asked = _words(question)
    pairs = {first + second for first, second in pairwise(asked)}
    header = _bundled().split(b"\n", 1)[0].decode()
    columns = {_stem(column) for column in header.strip().split(",")}
    return bool(_HOUSES.intersection(asked)) or len(columns & ({*asked} | pairs)) >= 2


def _newest_first(folder: Path) -> Iterator[Path]:
    """The files whose names say that they are data."""
    try:
        with os.scandir(folder) as entries:
            named = [entry for entry in entries if _is_data_name(entry.name)]
            found = [(entry.stat(), entry) for entry in named if entry.is_file()]
    except OSError:  # gone, or closed to us: then there is nothing to offer
        return
    found.sort(key=lambda pair: (-pair[0].st_mtime_ns, pair[1].name))
    yield from (Path(entry.path) for stat, entry in found if stat.st_size > 0)


def _whole(name: str) -> str:
    """A pattern for a file's name that is no part of another's."""
    return rf"(?<![\w.-]){re.escape(name)}(?!\w|\.\w)"


def _is_data_name(name: str) -> bool:
    # Programs keep a hidden or `~$` file beside one that is open.
    return not name.startswith((".", "~$")) and _kind(name) in READERS


def _kind(name: str) -> str:
    """The extension that says the format."""
    suffix = Path(name.lower()).suffix
    return Path(name.lower().removesuffix(".gz")).suffix if suffix == ".gz" else suffix


def _holds_data(file: Path) -> bool:
    """Whether a text of any kind (notes, settings) is a table."""
    kind = _kind(file.name)
    if kind not in (".txt", ".json") or file.suffix.lower() == ".gz":
        return True
    lines = [line for line in _head(file).splitlines() if line.strip()]
    if kind == ".json":
        # A list of records, or one record a line; a single object is mostly settings.
        return bool(lines) and (lines[0].lstrip().startswith("[") or _are_records(lines[:2]))
    return any(_cuts(sign, lines[:3]) for sign in DELIMITERS)


def _are_records(lines: Sequence[str]) -> bool:
    return len(lines) == 2 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines)


def _cuts(sign: str, lines: Sequence[str]) -> bool:
    """Whether the sign cuts all lines into the same number of fields."""
    counts = {line.count(sign) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and counts != {0}


def _score(file: Path, asked: Sequence[str]) -> tuple[bool, int]:
    """Whether the question names the file, and how many of its words are words of the first line."""
    name = _words(file.name.split(".")[0])
    is_named = bool(name) and any(list(asked[at : at + len(name)]) == name for at in range(len(asked)))
    kind = _kind(file.name)
    if kind not in DELIMITED or file.suffix.lower() == ".gz":
        return is_named, 0
    telling = {word for word in asked if len(word) > 2 and not word.isdigit()} - _LITTLE
    first, *_ = _head(file).splitlines() or [""]
    return is_named, len(telling & {*_words(first)})


def _head(file: Path) -> str:
    """The beginning of a text file; nothing of one that cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return ""
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def _words(text: str) -> list[str]:
    """Lower-case words without plural endings; names in snake and camel case are cut into theirs."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [_stem(word) for word in re.findall(r"[^\W_]+", apart.lower())]


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _bundled() -> bytes:
    return (resources.files("autoanalyst_ext") / "data" / SAMPLE).read_bytes()
