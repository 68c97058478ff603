"""A second question about the first one's plan, in people's few words, and the plan that they mean.

Each kind of change says both: what is asked, and what has become of the plan.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from autoanalyst_ext.offline.plan import (
    Compare,
    Condition,
    GroupChart,
    Measure,
    Plan,
    RowCount,
    Statistics,
    TopRows,
)

from .invented import Invented, Known
from .plans import FUNCTIONS

NAMED = {
    "mean": ("mean", "average"), "median": ("median",), "sum": ("sum", "total"), "min": ("minimum", "lowest"),
    "max": ("maximum", "highest"), "std": ("standard deviation",), "var": ("variance",),
}  # fmt: skip


@dataclass(frozen=True)
class FollowUp:
    """What is asked next, and what is meant."""

    question: str
    plan: Plan


def follow_up(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """A first plan, and a change of it."""
    return chance.choice(_CHANGES)(chance, of)


def _figure(chance: random.Random, of: Invented, *, grouped: bool) -> Plan:
    column = of.some(chance, "amount")[0].column
    ask = Statistics(measures=(Measure(function=chance.choice(FUNCTIONS[:3]), column=column),))
    by = (of.some(chance, "category")[0].column,) if grouped else ()
    return Plan(table=of.name, by=by, ask=ask)


def _other_figure(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Another statistic of the same."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    assert isinstance(plan.ask, Statistics)
    (measure,) = plan.ask.measures
    function = chance.choice([each for each in FUNCTIONS if each != measure.function])
    word = chance.choice(NAMED[function])
    ways = (
        "and the {0}?",
        "what about the {0}?",
        "no, the {0}",
        "the {0} instead",
        "{0} instead",
        "and the {0}",
    )
    changed = Statistics(measures=(measure.model_copy(update={"function": function}),))
    return plan, FollowUp(chance.choice(ways).format(word), plan.model_copy(update={"ask": changed}))


def _other_column(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """The same statistic of another column."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    assert isinstance(plan.ask, Statistics)
    (measure,) = plan.ask.measures
    other = chance.choice(
        [each for each in of.some(chance, "amount", count=3) if each.column != measure.column]
    )
    ways = ("what about {0}?", "and {0}?", "and for {0}?", "and the {0}?", "same for {0}")
    changed = Statistics(measures=(measure.model_copy(update={"column": other.column}),))
    return plan, FollowUp(chance.choice(ways).format(other.said), plan.model_copy(update={"ask": changed}))


def _groups(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """By a category."""
    plan = _figure(chance, of, grouped=False)
    if chance.random() < 0.3:
        plan = Plan(table=of.name, where=_equals(chance, of.some(chance, "place")[0]), ask=RowCount())
    by = of.some(chance, "category")[0]
    ways = (
        "and by {0}?",
        "by {0}",
        "and per {0}",
        "what about by {0}",
        "now by {0}",
        "split by {0}",
        "for each {0}",
    )
    text = chance.choice(ways).format(by.said)
    return plan, FollowUp(text, plan.model_copy(update={"by": (by.column,)}))


def _filter(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Some rows alone."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    place = of.some(chance, "place")[0]
    where = _equals(chance, place)
    assert isinstance(where, Compare)
    ways = ("only {0}", "only in {0}", "just {0}", "for {0} only", "and in {0}?", "what about {0}?")
    named = ("and for {0}?", "only where {1} is {0}", "just for {0}")
    text = chance.choice(ways + named).format(where.value, place.said)
    return plan, FollowUp(text, plan.model_copy(update={"where": where}))


def _without(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """All rows but some."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    found = [each for each in of.columns if each.kind == "place" and not each.gaps]
    if not found:
        return _filter(chance, of)
    where = _equals(chance, found[0])
    assert isinstance(where, Compare)
    ways = ("without {0}", "excluding {0}", "but not {0}", "except {0}")
    unlike = where.model_copy(update={"operator": "!="})
    return plan, FollowUp(chance.choice(ways).format(where.value), plan.model_copy(update={"where": unlike}))


def _more(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Another number of rows."""
    ask = TopRows(by=of.some(chance, "amount")[0].column, largest=chance.random() < 0.6, count=3)
    count = chance.choice([5, 7, 8])
    text = chance.choice(
        ("make it {0}", "{0} instead", "the top {0}" if ask.largest else "{0} please")
    ).format(count)
    plan = Plan(table=of.name, ask=ask)
    return plan, FollowUp(text, plan.model_copy(update={"ask": ask.model_copy(update={"count": count})}))


def _chart(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """The groups as a chart."""
    plan = _figure(chance, of, grouped=True)
    assert isinstance(plan.ask, Statistics)
    ways = (
        "as a bar chart",
        "as a bar chart please",
        "make a bar chart",
        "show that as a bar chart",
        "plot as bars",
    )
    ask = GroupChart(mark="bar", measure=plan.ask.measures[0])
    return plan, FollowUp(chance.choice(ways), plan.model_copy(update={"ask": ask}))


def _equals(chance: random.Random, of: Known) -> Condition:
    return Compare(column=of.column, operator="==", value=chance.choice(of.values))


_CHANGES: tuple[Callable[[random.Random, Invented], tuple[Plan, FollowUp]], ...] = (
    _other_figure, _other_column, _groups, _filter, _without, _more, _chart
)  # fmt: skip
