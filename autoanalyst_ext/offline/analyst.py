"""The offline analyst's door: a question and profiles in; a plan with its code, or an abstention, out.

It is right or silent: see `planning`. It does no I/O and knows no data but the profiles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..types.profiles import TableProfile
from .abstention import Abstained, clearest, mentioned, not_understood, two_ways, understood
from .answers.sentence import sentence
from .answers.wording import answer
from .cells.cell import code
from .plan import Plan
from .planning import Outcome, outcomes, ranked
from .suggestions import answerable, is_usable, nearest

__all__ = ["Abstained", "Planned", "answer", "understand"]


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
        names = taken | {table.name for table in tables}
        text = sentence(plans[0])
        gaps = any(
            column.nulls for table in usable if table.name == plans[0].table for column in table.columns
        )
        return Planned(plans[0], text, code(plans[0], names, gaps=gaps), f"{text[0].upper()}{text[1:]}")
    outcome = clearest(found)
    reason = two_ways(plans) if plans else not_understood(outcome)
    return Abstained(understood(outcome), reason, _instead(outcome, usable))


def _instead(outcome: Outcome, tables: Sequence[TableProfile]) -> tuple[str, ...]:
    """Three questions near the one that has no plan."""
    return tuple(answerable(nearest(outcome.table, mentioned(outcome)), outcome.table, tables, 3, ()))
