"""A second question about the first one's plan, in people's few words, and the plan that they mean.

Each kind of change says both: what is asked, and what has become of the plan.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from autoanalyst_ext.offline.plan import (
    Compare,
    Condition,
    DropOutliers,
    Fences,
    GroupChart,
    Measure,
    Plan,
    Rank,
    RowCount,
    Statistics,
    TopRows,
    ValueCounts,
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


def _meant(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Another column, with what is taken back or without."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    assert isinstance(plan.ask, Statistics)
    (measure,) = plan.ask.measures
    known = of.some(chance, "amount", count=3)
    (was,) = [each for each in of.columns if each.column == measure.column]
    other = chance.choice([each for each in known if each.column != measure.column])
    ways = ("sorry, I meant {0}", "{0} instead of {1}", "not {1} but {0}", "no, {0}", "{0} instead")
    changed = Statistics(measures=(measure.model_copy(update={"column": other.column}),))
    text = chance.choice(ways).format(other.said, was.said)
    return plan, FollowUp(text, plan.model_copy(update={"ask": changed}))


def _other_groups(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Other groups, one more, or none."""
    plan = _figure(chance, of, grouped=True)
    (by,) = plan.by
    (was,) = [each for each in of.columns if each.column == by]
    other = of.some(chance, "place")[0]
    ways = {
        "not by {1} but by {0}": (other.column,),
        "by {0} instead of {1}": (other.column,),
        "also by {0}": (by, other.column),
        "not by {1}": (),
        "overall": (),
    }
    text = chance.choice(sorted(ways))
    return plan, FollowUp(text.format(other.said, was.said), plan.model_copy(update={"by": ways[text]}))


def _order(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Groups in an order, or some of them; or the other end."""
    plan = _figure(chance, of, grouped=True)
    ways = {
        "sorted": (True, None),
        "lowest first": (False, None),
        "only the top 2": (True, 2),
        "the bottom 3": (False, 3),
        "which is the highest?": (True, 1),
    }
    text = chance.choice(sorted(ways))
    largest, count = ways[text]
    ranked = plan.model_copy(update={"rank": Rank(largest=largest, count=count)})
    if count is None or chance.random() < 0.6:
        return plan, FollowUp(text, ranked)
    turned = plan.model_copy(update={"rank": Rank(largest=not largest, count=count)})
    return ranked, FollowUp("the other way round", turned)


def _form(chance: random.Random, of: Invented) -> tuple[Plan, FollowUp]:
    """Rounded, without outliers, or as a share."""
    plan = _figure(chance, of, grouped=chance.random() < 0.5)
    assert isinstance(plan.ask, Statistics)
    column = plan.ask.measures[0].column
    kind = chance.choice(["rounded", "kept", "share"])
    if kind == "rounded":
        decimals = chance.choice([1, 2, 3])
        ways = ("rounded to {0} decimal", "round to {0} decimals", "with {0} decimals")
        text = chance.choice(ways).format(decimals)
        return plan, FollowUp(text, plan.model_copy(update={"decimals": decimals}))
    if kind == "kept":
        text = chance.choice(["without outliers", "no outliers", "excluding the outliers"])
        step = DropOutliers(column=column, rule=Fences())
        return plan, FollowUp(text, plan.model_copy(update={"steps": (*plan.steps, step)}))
    by = of.some(chance, "category")[0].column
    counted = Plan(table=of.name, by=(by,), ask=RowCount())
    text = chance.choice(["in percent", "as a percentage", "as shares"])
    shares = counted.model_copy(update={"by": (), "ask": ValueCounts(column=by, share=True)})
    return counted, FollowUp(text, shares)


def _equals(chance: random.Random, of: Known) -> Condition:
    return Compare(column=of.column, operator="==", value=chance.choice(of.values))


_CHANGES: tuple[Callable[[random.Random, Invented], tuple[Plan, FollowUp]], ...] = (
    _other_figure, _other_column, _groups, _filter, _without, _more, _chart, _meant, _other_groups, _order,
    _form,
)  # fmt: skip
