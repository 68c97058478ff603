"""The egress levels in order, and in words.

A level says how much of the data a provider may see. What each level shows of a table or of a cell is
decided in `table_text` and `execution_text`; this file only compares levels and describes them to people.
"""

from typing import get_args

from ...types.runs import EgressLevel

_ORDER: tuple[EgressLevel, ...] = get_args(EgressLevel)

_WORDS: dict[EgressLevel, str] = {
    "names": "your question, the code, and the names of tables and columns. No types, figures or values",
    "schema": "your question, the code, and the names, types and sizes of tables and columns. No values",
    "statistics": (
        "your question, the code, names, types and sizes, summary statistics of numeric columns, and labels "
        "that at least five rows share. No single rows, no other text, no printed output"
    ),
    "masked": (
        "your question, the code, summary statistics, and a few sample rows whose text is masked "
        "and whose numbers are rounded"
    ),
    "rows": "your question, the code, sample rows and the outputs of cells as they are",
}


def allows(level: EgressLevel, needed: EgressLevel) -> bool:
    """Whether what needs the level `needed` may leave at `level`."""
    return _ORDER.index(level) >= _ORDER.index(needed)


def describe(level: EgressLevel) -> str:
    """One sentence for the notice before the first use of a provider: what will leave."""
    return f"The model's provider will see {_WORDS[level]}."
