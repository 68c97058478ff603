"""The offline analyst's door: a question and profiles in; a plan with its code, or an abstention, out.

It is right or silent: see `planning`. It does no I/O and knows no data but the profiles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..types.profiles import TableProfile
from .abstention import Abstained, clearest, mentioned, not_understood, two_ways, understood
from .answers.conventions import has_gaps
from .answers.sentence import sentence
from .answers.wording import answer
from .cells.cell import code
from .changes.corrections import refers_back as _refers_back
from .plan import Plan
from .planning import Outcome, outcomes, ranked
from .suggestions import answerable, is_usable, nearest
from .words.tokens import tokens

__all__ = ["Abstained", "Planned", "answer", "has_gaps", "refers_back", "understand", "write"]


@dataclass(frozen=True)
class Planned:
    """A question that was understood."""

    plan: Plan
    sentence: str
    """The plan in words."""
    code: str
    """One cell; its last expression is the result."""
    purpose: str
    """What the cell is for, a few words."""


def understand(
    question: str,
    tables: Sequence[TableProfile],
    previous: Plan | None = None,
    *,
    taken: frozenset[str] = frozenset(),
) -> Planned | Abstained:
    """Plan a question about tables, or abstain; raises for no text and no table.

    `previous` is the chat's last plan, for follow-ups such as "and the median?". `taken` are names that the
    code must not give to a new variable; `px` is always imported under this name.
    """
    usable = [table for table in tables if is_usable(table)]
    if not usable:
        reason = "There is no table to ask about. Load one first, for example with `pd.read_csv`."
        return Abstained("", reason, ())
    found = outcomes(question, usable, previous)
    plans = ranked(found)
    if len(plans) == 1:
        return write(plans[0], tables, taken)
    outcome = clearest(found)
    reason = two_ways(plans) if plans else not_understood(outcome)
    return Abstained(understood(outcome), reason, _instead(outcome, usable))


def refers_back(question: str) -> bool:
    """Whether a question means nothing without the one before it, or something else."""
    return _refers_back(tokens(question))


def write(plan: Plan, tables: Sequence[TableProfile], taken: frozenset[str]) -> Planned:
    """A plan with its sentence and its cell, whoever made it."""
    text = sentence(plan)
    asked = next(table for table in tables if table.name == plan.table)
    gaps = any(column.nulls for column in asked.columns)
    source = code(plan, taken | {table.name for table in tables}, gaps=gaps)
    return Planned(plan, text, source, f"{text[0].upper()}{text[1:]}")


def _instead(outcome: Outcome, tables: Sequence[TableProfile]) -> tuple[str, ...]:
    """Three questions near the one that has no plan."""
    return tuple(answerable(nearest(outcome.table, mentioned(outcome)), outcome.table, tables, 3, ()))
