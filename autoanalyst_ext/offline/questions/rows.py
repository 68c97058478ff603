"""Questions for rows: all of them, the first, the largest, sorted."""

import re

from ...types.profiles import ColumnProfile
from ..plan import (
    AllOf,
    Column,
    Distinct,
    Plan,
    Rows,
    Statistics,
    TopRows,
)
from ..words.amounts import is_id, nature
from ..words.item import Item
from ..words.schema import PART, is_numeric, yes_and_no
from ..words.tokens import fold, is_plural, singular, word_set
from ..words.vocabulary import SELLING
from .conditions import column_of, yes
from .grammar import (
    Head,
    UnfitError,
    compares,
    measure,
    ordered,
)

_PLAIN_ROWS = word_set("data dataset table dataframe frame file csv sheet rows row lines entries")
FEW_ROWS = 5
"""How many rows `the first rows` are."""


def all_rows_plan(head: Head) -> Plan | None:
    if head.groups or "how much" in head.fillers or _is_fragment(head):
        return None
    told = [column for column in head.columns if yes_and_no(column) is not None]
    asks_which = head.opening in ("which", "what", "who")
    if head.is_entity() and asks_which:
        return None
    if head.where is None:
        return head.plan(Rows()) if head.codes == "U" else None
    if len(head.columns) == 1 and is_id(head.columns[0]) and head.items[0].score <= PART:
        only = column_of(head.columns[0])  # "which customers have ...", named by what they are
        return head.plan(Distinct(column=only, counted=False)) if asks_which else None
    if told and not head.asks_list:
        if len(told) < len(head.columns):
            return None
        parts = (head.where, *map(yes, told))  # "cancelled suites", "women who smoke"
        return head.plan(Rows()).model_copy(update={"where": AllOf(parts=parts)})
    if any(column in head.schema.virtual or _is_day(column, head) for column in head.columns):
        return None  # "days with more than 40 units" are not rows
    used = head.where.model_dump_json()
    dated = any(f'"{made.name}"' in used for made in head.schema.virtual)
    if dated and any(item.code == "C" and fold(item.text) in SELLING for item in head.items):
        return None  # "sold in 2022" is no list of what was sold, and perhaps of another date
    named = all(f'"{column.name}"' in used for column in head.columns)
    if named and head.item("U") is None and not head.asks_list:
        return head.plan(Rows())
    return head.plan(Rows(columns=tuple(map(column_of, head.columns))))


def _is_day(column: ColumnProfile, head: Head) -> bool:
    """Whether a column is asked for as the days, each of which has several rows."""
    noun = next(item for item in head.items if item.column == column)
    rows = head.schema.table.rows
    repeats = column.kind == "datetime" and column.distinct is not None and column.distinct < rows
    return repeats and fold(noun.text) in _DAYS


_DAYS = word_set("days dates")


def _is_fragment(head: Head) -> bool:
    """Whether only a restriction is said, of something that was asked before: `only for women`."""
    return not head.items and head.opening.partition(" ")[0] in _RESTRICTING


_RESTRICTING = word_set("only just without excluding except and but also same not no")


def first_rows_plan(head: Head) -> Plan | None:
    end, noun = head.item("L"), head.item("U")
    if head.groups or end is None:
        return None
    count = head.count()
    if head.item("N") is None:
        count = FEW_ROWS if noun is None or is_plural(fold(noun.text)) else 1
    if not count:
        return None
    dates = head.schema.dates()
    if (
        noun is not None
        and noun.value in ("table", "assumed")
        and fold(noun.text) not in _PLAIN_ROWS
        and dates
    ):
        if len(dates) > 1 or head.columns or head.item("N") is not None:  # "the first visit" is the earliest
            raise UnfitError("first by which date, or first in the file? Say “first rows” for the latter")
        by = column_of(dates[0])
        return head.plan(TopRows(by=by, largest=end.value == "last", count=count))
    return head.plan(
        Rows(
            part="first" if end.value == "first" else "last",
            count=count,
            columns=tuple(map(column_of, head.columns)),
        )
    )


def first_value_plan(head: Head) -> Plan | None:
    """`last admission`: the latest date."""
    end, column = head.item("L"), head.columns[0]
    if end is None or column.kind != "datetime" or head.groups:
        return None
    function = "min" if end.value == "first" else "max"
    return head.plan(Statistics(measures=(measure(function, column),)))


def row_at_plan(head: Head) -> Plan | None:
    noun, ordinal = head.item("U"), head.item("r")
    position = head.number()
    if head.groups or head.where or noun is None or position is None or noun.value == "table":
        return None
    if ordinal is not None:
        position -= 1
    elif is_plural(fold(noun.text)) or noun.value == "assumed":
        return None
    return _slice(head, position, 1)


def row_range_plan(head: Head) -> Plan | None:
    first, last = (item.number for item in head.items if item.code == "N")
    noun = head.item("U")
    if head.groups or head.where or noun is None or noun.value != "row":
        return None
    if not isinstance(first, int) or not isinstance(last, int) or last < first:
        return None
    return _slice(head, first, last - first + 1)


def _slice(head: Head, start: int, count: int) -> Plan:
    if not 0 <= start < head.schema.table.rows:
        raise UnfitError("the table has no such row; rows are counted from zero")
    return head.plan(Rows(part="from", start=start, count=count, columns=tuple(map(column_of, head.columns))))


