"""Abstentions: what was understood of a question that has no plan, what was not, and what to ask instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..types.profiles import ColumnProfile
from .answers.phrases import listed, printable
from .answers.sentence import sentence
from .plan import Plan
from .planning import Outcome
from .words.item import Item


@dataclass(frozen=True)
class Abstained:
    """A question that was not understood, or cannot be answered."""

    understood: str
    """What was recognised, a phrase; empty when nothing was."""
    not_understood: str
    """What was not, or why it cannot be answered; one or two sentences."""
    suggestions: tuple[str, ...]
    """Three questions that can be answered; empty where there is no table."""


def two_ways(plans: Sequence[Plan]) -> str:
    """Say that a question can be read in several ways, and which."""
    tables = list(dict.fromkeys(plan.table for plan in plans))
    if len(tables) > 1:
        names = listed([f"`{printable(name)}`" for name in tables], "or")
        return f"The question fits several tables. Say which one is meant: {names}."
    first, second = (sentence(plan) for plan in plans[:2])
    return f"The question can mean two things: {first}; or {second}. Name the columns in full to choose."


def understood(outcome: Outcome) -> str:
    """What was recognised of the question: the table, the columns and the words for what to do."""
    parts = [f"table `{printable(outcome.table.name)}`"]
    columns = list(dict.fromkeys(column.name for column in mentioned(outcome)))
    if columns:
        parts.append(
            f"column{'s' if len(columns) > 1 else ''} {listed([f'`{printable(c)}`' for c in columns])}"
        )
    words = list(dict.fromkeys(item.text for item in outcome.items if item.code in "SZTPcehdyDzfnL"))
    if words:
        parts.append(listed([f"“{printable(word)}”" for word in words]))
    return ", ".join(parts)


def not_understood(outcome: Outcome) -> str:
    """Why there is no plan: a refused kind of question, unknown words, a misfit, or no way to fit it."""
    if outcome.misfit:
        return f"{outcome.misfit[0].upper()}{outcome.misfit[1:]}."
    refused = next((item for item in outcome.items if item.code == "!"), None)
    if refused is not None:
        return (
            f"“{printable(refused.text)}” asks for {refused.value}; "
            "the offline analyst only reports what a table shows. A model with a key can take this question."
        )
    unknown = list(dict.fromkeys(printable(item.text) for item in outcome.items if item.code == "?"))
    if unknown:
        words = listed([f"“{word}”" for word in unknown])
        verb = "is" if len(unknown) == 1 else "are"
        return f"{words} {verb} neither a column, a value nor a word that I know."
    if outcome.problems:
        problem = outcome.problems[0]
        return f"{problem[0].upper()}{problem[1:]}{'' if problem.endswith('?') else '.'}"
    if not any(item.code not in "_AIWtU" for item in outcome.items):
        return "I answer questions about tables: look-ups, statistics, comparisons and charts."
    return "I know the words, but not what they ask for together."


def mentioned(outcome: Outcome) -> list[ColumnProfile]:
    """The columns that the question names, also by a value."""
    columns: list[ColumnProfile] = []
    for item in outcome.items:
        if item.column is not None and item.code in "CY":
            columns.append(item.column)
        columns += [hit.column for hit in item.values if len(item.values) == 1]
    return columns


def clearest(outcomes: Sequence[Outcome]) -> Outcome:
    """The table that the question says most about."""
    return max(
        outcomes, key=lambda outcome: (-_unknown(outcome.items), len(mentioned(outcome)), outcome.table.rows)
    )


def _unknown(items: Sequence[Item]) -> int:
    return sum(item.code == "?" for item in items)
