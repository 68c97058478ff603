"""Which files safe code may read: data files inside the notebook's folder, named in the code.

Paths are judged by their text; nothing on the disk is looked at, so a symbolic link that leads out of
the folder is not seen.
"""

import re
from pathlib import PurePath

from .wordlists import under, word_set

READERS = (
    under(
        "pandas",
        """
        read_csv read_excel read_feather read_fwf read_json read_orc read_parquet read_sas read_spss
        read_stata read_table
    """,
    )
    | under(
        "polars",
        """
        read_csv read_excel read_ipc read_json read_ndjson read_ods read_parquet scan_csv scan_ipc
        scan_ndjson scan_parquet
    """,
    )
    | under("numpy", "genfromtxt load loadtxt")
)
"""Functions whose first argument is the file they read."""
FILE_KEYWORDS = frozenset({"filepath_or_buffer", "io", "path", "path_or_buf", "source", "fname", "file"})
_SUFFIXES = word_set("""
    .csv .tsv .txt .tab .dat .json .jsonl .ndjson .xlsx .xls .xlsm .xlsb .ods .parquet .pq .feather .arrow
    .ipc .orc .dta .sav .zsav .sas7bdat .xpt .npy
""")
_PACKED = frozenset({".gz", ".bz2", ".zip", ".xz", ".zst"})


def objection(text: str, folder: PurePath | None) -> str | None:
    """Why safe code may not read the file that `text` names, in words, or `None` when it may.

    `folder` is the notebook's folder; without it only relative paths are accepted.
    """
    if re.match(r"[a-zA-Z][\w+.-]+:", text) or text.startswith(("//", "\\\\")):
        return f"reads `{text}` from the network"
    if not text or "\0" in text or "\n" in text:
        return f"reads {text[:40]!r}, which does not name a file"
    path = PurePath(text.replace("\\", "/"))
    if text.startswith("~") or ".." in path.parts or re.match(r"[a-zA-Z]:", text):
        return f"reads `{text}`, which may be outside the notebook's folder"
    if path.is_absolute():
        if folder is None or not path.is_relative_to(folder):
            return f"reads `{text}`, which is outside the notebook's folder"
        path = path.relative_to(folder)
    if any(part.startswith(".") for part in path.parts):
        return f"reads the hidden file `{text}`"
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    if not suffixes or suffixes[-1] not in _SUFFIXES:
        return f"reads `{text}`, which is not named like a data file"
    return None
