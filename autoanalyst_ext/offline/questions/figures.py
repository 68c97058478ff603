"""Figures that are meant where no statistic is named: `units by shop`, `top 3 shops by revenue`.

What adds up is totalled and what is a level is averaged (see `words.amounts`); of anything else both are
given, or nothing where only one can be.
"""

from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import Measure, Plan, Rank, RowCount, Scatter, Statistics, TopRows
from ..words.amounts import is_id, nature
from ..words.item import Item
from ..words.schema import is_numeric, words_of, yes_and_no
from ..words.tokens import fold, word_set
from ..words.vocabulary import CROWD, MONEY
from .conditions import AmbiguousError, column_of
from .grammar import MOST_GROUPS, Head, Rule, UnfitError, measure, need_unique_names, refuse_either


def meant(column: ColumnProfile, spoken: str = "") -> tuple[Measure, ...]:
    """The statistics that a column stands for; raises `UnfitError` where its numbers are names."""
    match nature(column, spoken):
        case "amount":
            return (measure("sum", column),)
        case "level":
            return (measure("mean", column),)
        case "name":
            raise UnfitError(f"`{column.name}` holds names and no quantities")
        case _:
            return measure("mean", column), measure("sum", column)


def one_meant(column: ColumnProfile, spoken: str = "") -> Measure:
    """The only statistic that a column can stand for; raises `AmbiguousError` where it could be several."""
    found = meant(column, spoken)
    if len(found) > 1:
        raise AmbiguousError(f"which figure of `{column.name}`? Say for example the average or the total")
    return found[0]


def adds_up(column: ColumnProfile, spoken: str = "") -> bool:
    """Whether a total is what the column stands for."""
    return nature(column, spoken) == "amount"


def is_figure(column: ColumnProfile) -> bool:
    """Whether the column is measured: no yes or no, and no number that is a name."""
    return is_numeric(column) and yes_and_no(column) is None and nature(column) != "name"


def figures_plan(head: Head) -> Plan | None:
    """`revenue per category`, `units and price by shop`, `revenue in May`."""
    items = named_columns(head)
    if head.opening == "when":
        return None
    if not items or not all(item.column is not None and is_figure(item.column) for item in items):
        return None
    if not head.groups:
        used = head.where.model_dump_json() if head.where is not None else ""
        if any(item.column is not None and f'"{item.column.name}"' in used for item in items):
            return None  # "consumption over 30": the rows
        amounts = head.where is not None and all(adds_up(c, i.text) for i in items if (c := i.column))
        if not amounts:
            return None
    refuse_either(head)
    if {item.column for item in items} & set(head.groups) or not all(_is_group(c, head) for c in head.groups):
        return None
    if any(column in head.schema.virtual for column in head.groups):
        for item in items:
            one_meant(item.column or head.groups[0], item.text)  # a salary of each month is no total
    found = [each for item in items if item.column is not None for each in meant(item.column, item.text)]
    return head.plan(Statistics(measures=tuple(dict.fromkeys(found))))


def _is_group(column: ColumnProfile, head: Head) -> bool:
    """Whether the column's values are groups that nobody would rather see as a correlation."""
    most = min(MOST_GROUPS, head.schema.table.rows / 2)
    return not is_figure(column) or (column.distinct is not None and column.distinct <= most)


def named_columns(head: Head) -> Sequence[Item]:
    """The items of the head that name columns."""
    return [item for item in head.items if item.code == "C"]


def ranked_figure_plan(head: Head) -> Plan | None:
    """`top 3 shops by units`, `shops by revenue, highest first`."""
    word = head.item("T")
    who = head.columns
    if word is None or word.column is not None or len(who) != 1 or len(head.groups) != 1:
        return None
    what = head.groups[0]
    if not is_figure(what) or is_figure(who[0]) or yes_and_no(who[0]) is not None:
        return None
    count = head.count() if head.item("N") else 1
    if not count:
        return None
    refuse_either(head)
    rank = Rank(largest=word.value == "largest", count=count)
    figure = one_meant(what)
    if figure.column == column_of(who[0]):
        return None
    return head.plan(Statistics(measures=(figure,)), by=who, rank=rank)


def adjective_plan(head: Head) -> Plan | None:
    """`cheapest district`, `best selling product`, `2 windiest stations on average`, `busiest month`."""
    word, who = head.item("T"), head.columns
    if word is None or word.cue is None or len(who) != 1 or head.groups:
        return None
    group, count = who[0], head.count() if head.item("N") else 1
    if is_figure(group) or yes_and_no(group) is not None or not count:
        return None
    refuse_either(head)
    if is_id(group) or not _repeats(group, head):
        if word.column is None or not is_figure(word.column) or head.item("S"):
            return None
        ask = TopRows(by=column_of(word.column), largest=word.value == "largest", count=count)
        return head.plan(ask)  # a thing is no group: the oldest patient is a row
    rank = Rank(largest=word.value == "largest", count=count)
    if word.column is None:
        crowd = word.cue.concepts == tuple(CROWD.split(","))
        return head.plan(RowCount(), by=who, rank=rank) if crowd and not head.item("S") else None
    if not is_figure(word.column) or group == word.column:
        return None
    if group in head.schema.times("date") and not adds_up(word.column):
        columns = (column_of(group), column_of(word.column))
        ask = TopRows(by=column_of(word.column), largest=rank.largest, count=count, columns=columns)
        return head.plan(ask)  # the hottest day is that of the highest temperature
    function = "sum" if adds_up(word.column) else "mean"
    if nature(word.column) == "unknown" and not set(word.cue.concepts) & _AVERAGED and not head.item("S"):
        raise AmbiguousError(f"by the average or the total of `{word.column.name}`? Say which one is meant")
    said = head.item("S")
    figure = measure(said.value if said else function, word.column)
    return head.plan(Statistics(measures=(figure,)), by=who, rank=rank)


