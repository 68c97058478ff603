"""What an ordinary question asks of a frame, as the expression of its answer."""

from collections.abc import Iterable

from ..plan import (
    ChiSquare,
    Clusters,
    Column,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Crosstab,
    Difference,
    Distinct,
    Duplicates,
    ExtremeColumn,
    GroupsTest,
    MissingValues,
    Model,
    Normality,
    OneSample,
    Outliers,
    Plan,
    Regression,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    StrongestPair,
    Summary,
    SumShare,
    TopRows,
    TwoSamples,
    ValueCounts,
)
from .conditions import mask
from .correlations import correlation, correlation_by, correlations
from .draft import Draft
from .hypotheses import hypothesis_part
from .layout import call
from .literals import column_key
from .measures import aggregation, of_values
from .models import clusters_part, coefficients, model_part, regression_part
from .outliers import outside
from .rows import rows, top_rows
from .statistics import dictionary, grouped, statistics

HYPOTHESES = (Normality, TwoSamples, OneSample, GroupsTest, ChiSquare)


def links(plan: Plan, frame: str, whole: str, draft: Draft) -> list[str]:
    """The links of the chain that answers the plan's question about a frame; lines before it are written.

    `whole` is the frame before the plan's condition: what statistics in conditions are of.
    """
    match plan.ask:
        case Statistics(measures=measures):
            # pandas calls the sum of no values 0, which is not what was measured
            empty = plan.where is not None if not plan.by else draft.gaps
            return statistics(measures, plan.by, frame, draft, "min_count=1" if empty else "")
        case RowCount() if plan.by:
            return [grouped(frame, plan.by), ".size()", '.rename("rows")']
        case TopRows():
            return [top_rows(plan.ask, plan.by, frame, draft)]
        case Share(of=condition):
            return [_share(plan, mask(condition, frame, draft, whole), frame, draft)]
        case SumShare():
            return [_sum_share(plan.ask, plan, frame, whole, draft)]
        case Correlation() if plan.by:
            return [correlation_by(plan.ask, plan, frame)]
        case _:
            return [_expression(plan, frame, whole, draft)]


def _expression(plan: Plan, frame: str, whole: str, draft: Draft) -> str:
    match plan.ask:
        case Rows():
            return rows(plan.ask, frame)
        case RowCount():
            return f"len({frame})"
        case Distinct(column=column, counted=counted):
            return _distinct(column, counted, plan, frame)
        case ValueCounts(column=column, share=share):
            chosen = f"{frame}[{column_key(column)}]"
            if plan.by:
                chosen = f"{grouped(frame, plan.by)}[{column_key(column)}]"
            return f"{chosen}.value_counts({'normalize=True' if share else ''})"
        case Correlation():
            return correlation(plan.ask, frame, draft)
        case CorrelationMatrix() | CorrelationRanking() | StrongestPair():
            return correlations(plan.ask, frame, draft)
        case MissingValues():
            return _missing(plan.ask, frame, draft)
        case Summary(column=column, numeric=numeric):
            options = "" if numeric else 'include="all"'
            return f"{frame}[{column_key(column)}].describe()" if column else f"{frame}.describe({options})"
        case Size(what=what):
            forms = {
                "columns": f"len({frame}.columns)",
                "both": f'{{"rows": len({frame}), "columns": len({frame}.columns)}}',
                "names": f"{frame}.columns",
                "types": f"{frame}.dtypes.astype(str)",
            }
            return forms[what]
        case _:
            return _comparison(plan, frame, whole, draft)


def _comparison(plan: Plan, frame: str, whole: str, draft: Draft) -> str:
    match plan.ask:
        case Difference(measure=measure, left=left, right=right):
            sides = [
                draft.let(side, of_values(_values(measure.column, rows, frame), measure, draft))
                for side, rows in (
                    ("first", mask(left, frame, draft, whole)),
                    ("second", mask(right, frame, draft, whole)),
                )
            ]
            figures = [("left", sides[0]), ("right", sides[1]), ("difference", f"{sides[0]} - {sides[1]}")]
            return dictionary(figures)
        case Crosstab():
            return _crosstab(plan.ask, frame, draft)
        case Outliers(column=column, rule=rule, counted=counted):
            values = f"{frame}[{column_key(column)}]"
            chosen = draft.let("outliers", f"{frame}[{outside(rule, values, column, draft)}]")
            return (
                dictionary([("outliers", f"len({chosen})"), ("rows", f"{values}.count()")])
                if counted
                else chosen
            )
        case Duplicates(columns=columns):
            subset = f"subset={_list(columns)}" if columns else ""
            return f"{frame}.duplicated({subset}).sum()"
        case ExtremeColumn(columns=columns, function=function, largest=largest):
            chosen = f"{frame}[{_list(columns)}]"
            each = f"{chosen}.iloc[0]" if function == "first" else f"{chosen}.{function}()"
            return f'{each}.sort_values({"ascending=False, " if largest else ""}kind="stable")'
        case _:
            return dictionary(_parts(plan, frame, draft))


