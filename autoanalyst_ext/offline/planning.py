"""Planning: every reading of a question for every table, scored, and the one plan that stands out.

A question has a plan only if every word was used, by one reading, for one table. What goes wrong is kept,
for `abstention` to say.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from ..types.profiles import TableProfile
from .plan import Derive, Plan
from .questions.arithmetic import with_arithmetic
from .questions.charts import chart_plan
from .questions.comparisons import comparison_plan
from .questions.conditions import AmbiguousError
from .questions.contrasts import contrast_plan
from .questions.followup import followed
from .questions.grammar import Head, UnfitError, apply, head_of
from .questions.rules import RULES
from .tasks.task import TaskError, is_task, plan_task
from .words.item import Item
from .words.items import readings
from .words.schema import Schema
from .words.tokens import Token, tokens

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
    readings: tuple[tuple[Item, ...], ...] = ()
    items: tuple[Item, ...] = ()
    """The reading that left the fewest words unknown."""


def outcomes(question: str, tables: Sequence[TableProfile], previous: Plan | None) -> list[Outcome]:
    """Read the question for each table; as a follow-up only where it means nothing by itself."""
    if is_task(question):
        return [_task(question, table) for table in tables]
    words = tokens(question)
    found = [_read(words, table, [other.name for other in tables if other is not table]) for table in tables]
    if previous is None:
        return found
    for outcome in found:
        if outcome.table.name == previous.table:
            _follow(outcome, previous, found)
    return found


def ranked(found: Sequence[Outcome]) -> list[Plan]:
    """The plans that are about as good as the best one: none, one, or several that cannot be told apart."""
    scores = {plan: score for outcome in found for plan, score in outcome.plans.items()}
    best = max(scores.values(), default=0.0)
    return sorted(
        (plan for plan, score in scores.items() if score >= NEAR_EQUAL * best), key=lambda plan: -scores[plan]
    )


def _task(question: str, table: TableProfile) -> Outcome:
    """The plan of a long task with named answers."""
    outcome = Outcome(table)
    try:
        outcome.plans[plan_task(question, table)] = 1.0
    except TaskError as problem:
        outcome.problems.append(str(problem))
    return outcome


def _follow(outcome: Outcome, previous: Plan, found: Sequence[Outcome]) -> None:
    """Add what a fragment changes of the last plan; the fragment is then no question of its own."""
    schema = Schema(outcome.table)
    changed: dict[Plan, float] = {}
    for items in outcome.readings:
        try:
            plan = followed(items, previous, schema)
        except (AmbiguousError, UnfitError) as problem:
            outcome.problems.append(str(problem))
            continue
        if plan is not None:
            plan = with_times(plan, schema)
            changed[plan] = max(prod(item.score for item in items), changed.get(plan, 0.0))
    if changed:
        for other in found:
            other.plans.clear()
        outcome.plans.update(changed)


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
    outcome.readings = tuple(found)
    outcome.items = min(found, key=lambda items: sum(item.code in "?!" for item in items))
    for items in found:
        try:
            _plan_reading(items, schema, outcome)
        except (AmbiguousError, UnfitError) as problem:
            outcome.problems.append(str(problem))
    return outcome


def _plan_reading(items: Sequence[Item], schema: Schema, outcome: Outcome) -> None:
    score = prod(item.score for item in items)
    items = with_arithmetic(items, schema)
    tested = comparison_plan(items, schema)
    if tested is not None:
        tested = with_times(tested, schema)
        outcome.plans[tested] = max(score, outcome.plans.get(tested, 0.0))
        return
    plan = contrast_plan(items, schema)
    if plan is None:
        head = head_of(items, schema)
        plan = _plan(head) if head is not None else None
    if plan is not None:
        plan = with_times(plan, schema)
        outcome.plans[plan] = max(score, outcome.plans.get(plan, 0.0))


def with_times(plan: Plan, schema: Schema) -> Plan:
    """The plan with the steps that make the parts of dates that it uses."""
    made = {step.name for step in plan.steps if isinstance(step, Derive)}
    text = plan.to_json()
    steps = [
        step
        for column, step in schema.virtual.items()
        if step.name not in made and f'"name":{json.dumps(column.name, ensure_ascii=False)}' in text
    ]
    return plan.model_copy(update={"steps": (*plan.steps, *steps)}) if steps else plan


def _plan(head: Head) -> Plan | None:
    return chart_plan(head) if head.item("h") else apply(RULES, head)
