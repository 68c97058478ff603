"""What a short question's plan comes to: each figure or list with the words that can call it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...types.profiles import ColumnProfile
from ...types.results import Leaf
from ..plan import Plan
from ..plan.findings import (
    Correlation,
    Difference,
    Distinct,
    MissingValues,
    RowCount,
    Share,
    Statistics,
    TopRows,
    ValueCounts,
)
from ..plan.measures import Column, Function
from ..plan.report import Combined, Finding, Part, Pick, Source
from ..plan.selection import AllOf, AnyOf, Compare, Condition, OneOf
from ..questions.conditions import column_of
from ..words.schema import words_of
from ..words.tokens import singular
from .called import joined
from .scene import Scene
from .text import words_of_name
from .values import value_names

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


@dataclass(frozen=True)
class Output:
    """One figure, label or list."""

    source: Source
    names: tuple[tuple[str, ...], ...] = ()
    """The rows of words that call it; none where the question has no groups."""
    function: Function | None = None
    column: str | None = None
    """The column that the figure is of."""
    is_list: bool = False
    is_label: bool = False
    label_words: tuple[str, ...] = ()
    is_whole: bool = False
    """A count or a text: written without decimals."""
    is_share: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it counts rows."""
        return isinstance(self.source, Pick) and isinstance(self.source.finding, RowCount)


def outputs(plan: Plan, scene: Scene) -> Iterator[Output]:
    """All that a plan can answer; nothing where it asks for something else than figures."""
    if plan.rank is not None:
        yield from _ranked(plan)
    elif plan.by:
        yield from _grouped(plan, scene)
    elif isinstance(plan.ask, ValueCounts) and not plan.ask.share:
        for condition, names in _values(plan.ask.column, scene):
            yield Output(_pick(RowCount(), "count", plan.where, condition), names, is_whole=True)
    elif isinstance(plan.ask, TopRows):
        yield from _top(plan.ask, plan.where, scene)
    else:
        yield from _plain(plan, scene)


def _pick(finding: Finding, part: Part, *conditions: Condition | None) -> Pick:
    return Pick(finding=finding, part=part, where=joined([each for each in conditions if each is not None]))


def _figures(plan: Plan) -> Iterator[tuple[Finding, Part, Output]]:
    """The findings of a plan that have one value, each with what it is."""
    match plan.ask:
        case Statistics(measures=measures):
            for measure in measures:
                whole = measure.function in ("count", "nunique", "mode", "first", "last")
                finding = Statistics(measures=(measure,))
                like = Output(
                    Pick(finding=finding), (), measure.function, measure.column.name, is_whole=whole
                )
                yield finding, "value", like
        case RowCount() as count:
            yield count, "count", Output(Pick(finding=count), is_whole=True)
        case Share() as share:
            yield share, "value", Output(Pick(finding=share), is_share=True)
        case Distinct(counted=True) as distinct:
            of = distinct.column.name
            yield distinct, "value", Output(Pick(finding=distinct), column=of, is_whole=True)
        case MissingValues(scope="one" | "total" as scope, share=False) as gaps:
            missing_in = gaps.column.name if scope == "one" and gaps.column else None
            yield gaps, "count", Output(Pick(finding=gaps), column=missing_in, is_whole=True)
        case Correlation() as correlation:
            yield correlation, "r", Output(Pick(finding=correlation))
        case _:
            return


def _plain(plan: Plan, scene: Scene) -> Iterator[Output]:
    """Figures of all rows, or of each of the few values that the condition names."""
    if isinstance(plan.ask, Difference):
        compared = Statistics(measures=(plan.ask.measure,))
        left, right = (_pick(compared, "value", plan.where, side) for side in (plan.ask.left, plan.ask.right))
        yield _like(
            Output(Combined(operator="-", left=left, right=right)), names=(("difference",), ("diff",))
        )
        for pick, side in ((left, plan.ask.left), (right, plan.ask.right)):
            if isinstance(side, Compare):
                names = _names(side, scene)
                yield Output(pick, names, plan.ask.measure.function, plan.ask.measure.column.name)
        return
    sides = list(_sides(plan.where))
    for finding, part, like in _figures(plan):
        yield _like(like, source=_pick(finding, part, plan.where))
        for side, rest in sides:
            yield _like(like, source=_pick(finding, part, side, *rest), names=_names(side, scene))


