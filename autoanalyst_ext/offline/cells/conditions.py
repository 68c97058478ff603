"""Conditions of a plan as the boolean expressions that choose rows."""

from collections.abc import Sequence

from ...types.results import Leaf
from ..plan import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    CompareColumns,
    CompareMeasure,
    Condition,
    Contains,
    During,
    Missing,
    Not,
    OneOf,
)
from .draft import Draft
from .literals import column_key, literal
from .measures import of_values


def mask(condition: Condition, table: str, draft: Draft, whole: str | None = None) -> str:
    """The expression for the rows of `table`; statistics in it are of `whole`, by default the same table."""
    match condition:
        case Compare():
            return _comparison(condition, table)
        case CompareMeasure(column=column, operator=operator, measure=measure, times=times):
            figure = of_values(f"{whole or table}[{column_key(measure.column)}]", measure, draft)
            factor = "" if times == 1 else f"{literal(_short(times))} * "
            return f"{table}[{column_key(column)}] {operator} {factor}{_term(figure)}"
        case CompareColumns(left=left, operator=operator, right=right):
            return f"{table}[{column_key(left)}] {operator} {table}[{column_key(right)}]"
        case Between(column=column, low=low, high=high):
            return f"{table}[{column_key(column)}].between({literal(low)}, {literal(high)})"
        case During(column=column, start=start, end=end):
            dates = f"{table}[{column_key(column)}]"
            return f"({dates} >= {literal(start)}) & ({dates} < {literal(end)})"
        case OneOf(column=column, values=values):
            return f"{table}[{column_key(column)}].isin({leaves(values)})"
        case Contains():
            return _contains(condition, table)
        case Missing(column=column):
            return f"{table}[{column_key(column)}].isna()"
        case Not(part=Missing(column=column)):
            return f"{table}[{column_key(column)}].notna()"
        case Not(part=part):
            return f"~{_operand(part, table, draft, whole)}"
        case AllOf(parts=parts):
            return " & ".join(_operand(part, table, draft, whole) for part in parts)
        case AnyOf(parts=parts):
            return " | ".join(_operand(part, table, draft, whole) for part in parts)


def _comparison(condition: Compare, table: str) -> str:
    values = f"{table}[{column_key(condition.column)}]"
    match condition.operator, condition.value:
        case "==", bool() as value:
            return f"{values}.eq({value})"
        case "!=", bool() as value:
            return f"{values}.ne({value})"
        case operator, value:
            return f"{values} {operator} {literal(value)}"


def _contains(condition: Contains, table: str) -> str:
    values = f"{table}[{column_key(condition.column)}].str"
    if condition.place == "anywhere":
        return f"{values}.contains({literal(condition.text)}, case=False, regex=False, na=False)"
    method = "startswith" if condition.place == "start" else "endswith"
    return f"{values}.lower().str.{method}({literal(condition.text.lower())}, na=False)"


def _operand(condition: Condition, table: str, draft: Draft, whole: str | None) -> str:
    """A condition as a part of a larger one: in brackets where the operator would bind wrongly."""
    text = mask(condition, table, draft, whole)
    calls = isinstance(condition, (Between, OneOf, Contains, Missing)) or text.endswith(
        ("(True)", "(False)", ".notna()")
    )
    return text if calls and not isinstance(condition, (AllOf, AnyOf)) else f"({text})"


def _term(text: str) -> str:
    """A figure as a factor: in brackets where it is a sum or a quotient."""
    return f"({text})" if " - " in text or " / " in text else text


def _short(times: float) -> int | float:
    return int(times) if times.is_integer() else times


def leaves(values: Sequence[Leaf]) -> str:
    """Constants as a list."""
    return f"[{', '.join(map(literal, values))}]"
