"""Why a cell of the offline analyst failed, in words that say what to do.

Its cells fail for few reasons: a library that the kernel lacks, a column that holds something else than it
seems to, or rows that are too few. Everything else is left to a model.
"""

import re

from .phrases import printable

_PACKAGES = {"sklearn": "scikit-learn"}
_UNREAD = re.compile(r"\d+ of \d+ values of .+ are no (?:numbers|dates)")
_FEW = re.compile(
    r"must (?:have|be|contain).{0,40}(?:at least|length|greater)|not enough|too (?:small|few)|at least \d|"
    r"n_samples=0|zero-size|empty (?:sequence|array)|out[- ]of[- ]bounds|resulting train set|"
    r"at least two samples",
    re.IGNORECASE,
)


def reason(name: str | None, text: str | None) -> str | None:
    """Why there is no answer, by the name and the text of the cell's error; `None` where nobody knows."""
    text = text or ""
    if name == "ModuleNotFoundError" and (missing := re.search(r"'([\w.]+)'", text)):
        library = missing[1].partition(".")[0]
        package = _PACKAGES.get(library, library)
        return (
            f"This needs `{package}`, which this kernel does not have. "
            f"Install it with `%pip install {package}` and ask again."
        )
    if name == "ValueError" and _UNREAD.fullmatch(text):
        return (
            f"No figure is given, because too much would be lost: {printable(text)}. "
            "Look at these values first, or say that they are to be left out."
        )
    if name == "KeyError" and text == "'const'":
        return "One of the columns has the same value in every row, so there is no line to fit."
    if name in ("ValueError", "IndexError", "TypeError") and _FEW.search(text):
        return "There are too few values to compute this. The cell shows which rows were left."
    return None
