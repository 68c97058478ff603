"""Planning: every reading of a question for every table, scored, and the one plan that stands out.

A question has a plan only if every word was used, by one reading, for one table. What goes wrong is kept,
for `abstention` to say.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from ..types.profiles import TableProfile
from .changes.change import change_of
from .changes.corrections import refers_back
from .plan import (
    CorrelationMatrix,
    CorrelationRanking,
    Derive,
    Distinct,
    Join,
    MissingValues,
    ParseDate,
    ParseNumber,
    Plan,
    Rows,
    ValueCounts,
)
from .questions.arithmetic import with_arithmetic
from .questions.charts import chart_plan
from .questions.comparisons import comparison_plan
from .questions.conditions import AmbiguousError
from .questions.contrasts import contrast_plan
from .questions.grammar import Head, UnfitError, apply, head_of
from .questions.operations import operation_plan
from .questions.ordering import ordered_plan
from .questions.rounding import can_round, without_rounding
from .questions.rules import RULES
from .tasks.task import TaskError, is_task, plan_task
from .words.item import Item
from .words.items import readings
from .words.joined import Joined, joined
from .words.parsed import parsed
from .words.schema import Schema, words_of
from .words.tokens import Token, fold, singular, tokens

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
    misfit: str = ""
    """Why the last plan has not what a set phrase wants to change."""
    readings: tuple[tuple[Item, ...], ...] = ()
    items: tuple[Item, ...] = ()
    """The reading that left the fewest words unknown."""


def outcomes(question: str, tables: Sequence[TableProfile], previous: Plan | None) -> list[Outcome]:
    """Read the question for each table; as a follow-up only where it means nothing by itself."""
    if is_task(question):
        return [_task(question, table) for table in tables]
    words = tokens(question)
    asked, places = without_rounding(words)
    found = [_read(asked, table, [other.name for other in tables if other is not table]) for table in tables]
    if len(tables) > 1 and not any(outcome.plans for outcome in found):
        for outcome in found:
            _join(asked, outcome, [other for other in tables if other is not outcome.table])
    if places is not None:
        for outcome in found:
            _round(outcome, places)
    if previous is None:
        return found
    for outcome in found:
        if outcome.table.name == previous.table:
            _follow(words, outcome, previous, found)
    return found


def _round(outcome: Outcome, places: int) -> None:
    """Give the figures of the plans so many places; what has no figures to round is no plan."""
    schema = schema_of(outcome.table)
    rounded = {plan: score for plan, score in outcome.plans.items() if can_round(plan, schema)}
    if len(rounded) < len(outcome.plans):
        outcome.problems.append("there is no figure to round in what the question asks for")
    outcome.plans = {plan.model_copy(update={"decimals": places}): score for plan, score in rounded.items()}


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
        outcome.plans[plan_task(question, table, lambda text: _only_plan(text, table))] = 1.0
    except TaskError as problem:
        outcome.problems.append(str(problem))
    return outcome


def _only_plan(question: str, table: TableProfile) -> Plan | None:
    """The plan of a question of a line, where there is just one."""
    plans = ranked([_read(tokens(question), table, ())])
    return plans[0] if len(plans) == 1 else None


def _follow(words: Sequence[Token], outcome: Outcome, previous: Plan, found: Sequence[Outcome]) -> None:
    """Add what a fragment changes of the last plan; the fragment is then no question of its own."""
    schema, others = schema_of(outcome.table), _others(outcome, found)

    def own(part: Sequence[Token]) -> list[Plan]:
        return ranked([_read(part, each.table, _others(each, found)) for each in found])

    change = change_of(words, previous, schema, others, own)
    outcome.misfit = change.misfit
    outcome.problems[:0] = change.problems
    if change.plans or change.is_said or change.misfit:
        for other in found:
            other.plans.clear()
    if not change.plans and change.is_said and not change.misfit:
        for other in found:  # `no, show the cheapest one`: a question of its own after all
            other.plans.update(_read(change.rest, other.table, _others(other, found)).plans)
    if not change.plans and refers_back(words):
        for other in found:  # `for members`: a list of all rows is not what it asks for
            other.plans = {
                plan: score for plan, score in other.plans.items() if not isinstance(plan.ask, Rows)
            }
    outcome.plans.update((with_times(plan, schema), score) for plan, score in change.plans.items())


def _others(one: Outcome, found: Sequence[Outcome]) -> list[str]:
    """The names of the other tables."""
    return [each.table.name for each in found if each is not one]


def _read(words: Sequence[Token], table: TableProfile, others: Sequence[str]) -> Outcome:
    """All plans of the question for one table."""
    outcome = Outcome(table)
    if len(words) > MOST_WORDS:
        outcome.problems.append("the question is too long; ask for one thing at a time")
        return outcome
    schema = schema_of(table)
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


def _join(words: Sequence[Token], outcome: Outcome, others: Sequence[TableProfile]) -> None:
    """Add the plans of the question for the table joined with another, where it asks for columns of both."""
    for pair in joined(outcome.table, others):
        blocked = [other.name for other in others if other.name != pair.step.table]
        read = _read(_without_owner(words, pair), pair.table, blocked)
        for plan, score in read.plans.items():
            text = plan.to_json()
            if any(f'"name":{_quoted(name)}' in text for name in pair.added):
                outcome.plans[plan.model_copy(update={"steps": (pair.step, *plan.steps)})] = score


def _without_owner(words: Sequence[Token], pair: Joined) -> list[Token]:
    """`customer country` as `country`: the other table's name before one of its columns says nothing more."""
    owner = singular(fold(pair.step.table))
    names = {word for name in pair.added for word in words_of(name)}
    return [
        word
        for at, word in enumerate(words)
        if singular(word.word) != owner or at + 1 == len(words) or singular(words[at + 1].word) not in names
    ]


