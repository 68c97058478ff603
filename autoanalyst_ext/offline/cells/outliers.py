"""Rules for outliers as expressions: which rows lie outside."""

from ..plan import Column, Fences, OutlierRule, Percentiles, ZScore
from .draft import Draft
from .literals import literal
from .naming import slug


def outside(rule: OutlierRule, values: str, column: Column, draft: Draft) -> str:
    """The expression for the rows of a series that the rule takes for outliers; a missing value is none."""
    match rule:
        case ZScore(threshold=threshold, ddof=ddof, side=side):
            spread = f"{values}.std({'' if ddof else 'ddof=0'})"
            scores = draft.let(f"z_{slug(column.name)}", f"({values} - {values}.mean()) / {spread}")
            limit = _number(threshold)
            forms = {
                "both": f"{scores}.abs() > {limit}",
                "high": f"{scores} > {limit}",
                "low": f"{scores} < -{limit}",
            }
            return forms[side]
        case Fences(factor=factor):
            first = draft.let("q1", f"{values}.quantile(0.25)")
            third = draft.let("q3", f"{values}.quantile(0.75)")
            low = draft.let("low", f"{first} - {_number(factor)} * ({third} - {first})")
            high = draft.let("high", f"{third} + {_number(factor)} * ({third} - {first})")
            return f"({values} < {low}) | ({values} > {high})"
        case Percentiles(low=lowest, high=highest):
            low = draft.let("low", f"{values}.quantile({literal(lowest)})")
            high = draft.let("high", f"{values}.quantile({literal(highest)})")
            return f"({values} < {low}) | ({values} > {high})"


def _number(value: float) -> str:
    return literal(int(value) if float(value).is_integer() else value)