def _sides(where: Condition | None) -> Iterator[tuple[Compare, list[Condition]]]:
    """The few values of one column that a condition is fulfilled by, each with the other conditions."""
    parts = list(where.parts) if isinstance(where, AllOf) else [where] if where is not None else []
    for part in parts:
        rest = [other for other in parts if other is not part]
        if isinstance(part, OneOf):
            for value in part.values:
                yield Compare(column=part.column, operator="==", value=value), rest
        elif isinstance(part, AnyOf) and all(isinstance(each, Compare) for each in part.parts):
            each_side = [each for each in part.parts if isinstance(each, Compare) and each.operator == "=="]
            if len({each.column for each in each_side}) == 1 and len(each_side) == len(part.parts):
                yield from ((each, rest) for each in each_side)


def _like(output: Output, *, source: Source | None = None, names: tuple[tuple[str, ...], ...] = ()) -> Output:
    return Output(
        source or output.source, names or output.names, output.function, output.column, output.is_list,
        output.is_label, output.label_words, output.is_whole, output.is_share,
    )  # fmt: skip


def _names(side: Compare, scene: Scene) -> tuple[tuple[str, ...], ...]:
    column = scene.schema.named_column(side.column.name)
    return () if column is None else _called(column, side.value)


def _called(column: ColumnProfile, value: Leaf) -> tuple[tuple[str, ...], ...]:
    """What an answer's name can call a value; months and years by themselves."""
    names = (*value_names(column, value), words_of_name(str(value)))
    if column.name.endswith("_month") and isinstance(value, int) and 1 <= value <= 12:
        month = _MONTHS[value - 1]
        names = (*names, (month,), (month[:3],))
    if isinstance(value, int) and value > 31:
        names = (*names, (str(value),))
    if column.name.endswith("_weekend"):
        names = (("weekend",),) if value else (("weekday",), ("weekdays",))
    return names


def _values(column: Column, scene: Scene) -> Iterator[tuple[Condition, tuple[tuple[str, ...], ...]]]:
    profile = scene.schema.named_column(column.name)
    if profile is None:
        return
    values: Sequence[Leaf] = [count.value for count in profile.top]
    if not values and profile.name.endswith("_weekend"):
        values = [True, False]
    for value in values:
        yield Compare(column=column_of(profile), operator="==", value=value), _called(profile, value)


def _grouped(plan: Plan, scene: Scene) -> Iterator[Output]:
    """The figures of each group, and of all of them in a list."""
    if len(plan.by) != 1:
        return
    by = plan.by[0]
    label_words = tuple(map(singular, words_of(by.name)))
    for finding, part, like in _figures(plan):
        for condition, names in _values(by, scene):
            yield _like(like, source=_pick(finding, part, plan.where, condition), names=names)
        whole = Pick(finding=finding, part="values", where=plan.where, by=plan.by)
        yield Output(whole, (), like.function, like.column, is_list=True, is_whole=like.is_whole)
        labels = whole.model_copy(update={"part": "names"})
        yield Output(labels, (), is_list=True, is_label=True, label_words=label_words, is_whole=True)


def _ranked(plan: Plan) -> Iterator[Output]:
    """The group that stands out with its figure, or all groups in order."""
    if len(plan.by) != 1 or plan.rank is None or plan.rank.count not in (1, None):
        return
    words = tuple(map(singular, words_of(plan.by[0].name)))
    for finding, _, like in _figures(plan):
        pick = Pick(finding=finding, where=plan.where, by=plan.by, largest=plan.rank.largest)
        if plan.rank.count is None:
            names, values = (pick.model_copy(update={"part": part}) for part in ("names", "values"))
            yield Output(names, is_list=True, is_label=True, label_words=words, is_whole=True)
            yield Output(values, (), like.function, like.column, is_list=True, is_whole=like.is_whole)
            continue
        label = pick.model_copy(update={"part": "label"})
        yield Output(label, is_label=True, label_words=words, is_whole=True)
        yield _like(like, source=pick.model_copy(update={"part": "value"}))


def _top(ask: TopRows, where: Condition | None, scene: Scene) -> Iterator[Output]:
    """The names of the rows that stand out, and their figures; the first of equal rows."""
    is_list = (ask.count or 0) > 1
    for column in scene.schema.columns:
        is_label = column.kind in ("text", "category", "datetime")
        if is_label or column.name == ask.by.name:
            finding = ask.model_copy(update={"columns": (column_of(column),), "ties": False})
            words = tuple(map(singular, words_of(column.name)))
            yield Output(
                _pick(finding, "names" if is_list else "value", where), (words, words_of(column.name)), None,
                column.name, is_list, is_label, words if is_label else (), is_whole=is_label,
            )  # fmt: skip
