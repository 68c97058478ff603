"""Plans in people's words: put together by chance of `templates`, terse or long or polite.

Columns are called as people call them (`invented.Known.said`) or as the table writes them. What the analyst
makes of it is the tests' matter.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any

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
    GroupChart,
    GroupsTest,
    Histogram,
    Measure,
    MissingValues,
    Normality,
    OneOf,
    Plan,
    RowCount,
    Rows,
    Scatter,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    TwoSamples,
    ValueCounts,
)

from . import templates as say
from .invented import Invented

Ways = Sequence[str]


class Speaker:
    """One person: says a plan about one table in one of many ways."""

    def __init__(self, chance: random.Random, table: Invented) -> None:
        self.chance, self.table = chance, table
        self.known = {each.column: each for each in table.columns}
        self.parts: dict[Column, str] = {}
        """Columns that the plan's steps make of a date, by the part that they are."""

    def say(self, plan: Plan) -> str:
        """The plan as a question."""
        for step in plan.steps:
            assert isinstance(step, Derive)
            assert isinstance(step.value, DatePart)
            self.parts[Column(name=step.name)] = step.value.part
        text = _SAID[type(plan.ask)](self, plan)
        is_noun = type(plan.ask) in (Statistics, Correlation, TopRows)
        is_noun = is_noun and not text.startswith(("which", "what"))
        text = self._one(say.POLITE if is_noun else say.POLITE[:4], text)
        text = text[0].upper() + text[1:] if self.chance.random() < 0.4 else text
        return text + ("?" if self.chance.random() < 0.3 else "")

    def _one(self, ways: Ways, *words: object) -> str:
        return self.chance.choice(ways).format(*words)

    def name(self, column: Column) -> str:
        """A column as people call it; seldom as the table writes it."""
        if column in self.parts:
            return say.PARTS[self.parts[column]]
        return column.name if self.chance.random() < 0.15 else self.known[column].said

    def plural(self, column: Column) -> str:
        """Several groups of a column."""
        word = self.known[column].said
        return say.PLURALS.get(word, f"{word}s")

    def number(self, value: float) -> str:
        """A number, with separators now and then."""
        return f"{value:,}" if abs(value) >= 1000 and self.chance.random() < 0.4 else f"{value}"

    def count(self, number: int | None) -> str:
        """A small number, in words now and then."""
        assert number is not None
        return say.WORDS[number] if number in say.WORDS and self.chance.random() < 0.3 else str(number)

    def measure(self, measure: Measure) -> str:
        """One statistic."""
        share = round((measure.q or 0) * 100)
        return self._one(say.MEASURED[measure.function], self.name(measure.column), share)

    def condition(self, where: Condition) -> str:
        """One comparison, or several joined by "and"."""
        if isinstance(where, AllOf):
            return " and ".join(map(self.condition, where.parts))
        if isinstance(where, Between):
            ends = (self.number(where.low), self.number(where.high))
            return self._one(say.BETWEEN, self.name(where.column), *ends)
        if isinstance(where, OneOf):
            return self._one(say.ONE_OF, self.name(where.column), *where.values)
        assert isinstance(where, Compare)
        return self._one(say.COMPARED[where.operator], self.name(where.column), self._value(where.value))

    def _value(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else self.number(value)

    def where(self, where: Condition | None) -> str:
        """A condition at the end of a question."""
        if where is None:
            return ""
        if isinstance(where, Compare) and where.column in self.parts:
            return self._moment(where)
        if isinstance(where, Compare) and where.operator == "==" and self.known[where.column].kind == "place":
            said = self.known[where.column].said
            return self._one(say.PLACED, where.value, self.table.name, said)
        return self._one(say.WHERE, self.condition(where), self.table.name)

    def _moment(self, where: Compare) -> str:
        """A year or a month."""
        assert isinstance(where.value, int)
        return f" in {say.MONTHS.get(where.value, where.value)}"

    def rows(self, where: Condition | None) -> str:
        """The rows of a condition."""
        if where is None:
            return self.table.name
        if isinstance(where, Compare) and where.column in self.parts:
            return self.table.name + self._moment(where)
        return self._one(say.ROWS, self.condition(where), self.table.name)

    def by(self, columns: Sequence[Column]) -> str:
        """Groups at the end of a question."""
        if not columns:
            return ""
        names = " and ".join(map(self.name, columns))
        return self._one(say.BY[:1] if columns[0] in self.parts else say.BY, names)

    def statistics(self, plan: Plan) -> str:
        """Figures, of all rows or of groups; or the group with the largest."""
        assert isinstance(plan.ask, Statistics)
        if plan.rank is not None:
            return self._ranked(plan)
        figures = " and ".join(map(self.measure, plan.ask.measures))
        return figures + self.by(plan.by) + self.where(plan.where)

    def _ranked(self, plan: Plan) -> str:
        assert isinstance(plan.ask, Statistics)
        assert plan.rank is not None
        figure, (by,) = self.measure(plan.ask.measures[0]), plan.by
        most = self.chance.choice(say.MOST[plan.rank.largest])
        if plan.rank.count == 1:
            return self._one(say.BEST_GROUP, self.known[by].said, most, figure) + self.where(plan.where)
        ways = say.BEST_GROUPS if plan.rank.largest else say.BEST_GROUPS[:1]
        count = self.count(plan.rank.count)
        return self._one(ways, self.plural(by), most, figure, count) + self.where(plan.where)

    def counted(self, plan: Plan) -> str:
        """How many rows."""
        if plan.by:
            return self._one(say.COUNTED[:3], self.table.name) + self.by(plan.by) + self.where(plan.where)
        return self._one(say.COUNTED, self.rows(plan.where))

    def listed(self, plan: Plan) -> str:
        """Rows themselves."""
        assert isinstance(plan.ask, Rows)
        if plan.ask.part != "all":
            return self._one(say.ENDS, plan.ask.part, self.count(plan.ask.count), self.table.name)
        return self._one(("{0}", "list {0}", "show {0}", "all {0}", "show me all {0}"), self.rows(plan.where))

    def top(self, plan: Plan) -> str:
        """Rows with the largest or smallest values."""
        assert isinstance(plan.ask, TopRows)
        most = self.chance.choice(say.MOST[plan.ask.largest])
        name, rows = self.name(plan.ask.by), self.table.name
        if plan.ask.count == 1:
            return self._one(say.TOP_ROW, rows.removesuffix("s"), most, name) + self.where(plan.where)
        count = self.count(plan.ask.count)
        return self._one(say.TOP_ROWS[plan.ask.largest], rows, most, name, count) + self.where(plan.where)

    def values(self, plan: Plan) -> str:
        """How often each value occurs."""
        assert isinstance(plan.ask, ValueCounts)
        return self._one(say.OCCURRING[plan.rank is None], self.name(plan.ask.column))

    def distinct(self, plan: Plan) -> str:
        """The different values, or how many."""
        assert isinstance(plan.ask, Distinct)
        return self._one(say.DISTINCT[plan.ask.counted], self.plural(plan.ask.column))

    def share(self, plan: Plan) -> str:
        """Which part of the rows."""
        assert isinstance(plan.ask, Share)
        return self._one(say.SHARE, self.table.name, self.condition(plan.ask.of)) + self.by(plan.by)

    def correlation(self, plan: Plan) -> str:
        """How two columns go together."""
        assert isinstance(plan.ask, Correlation)
        return self._one(say.CORRELATED[plan.ask.method], self.name(plan.ask.left), self.name(plan.ask.right))

    def tested(self, plan: Plan) -> str:
        """A statistical test."""
        ask = plan.ask
        if isinstance(ask, Normality):
            return self._one(say.TESTED["normality"], self.name(ask.column))
        if isinstance(ask, ChiSquare):
            return self._one(say.TESTED["chi_square"], self.name(ask.left), self.name(ask.right))
        if isinstance(ask, GroupsTest):
            return self._one(say.TESTED[ask.test], self.name(ask.column), self.name(ask.by))
        assert isinstance(ask, TwoSamples)
        assert isinstance(ask.left.where, Compare)
        return self._one(say.TESTED[ask.test], self.name(ask.left.column), self.name(ask.left.where.column))

    def missing(self, plan: Plan) -> str:
        """Missing values."""
        assert isinstance(plan.ask, MissingValues)
        return self._one(say.MISSING[plan.ask.scope], self.name(plan.ask.column) if plan.ask.column else "")

    def looked(self, plan: Plan) -> str:
        """What the table is like."""
        if isinstance(plan.ask, Summary):
            assert plan.ask.column is not None
            return self._one(("describe {0}", "summary of {0}", "summarise {0}"), self.name(plan.ask.column))
        assert isinstance(plan.ask, Size)
        return self._one(say.SIZE[plan.ask.what])

    def charted(self, plan: Plan) -> str:
        """A chart."""
        ask = plan.ask
        if isinstance(ask, Histogram):
            return self._one(say.HISTOGRAM, self.name(ask.x)) + self.where(plan.where)
        if isinstance(ask, Scatter):
            return self._one(say.SCATTER, self.name(ask.x), self.name(ask.y))
        if isinstance(ask, BoxPlot):
            return self._one(say.BOXES, self.name(ask.y)) + self.by(plan.by)
        assert isinstance(ask, GroupChart)
        figure = self.measure(ask.measure) if ask.measure else f"number of {self.table.name}"
        return self._one(say.BARS, figure) + self.by(plan.by)


_SAID: dict[type, Callable[[Speaker, Plan], str]] = {
    Statistics: Speaker.statistics,
    RowCount: Speaker.counted,
    Rows: Speaker.listed,
    TopRows: Speaker.top,
    ValueCounts: Speaker.values,
    Distinct: Speaker.distinct,
    Share: Speaker.share,
    Correlation: Speaker.correlation,
    **dict.fromkeys((Normality, ChiSquare, GroupsTest, TwoSamples), Speaker.tested),
    MissingValues: Speaker.missing,
    **dict.fromkeys((Summary, Size), Speaker.looked),
    **dict.fromkeys((Histogram, Scatter, BoxPlot, GroupChart), Speaker.charted),
}
