"""Parts of findings as expressions: what a report's named answers are made of.

The frames that several parts need, filtered rows, tests and models, are written once.
"""

from ..plan import (
    AllOf,
    Clusters,
    Compare,
    Condition,
    Correlation,
    Distinct,
    Duplicates,
    ExtremeColumn,
    MissingValues,
    Model,
    Outliers,
    Pick,
    Plan,
    Regression,
    RowCount,
    Share,
    Statistics,
    StrongestPair,
    SumShare,
    TopRows,
    ValueCounts,
)
from .conditions import mask
from .correlations import correlation_part, strongest
from .draft import Draft
from .findings import HYPOTHESES
from .hypotheses import hypothesis_part
from .literals import column_key
from .models import clusters_part, model_part, regression_part
from .naming import slug
from .outliers import outside
from .rows import top_rows
from .statistics import grouped, statistics
from .steps import Prepared


class Parts:
    """Writes the parts of one plan's findings."""

    def __init__(self, plan: Plan, prepared: Prepared, tested: frozenset[Correlation], draft: Draft) -> None:
        self._plan, self._prepared, self._draft = plan, prepared, draft
        self._tested = tested
        """The correlations whose p-values are wanted somewhere."""

    def expression(self, pick: Pick) -> str:
        """The expression of a part; what it needs is written before."""
        whole = self._prepared.after(pick.steps)
        frame = self._filtered(whole, pick.where)
        if pick.by:
            return self._of_groups(pick, frame, whole)
        finding, part, draft = pick.finding, str(pick.part), self._draft
        if isinstance(finding, HYPOTHESES):
            return hypothesis_part(finding, part, frame, draft)
        match finding:
            case Correlation():
                return correlation_part(finding, part, frame, draft, tested=finding in self._tested)
            case Regression():
                return regression_part(finding, part, frame, draft, pick.column)
            case Model():
                return model_part(finding, part, frame, draft, pick.column, pick.rank)
            case Clusters():
                return clusters_part(finding, part, frame, draft)
            case Outliers():
                return self._outliers(finding, part, frame)
            case TopRows():
                return self._top(finding, part, frame)
            case StrongestPair():
                return self._strongest(finding, part, frame)
            case _:
                return self._plain(pick, frame, whole)

    def _filtered(self, frame: str, where: Condition | None) -> str:
        """The rows of the plan's condition and of the part's."""
        parts = [part for part in (self._plan.where, where) if part is not None]
        if not parts:
            return frame
        condition = parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts))
        rows = f"{frame}[{mask(condition, frame, self._draft)}]"
        wish = _name_of(condition, self._plan.table)
        return self._draft.once((frame, condition), lambda: self._draft.let(wish, rows))

    def _plain(self, pick: Pick, frame: str, whole: str) -> str:
        """Findings of one figure, and those of a value and its name."""
        draft, part = self._draft, pick.part
        match pick.finding:
            case RowCount():
                return f"len({frame})"
            case Statistics(measures=measures):
                return "".join(
                    statistics(measures[:1], (), frame, draft, "min_count=1" if draft.gaps else "")
                )
            case Distinct(column=column):
                values = f"{frame}[{column_key(column)}]"
                listed = part in ("values", "names")
                return f"{values}.dropna().unique().tolist()" if listed else f"{values}.nunique()"
            case ValueCounts(column=column, share=share):
                counts = f"{frame}[{column_key(column)}].value_counts({'normalize=True' if share else ''})"
                return _of_series(draft.shared("counts", counts), pick)
            case Share(of=condition):
                matches = f"({mask(condition, frame, draft, whole)})"
                return f"{matches}.sum()" if part == "count" else f"{matches}.mean()"
            case SumShare(column=column, of=condition):
                assert condition is not None, "the part of a sum needs a condition"
                key = column_key(column)
                rows = mask(condition, frame, draft, whole)
                return f"{frame}.loc[{rows}, {key}].sum() / {frame}[{key}].sum()"
            case MissingValues():
                return self._missing(pick.finding, pick, frame)
            case Duplicates(columns=columns):
                subset = f"subset=[{', '.join(map(column_key, columns))}]" if columns else ""
                return f"{frame}.duplicated({subset}).sum()"
            case ExtremeColumn():
                return self._extreme(pick.finding, part, frame)
            case other:
                raise AssertionError(f"no parts: {other}")

    def _of_groups(self, pick: Pick, frame: str, whole: str) -> str:
        """A part of the figures of groups."""
        draft, groups = self._draft, grouped(frame, pick.by)
        match pick.finding:
            case RowCount():
                links = [groups, ".size()"]
            case Statistics(measures=measures):
                some = "min_count=1" if draft.gaps else ""
                links = statistics(measures[:1], pick.by, frame, draft, some)
            case Distinct(column=column):
                links = [groups, f"[{column_key(column)}].nunique()"]
            case Share(of=condition):
                keys = ", ".join(f"{frame}[{column_key(column)}]" for column in pick.by)
                rows = mask(condition, frame, draft, whole)
                links = [f"({rows})", f".groupby([{keys}], observed=True).mean()"]
            case SumShare(column=column):
                totals = f"{groups}[{column_key(column)}].sum()"
                links = [f"{totals} / {frame}[{column_key(column)}].sum()"]
            case other:
                raise AssertionError(f"no figures of groups: {other}")
        key = (*links, pick.largest)
        if pick.largest is not None and pick.part in ("values", "names"):
            order = "ascending=False, " if pick.largest else ""
            links.append(f'.sort_values({order}kind="stable")')
        wish = "_".join(["figures_by", *(slug(column.name) for column in pick.by)])
        return _of_series(draft.once((*key, len(links)), lambda: draft.let(wish, *links)), pick)

    def _outliers(self, finding: Outliers, part: str, frame: str) -> str:
        draft, key = self._draft, column_key(finding.column)
        values = f"{frame}[{key}]"
        place = ("outside", finding.column, finding.rule, frame)
        rule = draft.once(
            place, lambda: draft.let("is_outlier", outside(finding.rule, values, finding.column, draft))
        )
        if part in ("count", "value"):
            return f"{rule}.sum()"
        if part in ("share", "rest"):
            return f"{rule}.mean()" if part == "share" else f"(~{rule}).sum()"
        if part == "rows":
            return f"{draft.module('numpy', 'np')}.flatnonzero({rule}).tolist()"
        shown = column_key(finding.shown) if part in ("ids", "names") and finding.shown else key
        chosen = f"{frame}.loc[{rule}, {shown}]"
        return f"{chosen}.{_METHODS[part]}()"

    def _top(self, finding: TopRows, part: str, frame: str) -> str:
        """Of the first column that is shown: its value in the first row, or all of them."""
        draft = self._draft
        plain = finding.model_copy(update={"columns": ()})
        found = draft.once((plain, frame), lambda: draft.let("top_rows", top_rows(plain, (), frame, draft)))
        column = finding.columns[0] if finding.columns else finding.by
        if part == "count":
            return f"len({found})"
        values = f"{found}[{column_key(column)}]"
        return f"{values}.tolist()" if part in ("names", "values", "ids") else f"{values}.iloc[0]"

    def _strongest(self, finding: StrongestPair, part: str, frame: str) -> str:
        draft = self._draft
        pairs = draft.once(
            (finding, frame), lambda: draft.let("strongest_first", strongest(finding, frame, draft))
        )
        match part:
            case "left" | "right":
                return f"{pairs}.index[0][{0 if part == 'left' else 1}]"
            case "pair":
                return f"list({pairs}.index[0])"
            case _:
                return f"{pairs}.iloc[0]"

    def _missing(self, finding: MissingValues, pick: Pick, frame: str) -> str:
        chosen = f'{frame}.select_dtypes(["object", "string"])' if finding.text_only else frame
        figure = "mean" if finding.share else "sum"
        if finding.column is not None:
            return f"{frame}[{column_key(finding.column)}].isna().{figure}()"
        if finding.scope == "rows":
            return f"{chosen}.isna().any(axis=1).{figure}()"
        counts = f"{chosen}.isna().{figure}()"
        if pick.part in ("count", "value"):
            return f"{counts}.sum()"
        found = self._draft.shared("missing_by_column", counts)
        if pick.part == "most":
            return f"{found}.idxmax()"
        return f"{found}[{found} > 0].{'index.tolist' if pick.part == 'names' else 'tolist'}()"

    def _extreme(self, finding: ExtremeColumn, part: str, frame: str) -> str:
        keys = ", ".join(map(column_key, finding.columns))
        chosen = f"{frame}[[{keys}]]"
        figures = f"{chosen}.iloc[0]" if finding.function == "first" else f"{chosen}.{finding.function}()"
        name = self._draft.shared("figures", figures)
        best = f"{name}.{'max' if finding.largest else 'min'}()"
        return best if part == "value" else f"{name}[{name} == {best}].index.tolist()"


