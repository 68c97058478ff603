"""The last plan in another form: a share, a count, a list, rounded, by another method, another drawing."""

import re

from ..plan import (
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Distinct,
    Fences,
    GroupChart,
    Histogram,
    Measure,
    MissingValues,
    Outliers,
    Plan,
    Question,
    Rank,
    RowCount,
    Rows,
    Scatter,
    Share,
    Statistics,
    StrongestPair,
    SumShare,
    ValueCounts,
    ZScore,
)
from ..questions.rounding import MOST_DECIMALS, can_round
from ..words.schema import Schema
from .misfit import MisfitError
from .selected import conjunction, parts_of


def rounded(plan: Plan, match: re.Match[str], schema: Schema) -> Plan:
    decimals = int(match.groupdict().get("decimals") or 0)
    if not can_round(plan, schema) or decimals > MOST_DECIMALS:
        raise MisfitError("I cannot round what the last answer shows")
    return plan.model_copy(update={"decimals": decimals})


def as_share(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    match plan.ask:
        case ValueCounts():
            ask: Question = plan.ask.model_copy(update={"share": True})
            return plan.model_copy(update={"ask": ask})
        case Share() | SumShare():
            return plan
        case MissingValues(scope="one" | "columns" | "rows"):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"share": True})})
        case RowCount() if plan.where is not None and not plan.by:
            return plan.model_copy(update={"ask": Share(of=plan.where), "where": None})
        case RowCount() if len(plan.by) == 1 and plan.rank is None:
            ask = ValueCounts(column=plan.by[0], share=True)
            return plan.model_copy(update={"ask": ask, "by": ()})
        case Statistics(measures=(Measure(function="sum", column=column),)) if plan.by:
            return plan.model_copy(update={"ask": SumShare(column=column)})
        case _:
            raise MisfitError("it is not clear of what the last answer should be a share")


def as_count(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    match plan.ask:
        case ValueCounts():
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"share": False})})
        case Share(of=condition):
            where = conjunction([*parts_of(plan.where), condition])
            return plan.model_copy(update={"ask": RowCount(), "where": where})
        case _:
            raise MisfitError("the last answer is no share")


def which_of_them(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    """What was counted."""
    match plan.ask:
        case RowCount() if plan.where is not None and not plan.by:
            return plan.model_copy(update={"ask": Rows()})
        case Distinct(counted=True) | Outliers(counted=True):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"counted": False})})
        case _:
            raise MisfitError("the last answer counts nothing that can be listed")


def how_many(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    """The number of what was listed."""
    match plan.ask:
        case Distinct(column=column) if match["each"] or match["often"]:
            return plan.model_copy(update={"ask": ValueCounts(column=column)})
        case Distinct() | Outliers() if not (match["each"] or match["often"]):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"counted": True})})
        case Rows(part="all") if not (match["each"] or match["often"]):
            return plan.model_copy(update={"ask": RowCount()})
        case _:
            raise MisfitError("it is not clear what to count of the last answer")


def as_table(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    if not isinstance(plan.ask, GroupChart):
        return plan if plan.by else _no_table()
    figure = plan.ask.measure
    ask = RowCount() if figure is None else Statistics(measures=(figure,))
    order = plan.ask.sorted
    rank = Rank(largest=order == "largest", count=None) if order else None
    return plan.model_copy(update={"ask": ask, "rank": rank})


def _no_table() -> Plan:
    raise MisfitError("the last answer has no table")


def by_method(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    if not isinstance(plan.ask, Correlation | CorrelationMatrix | CorrelationRanking | StrongestPair):
        raise MisfitError("the last answer is no correlation")
    method = match.groupdict().get("method") or "spearman"
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"method": method})})


def tested(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    if not isinstance(plan.ask, Correlation) or plan.by:
        raise MisfitError("I have no p-value for the last answer")
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"tested": True})})


def of_whom(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    """Sample or population."""
    ddof = 0 if match["whom"] == "population" else 1
    if not isinstance(plan.ask, Statistics) or not all(
        each.function in ("std", "var", "sem", "cv") for each in plan.ask.measures
    ):
        raise MisfitError("the last answer is the same for a sample and a population")
    measures = tuple(each.model_copy(update={"ddof": ddof}) for each in plan.ask.measures)
    return plan.model_copy(update={"ask": Statistics(measures=measures)})


def by_rule(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    """Outliers by another rule."""
    if not isinstance(plan.ask, Outliers):
        raise MisfitError("the last answer is not about outliers")
    rule = ZScore() if match["z"] else Fences()
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"rule": rule})})


def with_bins(plan: Plan, match: re.Match[str], _: Schema) -> Plan | None:
    if not isinstance(plan.ask, Histogram) or int(match["bins"]) < 1:
        return None
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"bins": int(match["bins"])})})


def with_trend(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    if not isinstance(plan.ask, Scatter):
        raise MisfitError("only a scatter plot gets a trend line")
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"trend": True})})


def stacked(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    if not isinstance(plan.ask, GroupChart) or plan.ask.mark != "bar" or len(plan.by) != 2:
        raise MisfitError("only bars of two groups can be stacked")
    stacked = match[0].startswith("stack")
    return plan.model_copy(update={"ask": plan.ask.model_copy(update={"stacked": stacked})})
