"""One or more statistics, of all rows or of each group, as one expression."""

from collections.abc import Iterable, Sequence

from ..plan import Column, Measure
from .draft import Draft
from .layout import call
from .literals import column_key, column_keys, literal
from .measures import aggregation, method, of_groups, of_values
from .naming import measure_keys

_PLAIN = frozenset({"mean", "median", "sum", "min", "max", "std", "var", "count", "nunique", "sem", "skew"})


def grouped(frame: str, by: Sequence[Column]) -> str:
    """The call that groups a frame; only groups that occur, also of categorical columns."""
    return f"{frame}.groupby({column_keys(by)}, observed=True)"


def statistics(
    measures: Sequence[Measure], by: Sequence[Column], frame: str, draft: Draft, summing: str
) -> list[str]:
    """The links of the chain that computes the statistics; `summing` is what sums are told."""
    if len(measures) == 1:
        column = f"[{column_key(measures[0].column)}]"
        if by:
            return [f"{grouped(frame, by)}{column}", of_groups(measures[0], draft, summing)]
        return [of_values(f"{frame}{column}", measures[0], draft, summing)]
    if all(_is_plain(measure) for measure in measures):
        links = _alike(measures, grouped(frame, by) if by else frame, summing)
        if links:
            return links
    keys = measure_keys(measures)
    if by:
        arguments = [
            f"{key}=({column_key(measure.column)}, {aggregation(measure, draft)})"
            for key, measure in zip(keys, measures, strict=True)
        ]
        return [call(f"{grouped(frame, by)}.agg", arguments, before=40)]
    figures = [
        of_values(f"{frame}[{column_key(measure.column)}]", measure, draft, summing) for measure in measures
    ]
    return [dictionary(zip(keys, figures, strict=True))]


def _alike(measures: Sequence[Measure], rows: str, summing: str) -> list[str]:
    """Several statistics of one column, or one of several columns; nothing where both differ."""
    columns = list(dict.fromkeys(measure.column for measure in measures))
    functions = list(dict.fromkeys(measure.function for measure in measures))
    if len(columns) == 1:
        return [f"{rows}[{column_key(columns[0])}]", f".agg([{', '.join(map(literal, functions))}])"]
    if len(functions) == 1:
        return [f"{rows}[[{', '.join(map(column_key, columns))}]]", method(measures[0], summing)]
    return []


def _is_plain(measure: Measure) -> bool:
    return measure.function in _PLAIN and measure.ddof == 1 and not measure.biased


def dictionary(pairs: Iterable[tuple[str, str]]) -> str:
    """A dictionary: on one line where it fits, else with a key a line."""
    items = [f"{literal(key)}: {value}" for key, value in pairs]
    line = f"{{{', '.join(items)}}}"
    return (
        line
        if len(line) <= 70 and "\n" not in line
        else "\n".join(["{", *(f"    {item}," for item in items), "}"])
    )
