"""Short questions for a statistical test: `t test math score boys vs girls`, `anova of rent by city`.

They are read before conditions are, because the values in them name the groups and choose no rows.
"""

import re
from collections.abc import Sequence

from ...types.profiles import ColumnProfile
from ..plan import Compare, Condition, Correlation, Plan, Question
from ..plan.hypotheses import ChiSquare, GroupsTest, Normality, Sample, TwoSamples
from ..words.item import Item, codes
from ..words.schema import Schema, ValueHit, is_numeric, yes_and_no
from .conditions import column_of, yes_no
from .grammar import UnfitError, numeric

_LETTERS = re.compile(r"[ECYVkAbBXWHIUtnJdwS=]+")


def comparison_plan(items: Sequence[Item], schema: Schema) -> Plan | None:
    """The plan of a question that names a test; `None` for all others."""
    kept = [item for item in items if item.code != "_" and item.text != ","]
    tests = {item.value for item in kept if item.code == "E"}
    if tests == {"differ"} and any(item.code == "c" for item in kept):
        return _significance(kept, schema)
    if not tests or not _LETTERS.fullmatch(codes(kept)):
        return None
    tests -= {"any"} if len(tests) > 1 else set()
    if len(tests) > 1:
        tests -= {"normal", "differ"}
    if len(tests) > 1:
        raise UnfitError("several tests are named; ask for one at a time")
    columns = list(dict.fromkeys(item.column for item in kept if item.code in "CY" and item.column))
    ask = _ask(tests.pop(), columns, kept, schema)
    return Plan(table=schema.table.name, ask=ask) if ask is not None else None


def _significance(kept: Sequence[Item], schema: Schema) -> Plan | None:
    """`is the correlation between rent and floorspace significant`: with its p-value."""
    columns = [item.column for item in kept if item.code in "CY" and item.column is not None]
    if not re.fullmatch(r"[IE]*cb?C[Ak]+C[IE]*|[IE]*C[Ak]+C[IE]*cE?", codes(kept)) or len(set(columns)) != 2:
        return None
    left, right = (column_of(numeric(column)) for column in columns)
    ask = Correlation(left=left, right=right, tested=True)
    return Plan(table=schema.table.name, ask=ask)


def _ask(test: str, columns: list[ColumnProfile], kept: Sequence[Item], schema: Schema) -> Question | None:
    values = [item.values[0] for item in kept if item.code == "V" and len(item.values) == 1]
    match test:
        case "normal" | "shapiro" | "normaltest" | "jarque_bera":
            if len(columns) != 1 or values:
                return None
            name = "shapiro" if test == "normal" else test
            return Normality.model_validate({"column": column_of(numeric(columns[0])), "test": name})
        case "chi":
            if len(columns) != 2 or values:
                return None
            return ChiSquare(left=column_of(_grouping(columns[0])), right=column_of(_grouping(columns[1])))
        case "differ":
            return _differ(columns, values, kept)
        case "anova" | "kruskal":
            return _groups_test(test, columns, values)
        case "any":
            raise UnfitError("which test? Name it, for example a t test, a Mann-Whitney test or ANOVA")
        case _:
            return _two(test, columns, values, kept)


def _groups_test(test: str, columns: list[ColumnProfile], values: list[ValueHit]) -> Question | None:
    """A figure between all groups of a column."""
    figures = [column for column in columns if is_numeric(column) and yes_and_no(column) is None]
    groups = [column for column in columns if column not in figures]
    if len(figures) != 1 or len(groups) != 1 or values:
        return None
    return GroupsTest.model_validate(
        {"test": test, "column": column_of(figures[0]), "by": column_of(_grouping(groups[0]))}
    )


def _differ(columns: list[ColumnProfile], values: list[ValueHit], kept: Sequence[Item]) -> Question | None:
    """`does rent differ between the cities`: Welch's test of two groups, an analysis of variance of more."""
    groups = [column for column in columns if not is_numeric(column) or yes_and_no(column) is not None]
    if values or (len(groups) == 1 and (yes_and_no(groups[0]) is not None or len(groups[0].top) == 2)):
        return _two("welch", columns, values, kept)
    return _groups_test("anova", columns, values)


def _two(
    test: str, columns: list[ColumnProfile], values: list[ValueHit], kept: Sequence[Item]
) -> Question | None:
    """Two samples: of two values that are named, or of a column that has just two."""
    figures = [column for column in columns if is_numeric(column) and yes_and_no(column) is None]
    groups = [column for column in columns if column not in figures]
    if len(figures) != 1:
        return None
    conditions = _conditions(groups, values)
    if conditions is None:
        raise UnfitError("it is not clear which two groups are to be compared")
    left, right = (Sample(column=column_of(figures[0]), where=where) for where in conditions)
    return TwoSamples.model_validate({"test": test, "left": left, "right": right})


def _conditions(groups: list[ColumnProfile], values: list[ValueHit]) -> tuple[Condition, Condition] | None:
    owners = {hit.column.name for hit in values}
    if len(values) == 2 and len(owners) == 1 and {column.name for column in groups} <= owners:
        first, second = (
            Compare(column=column_of(hit.column), operator="==", value=hit.value) for hit in values
        )
        return first, second
    if values or len(groups) != 1:
        return None
    column = groups[0]
    if yes_and_no(column) is not None:
        return yes_no(column, True), yes_no(column, False)
    if len(column.top) != 2:
        return None
    first, second = (
        Compare(column=column_of(column), operator="==", value=count.value)
        for count in sorted(column.top, key=lambda count: str(count.value))
    )
    return first, second


def _grouping(column: ColumnProfile) -> ColumnProfile:
    """The column itself; raises `UnfitError` if its values are no groups."""
    few = column.kind in ("category", "boolean") or bool(column.top)
    if not few:
        raise UnfitError(f"`{column.name}` has too many different values to be groups")
    return column
