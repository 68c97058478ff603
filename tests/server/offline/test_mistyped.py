"""One letter wrong: the question is understood as it was meant, or not at all, but never as another one."""

import random
import re

from autoanalyst_ext.offline.analyst import Abstained, understand

from .asking import drawn
from .plans import canonical

QUESTIONS = 200
WRONG, UNDERSTOOD = 0.005, 0.3


def mistyped(chance: random.Random, question: str) -> str:
    """The question with a letter left out, doubled, exchanged or replaced in one of its longer words."""
    word = chance.choice(list(re.finditer(r"[^\W\d_]{4,}", question)))
    text, at = word[0], chance.randrange(1, len(word[0]) - 1)
    other = chance.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + chance.choice("aeionrst") + text[at + 1 :],
        )
    )
    return question[: word.start()] + other + question[word.end() :]


def test_a_wrong_letter_makes_no_other_question() -> None:
    verdicts = {"right": 0, "silent": 0}
    wrong: list[str] = []
    for seed in range(QUESTIONS):
        each = drawn(seed)
        if each.verdict() != "right":
            continue
        question = mistyped(random.Random(seed), each.question)
        found = understand(question, each.tables)
        if isinstance(found, Abstained):
            verdicts["silent"] += 1
        elif canonical(found.plan) == canonical(each.plan):
            verdicts["right"] += 1
        else:
            wrong.append(f"{question} => {found.sentence}")
    asked = sum(verdicts.values()) + len(wrong)
    assert len(wrong) <= WRONG * asked, wrong
    assert verdicts["right"] >= UNDERSTOOD * asked