def _parts(plan: Plan, frame: str, draft: Draft) -> list[tuple[str, str]]:
    """The parts that an ordinary answer of a test or a model says."""
    ask = plan.ask
    if isinstance(ask, HYPOTHESES):
        shown = HYPOTHESIS_PARTS.get(getattr(ask, "test", ""), HYPOTHESIS_PARTS[ask.kind])
        return [(part, hypothesis_part(ask, part, frame, draft)) for part in shown]
    match ask:
        case Regression():
            parts = [(part, regression_part(ask, part, frame, draft, None)) for part in REGRESSION_PARTS]
            return [*parts, ("coefficients", coefficients(ask, frame, draft))]
        case Model():
            judged = MODEL_PARTS["regression" if _predicts_numbers(ask) else "classes"]
            return [(part, model_part(ask, part, frame, draft, None, 1)) for part in judged]
        case Clusters():
            return [(part, clusters_part(ask, part, frame, draft)) for part in CLUSTER_PARTS]
        case other:
            raise AssertionError(f"no expression for {other}")


HYPOTHESIS_PARTS = {
    "normality": ("statistic", "p_value", "rows"),
    "two_samples": ("statistic", "p_value", "left", "right"),
    "paired_t": ("statistic", "p_value", "rows"),
    "wilcoxon": ("statistic", "p_value", "rows"),
    "one_sample": ("statistic", "p_value", "rows"),
    "groups_test": ("statistic", "p_value", "count"),
    "chi_square": ("statistic", "p_value", "dof", "rows", "smallest"),
}
"""What ordinary answers of tests hold, by the test or its kind."""
REGRESSION_PARTS = ("r_squared", "p_value", "intercept", "rows")
MODEL_PARTS = {
    "regression": ("r_squared", "rmse", "mae", "train_rows", "test_rows"),
    "classes": ("accuracy", "train_rows", "test_rows"),
}
CLUSTER_PARTS = ("sizes", "silhouette", "inertia", "rows")


def _predicts_numbers(ask: Model) -> bool:
    numbers = ask.method.endswith("regressor") or ask.method in ("linear_regression", "ridge", "lasso")
    return numbers and ask.threshold is None


def _values(column: Column, rows: str, frame: str) -> str:
    return f"{frame}.loc[{rows}, {column_key(column)}]"


def _list(columns: Iterable[Column]) -> str:
    return f"[{', '.join(map(column_key, columns))}]"


def _distinct(column: Column, counted: bool, plan: Plan, frame: str) -> str:
    if plan.by:
        return f"{grouped(frame, plan.by)}[{column_key(column)}].{'nunique' if counted else 'unique'}()"
    values = f"{frame}[{column_key(column)}]"
    return f"{values}.nunique()" if counted else f"{values}.dropna().drop_duplicates()"


def _share(plan: Plan, condition: str, frame: str, draft: Draft) -> str:
    matches = draft.let("matches", condition)
    if plan.by:
        keys = ", ".join(f"{frame}[{column_key(column)}]" for column in plan.by)
        groups = keys if len(plan.by) == 1 else f"[{keys}]"
        return f"{matches}.groupby({groups}, observed=True).mean()"
    return f'{{"share": {matches}.mean(), "matching": {matches}.sum(), "rows": {matches}.count()}}'


def _sum_share(ask: SumShare, plan: Plan, frame: str, whole: str, draft: Draft) -> str:
    key = column_key(ask.column)
    if ask.of is None:
        totals = draft.let("totals", f"{grouped(frame, plan.by)}[{key}].sum()")
        return f"{totals} / {totals}.sum()"
    part = draft.let("part", f"{frame}.loc[{mask(ask.of, frame, draft, whole)}, {key}].sum()")
    total = draft.let("total", f"{frame}[{key}].sum()")
    return dictionary([("share", f"{part} / {total}"), ("part", part), ("total", total)])


def _crosstab(ask: Crosstab, frame: str, draft: Draft) -> str:
    rows, columns = column_key(ask.rows), column_key(ask.columns)
    if ask.measure is None:
        pd = draft.module("pandas", "pd")
        sides = {"all": '"all"', "rows": '"index"', "columns": '"columns"'}
        share = f", normalize={sides[ask.share]}" if ask.share else ""
        return f"{pd}.crosstab({frame}[{rows}], {frame}[{columns}]{share})"
    options = [f"index={rows}", f"columns={columns}", f"values={column_key(ask.measure.column)}"]
    options += [f"aggfunc={aggregation(ask.measure, draft)}", "observed=True"]
    return call(f"{frame}.pivot_table", options, len("by = ") + len(rows) + len(columns))


def _missing(ask: MissingValues, frame: str, draft: Draft) -> str:
    if ask.column is not None:
        return f"{frame}[{column_key(ask.column)}].isna().{'mean' if ask.share else 'sum'}()"
    chosen = f'{frame}.select_dtypes(["object", "string"])' if ask.text_only else frame
    match ask.scope:
        case "total":
            both = f"{chosen}.isna()"
            return f"{both}.sum().sum() / {chosen}.size" if ask.share else f"{both}.sum().sum()"
        case "rows":
            return f"{chosen}.isna().any(axis=1).{'mean' if ask.share else 'sum'}()"
        case "affected":
            counts = draft.let("missing_by_column", f"{chosen}.isna().{'mean' if ask.share else 'sum'}()")
            return f"{counts}[{counts} > 0]"
        case _:
            return f"{chosen}.isna().{'mean' if ask.share else 'sum'}()"
