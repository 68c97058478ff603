"""A question that was understood, and a few words more that change what is asked: never the same answer.

Whatever the words mean, they may not be passed over: another plan is fine, silence too.
"""

import random

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .asking import Drawn, drawn
from .plans import canonical

ADDED = (
    " except on Tuesdays", " excluding the largest one", " after removing duplicates", " twice as much",
    " weighted by {0}", " compared to last year", " since March", " without outliers", " and explain why",
    " adjusted for inflation", " per capita", " if the trend continues", " but only the unusual ones",
    " ignoring the first 3 rows",
    " in percent of the total", " twice", " starting with A", " that are not new", " relative to {0}",
    " unless {0} is missing", " log scaled", " with {0} above average", " within 2 standard deviations",
    " by quarter", ", cumulative", " every second row", " nationwide", " of last month", " plus 10%",
    " times two", " for 2019",
)  # fmt: skip
SEEDS = range(120)


@pytest.mark.parametrize("added", ADDED)
def test_no_word_is_passed_over(added: str) -> None:
    chance = random.Random(added)
    understood = 0
    for seed in chance.sample(SEEDS, 12):
        each = drawn(seed)
        plain = understand(bare(each.question), each.tables)
        if isinstance(plain, Abstained):
            continue
        understood += 1
        more = understand(bare(each.question) + added.format(any_amount(chance, each)), each.tables)
        if isinstance(more, Planned):
            assert canonical(more.plan) != canonical(plain.plan), f"{each.question}{added}: {more.sentence}"
    assert understood > 5


def bare(question: str) -> str:
    """The question without its politeness at the end."""
    return question.removesuffix("?").removesuffix(" please")


def any_amount(chance: random.Random, of: Drawn) -> str:
    """A numeric column of the question's table."""
    return chance.choice([each.name for each in of.tables[0].columns if each.kind in ("number", "integer")])
