"""Correlations as pandas and scipy code: of two columns, by groups, of all pairs."""

from collections.abc import Sequence

from ..plan import Column, Correlation, CorrelationMatrix, CorrelationRanking, Plan, StrongestPair
from .draft import Draft
from .layout import call
from .literals import column_key, column_keys
from .statistics import dictionary, grouped

_TESTS = {"pearson": "pearsonr", "spearman": "spearmanr", "kendall": "kendalltau"}


def correlation_part(finding: Correlation, part: str, frame: str, draft: Draft, *, tested: bool) -> str:
    """The expression of a part of a correlation: r, its p-value, or how many rows it is of.

    `tested`: whether the p-value is wanted too, so that both come from one test.
    """
    if part in ("r", "value") and not tested:
        method = "" if finding.method == "pearson" else f', method="{finding.method}"'
        left, right = (f"{frame}[{column_key(column)}]" for column in (finding.left, finding.right))
        return f"{left}.corr({right}{method})"
    both = pairs(finding.left, finding.right, frame, draft)
    if part == "rows":
        return f"len({both})"
    names = draft.once((finding, frame), lambda: _correlated(finding, both, draft))
    return names["p_value" if part == "p_value" else "r"]


def _correlated(finding: Correlation, pairs: str, draft: Draft) -> dict[str, str]:
    r, p_value = draft.names.new("r"), draft.names.new("p_value")
    columns = [f"{pairs}[{column_key(column)}]" for column in (finding.left, finding.right)]
    function = f"{draft.stats()}.{_TESTS[finding.method]}"
    draft.add(f"{r}, {p_value} = {call(function, columns, len(r) + len(p_value) + 5)}")
    return {"r": r, "p_value": p_value}


def pairs(left: Column, right: Column, frame: str, draft: Draft) -> str:
    """The rows that have both values."""
    keys = f"[{column_key(left)}, {column_key(right)}]"
    return draft.shared("pairs", f"{frame}[{keys}].dropna()")


def correlation(ask: Correlation, frame: str, draft: Draft) -> str:
    """The expression of a correlation; where it is tested, with its p-value and the number of rows."""
    if not ask.tested:
        return correlation_part(ask, "r", frame, draft, tested=False)
    parts = ("r", "p_value", "rows")
    return dictionary([(part, correlation_part(ask, part, frame, draft, tested=True)) for part in parts])


def correlation_by(ask: Correlation, plan: Plan, frame: str) -> str:
    """The expression of a correlation in each group of the plan."""
    method = "" if ask.method == "pearson" else f', method="{ask.method}"'
    pair = f"rows[{column_key(ask.left)}].corr(rows[{column_key(ask.right)}]{method})"
    columns = _list(list(dict.fromkeys([ask.left, ask.right])))
    return f"{grouped(frame, plan.by)}[{columns}].apply(lambda rows: {pair})"


def correlations(
    ask: CorrelationMatrix | CorrelationRanking | StrongestPair, frame: str, draft: Draft
) -> str:
    """The expression of the correlations of several pairs of columns."""
    method = "" if ask.method == "pearson" else f'method="{ask.method}"'
    if isinstance(ask, CorrelationRanking):
        return _ranking(ask, frame, method, draft)
    chosen = f"{frame}[{_list(ask.columns)}]" if ask.columns else f'{frame}.select_dtypes("number")'
    if isinstance(ask, CorrelationMatrix):
        return f"{chosen}.corr({method})"
    return strongest(ask, frame, draft)


def strongest(ask: StrongestPair, frame: str, draft: Draft) -> str:
    """Write the correlations of all pairs; the expression of them, the strongest first."""
    np = draft.module("numpy", "np")
    method = "" if ask.method == "pearson" else f'method="{ask.method}"'
    chosen = f"{frame}[{_list(ask.columns)}]" if ask.columns else f'{frame}.select_dtypes("number")'
    matrix = draft.let("correlations", f"{chosen}.corr({method})")
    lower = f"{np}.tril({np}.ones({matrix}.shape), k=-1) > 0"
    pairs = draft.let("pairs", f"{matrix}.where({lower}).unstack().dropna()")
    if ask.sign == "any":
        return f'{pairs}.sort_values(ascending=False, key=abs, kind="stable")'
    return f'{pairs}.sort_values({"ascending=False, " if ask.sign == "positive" else ""}kind="stable")'


def _ranking(ask: CorrelationRanking, frame: str, method: str, draft: Draft) -> str:
    key, options = column_key(ask.target), f", {method}" if method else ""
    numbers = draft.let("numeric_columns", f'{frame}.select_dtypes("number")')
    others = f"{numbers}.drop(columns={column_keys([ask.target])})"
    pairs = draft.let("correlations", f"{others}.corrwith({numbers}[{key}]{options})")
    order = draft.let("strongest_first", f'{pairs}.abs().sort_values(ascending=False, kind="stable").index')
    return f"{pairs}.loc[{order}]"


def _list(columns: Sequence[Column]) -> str:
    return f"[{', '.join(map(column_key, columns))}]"
