"""Questions in numbers: drawn by a seed, with the profile that the product itself makes of their table."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pandas as pd
from pydantic import TypeAdapter

from autoanalyst_ext.offline.analyst import Abstained, understand
from autoanalyst_ext.offline.plan import Plan
from autoanalyst_ext.types.profiles import TableProfile
from autoanalyst_kernel import frames

from .followups import follow_up
from .invented import Invented, table
from .plans import canonical, plan
from .speaker import Speaker

QUESTIONS_OF_A_TABLE = 4
_PROFILES = TypeAdapter(tuple[TableProfile, ...])
Verdict = Literal["right", "wrong", "abstained"]


@dataclass(frozen=True)
class Drawn:
    """A question that was made of a plan."""

    question: str
    plan: Plan
    tables: tuple[TableProfile, ...]
    previous: Plan | None = None
    """What it follows."""

    def verdict(self) -> Verdict:
        """Whether the plan comes back."""
        found = understand(self.question, self.tables, self.previous)
        if isinstance(found, Abstained):
            return "abstained"
        return "right" if canonical(found.plan) == canonical(self.plan) else "wrong"


def profiles(**tables: pd.DataFrame) -> tuple[TableProfile, ...]:
    """What the product knows of frames, by the names of their variables."""
    return _PROFILES.validate_python(frames.tables(tables))


def drawn(seed: int) -> Drawn:
    """The question of a seed; always the same."""
    chance, (invented, known) = random.Random(seed), _table(seed // QUESTIONS_OF_A_TABLE)
    wanted = plan(chance, invented)
    return Drawn(Speaker(chance, invented).say(wanted), wanted, known)


def following(seed: int) -> Drawn:
    """The follow-up of a seed; always the same."""
    chance, (invented, known) = random.Random(seed), _table(seed // QUESTIONS_OF_A_TABLE)
    previous, change = follow_up(chance, invented)
    return Drawn(change.question, change.plan, known, previous)


@lru_cache(maxsize=8)
def _table(number: int) -> tuple[Invented, tuple[TableProfile, ...]]:
    invented = table(random.Random(number))
    return invented, profiles(**{invented.name: invented.frame})


def verdicts(questions: Iterable[Drawn]) -> dict[Verdict, list[Drawn]]:
    """What came of these questions."""
    found: dict[Verdict, list[Drawn]] = {"right": [], "wrong": [], "abstained": []}
    for each in questions:
        found[each.verdict()].append(each)
    return found
