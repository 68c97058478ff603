"""Conditions of the plan language: which rows.

A row without a value fulfils no comparison; `Not` of a comparison is given together with `Not(Missing)`
where gaps exist (see `conditions.negated`).
"""

from typing import Annotated, Literal

from pydantic import Field

from ...types.results import Leaf
from ...types.value import Value
from .measures import Column, Measure

Operator = Literal["==", "!=", ">", ">=", "<", "<="]


class Compare(Value):
    """Rows whose value stands in this relation to a constant."""

    kind: Literal["compare"] = "compare"
    column: Column
    operator: Operator
    value: Leaf


class CompareMeasure(Value):
    """Rows whose value stands in this relation to a statistic: `price` > mean of `price`."""

    kind: Literal["compare_measure"] = "compare_measure"
    column: Column
    operator: Operator
    measure: Measure
    """Of all rows that there are after the steps, before any condition."""
    times: float = 1.0
    """The statistic is multiplied by this."""


class CompareColumns(Value):
    """Rows whose values in two columns stand in this relation."""

    kind: Literal["compare_columns"] = "compare_columns"
    left: Column
    operator: Operator
    right: Column


class Between(Value):
    """Rows whose value lies between two numbers, both included."""

    kind: Literal["between"] = "between"
    column: Column
    low: int | float
    high: int | float


class During(Value):
    """Rows whose date lies in a period; the column holds dates (after its steps)."""

    kind: Literal["during"] = "during"
    column: Column
    start: str
    """ISO date, included."""
    end: str
    """ISO date, not included."""


class OneOf(Value):
    """Rows whose value is one of a few."""

    kind: Literal["one_of"] = "one_of"
    column: Column
    values: tuple[Leaf, ...]


class Contains(Value):
    """Rows whose text contains another, whatever its case, or begins or ends with it."""

    kind: Literal["contains"] = "contains"
    column: Column
    text: str
    place: Literal["anywhere", "start", "end"] = "anywhere"


class Missing(Value):
    """Rows that have no value in this column."""

    kind: Literal["missing"] = "missing"
    column: Column


class Not(Value):
    """Rows for which the part does not hold."""

    kind: Literal["not"] = "not"
    part: "Condition"


class AllOf(Value):
    """Rows for which every part holds."""

    kind: Literal["all"] = "all"
    parts: tuple["Condition", ...]


class AnyOf(Value):
    """Rows for which at least one part holds."""

    kind: Literal["any"] = "any"
    parts: tuple["Condition", ...]


Condition = Annotated[
    Compare
    | CompareMeasure
    | CompareColumns
    | Between
    | During
    | OneOf
    | Contains
    | Missing
    | Not
    | AllOf
    | AnyOf,
    Field(discriminator="kind"),
]

for _part in (Not, AllOf, AnyOf):
    _part.model_rebuild()
