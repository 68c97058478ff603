"""Short questions for more than a statistic: regressions, pivots, repeated rows, shares of a sum.

Rules like those of `questions`, each for a word that says what is wanted.
"""

from ...types.profiles import ColumnProfile
from ..plan import Crosstab, Duplicates, Measure, Plan, Regression, SumShare
from ..words.schema import is_numeric
from .conditions import column_of
from .counts import is_statement
from .figures import adds_up, one_meant
from .grammar import Head, Rule, UnfitError, numeric, refuse_either

MOST_PIVOT_VALUES = 50
"""A pivot by a column with more different values than this is refused."""


def _regression(head: Head) -> Plan | None:
    """`linear regression of rent on floorspace and bedrooms`: the target is named first."""
    target, *features = (column_of(numeric(column)) for column in head.columns)
    if head.groups or not features or len({target, *features}) <= len(features):
        return None
    refuse_either(head)
    return head.plan(Regression(target=target, features=tuple(features)))


def _pivot(head: Head) -> Plan | None:
    """`pivot of the average rent by city and year`, `crosstab of city and heating`."""
    groups = head.groups or head.columns
    refuse_either(head)
    if len(groups) != 2 or len(head.measures) > 1 or (head.groups and head.columns):
        return None
    if not head.measures and not head.knows_rows():
        return None
    figure = head.measures[0] if head.measures else None
    return _crossed(head, groups, figure)


def _pivot_of_column(head: Head) -> Plan | None:
    """`pivot of revenue by city and category`, which means the sum; `crosstab of city by category`."""
    refuse_either(head)
    column = head.columns[0]
    if len(head.groups) == 1 and not is_numeric(column) and column != head.groups[0]:
        return _crossed(head, (column, head.groups[0]), None)
    if len(head.groups) != 2 or not is_numeric(column):
        return None
    return _crossed(head, head.groups, one_meant(column, head.items[-1].text))


def _crossed(head: Head, groups: tuple[ColumnProfile, ...], figure: Measure | None) -> Plan:
    for column in groups:
        if column.kind == "other" or (column.distinct or 0) > MOST_PIVOT_VALUES:
            raise UnfitError(f"`{column.name}` has too many different values for a table of two columns")
    rows, columns = map(column_of, groups)
    if figure is not None and figure.column in (rows, columns):
        raise UnfitError("a column cannot be both a side of the table and its figure")
    return head.plan(Crosstab(rows=rows, columns=columns, measure=figure), by=())


def _duplicates(head: Head) -> Plan | None:
    """`how many duplicate rows are there`, `duplicates in email`."""
    if head.groups or head.where:
        return None
    for column in head.columns or head.schema.table.columns:
        if column.kind == "other":
            raise UnfitError(f"`{column.name}` holds values that cannot be compared")
    return head.plan(Duplicates(columns=tuple(map(column_of, head.columns))))


def _share_of_sum(head: Head) -> Plan | None:
    """`share of revenue by city`, `what percentage of the total revenue comes from Oslo`."""
    if head.measures:
        if len(head.measures) != 1 or head.measures[0].function != "sum":
            return None
        column = head.measures[0].column
    elif adds_up(head.columns[0], head.items[-1].text):
        column = column_of(head.columns[0])
    else:
        return None
    if len(head.groups) == 1 and head.groups[0].name != column.name:
        refuse_either(head)
        return head.plan(SumShare(column=column))
    if head.groups or len(head.conditions) != 1 or head.where is None:
        return None
    if not head.measures and is_statement(head):
        return None  # "what share of sales are returned" may be of the rows
    plan = head.plan(SumShare(column=column, of=head.where))
    return plan.model_copy(update={"where": None})


ANALYSES: tuple[Rule, ...] = (
    (r"\^*~Ck?C(?:A+C)*U?(?:A*\^)*", _regression),
    (r"#(?:MU?|UM|nU?|U)?|#C(?:A+|k)C", _pivot),
    (r"#C", _pivot_of_column),
    (r"n?&U?|n?&u?C", _duplicates),
    (r"PM|PC", _share_of_sum),
)
