"""Short questions as people write them: most are answered, hardly any wrongly; and the judge can tell.

The phrasings, the tables and what plain pandas says of them are those of `benchmarks.offline_phrases`.
"""

from typing import Any

import pandas as pd
import pytest

from benchmarks.offline_asking import Reply, ask
from benchmarks.offline_judging import fits
from benchmarks.offline_phrases import Phrase, judged, phrases
from benchmarks.offline_tables import tables

from .profiling import result

RIGHT, WRONG = 0.60, 0.02
SCORES = pd.Series({"a": 1.5, "b": 2.5, "c": 4.0})
ROWS = pd.DataFrame({"n": [3, 2], "x": ["p", "q"]}, index=[7, 4])


def test_people_are_answered_or_told_why_not() -> None:
    frames = tables()
    asked = phrases()
    verdicts = [judged(each, ask({each.table: frames[each.table]}, *each.ask), frames) for each in asked]
    missed = [
        each.ask for each, verdict in zip(asked, verdicts, strict=True) if verdict in ("wrong", "failed")
    ]
    assert len(missed) <= WRONG * len(asked), missed
    assert verdicts.count("right") >= RIGHT * len(asked)


@pytest.mark.parametrize(
    ("expected", "found", "is_right"),
    [
        (2.5, 2.5, True),
        (2.5, 2.6, False),
        (25.0, 0.25, True),
        (7.0, pd.Series([1, 7]), False),
        ("Oslo", "Oslo", True),
        ("Oslo", pd.Series({"Oslo": 3, "Lima": 2}), True),
        ("Oslo", pd.Series({"Lima": 3, "Oslo": 2}), False),
        (SCORES, SCORES[::-1], True),
        (SCORES, SCORES * 2, False),
        (SCORES, SCORES[:2], False),
        (ROWS, ROWS, True),
        (ROWS, ROWS.assign(n=[1, 1], x="r").reset_index(drop=True), False),
        (["p", "q"], pd.Series(["q", "p"]), True),
        (["p", "q"], pd.Series(["q", "r"]), False),
    ],
)
def test_a_result_is_judged(expected: Any, found: Any, is_right: bool) -> None:
    assert fits(expected, Reply("answered", "", result=result(found))) is is_right


def test_a_named_answer_is_judged_to_the_letter() -> None:
    expected = {"names": {"mean": 2.5, "word": "yes"}}
    assert fits(expected, Reply("answered", "@mean[2.50]\n@word[yes]"))
    assert not fits(expected, Reply("answered", "@mean[2.51]\n@word[yes]"))
    assert not fits(expected, Reply("answered", "@mean[2.5]"))


def test_where_nothing_is_right_silence_is() -> None:
    phrase = Phrase("t", "abstain", ("why?",), ())
    assert judged(phrase, Reply("abstained", ""), {}) == "right"
    assert judged(phrase, Reply("answered", "42"), {}) == "wrong"
