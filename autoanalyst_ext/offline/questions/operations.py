"""Short orders that prepare a column: `fill missing wait with the median`, `scale rpm`, `encode shop`.

The prepared table is shown, or the figure that is asked of it (`... and give me the mean`). The user's table
stays as it is.
"""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import (
    Bin,
    Binned,
    Derive,
    Encode,
    FillMissing,
    Of,
    Plan,
    Question,
    Scale,
    Statistics,
    Step,
    Table,
    ValueCounts,
)
from ..plan.measures import Column
from ..words.item import Item, codes
from ..words.schema import Schema, is_numeric, yes_and_no
from .conditions import column_of
from .grammar import UnfitError, measure, numeric

_ORDER = re.compile(r"\+[ywUW]*C(?:[HWB]*[SNzZ])?i?(?:A*[SZ][WU]*C?|A*n)?")
"""What is done, to which column, with what; and what is asked of it then."""
MOST_BINS = 50


def operation_plan(items: Sequence[Item], schema: Schema) -> Plan | None:
    """The plan of an order; `None` for all other questions."""
    kept = [item for item in items if item.code != "_" and item.text != ","]
    letters = codes(kept)
    if "+" not in letters or not _ORDER.fullmatch(letters.replace("Y", "C")):
        return None
    columns = list(dict.fromkeys(item.column for item in kept if item.code in "CY" and item.column))
    if len(columns) != 1:
        return None
    column, at = columns[0], next(i for i, item in enumerate(kept) if item.code in "CY")
    rest = [item for item in kept[at + 1 :] if item.code in "SZNzni"]
    word = kept[letters.index("+")]
    match word.value:
        case "fill":
            return _filled(column, rest, schema)
        case "minmax" | "zscore" | "robust":
            scaled = Scale.model_validate({"columns": (column_of(numeric(column)),), "method": word.value})
            return _asked(scaled, column, rest, schema)
        case "bin":
            return _binned(column, rest, schema)
        case "one_hot" | "codes" if not rest:
            step = Encode.model_validate({"column": column_of(column), "method": word.value})
            return Plan(table=schema.table.name, steps=(step,), ask=Table())
        case "scale":
            raise UnfitError("to 0 to 1 (“min max scale”) or to z-scores (“standardise”)?")
        case _:
            return None


def _filled(column: ColumnProfile, rest: Sequence[Item], schema: Schema) -> Plan | None:
    if not rest or column.nulls == 0:
        raise UnfitError(
            f"`{column.name}` misses no value"
            if column.nulls == 0
            else "fill with what? Say for example the median"
        )
    how, after = rest[0], rest[1:]
    options: dict[str, object] = {"method": how.value}
    if how.code == "N":
        options = {"method": "constant", "value": how.number}
    elif how.code == "z" and how.value == "largest":
        options = {"method": "mode"}
    elif how.value not in ("mean", "median"):
        return None
    if options["method"] != "mode":
        numeric(column)
    step = FillMissing.model_validate({"column": column_of(column), **options})
    return _asked(step, column, after, schema)


def _asked(step: Step, column: ColumnProfile, rest: Sequence[Item], schema: Schema) -> Plan | None:
    """The prepared table, or one figure of its column."""
    ask: Question = Table(columns=(column_of(column),))
    if rest:
        if len(rest) != 1 or rest[0].code not in "SZ" or rest[0].value == "range":
            return None
        ask = Statistics(measures=(measure(rest[0].value, column),))
    return Plan(table=schema.table.name, steps=(step,), ask=ask)


def _binned(column: ColumnProfile, rest: Sequence[Item], schema: Schema) -> Plan | None:
    """Intervals of equal width from the smallest to the largest value, and how many rows each has."""
    counts = [item.number for item in rest if item.code == "N"]
    low, high = column.minimum, column.maximum
    if len(counts) != 1 or not is_numeric(column) or yes_and_no(column) is not None:
        return None
    count = counts[0]
    if not isinstance(count, int) or not 2 <= count <= MOST_BINS or schema.table.sampled:
        return None
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        return None
    edges = [_tidy(low + (high - low) * at / count) for at in range(count + 1)]
    bins = tuple(
        Bin(
            label=f"{edges[at]:g} to {edges[at + 1]:g}",
            low=edges[at],
            high=edges[at + 1],
            low_included=at == 0,
            high_included=True,
        )
        for at in range(count)
    )
    name = f"{column.name}_bin"
    made = Derive(name=name, value=Binned(of=Of(column=column_of(column)), bins=bins))
    return Plan(table=schema.table.name, steps=(made,), ask=ValueCounts(column=Column(name=name)))


def _tidy(edge: float) -> float:
    """An edge without the noise of its computation."""
    return float(f"{edge:.12g}")