def top_plan(head: Head) -> Plan | None:
    """`top 10 houses by area`, `the cheapest house`, `price of the 3 largest houses by area`."""
    words = [item for item in head.items if item.code in "TZ"]
    word = words[-1]  # "top 10 cheapest houses"
    if len(words) > 1 and fold(words[0].text) != "top":
        return None
    by = head.groups[0] if len(head.groups) == 1 else word.column or _worth(head, word)
    if by is not None and not compares(word, (by,)):
        return None
    chosen = head.item("U") is not None or (head.where is not None and word.column is not None)
    if by is None or len(head.groups) > 1 or (not head.groups and not chosen):
        return None
    return _top_plan(head, word.value, by, head.columns)


def _worth(head: Head, word: Item) -> ColumnProfile | None:
    """What the `biggest orders` are big by: the one column of their worth."""
    noun = head.item("U")
    sized = word.cue is not None and "size" in word.cue.concepts
    if not sized or noun is None or noun.value == "row" or singular(fold(noun.text)) not in _PAID:
        return None
    hit = head.schema.quantity(("total", "amount", "value", "revenue"))
    return hit.column if hit is not None and is_numeric(hit.column) else None


_PAID = word_set("order purchase sale transaction invoice bill payment donation deal")


def top_of_column_plan(head: Head) -> Plan | None:
    """`the 5 highest prices`, `houses with the 5 highest prices`."""
    word = head.item("TZ")
    assert word is not None
    if head.groups or (word.column is not None and word.column != head.columns[-1]):
        return None
    return _top_plan(head, word.value, head.columns[-1], head.columns[:-1])


def extreme_plan(head: Head) -> Plan | None:
    """`the house with the highest price`, `which city has the highest price`."""
    measures = head.measures
    if head.groups or len(measures) != 1 or measures[0].function not in ("min", "max"):
        return None
    if _is_introduced(head):  # "for flats the highest price" asks for the figure
        return None
    by = profile_of(head, measures[0].column)
    word = next((item for item in head.items if item.code == "M"), None)
    who = head.columns[0] if len(head.columns) == 1 else None
    most = word is not None and fold(word.text.split()[0]) in ("most", "fewest", "least")
    rows = head.schema.table.rows
    repeated = who is not None and who.kind == "category" and 2 * (who.distinct or 0) <= rows
    if who is not None and (most or repeated) and who.distinct != rows:
        figure = "average" if nature(by) == "level" else "total"
        raise UnfitError(
            f"it is not clear whether one row or a figure of each `{who.name}` is meant; "
            f"say for example “{figure} {by.name} by {who.name}” for the latter"
        )
    return _top_plan(head, "largest" if measures[0].function == "max" else "smallest", by, head.columns)


def extremes_plan(head: Head) -> Plan | None:
    """`5 houses with the highest price`."""
    measures = head.measures
    if head.groups or len(measures) != 1 or measures[0].function not in ("min", "max") or not head.count():
        return None
    by = profile_of(head, measures[0].column)
    return _top_plan(head, "largest" if measures[0].function == "max" else "smallest", by, ())


def _is_introduced(head: Head) -> bool:
    """Whether the question begins with the rows it is about: `for furnished houses ...`."""
    if head.links.startswith("W"):
        return True
    first = head.conditions[0].text.split()[0] if head.conditions and head.links.startswith("K") else ""
    return fold(first) in ("for", "in", "among", "of", "within")


def _top_plan(head: Head, direction: str, by: ColumnProfile, shown: tuple[ColumnProfile, ...]) -> Plan | None:
    count = head.count() if head.item("N") else 1 if _is_single(head) else None
    if not count:
        return None
    columns = tuple(dict.fromkeys([*shown, by])) if shown else ()
    largest = direction in ("largest", "max")
    return head.plan(
        TopRows(
            by=column_of(ordered(by)), largest=largest, count=count, columns=tuple(map(column_of, columns))
        ),
        by=(),
    )


def _is_single(head: Head) -> bool:
    """Whether one row is asked for: `the largest house`, not `the largest houses`."""
    noun = head.item("U")
    return noun is None or not is_plural(fold(noun.text)) or head.item("M") is not None


def sorted_plan(head: Head) -> Plan | None:
    by = head.groups or head.columns
    if len(by) != 1 or (head.groups and head.columns):
        return None
    direction = head.item("l")
    largest = direction is not None and direction.value == "descending"
    return head.plan(TopRows(by=column_of(ordered(by[0])), largest=largest, count=None), by=())


def top_in_plan(head: Head) -> Plan | None:
    """`top ten students in science`."""
    word = head.item("T")
    if word is None or word.column is not None or head.groups or not re.search(r"UW[CY]", head.links):
        return None
    by = head.columns[0]
    return _top_plan(head, word.value, by, ()) if is_numeric(by) and nature(by) != "name" else None


def most_earning_plan(head: Head) -> Plan | None:
    """`who earns the most`."""
    word = head.item("T")
    if word is None or head.groups or word.value not in ("largest", "smallest"):
        return None
    by = column_of(ordered(head.columns[0]))
    return head.plan(TopRows(by=by, largest=word.value == "largest", count=1))


def profile_of(head: Head, column: Column) -> ColumnProfile:
    """The profile of a column of the plan; raises `UnfitError` for one that the question computes."""
    profile = head.schema.named_column(column.name)
    if profile is None:
        raise UnfitError(
            "rows are not ranked by a ratio or another figure of each row; make it a column first"
        )
    return profile
