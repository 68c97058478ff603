"""Planning: every reading of a question for every table, scored, and the one plan that stands out.

A question has a plan only if every word was used, by one reading, for one table. What goes wrong is kept,
for `abstention` to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from ..types.profiles import TableProfile
from .charts import chart_plan
from .conditions import AmbiguousError
from .followup import followed
from .grammar import Head, UnfitError, apply, head_of
from .items import Item, readings
from .plan import Plan
from .questions import RULES
from .schema import Schema
from .tokens import Token, tokens

NEAR_EQUAL = 0.93
"""A second plan whose score is at least this part of the best one's makes the question ambiguous."""
MOST_WORDS = 120
"""Longer questions are not read."""


@dataclass
class Outcome:
    """What became of a question for one table."""

    table: TableProfile
    plans: dict[Plan, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """Why readings that fit together could not be planned."""
    items: tuple[Item, ...] = ()
    """The reading that left the fewest words unknown."""


def outcomes(question: str, tables: Sequence[TableProfile], previous: Plan | None) -> list[Outcome]:
    """Read the question for each table; as a follow-up only where it means nothing by itself."""
    words = tokens(question)
    found = [_read(words, table, [other.name for other in tables if other is not table]) for table in tables]
    if previous is None or any(outcome.plans for outcome in found):
        return found
    for outcome in found:
        if outcome.table.name == previous.table:
            _follow(outcome, previous)
    return found


def ranked(found: Sequence[Outcome]) -> list[Plan]:
    """The plans that are about as good as the best one: none, one, or several that cannot be told apart."""
    scores = {plan: score for outcome in found for plan, score in outcome.plans.items()}
    best = max(scores.values(), default=0.0)
    return sorted(
        (plan for plan, score in scores.items() if score >= NEAR_EQUAL * best), key=lambda plan: -scores[plan]
    )


def _follow(outcome: Outcome, previous: Plan) -> None:
    try:
        plan = followed(outcome.items, previous, Schema(outcome.table))
    except UnfitError as problem:
        outcome.problems.append(str(problem))
        return
    if plan is not None:
        outcome.plans[plan] = 1.0


def _read(words: Sequence[Token], table: TableProfile, others: Sequence[str]) -> Outcome:
    """All plans of the question for one table."""
    outcome = Outcome(table)
    if len(words) > MOST_WORDS:
        outcome.problems.append("the question is too long; ask for one thing at a time")
        return outcome
    schema = Schema(table)
    found = readings(words, schema, others)
    if found is None:
        outcome.problems.append(
            "too many of the words can mean several things; put column names in backticks"
        )
        return outcome
    outcome.items = min(found, key=lambda items: sum(item.code in "?!" for item in items))
    for items in found:
        try:
            _plan_reading(items, schema, outcome)
        except (AmbiguousError, UnfitError) as problem:
            outcome.problems.append(str(problem))
    return outcome


def _plan_reading(items: Sequence[Item], schema: Schema, outcome: Outcome) -> None:
    score = prod(item.score for item in items)
    head = head_of(items, schema)
    plan = _plan(head) if head is not None else None
    if plan is not None:
        outcome.plans[plan] = max(score, outcome.plans.get(plan, 0.0))


def _plan(head: Head) -> Plan | None:
    return chart_plan(head) if head.item("h") else apply(RULES, head)
