"""Questions for rows: all of them, the first, the largest, sorted."""

from ...types.profiles import ColumnProfile
from ..plan import (
    Column,
    Plan,
    Rows,
    TopRows,
)
from ..words.tokens import fold, is_plural
from .conditions import column_of
from .grammar import (
    Head,
    UnfitError,
    compares,
    ordered,
)

FEW_ROWS = 5
"""How many rows `the first rows` are."""


def all_rows_plan(head: Head) -> Plan | None:
    if head.groups:
        return None
    if head.where is None:
        return head.plan(Rows()) if head.codes == "U" else None
    return head.plan(Rows(columns=tuple(map(column_of, head.columns))))


def first_rows_plan(head: Head) -> Plan | None:
    end, noun = head.item("L"), head.item("U")
    if head.groups or end is None:
        return None
    count = head.count()
    if head.item("N") is None:
        count = FEW_ROWS if noun is None or is_plural(fold(noun.text)) else 1
    if not count:
        return None
    return head.plan(
        Rows(
            part="first" if end.value == "first" else "last",
            count=count,
            columns=tuple(map(column_of, head.columns)),
        )
    )


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
    by = head.groups[0] if len(head.groups) == 1 else word.column
    if by is not None and not compares(word, (by,)):
        return None
    chosen = head.item("U") is not None or (head.where is not None and word.column is not None)
    if by is None or len(head.groups) > 1 or (not head.groups and not chosen):
        return None
    return _top_plan(head, word.value, by, head.columns)


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
    if who is not None and most and who.distinct != head.schema.table.rows:
        raise UnfitError(
            f"it is not clear whether the rows or the totals of each `{who.name}` are meant; "
            f"say “total {by.name} by {who.name}” for the latter"
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


def most_earning_plan(head: Head) -> Plan | None:
    """`who earns the most`."""
    word = head.item("T")
    if word is None or head.groups or word.value not in ("largest", "smallest"):
        return None
    by = column_of(ordered(head.columns[0]))
    return head.plan(TopRows(by=by, largest=word.value == "largest", count=1))


def profile_of(head: Head, column: Column) -> ColumnProfile:
    """The profile of a column of the plan; raises `UnfitError` for one that the question computes."""
    profile = head.schema.table.column(column.name)
    profile = profile or next((made for made in head.schema.virtual if made.name == column.name), None)
    if profile is None:
        raise UnfitError(
            "rows are not ranked by a ratio or another figure of each row; make it a column first"
        )
    return profile
