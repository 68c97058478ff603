"""No figure of an answer stands free unless a cell shows it: constants of the plan are written as code."""

import re

import pytest

from .test_answer import REFERENCE, answered
from .test_understand import UNDERSTOOD

MORE = [
    ("flats", "flats with a rent between 1 and 2 thousand"),
    ("flats", "how many flats have a rent over 1.1k"),
    ("flats", "top twenty flats by rent"),
    ("flats", "flats with a rent of at least 0.0000001"),
    ("flats", "how many flats have 1 or 3 bedrooms"),
    ("flats", "flats with 9 bedrooms"),
    ("flats", "share of flats with 2 bedrooms"),
    ("flats", "total rent and mean floorspace of flats with 2 bedrooms"),
    ("flats", "show row 7"),
    ("flats", "show all rows"),
    ("flats", "std of rent"),
    ("patients", "how many patients are older than 60"),
    ("patients", 'patients whose blood group is "0"'),
]


@pytest.mark.parametrize(("table", "question"), [case[:2] for case in UNDERSTOOD] + MORE)
def test_no_free_digit_is_in_an_answer(table: str, question: str) -> None:
    text, _ = answered(question, table)
    free = re.sub(r"`[^`]*`", "", REFERENCE.sub("", text))
    assert not re.search(r"\d", free), free


def test_a_condition_keeps_its_constant() -> None:
    text, _ = answered("how many flats have a rent over 1.1k", "flats")
    assert text.startswith("{{c1}} rows of `flats` match `rent` > `1100`.")


def test_a_value_with_a_digit_is_written_as_code() -> None:
    text, _ = answered('patients whose blood group is "0"', "patients")
    assert "match `blood_group` is `0`" in text


def test_one_row_is_no_plural() -> None:
    assert "{{c1}} row of `flats` matches" in answered("how many flats have 3 bedrooms", "flats")[0]
    assert "{{c1.$rows}} row of `flats` matches" in answered("flats with 4 bedrooms", "flats")[0]
