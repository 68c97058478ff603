"""References that stand for figures in an answer, such as `{{c1[0].area|,.2f}}`.

Whoever shows the answer fills them from the cell's result. Names that a reference cannot carry safely give
`None`; the wording then falls back to showing the whole table.
"""

import keyword

from ...types.results import Leaf

Label = Leaf | tuple[Leaf, ...]


def whole(label: str, form: str = "") -> str:
    """The cell's value: a figure, or with `table` all of it."""
    return f"{{{{{label}{f'|{form}' if form else ''}}}}}"


def rows(label: str) -> str:
    """How many rows the cell's value has."""
    return whole(f"{label}.$rows")


def table(label: str, length: int, most: int = 20) -> str:
    """The cell's value as a table of all its rows, or of the first `most` with a word on the rest."""
    if length <= most:
        return whole(label, f"table:{max(length, 1)}")
    shown = whole(label, f"table:{most}")
    return f"{shown}\n\nThese are the first {most} of {rows(label)}; the cell has them all."


def entry(label: str, name: Label, form: str = "") -> str | None:
    """The value under a label of a series or a key of a dictionary."""
    step = _step(name)
    return None if step is None else whole(f"{label}{step}", form)


def value_at(label: str, row: int, column: str, form: str = "") -> str | None:
    """The value of a column in a row, counted from 0."""
    step = _step(column)
    return None if step is None else whole(f"{label}[{row}]{step}", form)


def label_at(label: str, position: int, form: str = "") -> str:
    """The index label at a position."""
    return whole(f"{label}.index[{position}]", form)


def _step(name: Label) -> str | None:
    if (
        isinstance(name, str)
        and name.isidentifier()
        and name.isascii()
        and not keyword.iskeyword(name)
        and name != "index"
    ):
        return f".{name}"
    quoted = _quoted(name)
    return None if quoted is None else f"[{quoted}]"


def _quoted(name: Label) -> str | None:
    match name:
        case bool() | None | float():
            return None
        case int():
            return str(name)
        case str():
            return None if not name.isprintable() or set(name) & set("'\"\\{}|[]`") else f"'{name}'"
        case tuple():
            parts = [_quoted(part) for part in name]
            return None if None in parts else ",".join(part for part in parts if part is not None)


def number_form(value: Leaf) -> str:
    """The format for a figure: two decimals for what is not whole, four digits for what is small."""
    if not isinstance(value, float) or isinstance(value, bool):
        return ""
    return ",.2f" if abs(value) >= 1 or value == 0 else ".4g"