def _plan_reading(items: Sequence[Item], schema: Schema, outcome: Outcome) -> None:
    score = prod(item.score for item in items)
    items = with_arithmetic(items, schema)
    tested = operation_plan(items, schema) or comparison_plan(items, schema)
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


def schema_of(table: TableProfile) -> Schema:
    """The names of a table, whose texts may be dates and numbers."""
    return Schema(*parsed(table))


def with_times(plan: Plan, schema: Schema) -> Plan:
    """The plan with the steps that read the texts and make the parts of dates that it uses."""
    text = plan.to_json()
    made = {step.name for step in plan.steps if isinstance(step, Derive)}
    derived = [
        step
        for column, step in schema.virtual.items()
        if step.name not in made and f'"name":{_quoted(column.name)}' in text
    ]
    text += "".join(step.model_dump_json() for step in derived)
    read = [
        step
        for name, step in schema.readings.items()
        if step not in plan.steps
        and not _takes_texts(plan)
        and (f'"name":{_quoted(name)}' in text or _takes_all_numbers(plan, step))
    ]
    joins = [step for step in plan.steps if isinstance(step, Join)]
    others = [step for step in plan.steps if not isinstance(step, Join)]
    early = [step for step in derived if f'"{step.name}"' in "".join(o.model_dump_json() for o in others)]
    late = [step for step in derived if step not in early]
    return plan.model_copy(update={"steps": (*joins, *read, *early, *others, *late)})


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _takes_all_numbers(plan: Plan, step: ParseDate | ParseNumber) -> bool:
    """Whether the question is of every column of numbers, also of those that are written as text."""
    return isinstance(step, ParseNumber) and isinstance(plan.ask, (CorrelationMatrix, CorrelationRanking))


def _takes_texts(plan: Plan) -> bool:
    """Whether the question is of the values as they are written."""
    return plan.where is None and not plan.by and isinstance(plan.ask, (MissingValues, Distinct, ValueCounts))


def _plan(head: Head) -> Plan | None:
    if head.item("h"):
        return chart_plan(head)
    return apply(RULES, head) or ordered_plan(head, lambda rest: apply(RULES, rest))
