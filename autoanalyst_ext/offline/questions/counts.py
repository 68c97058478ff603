"""Questions that count: rows, different values, shares, missing values."""

from collections.abc import Iterable

from ...types.profiles import ColumnProfile
from ..plan import (
    AllOf,
    Compare,
    Condition,
    Distinct,
    MissingValues,
    OneOf,
    Plan,
    Rank,
    RowCount,
    Share,
    Size,
    ValueCounts,
)
from ..words.amounts import is_id
from ..words.earnings import quantity_sold
from ..words.schema import NUMBER, is_numeric, words_of, yes_and_no
from ..words.tokens import fold, is_plural, word_set
from .conditions import AmbiguousError, column_of, yes
from .grammar import (
    Head,
    UnfitError,
    refuse_either,
)


def row_count_plan(head: Head) -> Plan | None:
    refuse_either(head)
    _refuse_pieces(head)
    if head.is_entity():
        return None
    if head.where is None and not head.groups and not (head.knows_rows() or head.is_record_noun()):
        raise UnfitError("I do not know whether each row of the table is one of them")
    counted = head.item("n")
    if head.item("U") is None and head.where is None and not head.groups:
        return head.plan(RowCount()) if counted is not None and fold(counted.text) == "count" else None
    return head.plan(RowCount())


def _refuse_pieces(head: Head) -> None:
    """Raise `AmbiguousError` for `how many mugs` of orders that have pieces: the orders or the pieces."""
    sold = quantity_sold(head.schema)
    if sold is None or head.item("U") is not None or not head.links.startswith("nK"):
        return
    first = head.conditions[0].condition
    if isinstance(first, AllOf):
        first = first.parts[0]
    column = first.column.name if isinstance(first, (Compare, OneOf)) else ""
    if set(words_of(column)) & _WARES:
        raise AmbiguousError(f"how many rows, or the total of `{sold.name}`? Say “rows” or “{sold.name}”")


_WARES = word_set("item items product products article articles goods sku")
"""What columns are called whose values are sold by the piece."""


def how_often_plan(head: Head) -> Plan | None:
    """`how often was humidity above 90`."""
    if head.where is None or head.groups:
        return None
    refuse_either(head)
    return head.plan(RowCount())


def grouped_rows_plan(head: Head) -> Plan | None:
    """`requests per country`."""
    noun = head.item("U")
    if not head.groups or noun is None or not is_plural(fold(noun.text)):
        return None
    return head.plan(RowCount())


def yes_count_plan(head: Head) -> Plan | None:
    """`how many members renewed`, `cancelled by country`."""
    column = head.columns[0]
    if head.item("n") is None and not head.groups:
        return None
    if yes_and_no(column) is None or column in head.groups:
        return None
    refuse_either(head)
    where = yes(column) if head.where is None else AllOf(parts=(head.where, yes(column)))
    return head.plan(RowCount()).model_copy(update={"where": where})


def size_plan(head: Head) -> Plan | None:
    if head.where or head.groups:
        return None
    rows = head.item("gU") is not None
    counted = head.item("ng") is not None
    return head.plan(Size(what="both" if rows and counted else "columns" if counted else "names"))


def distinct_plan(head: Head) -> Plan | None:
    column, counted = countable(head.columns[0]), head.item("n") is not None
    if (head.groups and not counted) or column in head.groups:
        return None
    refuse_either(head)
    return head.plan(Distinct(column=column_of(column), counted=counted))


def values_count_plan(head: Head) -> Plan | None:
    """`how many regions`: the plural of a column that holds names counts the different ones."""
    noun, column = head.item("C"), head.columns[0]
    if noun is not None and is_id(column) and is_plural(fold(noun.text)):
        refuse_either(head)  # "how many customers" of orders
        return head.plan(Distinct(column=column_of(column), counted=True))
    if head.groups or noun is None or noun.score < NUMBER or not is_plural(fold(noun.text)):
        return None
    words = fold(noun.text).split()
    if column.kind not in ("category", "text") or yes_and_no(column) or head.schema.is_subject(words[-1]):
        return None
    refuse_either(head)
    return head.plan(Distinct(column=column_of(column), counted=True))


def value_counts_plan(head: Head) -> Plan | None:
    columns = head.columns or head.groups
    if len(columns) != 1 or (head.columns and head.groups):
        return None
    refuse_either(head)
    return head.plan(ValueCounts(column=column_of(countable(columns[0]))), by=())


def most_common_plan(head: Head) -> Plan | None:
    word = head.item("z")
    if word is None or head.groups:
        return None
    count = head.count() if head.item("N") else 1
    if not count:
        return None
    rank = Rank(largest=word.value == "largest", count=count)
    return head.plan(ValueCounts(column=column_of(countable(head.columns[0]))), rank=rank)


def countable(column: ColumnProfile) -> ColumnProfile:
    if column.kind == "other":
        raise UnfitError(f"`{column.name}` holds values that cannot be counted")
    return column


