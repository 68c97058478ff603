"""The verdicts on `agg` and `pivot_table`: calls that name their aggregates in their arguments."""

from collections.abc import Mapping
from dataclasses import dataclass

from . import aggregates as allowed
from .verdicts import WITHHELD, Column, Figures, Groups, Literal, Named, Rows, Verdict


@dataclass(frozen=True)
class Arguments:
    """The verdicts on the arguments of a call."""

    positional: tuple[Verdict, ...]
    named: Mapping[str, Verdict]


def names_in(verdict: Verdict | None) -> tuple[str, ...]:
    """The names of a literal text or list of texts."""
    match verdict:
        case Literal(value=str(name)):
            return (name,)
        case Literal(value=list(names)):
            return tuple(str(name) for name in names)
        case _:
            return ()


def aggregated(of: Verdict, given: Arguments) -> Verdict:
    """`agg` with a name, a list of names, a dictionary, or (on groups) named pairs."""
    found = [_aggregates(verdict) for verdict in given.positional]
    found += [_pair(verdict)[1:] for verdict in given.named.values()]
    names = {name for part in found for name in part}
    if not found or not all(found) or not names <= allowed.SINGLE:
        return WITHHELD
    match of:
        case Groups():
            return _of_groups(of, names, given)
        case Column() if not given.named and all(allowed.of_column(of, name) != WITHHELD for name in names):
            one = isinstance(given.positional[0], Literal) and isinstance(given.positional[0].value, str)
            return allowed.of_column(of, next(iter(names))) if one else Figures(by_column=True)
        case Rows() if not given.named:
            refused = frozenset[str]().union(*(allowed.denied(of.columns, name) for name in names))
            return Figures(denied=refused, by_column=True)
        case _:
            return WITHHELD


def pivoted(of: Rows, given: Arguments) -> Verdict:
    """`pivot_table(index=..., columns=..., values=..., aggfunc=...)`."""
    keys = names_in(given.named.get("index"))
    across = given.named.get("columns", Literal(None))
    name = given.named.get("aggfunc", Literal("mean"))
    if given.positional or not keys or not isinstance(name, Literal) or name.value not in allowed.SINGLE:
        return WITHHELD
    if not isinstance(across, Literal) or not (across.value is None or isinstance(across.value, str)):
        return WITHHELD
    rest = Rows(tuple(column for column in of.columns if column.name not in (*keys, across.value)))
    values = names_in(given.named.get("values"))
    refused = allowed.denied((rest.only(list(values)) if values else rest).columns, str(name.value))
    # Below a pivot the columns carry labels, so a refused column could not be told apart.
    return WITHHELD if refused and across.value is not None else Figures(keys, across.value, refused)


def _of_groups(of: Groups, names: set[str], given: Arguments) -> Verdict:
    if not given.named:
        return allowed.of_groups(of, names)
    if given.positional:
        return WITHHELD
    # A named figure (`highest=("id", "max")`) hides its column, so each is judged under its new name.
    refused = frozenset(name for name, verdict in given.named.items() if not _is_permitted(of, verdict))
    return Figures(of.keys, denied=refused)


def _is_permitted(of: Groups, verdict: Verdict) -> bool:
    column, *names = _pair(verdict)
    if column:
        found = of.rows.column(column)
        return found is not None and allowed.of_column(found, names[0]) != WITHHELD
    return not any(allowed.denied(of.rows.columns, name) for name in names)


def _aggregates(verdict: Verdict) -> tuple[str, ...]:
    """The names of aggregates in the first argument of `agg`; none when one of them is not understood."""
    if isinstance(verdict, Named):
        found = [names_in(inner) for _, inner in verdict.items]
        return tuple(name for names in found for name in names) if all(found) else ()
    return names_in(verdict)


def _pair(verdict: Verdict) -> tuple[str, ...]:
    """A column (or an empty text) and the name of an aggregate, from `("price", "mean")` or `"mean"`."""
    names = names_in(verdict)
    return names if len(names) == 2 else ("", *names)
