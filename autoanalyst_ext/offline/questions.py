"""What the heads of questions mean: rows, counts, statistics, shares, correlations, missing values.

Each rule is a pattern of letters (see `vocabulary`) and a function that makes the plan, or finds that it
makes no sense. Charts have a file of their own.
"""

import re

from ..types.profiles import ColumnProfile
from .conditions import column_of, yes
from .grammar import Head, Rule, UnfitError, compares, need_unique_names, numeric, ordered, refuse_either
from .plan import (
    AllOf,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Distinct,
    MissingValues,
    Plan,
    Rank,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    ValueCounts,
)
from .schema import NUMBER, is_numeric, yes_and_no
from .sentence import FUNCTION_NAMES
from .tokens import fold, is_plural

FEW_ROWS = 5
"""How many rows `the first rows` are."""


def _all_rows(head: Head) -> Plan | None:
    if head.groups:
        return None
    if head.where is None:
        return head.plan(Rows()) if head.codes == "U" else None
    return head.plan(Rows(columns=tuple(map(column_of, head.columns))))


def _first_rows(head: Head) -> Plan | None:
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


def _row_at(head: Head) -> Plan | None:
    noun, ordinal = head.item("U"), head.item("r")
    position = head.number()
    if head.groups or head.where or noun is None or position is None or noun.value == "table":
        return None
    if ordinal is not None:
        position -= 1
    elif is_plural(fold(noun.text)) or noun.value == "assumed":
        return None
    return _slice(head, position, 1)


def _row_range(head: Head) -> Plan | None:
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


def _top(head: Head) -> Plan | None:
    """`top 10 houses by area`, `the cheapest house`, `price of the 3 largest houses by area`."""
    words = [item for item in head.items if item.code in "TZ"]
    word = words[-1]  # "top 10 cheapest houses"
    if len(words) > 1 and fold(words[0].text) != "top":
        return None
    by = head.groups[0] if len(head.groups) == 1 else word.column
    if by is not None and not compares(word, (by,)):
        return None
    if by is None or len(head.groups) > 1 or (not head.groups and head.item("U") is None):
        return None
    return _top_plan(head, word.value, by, head.columns)


def _top_of_column(head: Head) -> Plan | None:
    """`the 5 highest prices`, `houses with the 5 highest prices`."""
    word = head.item("TZ")
    assert word is not None
    if head.groups or (word.column is not None and word.column != head.columns[-1]):
        return None
    return _top_plan(head, word.value, head.columns[-1], head.columns[:-1])


def _extreme(head: Head) -> Plan | None:
    """`the house with the highest price`, `which city has the highest price`."""
    measures = head.measures
    if head.groups or len(measures) != 1 or measures[0].function not in ("min", "max"):
        return None
    if _is_introduced(head):  # "for flats the highest price" asks for the figure
        return None
    by = head.schema.table.column(measures[0].column.name)
    assert by is not None
    return _top_plan(head, "largest" if measures[0].function == "max" else "smallest", by, head.columns)


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


def _sorted(head: Head) -> Plan | None:
    by = head.groups or head.columns
    if len(by) != 1 or (head.groups and head.columns):
        return None
    direction = head.item("l")
    largest = direction is not None and direction.value == "descending"
    return head.plan(TopRows(by=column_of(ordered(by[0])), largest=largest, count=None), by=())


def _row_count(head: Head) -> Plan | None:
    refuse_either(head)
    if head.where is None and not head.groups and not head.knows_rows():
        raise UnfitError("I do not know whether each row of the table is one of them")
    counted = head.item("n")
    if head.item("U") is None and head.where is None and not head.groups:
        return head.plan(RowCount()) if counted is not None and fold(counted.text) == "count" else None
    return head.plan(RowCount())


def _yes_count(head: Head) -> Plan | None:
    """`how many passengers survived`."""
    column = head.columns[0]
    if yes_and_no(column) is None or head.item("U") is None:
        return None
    refuse_either(head)
    where = yes(column) if head.where is None else AllOf(parts=(head.where, yes(column)))
    return head.plan(RowCount()).model_copy(update={"where": where})


def _size(head: Head) -> Plan | None:
    if head.where or head.groups:
        return None
    rows = head.item("gU") is not None
    counted = head.item("ng") is not None
    return head.plan(Size(what="both" if rows and counted else "columns" if counted else "names"))


