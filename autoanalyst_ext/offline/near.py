"""Plans near a plan: what somebody may have computed in its place, each with words for the difference.

They are what people and models slip on: the sample or the population, missing values, a limit with or
without its end, a condition left out, repeated rows, another statistic or method.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ..types.profiles import TableProfile
from .answers.phrases import condition_text, function_text, quoted
from .changes.selected import conjunction, parts_of
from .plan import (
    AllOf,
    Column,
    Compare,
    Condition,
    Correlation,
    Distinct,
    DropDuplicates,
    Fences,
    FillMissing,
    Function,
    Measure,
    Missing,
    Not,
    OneOf,
    Outliers,
    Plan,
    Question,
    RowCount,
    Share,
    Statistics,
    ZScore,
)

MOST = 16
"""Of the plans near one; each takes a moment in the kernel."""
MOST_COLUMNS = 5
_ENDS = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}
_SIBLINGS: dict[Function, tuple[Function, ...]] = {
    "mean": ("median", "sum"), "median": ("mean",), "sum": ("mean", "count"), "std": ("var",),
    "var": ("std",), "min": ("max",), "max": ("min",), "count": ("nunique",), "nunique": ("count",),
}  # fmt: skip
_METHODS = {"pearson": "Pearson's", "spearman": "Spearman's", "kendall": "Kendall's"}


@dataclass(frozen=True)
class Near:
    """Another plan, and what it does that the first does not."""

    plan: Plan
    words: str
    """Of who computed it: `counted the 12 rows without `rating`, too`."""


def near_plans(plan: Plan, table: TableProfile) -> tuple[Near, ...]:
    """The plans near one that has a single figure; none for others."""
    if plan.by or plan.rank is not None:
        return ()
    found = [*_asks(plan, table), *_rows(plan, table)]
    return tuple(near for near in found if near.plan != plan)[:MOST]


def _asks(plan: Plan, table: TableProfile) -> Iterator[Near]:
    """Another statistic of the same rows."""
    match plan.ask:
        case Statistics(measures=(measure,)):
            yield from _statistics(plan, measure, table)
        case RowCount():
            for profile in [column for column in table.columns if column.nulls][:MOST_COLUMNS]:
                column = Column(name=profile.name, is_text=profile.name_is_text)
                ask = Statistics(measures=(Measure(function="count", column=column),))
                words = f"left out the rows without {quoted(column)} ({profile.nulls} in the table)"
                yield Near(_asking(plan, ask), words)
        case Distinct(column=column, counted=True) if (gaps := _gaps(column, table)) is not None:
            filled = FillMissing(column=column, method="constant", value="(missing)")
            if _is_text(column, table):
                yield Near(_stepped(plan, filled), f"counted the missing values ({gaps}) as one more value")
        case Correlation(method=method):
            for other, name in _METHODS.items():
                if other != method:
                    another = plan.ask.model_copy(update={"method": other})
                    yield Near(_asking(plan, another), f"took {name} correlation")
        case Outliers(rule=rule):
            for other_rule, words in (
                (Fences(), "took the rule of 1.5 interquartile ranges"),
                (ZScore(), "took the rule of 3 population standard deviations"),
                (ZScore(ddof=1), "took the rule of 3 sample standard deviations"),
            ):
                if other_rule != rule:
                    yield Near(_asking(plan, plan.ask.model_copy(update={"rule": other_rule})), words)
        case Share(of=condition):
            for column in _columns(condition):
                if gaps := _gaps(column, table):
                    where = conjunction([*parts_of(plan.where), Not(part=Missing(column=column))])
                    words = f"left out the rows without {quoted(column)} ({gaps} in the table)"
                    yield Near(plan.model_copy(update={"where": where}), words)
        case _:
            pass


def _statistics(plan: Plan, measure: Measure, table: TableProfile) -> Iterator[Near]:
    def of(**changes: object) -> Plan:
        return _asking(plan, Statistics(measures=(measure.model_copy(update=changes),)))

    if measure.function in ("std", "var", "sem", "cv"):
        words = "of a whole population (n)" if measure.ddof else "of a sample (n - 1)"
        yield Near(of(ddof=1 - measure.ddof), f"took the {measure.function} {words}")
    if measure.function in ("skew", "kurtosis"):
        words = "adjusted it for a sample" if measure.biased else "did not adjust it for a sample"
        yield Near(of(biased=not measure.biased), words)
    gaps = _gaps(measure.column, table)
    if gaps and measure.function in ("mean", "median", "min", "max", "std", "var"):
        filled = FillMissing(column=measure.column, method="constant", value=0)
        words = f"counted the missing values of {quoted(measure.column)} ({gaps} in the table) as 0"
        yield Near(_stepped(plan, filled), words)
    if gaps and measure.function == "count":
        words = f"counted the rows without {quoted(measure.column)}, too ({gaps} in the table)"
        yield Near(_asking(plan, RowCount()), words)
    for function in _SIBLINGS.get(measure.function, ()):
        other = measure.model_copy(update={"function": function})
        yield Near(of(function=function), f"took the {function_text(other)}")


def _rows(plan: Plan, table: TableProfile) -> Iterator[Near]:
    """The same of other rows."""
    parts = parts_of(plan.where)
    for index, part in enumerate(parts):
        for other, words in _conditions(part, table):
            yield Near(_of_rows(plan, [*parts[:index], other, *parts[index + 1 :]]), words)
    for index, part in enumerate(parts):
        if isinstance(part, Not) and isinstance(part.part, Missing):
            # what is left, such as "is not this", also holds for the rows without a value
            gaps = _gaps(part.part.column, table)
            words = f"counted the rows without {quoted(part.part.column)}, too ({gaps} in the table)"
        else:
            words = f"did not ask whether {condition_text(part)}"
        yield Near(_of_rows(plan, [*parts[:index], *parts[index + 1 :]]), words)
    if not any(isinstance(step, DropDuplicates) for step in plan.steps):
        yield Near(_stepped(plan, DropDuplicates()), "left out rows that repeat an earlier one")


def _conditions(part: Condition, table: TableProfile) -> Iterator[tuple[Condition, str]]:
    match part:
        case Compare(operator=operator) if operator in _ENDS:
            other = part.model_copy(update={"operator": _ENDS[operator]})
            yield other, f"took the rows where {condition_text(other)}"
        case AllOf(parts=(Not(part=Missing(column=column)), rest)):
            words = f"counted the rows without {quoted(column)}, too ({_gaps(column, table)} in the table)"
            yield rest, words
        case OneOf(column=column, values=values) if len(values) > 1:
            for value in values:
                other = Compare(column=column, operator="==", value=value)
                yield other, f"took only the rows where {condition_text(other)}"
        case _:
            pass


def _columns(condition: Condition) -> list[Column]:
    """The column of a comparison with a value."""
    return [condition.column] if isinstance(condition, Compare | OneOf) else []


def _gaps(column: Column, table: TableProfile) -> int | None:
    """How many values a column misses; `None` where none does, or nobody knows."""
    profile = table.column(column.name)
    return profile.nulls if profile is not None and profile.nulls else None


def _is_text(column: Column, table: TableProfile) -> bool:
    profile = table.column(column.name)
    return profile is not None and profile.kind in ("category", "text")


def _asking(plan: Plan, ask: Question) -> Plan:
    return plan.model_copy(update={"ask": ask, "decimals": None})


def _stepped(plan: Plan, step: FillMissing | DropDuplicates) -> Plan:
    return plan.model_copy(update={"steps": (step, *plan.steps)})


def _of_rows(plan: Plan, parts: list[Condition]) -> Plan:
    return plan.model_copy(update={"where": conjunction(parts)})