_METHODS = {
    "values": "tolist",
    "ids": "tolist",
    "names": "tolist",
    "low": "min",
    "high": "max",
    "mean": "mean",
    "median": "median",
}


def _of_series(name: str, pick: Pick) -> str:
    """A part of a series of groups' figures."""
    if pick.part in ("values", "names"):
        return f"{name}.tolist()" if pick.part == "values" else f"{name}.index.tolist()"
    if pick.part == "count":
        return f"len({name})"
    if isinstance(pick.finding, ValueCounts) or pick.largest:
        return f"{name}.max()" if pick.part == "value" else f"{name}.idxmax()"
    if pick.largest is None:
        return f"{name}.iloc[0]" if pick.part == "value" else f"{name}.index[0]"
    return f"{name}.min()" if pick.part == "value" else f"{name}.idxmin()"


def _name_of(condition: Condition, table: str) -> str:
    """What to call the rows of a condition."""
    if isinstance(condition, AllOf):
        names = [_value_of(part) for part in condition.parts]
        return "_".join([*names, "rows"]) if all(names) else f"selected_{table}"
    return f"{_value_of(condition)}_rows" if _value_of(condition) else f"selected_{table}"


def _value_of(condition: Condition) -> str:
    if not isinstance(condition, Compare) or condition.operator != "==":
        return ""
    value = condition.value
    if isinstance(value, str):
        return "" if slug(value) == "result" else slug(value)
    return slug(f"{condition.column.name}_{value}")