def _statistics(head: Head) -> Plan | None:
    refuse_either(head)
    _refuse_row_with(head)
    names = {column.name for column in head.groups}
    for measure in head.measures:
        if measure.column.name in names:
            raise UnfitError(f"`{measure.column.name}` cannot be both the group and the figure")
    return head.plan(Statistics(measures=head.measures))


def _refuse_row_with(head: Head) -> None:
    """Raise `UnfitError` where rows are asked for by a figure of many: `the house with the mean price`."""
    function = head.measures[0].function
    name, extreme = FUNCTION_NAMES[function], function in ("min", "max")
    asked = re.search(r"U[^M]*[HW]M", head.links) is not None
    if extreme and (asked or (head.codes == "UM" and head.groups)):
        raise UnfitError(f"it is not clear whether rows are asked for or the {name} itself")
    if asked:
        raise UnfitError(f"no row needs to have the {name} of a column; ask for the {name} itself")


def _ranked(head: Head) -> Plan | None:
    """`top 3 cities by average price`, `which city has the highest average price`, `... the most houses`."""
    word = head.item("T")
    groups = head.groups or head.columns
    if word is None or word.column is not None or len(groups) != 1 or (head.groups and head.columns):
        return None
    count = head.count() if head.item("N") else 1
    if not count:
        return None
    rank = Rank(largest=word.value == "largest", count=count)
    if not head.measures:
        counts = word.text in ("most", "fewest", "least") or head.item("n") is not None
        return head.plan(RowCount(), by=groups, rank=rank) if counts and head.knows_rows() else None
    if len(head.measures) > 1 or head.measures[0].column == column_of(groups[0]):
        return None
    return head.plan(Statistics(measures=head.measures), by=groups, rank=rank)


def _distinct(head: Head) -> Plan | None:
    if head.groups:
        return None
    column = _countable(head.columns[0])
    return head.plan(Distinct(column=column_of(column), counted=head.item("n") is not None))


def _values_count(head: Head) -> Plan | None:
    """`how many regions`: the plural of a column that holds names counts the different ones."""
    noun, column = head.item("C"), head.columns[0]
    if head.groups or noun is None or noun.score < NUMBER or not is_plural(fold(noun.text)):
        return None
    words = fold(noun.text).split()
    if column.kind not in ("category", "text") or yes_and_no(column) or head.schema.is_subject(words[-1]):
        return None
    refuse_either(head)
    return head.plan(Distinct(column=column_of(column), counted=True))


def _value_counts(head: Head) -> Plan | None:
    columns = head.columns or head.groups
    if len(columns) != 1 or (head.columns and head.groups):
        return None
    refuse_either(head)
    return head.plan(ValueCounts(column=column_of(_countable(columns[0]))), by=())


def _most_common(head: Head) -> Plan | None:
    word = head.item("z")
    if word is None or head.groups:
        return None
    count = head.count() if head.item("N") else 1
    if not count:
        return None
    rank = Rank(largest=word.value == "largest", count=count)
    return head.plan(ValueCounts(column=column_of(_countable(head.columns[0]))), rank=rank)


def _countable(column: ColumnProfile) -> ColumnProfile:
    if column.kind == "other":
        raise UnfitError(f"`{column.name}` holds values that cannot be counted")
    return column


def _share(head: Head) -> Plan | None:
    """`share of houses with 3 bedrooms`, `what share of furnished houses have air conditioning`."""
    if not head.conditions:
        return _shares(head)
    refuse_either(head)
    conditions = [item.condition for item in head.conditions if item.condition is not None]
    if len(conditions) == 1:
        return head.plan(Share(of=conditions[0])).model_copy(update={"where": None})
    if not _is_statement(head):
        return None
    where = conditions[0] if len(conditions) == 2 else AllOf(parts=tuple(conditions[:-1]))
    return head.plan(Share(of=conditions[-1])).model_copy(update={"where": where})


def _is_statement(head: Head) -> bool:
    """Whether a verb states the last condition of the rows before it: `of flats in Oslo have a balcony`."""
    verb = head.conditions[-1].text.split()[0]
    return fold(verb) in ("have", "has", "had", "are", "is", "were", "was")


