"""Another order of the last plan, the other end of it, and how many are shown."""

import re

from ..plan import GroupChart, Plan, Rank, RowCount, Scatter, Share, Statistics, SumShare, TopRows
from ..words.schema import Schema
from .misfit import MisfitError
from .selected import is_named


def shows_some(plan: Plan) -> bool:
    """Whether a plan shows just so many of its groups."""
    return plan.rank is not None and plan.rank.count is not None


def one_figure(plan: Plan) -> bool:
    """Whether a plan has groups and one figure for each, so that the groups have an order."""
    match plan.ask:
        case RowCount() | Share() | SumShare():
            return bool(plan.by)
        case Statistics(measures=measures):
            return bool(plan.by) and len(measures) == 1
        case _:
            return False


def ordered_by_figure(plan: Plan, *, largest: bool) -> Plan:
    """The plan with its groups or rows in the order of their figures."""
    match plan.ask:
        case TopRows(count=None):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"largest": largest})})
        case GroupChart():
            order = "largest" if largest else "smallest"
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"sorted": order})})
        case _ if one_figure(plan) and (plan.rank is None or plan.rank.count is None):
            return plan.model_copy(update={"rank": Rank(largest=largest, count=None)})
        case TopRows() | RowCount() | Share() | SumShare() | Statistics() if plan.rank or not plan.by:
            raise MisfitError("it is not clear whether others are meant or only another order")
        case _:
            raise MisfitError("the last answer has no order of figures")


def descending(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    return ordered_by_figure(plan, largest=True)


def ascending(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    return ordered_by_figure(plan, largest=False)


def first_of_them(plan: Plan, match: re.Match[str], _: Schema) -> Plan:
    noun = match["noun"]
    if not one_figure(plan):
        raise MisfitError("the last answer has no groups to compare")
    if noun and noun not in ("one", "1", "ones", "group") and not any(is_named(noun, by) for by in plan.by):
        raise MisfitError(f"the last answer is not by {noun}")
    return plan.model_copy(update={"rank": Rank(largest=match["high"] is not None, count=1)})


def by_name(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    if isinstance(plan.ask, GroupChart):
        return plan.model_copy(update={"ask": plan.ask.model_copy(update={"sorted": None})})
    if one_figure(plan) and (plan.rank is None or plan.rank.count is None):
        return plan.model_copy(update={"rank": None})
    raise MisfitError("the last answer has no groups to order by name")


def other_way(plan: Plan, _: re.Match[str], __: Schema) -> Plan:
    match plan.ask:
        case TopRows(largest=largest):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"largest": not largest})})
        case GroupChart(sorted="largest" | "smallest" as order):
            return ordered_by_figure(plan, largest=order == "smallest")
        case Scatter(x=x, y=y):
            return plan.model_copy(update={"ask": plan.ask.model_copy(update={"x": y, "y": x})})
        case _ if plan.rank is not None:
            rank = plan.rank.model_copy(update={"largest": not plan.rank.largest})
            return plan.model_copy(update={"rank": rank})
        case _:
            raise MisfitError("the last answer has no other way round")


def reversed(plan: Plan, match: re.Match[str], schema: Schema) -> Plan:
    count = plan.ask.count if isinstance(plan.ask, TopRows) else plan.rank.count if plan.rank else None
    if count is not None:
        raise MisfitError("it is not clear whether others are meant or only another order")
    return other_way(plan, match, schema)


def more(plan: Plan, match: re.Match[str], _: Schema) -> Plan | None:
    before = plan.ask.count if isinstance(plan.ask, TopRows) else plan.rank.count if plan.rank else None
    if before is None:
        return None
    return with_count(plan, before + int(match["count"] or before))


def all_of_them(plan: Plan, _: re.Match[str], __: Schema) -> Plan | None:
    return with_count(plan, None)


def with_count(plan: Plan, count: int | None) -> Plan | None:
    """As many of the rows or groups in an order; `None` where the plan has no such number."""
    if plan.rank is not None:
        return plan.model_copy(update={"rank": plan.rank.model_copy(update={"count": count})})
    if isinstance(plan.ask, TopRows):
        return plan.model_copy(update={"ask": plan.ask.model_copy(update={"count": count})})
    return None