_AVERAGED = {*MONEY, "speed", "duration", "length", "age", "height", "weight", "temperature"}
"""What a group has much of on average: the cheapest district is that of the lowest mean rent."""


def _repeats(column: ColumnProfile, head: Head) -> bool:
    """Whether the column's values make groups: parts of dates, or names that come up again and again."""
    if column in head.schema.virtual:
        return True
    return column.distinct is not None and 2 * column.distinct <= head.schema.table.rows


def judged_plan(head: Head) -> Plan | None:
    """`best month for revenue`, `worst shop by units`: only where a figure says what good is."""
    word = head.item("j")
    columns = [*head.columns, *head.groups]
    if word is None or len(columns) != 2 or len(head.groups) > 1:
        return None
    who, what = columns if is_figure(columns[1]) else reversed(columns)
    if not is_figure(what) or is_figure(who) or yes_and_no(who) is not None or not adds_up(what):
        return None
    count = head.count() if head.item("N") else 1
    if not count or not _repeats(who, head):
        return None
    refuse_either(head)
    rank = Rank(largest=word.value == "largest", count=count)
    return head.plan(Statistics(measures=(measure("sum", what),)), by=(who,), rank=rank)


def most_of_plan(head: Head) -> Plan | None:
    """`which month had the most units`, `the city with the highest revenue`: totals of what adds up."""
    if len(head.columns) != 1 or len(head.measures) != 1 or head.groups:
        return None
    who, figure = head.columns[0], head.measures[0]
    word = next(item for item in head.items if item.code == "M")
    what = head.schema.named_column(figure.column.name)
    if what is None or figure.function not in ("min", "max") or not adds_up(what, word.text):
        return None
    if is_figure(who) or yes_and_no(who) is not None or not _repeats(who, head):
        return None
    refuse_either(head)
    rank = Rank(largest=figure.function == "max", count=1)
    return head.plan(Statistics(measures=(measure("sum", what),)), by=(who,), rank=rank)


def when_plan(head: Head) -> Plan | None:
    """`when were the units highest`, `when was it hottest`: the date of the row."""
    word, dates = head.item("TM"), head.schema.dates()
    if head.opening != "when" or word is None or len(dates) != 1 or head.groups or len(head.columns) > 1:
        return None
    largest, what = word.value == "largest", word.column or next(iter(head.columns), None)
    if word.code == "M":
        if len(word.measures) != 1 or word.measures[0].function not in ("min", "max"):
            raise UnfitError("only the highest and the lowest value have a date")
        largest = word.measures[0].function == "max"
        what = head.schema.named_column(word.measures[0].column.name)
    if what is None or not is_figure(what):
        return None
    columns = (column_of(dates[0]), column_of(what))
    return head.plan(TopRows(by=column_of(what), largest=largest, count=1, columns=columns))


def sold_plan(head: Head) -> Plan | None:
    """`how many croissants were sold`, `number of goals by club`: the total of what is counted."""
    column = head.columns[0]
    spoken = " ".join(item.text for item in head.items if item.code == "C")
    if not is_figure(column) or not adds_up(column, spoken) or column in head.groups:
        return None
    if set(words_of(column.name)) & _MONEY or set(fold(spoken).split()) & _MONEY:
        return None  # "how many sales" are no money
    refuse_either(head)
    return head.plan(Statistics(measures=(measure("sum", column),)))


_MONEY = word_set(
    "revenue sales sale turnover total amount subtotal proceeds takings profit spending expenses"
)


def against_plan(head: Head) -> Plan | None:
    """`units vs price`: a point for each row."""
    first, second = head.columns
    if head.groups or first == second or not (is_figure(first) and is_figure(second)):
        return None
    need_unique_names(head)
    if not (first.name_is_text and second.name_is_text):
        return None
    return head.plan(Scatter(x=column_of(second), y=column_of(first)))


def who_plan(head: Head) -> Plan | None:
    """`who has the highest mark`: the row, and not its figure."""
    if head.opening != "who" or head.groups or len(head.measures) != 1:
        return None
    figure = head.measures[0]
    if figure.function not in ("min", "max"):
        return None
    return head.plan(TopRows(by=figure.column, largest=figure.function == "max", count=1))


FIGURES: tuple[Rule, ...] = (
    (r"C(?:A+C)*U?", figures_plan),
    (r"TN?C|NTC|TCN", ranked_figure_plan),
    (r"N?TN?CS?|CTS?", adjective_plan),
    (r"jN?CC?|Njn?CC?", judged_plan),
    (r"CM|MC", most_of_plan),
    (r"CT|T|M", when_plan),
    (r"MU?", who_plan),
    (r"nC", sold_plan),
    (r"CkC", against_plan),
)