def _shares(head: Head) -> Plan | None:
    """`share of rows by status`."""
    if len(head.groups) != 1 or head.columns:
        return None
    return head.plan(ValueCounts(column=column_of(_countable(head.groups[0])), share=True), by=())


def _yes_share(head: Head) -> Plan | None:
    """`what percentage of passengers survived`."""
    column = head.columns[0]
    if yes_and_no(column) is None or head.item("U") is None:
        return None
    refuse_either(head)
    return head.plan(Share(of=yes(column)))


def _correlation(head: Head) -> Plan | None:
    if head.groups or len(head.columns) != 2 or head.item("c") is None:
        return None
    left, right = (numeric(column) for column in head.columns)
    if left == right:
        return None
    return head.plan(Correlation(left=column_of(left), right=column_of(right)))


def _correlations(head: Head) -> Plan | None:
    if head.groups:
        return None
    _several_numeric(head)
    return head.plan(CorrelationMatrix())


def _correlation_ranking(head: Head) -> Plan | None:
    if head.groups:
        return None
    _several_numeric(head)
    return head.plan(CorrelationRanking(target=column_of(numeric(head.columns[0]))))


def _several_numeric(head: Head) -> None:
    columns = head.schema.table.columns
    if sum(map(is_numeric, columns)) < 2:
        raise UnfitError("the table has fewer than two numeric columns")
    need_unique_names(head)


def _missing(head: Head) -> Plan | None:
    if head.item("y") is None or len(head.columns) > 1 or head.groups:
        return None
    if head.columns:
        return head.plan(MissingValues(scope="one", column=column_of(head.columns[0])))
    if head.item("u") is None:
        return head.plan(MissingValues(scope="total"))
    return head.plan(MissingValues(scope="columns" if head.item("B") else "affected"))


def _most_missing(head: Head) -> Plan | None:
    """`which column has the most missing values`."""
    word = head.item("T")
    if head.groups or head.where or word is None or word.column is not None:
        return None
    if not any(column.nulls for column in head.schema.table.columns):
        raise UnfitError("no column has missing values")
    return head.plan(MissingValues(scope="columns"), rank=Rank(largest=word.value == "largest", count=1))


def _summary(head: Head) -> Plan | None:
    if head.groups or len(head.columns) > 1:
        return None
    table = head.schema.table
    if not table.columns:
        raise UnfitError("the table has no columns")
    if head.columns:
        return head.plan(Summary(column=column_of(_countable(head.columns[0]))))
    return head.plan(Summary(numeric=any(map(is_numeric, table.columns))))


_COLUMNS = r"(?:C(?:A+C)*)"

RULES: tuple[Rule, ...] = (
    (rf"|U|{_COLUMNS}U?", _all_rows),
    (rf"{_COLUMNS}?(?:LN?U?|NLU)U?", _first_rows),
    (rf"{_COLUMNS}?(?:UN|rU)", _row_at),
    (rf"{_COLUMNS}?UNtN", _row_range),
    (rf"{_COLUMNS}?(?:[TZ]N?U|N[TZ]U|TN|TNTU|UTN?)", _top),
    (rf"{_COLUMNS}?U?(?:N[TZ]|TN)C", _top_of_column),
    (rf"(?:{_COLUMNS}U?|U)M", _extreme),
    (r"(?:UsU?C?|sU?C?)A*l?U?", _sorted),
    (r"nU?", _row_count),
    (r"nU?CU?", _yes_count),
    (r"nC", _values_count),
    (r"gU?|nUAn?u|nuAn?U|nuU?|uU?", _size),
    (r"MU?|UM", _statistics),
    (r"CTMU?|TN?CBM|TMU?|NTCBM|CTn?U|TN?CBnU?", _ranked),
    (r"nDw?C|Dw?C|wC|nwC", _distinct),
    (r"fw?U?C?|Cf", _value_counts),
    (r"(?:TN|N|T)?zw?n?C", _most_common),
    (r"PU?", _share),
    (r"PUC", _yes_share),
    (r"[cbCAkU]+", _correlation),
    (r"c?a(?:b?u)?U?|cb?u?U?", _correlations),
    (r"u?[ce]C", _correlation_ranking),
    (r"[nywuBCUX]+", _missing),
    (r"uTn?yw?", _most_missing),
    (r"d[uU]?C?U?|Cd", _summary),
)
