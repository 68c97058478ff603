"""Plans drawn by chance: what an invented table can be asked.

`templates` says them in people's words, `canonical` compares what comes back.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from autoanalyst_ext.offline.plan import (
    AllOf,
    Between,
    BoxPlot,
    ChiSquare,
    Column,
    Compare,
    Condition,
    Correlation,
    DatePart,
    Derive,
    Distinct,
    Function,
    GroupChart,
    GroupsTest,
    Histogram,
    Measure,
    Missing,
    MissingValues,
    Normality,
    OneOf,
    Operator,
    Plan,
    Rank,
    RowCount,
    Rows,
    Sample,
    Scatter,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    TwoSamples,
    ValueCounts,
)

from .invented import Invented, Known

Part = Literal["year_month", "year", "day_name", "month"]
FUNCTIONS: tuple[Function, ...] = ("mean", "median", "sum", "min", "max", "std", "var")


def plan(chance: random.Random, of: Invented) -> Plan:
    """A plan that the table allows."""
    return chance.choice(_KINDS)(chance, of)


def condition(chance: random.Random, of: Invented, parts: int) -> Condition:
    """One or several comparisons of different columns, joined by "and"."""
    known = of.some(chance, "amount", "category", "place", "flag", count=parts, whole=True)
    each = tuple(_comparison(chance, column) for column in known)
    return each[0] if len(each) == 1 else AllOf(parts=each)


def _comparison(chance: random.Random, of: Known) -> Condition:
    if of.kind == "flag":
        return Compare(column=of.column, operator="==", value=chance.choice(of.values))
    if of.kind == "amount":
        low, high = sorted(_number(chance, of) for _ in range(2))
        if low < high and chance.random() < 0.25:
            return Between(column=of.column, low=low, high=high)
        operators: tuple[Operator, ...] = (">", ">=", "<", "<=")
        return Compare(column=of.column, operator=chance.choice(operators), value=high)
    if chance.random() < 0.2:
        return OneOf(column=of.column, values=tuple(chance.sample(of.values, 2)))
    return Compare(
        column=of.column, operator=chance.choice(["==", "==", "!="]), value=chance.choice(of.values)
    )


def _number(chance: random.Random, of: Known) -> int | float:
    """A number between the ends of an amount, as people round it."""
    number = chance.uniform(*of.values)
    return round(number, 1) if isinstance(of.values[0], float) and number < 20 else int(number) + 1


def _where(
    chance: random.Random, of: Invented, share: float = 0.5, by: Sequence[Column] = ()
) -> Condition | None:
    """A condition of other columns than those of the groups, or none."""
    parts = chance.choice([1, 1, 2])
    return condition(chance, _without(of, by), parts) if chance.random() < share else None


def _without(of: Invented, by: Sequence[Column]) -> Invented:
    return replace(of, columns=tuple(known for known in of.columns if known.column not in by))


def _by(chance: random.Random, of: Invented, share: float = 0.4) -> tuple[Column, ...]:
    if chance.random() >= share:
        return ()
    return tuple(each.column for each in of.some(chance, "category", "place", count=chance.choice([1, 1, 2])))


def _measure(chance: random.Random, of: Invented) -> Measure:
    return Measure(function=chance.choice(FUNCTIONS), column=of.some(chance, "amount")[0].column)


def _statistics(chance: random.Random, of: Invented) -> Plan:
    measures = tuple(dict.fromkeys(_measure(chance, of) for _ in range(chance.choice([1, 1, 1, 2]))))
    by = _by(chance, of)
    where = _where(chance, of, by=by)
    return Plan(table=of.name, where=where, by=by, ask=Statistics(measures=measures))


def _ranked(chance: random.Random, of: Invented) -> Plan:
    by = (of.some(chance, "category", "place")[0].column,)
    rank = Rank(largest=chance.random() < 0.7, count=chance.choice([1, 1, 2, 3]))
    function: Function = chance.choice(["mean", "median", "sum"])
    ask = Statistics(measures=(Measure(function=function, column=of.some(chance, "amount")[0].column),))
    return Plan(table=of.name, where=_where(chance, of, 0.2, by), by=by, ask=ask, rank=rank)


def _counted(chance: random.Random, of: Invented) -> Plan:
    by = _by(chance, of)
    return Plan(table=of.name, where=_where(chance, of, 0.3 if by else 1, by), by=by, ask=RowCount())


def _rows(chance: random.Random, of: Invented) -> Plan:
    if chance.random() < 0.3:
        part: Literal["first", "last"] = chance.choice(["first", "last"])
        return Plan(table=of.name, ask=Rows(part=part, count=chance.randint(2, 12)))
    return Plan(table=of.name, where=_where(chance, of, 1), ask=Rows())


def _top(chance: random.Random, of: Invented) -> Plan:
    by, largest = of.some(chance, "amount")[0].column, chance.random() < 0.6
    ask = TopRows(by=by, largest=largest, count=chance.choice([1, 2, 3, 5, 10]))
    return Plan(table=of.name, where=_where(chance, of, 0.3), ask=ask)


def _dated(chance: random.Random, of: Invented) -> Plan:
    """By a part of the date, or of one year or month."""
    date = of.some(chance, "date")[0].column
    part: Literal["year_month", "year", "day_name", "month"] = chance.choice(
        ["year_month", "year", "day_name"]
    )
    ask: Statistics | RowCount = RowCount()
    if chance.random() < 0.7:
        function: Function = chance.choice(["mean", "sum", "max"])
        ask = Statistics(measures=(Measure(function=function, column=of.some(chance, "amount")[0].column),))
    if chance.random() < 0.5:
        step = Derive(name="part", value=DatePart(column=date, part=part))
        return Plan(table=of.name, steps=(step,), by=(Column(name="part"),), ask=ask)
    periods: tuple[tuple[Part, int], ...] = (("year", 2022), ("year", 2023), ("month", 7), ("month", 10))
    part, value = chance.choice(periods)
    step = Derive(name="part", value=DatePart(column=date, part=part))
    where = Compare(column=Column(name="part"), operator="==", value=value)
    return Plan(table=of.name, steps=(step,), where=where, ask=ask)


def _shape(chance: random.Random, of: Invented) -> Plan:
    """How a column is distributed."""
    column = of.some(chance, "amount")[0].column
    if chance.random() < 0.25:
        return Plan(table=of.name, ask=Normality(column=column))
    q = chance.choice([0.05, 0.1, 0.25, 0.75, 0.9, 0.95, 0.99])
    shapes = (
        Measure(function="quantile", column=column, q=q),
        Measure(function="skew", column=column),
        Measure(function="kurtosis", column=column),
        Measure(function="iqr", column=column),
    )
    return Plan(
        table=of.name, where=_where(chance, of, 0.2), ask=Statistics(measures=(chance.choice(shapes),))
    )


def _tested(chance: random.Random, of: Invented) -> Plan:
    """A test between groups or columns."""
    (one,), (two, other) = of.some(chance, "amount"), of.some(chance, "category", "place", count=2)
    flag = of.some(chance, "flag")[0]
    low, high = (
        Sample(column=one.column, where=Compare(column=flag.column, operator="==", value=value))
        for value in flag.values
    )
    test: Literal["t", "mann_whitney"] = chance.choice(["t", "mann_whitney"])
    plans = (
        GroupsTest(column=one.column, by=two.column, test=chance.choice(["anova", "kruskal"])),
        ChiSquare(left=two.column, right=other.column),
        TwoSamples(test=test, left=low, right=high),
    )
    return Plan(table=of.name, ask=chance.choice(plans))


def _values(chance: random.Random, of: Invented) -> Plan:
    column = of.some(chance, "category", "place")[0].column
    if chance.random() < 0.3:
        return Plan(table=of.name, ask=ValueCounts(column=column))
    if chance.random() < 0.4:
        return Plan(table=of.name, ask=ValueCounts(column=column), rank=Rank(largest=True, count=1))
    return Plan(table=of.name, ask=Distinct(column=column, counted=chance.random() < 0.6))


def _share(chance: random.Random, of: Invented) -> Plan:
    by = _by(chance, of, 0.2)
    where = condition(chance, _without(of, by), 1)
    return Plan(table=of.name, by=by, ask=Share(of=where))


def _correlation(chance: random.Random, of: Invented) -> Plan:
    left, right = (each.column for each in of.some(chance, "amount", count=2))
    method: Literal["pearson", "spearman"] = chance.choice(["pearson", "pearson", "spearman"])
    return Plan(table=of.name, ask=Correlation(left=left, right=right, method=method))


def _missing(chance: random.Random, of: Invented) -> Plan:
    if chance.random() < 0.3:
        return Plan(table=of.name, ask=MissingValues(scope=chance.choice(["affected", "columns"])))
    column = of.some(chance, "amount", "category")[0].column
    return Plan(table=of.name, ask=MissingValues(scope="one", column=column))


def _look(chance: random.Random, of: Invented) -> Plan:
    if chance.random() < 0.4:
        return Plan(table=of.name, ask=Size(what=chance.choice(["names", "both"])))
    return Plan(table=of.name, ask=Summary(column=of.some(chance, "amount")[0].column))


def _chart(chance: random.Random, of: Invented) -> Plan:
    x, y = (each.column for each in of.some(chance, "amount", count=2))
    by = (of.some(chance, "category", "place")[0].column,)
    charts = (
        Plan(table=of.name, where=_where(chance, of, 0.2), ask=Histogram(x=x)),
        Plan(table=of.name, ask=Scatter(x=x, y=y)),
        Plan(table=of.name, by=by, ask=BoxPlot(y=y)),
        Plan(table=of.name, by=by, ask=GroupChart(mark="bar", measure=Measure(function="mean", column=y))),
        Plan(table=of.name, by=by, ask=GroupChart(mark="bar")),
    )
    return chance.choice(charts)


_KINDS: tuple[Callable[[random.Random, Invented], Plan], ...] = (
    _statistics, _statistics, _statistics, _ranked, _counted, _counted, _rows, _top, _values, _share,
    _correlation, _missing, _look, _chart, _dated, _dated, _shape, _tested,
)  # fmt: skip


def canonical(of: Plan) -> Plan:
    """The plan without what differs in writing alone: names, the order of conditions, the rows' noun."""
    of = _renamed(of)
    where, ask = of.where, of.ask
    if isinstance(where, AllOf):
        where = AllOf(parts=tuple(sorted(map(_canonical, where.parts), key=repr)))
    elif where is not None:
        where = _canonical(where)
    if isinstance(ask, RowCount) and isinstance(where, Missing) and not of.by:
        where, ask = None, MissingValues(scope="one", column=where.column)
    return of.model_copy(update={"where": where, "ask": ask, "subject": None})


def _renamed(of: Plan) -> Plan:
    """Derived columns are called by their number."""
    text = of.to_json()
    for number, step in enumerate(of.steps):
        if isinstance(step, Derive):
            text = text.replace(f'"name":{json.dumps(step.name)}', f'"name":"derived {number}"')
    return Plan.from_json(text)


def _canonical(of: Condition) -> Condition:
    return OneOf(column=of.column, values=tuple(sorted(of.values, key=str))) if isinstance(of, OneOf) else of
