"""Rows of a frame as expressions: some of them, the largest, the largest of each group."""

from collections.abc import Sequence

from ..plan import Column, Rows, TopRows
from .draft import Draft
from .literals import column_key, column_keys


def rows(ask: Rows, frame: str) -> str:
    """Some rows, or all."""
    shown = _shown(ask.columns)
    match ask.part:
        case "first" | "last":
            return f"{frame}.{'head' if ask.part == 'first' else 'tail'}({ask.count}){shown}"
        case "from":
            count = ask.count or 0
            positions = f"[[{ask.start}]]" if count == 1 else f"[{ask.start}:{ask.start + count}]"
            return f"{frame}.iloc{positions}{shown}"
        case "sample":
            return f"{frame}.sample(min({ask.count}, len({frame})), random_state=42){shown}"
        case "all":
            return f"{frame}{shown}"


def top_rows(ask: TopRows, by: Sequence[Column], frame: str, draft: Draft) -> str:
    """The rows with the largest or smallest values; of each group where there are groups."""
    key, shown = column_keys([ask.by]), _shown(ask.columns)
    order = ", ascending=False" if ask.largest else ""
    if ask.count is None:
        return f'{frame}.sort_values({key}{order}, kind="stable"){shown}'
    if by:
        return _of_each_group(ask, by, frame, draft)
    method = "nlargest" if ask.largest else "nsmallest"
    keep = ', keep="all"' if ask.ties else ""
    if ask.place == 1:
        return f"{frame}.{method}({ask.count}, {key}{keep}){shown}"
    places = draft.let("place", f'{frame}[{column_key(ask.by)}].rank(method="dense"{order})')
    if ask.count == 1 and ask.ties:
        return f"{frame}[{places} == {ask.place}]{shown}"
    return f"{frame}[{places} >= {ask.place}].{method}({ask.count}, {key}{keep}){shown}"


def _of_each_group(ask: TopRows, by: Sequence[Column], frame: str, draft: Draft) -> str:
    """The first rows of each group, the groups in their order."""
    shown = _shown(list(dict.fromkeys([*by, *ask.columns]))) if ask.columns else ""
    method = "dense" if ask.place > 1 else "min" if ask.ties else "first"
    order = ", ascending=False" if ask.largest else ""
    groups = f"{frame}.groupby({column_keys(by)}, observed=True)[{column_key(ask.by)}]"
    places = draft.let("place", f'{groups}.rank(method="{method}"{order})')
    first = f"{places} <= {ask.count}"
    if ask.place > 1:
        first = f"{places}.between({ask.place}, {ask.place + (ask.count or 1) - 1})"
    directions = ", ".join(["True"] * len(by) + [str(not ask.largest)])
    keys = column_keys([*by, ask.by])
    return f'{frame}[{first}].sort_values({keys}, ascending=[{directions}], kind="stable"){shown}'


def _shown(columns: Sequence[Column]) -> str:
    return f"[[{', '.join(map(column_key, columns))}]]" if columns else ""