def share_plan(head: Head) -> Plan | None:
    """`share of houses with 3 bedrooms`, `what share of furnished houses have air conditioning`."""
    if not head.conditions:
        return _shares(head)
    refuse_either(head)
    conditions = [item.condition for item in head.conditions if item.condition is not None]
    if len(conditions) == 1:
        return head.plan(Share(of=conditions[0])).model_copy(update={"where": None})
    if not is_statement(head):
        return None
    where = conditions[0] if len(conditions) == 2 else AllOf(parts=tuple(conditions[:-1]))
    return head.plan(Share(of=conditions[-1])).model_copy(update={"where": where})


def is_statement(head: Head) -> bool:
    """Whether a verb states the last condition of the rows before it: `of flats in Oslo have a balcony`."""
    verb = head.conditions[-1].text.split()[0]
    return fold(verb) in ("have", "has", "had", "are", "is", "were", "was")


def _shares(head: Head) -> Plan | None:
    """`share of rows by status`."""
    if len(head.groups) != 1 or head.columns:
        return None
    return head.plan(ValueCounts(column=column_of(countable(head.groups[0])), share=True), by=())


def yes_share_plan(head: Head) -> Plan | None:
    """`what percentage of members renewed`."""
    column = head.columns[0]
    if yes_and_no(column) is None or head.item("U") is None:
        return None
    refuse_either(head)
    if head.where is not None and is_statement(head):
        return head.plan(Share(of=head.where)).model_copy(update={"where": yes(column)})
    return head.plan(Share(of=yes(column)))


def events_plan(head: Head) -> Plan | None:
    """`hires per year`, `how many were hired in 2015`: a date that is named after what happens then."""
    column = head.columns[0]
    if column.kind != "datetime":
        return None
    own = {made for made in head.schema.virtual if made.name.startswith(f"{column.name}_")}
    if head.groups and set(head.groups) <= own:
        return head.plan(RowCount())
    if head.where is not None and head.item("n") is not None and _uses(head.where, own):
        return head.plan(RowCount())
    return None


def _uses(condition: Condition, columns: Iterable[ColumnProfile]) -> bool:
    text = condition.model_dump_json()
    return any(column.name in text for column in columns)


def counted_groups_plan(head: Head) -> Plan | None:
    """`faults by machine`: the rows of a value that is a noun, in each group."""
    first = head.conditions[0] if head.conditions else None
    if first is None or not head.groups or not head.links.startswith("K") or len(head.conditions) > 1:
        return None
    if not is_plural(fold(first.text.split()[0])):
        return None
    return head.plan(RowCount())


def listed_plan(head: Head) -> Plan | None:
    """`list the operators`, `which crops are there`: the different values of a column of names."""
    noun, column = head.item("C"), head.columns[0]
    if head.groups or head.where or noun is None or not is_plural(fold(noun.text)):
        return None
    if column.kind != "category" or yes_and_no(column) is not None or not head.asks_list:
        return None
    return head.plan(Distinct(column=column_of(column), counted=False))


def rate_plan(head: Head) -> Plan | None:
    """`pass rate by school`, `browser share`, `error rate`."""
    column = head.columns[0]
    refuse_either(head)
    if yes_and_no(column) is not None:
        if head.where is not None and head.codes == "PC" and is_statement(head):
            # "what percent of smokers are women"
            return head.plan(Share(of=head.where)).model_copy(update={"where": yes(column)})
        return head.plan(Share(of=yes(column)))
    word = head.item("P")
    if head.groups or word is None or word.value == "rate" or is_numeric(column):
        return None
    if column.distinct is None or 2 * column.distinct > head.schema.table.rows:
        return None  # what is different in every row makes no shares
    return head.plan(ValueCounts(column=column_of(countable(column)), share=True))


def missing_share_plan(head: Head) -> Plan | None:
    """`percentage of missing bmi`."""
    if head.groups or head.where:
        return None
    return head.plan(MissingValues(scope="one", column=column_of(head.columns[0]), share=True))


def most_of_value_plan(head: Head) -> Plan | None:
    """`which machine has the most warnings`: the group with most rows of a value."""
    word, column = head.item("T"), head.columns[0]
    if word is None or head.groups or head.where is None or word.value not in ("largest", "smallest"):
        return None
    if fold(word.text) not in ("most", "fewest", "least") or not head.links.endswith("K"):
        return None
    rank = Rank(largest=word.value == "largest", count=1)
    return head.plan(RowCount(), by=(column,), rank=rank)


def missing_plan(head: Head) -> Plan | None:
    if head.item("y") is None or len(head.columns) > 1 or head.groups:
        return None
    noun = head.item("U")
    if head.item("B") is not None and head.item("u") is None:
        return None
    if noun is not None and not head.columns and noun.value != "table":
        return head.plan(MissingValues(scope="rows"))
    if head.columns:
        return head.plan(MissingValues(scope="one", column=column_of(head.columns[0])))
    if head.item("u") is None:
        return head.plan(MissingValues(scope="total"))
    return head.plan(MissingValues(scope="columns" if head.item("B") else "affected"))


def most_missing_plan(head: Head) -> Plan | None:
    """`which column has the most missing values`."""
    word = head.item("T")
    if head.groups or head.where or word is None or word.column is not None:
        return None
    if not any(column.nulls for column in head.schema.table.columns):
        raise UnfitError("no column has missing values")
    return head.plan(MissingValues(scope="columns"), rank=Rank(largest=word.value == "largest", count=1))
