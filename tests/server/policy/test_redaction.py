"""Errors in payloads: repair information stays, whatever the error says about the data does not leave."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.policy.egress import render_error
from autoanalyst_ext.policy.egress.known_errors import PATTERNS
from autoanalyst_ext.types.runs import EgressLevel

from .egress_frames import profile

BELOW_ROWS: tuple[EgressLevel, ...] = ("names", "schema", "statistics", "masked")
TABLE = profile("housing", pd.DataFrame({"price": [float(n) for n in range(545)], "area code": ["a"] * 545}))


def error(
    ename: str, evalue: str, source: str = "housing['pricee'].mean()", level: EgressLevel = "statistics"
) -> str:
    return render_error(ename, evalue, (), source, [TABLE], level)


KEPT = [
    ("KeyError", "'pricee'", "KeyError: 'pricee'\nnames like it: price"),
    ("NameError", "name 'housing' is not defined", "NameError: name 'housing' is not defined"),
    ("KeyError", "\"['pricee'] not in index\"", "KeyError: ['pricee'] not in index\nnames like it: price"),
    (
        "KeyError",
        "\"None of [Index(['pricee'], dtype='str')] are in the [columns]\"",
        "KeyError: None of [Index(['pricee'], dtype='str')] are in the [columns]\nnames like it: price",
    ),
    ("ZeroDivisionError", "division by zero", "ZeroDivisionError: division by zero"),
    (
        "AttributeError",
        "'DataFrame' object has no attribute 'mean'",
        "AttributeError: 'DataFrame' object has no attribute 'mean'",
    ),
    (
        "ValueError",
        "could not convert string to float: 'Alice Smith'",
        "ValueError: could not convert string to float: (withheld)",
    ),
    (
        "ValueError",
        "invalid literal for int() with base 10: '7 Elm Road'",
        "ValueError: invalid literal for int() with base (withheld): (withheld)",
    ),
    (
        "ValueError",
        "Length of values (3) does not match length of index (545)",
        "ValueError: Length of values ((withheld)) does not match length of index (545)",
    ),
    (
        "TypeError",
        "agg function failed [how->mean,dtype->object]",
        "TypeError: agg function failed [how->mean,dtype->object]",
    ),
    (
        "KeyError",
        "\"Label(s) ['pricee'] do not exist\"",
        "Label(s) ['pricee'] do not exist\nnames like it: price",
    ),
    (
        "TypeError",
        "NDFrame.mean() got an unexpected keyword argument 'Elm'",
        "NDFrame.mean() got an unexpected",
    ),
    ("ValueError", "Alice owes 300 to bob@example.org", "ValueError: (text withheld)"),
    ("ValueError", "\x1b[31mdivision by zero\x1b[0m", "ValueError: division by zero"),
    (
        "FileNotFoundError",
        "[Errno 2] No such file or directory: '/home/alice/x.csv'",
        "[Errno 2] No such file",
    ),
]


@pytest.mark.parametrize(("ename", "evalue", "expected"), KEPT)
def test_known_messages_keep_what_the_model_needs_to_repair(ename: str, evalue: str, expected: str) -> None:
    text = error(ename, evalue)
    assert expected in text
    for canary in ("Alice", "Smith", "Elm", "alice", "300", "\x1b"):
        assert canary not in text


def test_a_message_that_the_code_itself_wrote_is_kept() -> None:
    assert "price must be positive" in error(
        "ValueError", "price must be positive", "raise ValueError('price must be positive')"
    )


def test_the_line_of_the_users_cell_is_named_and_other_frames_are_not() -> None:
    source = "x = housing['price']\ny = x['pricee']\ny"
    traceback = (
        "\x1b[31mKeyError\x1b[39m  Traceback (most recent call last)",
        "File ~/lib/pandas/core.py:3812, in Index.get_loc(self, key)\n-> 3812     return Canary(key)",
        "Cell \x1b[32mIn[4]\x1b[39m, line 2\n    1 x = housing['price']\n----> 2 y = x['pricee']\n    3 y",
        "KeyError: 'Canary value'",
    )
    text = render_error("KeyError", "'pricee'", traceback, source, [TABLE], "statistics")
    assert "at line 2 of the cell: y = x['pricee']" in text
    assert "Canary" not in text
    assert "core.py" not in text


def test_an_error_in_code_that_does_not_parse_keeps_its_message() -> None:
    traceback = ("  Cell In[1], line 1\n    housing[\n           ^\nSyntaxError: '[' was never closed",)
    text = render_error(
        "SyntaxError", "'[' was never closed (123.py, line 1)", traceback, "housing[", [], "names"
    )
    assert "was never closed" in text
    assert "at line 1 of the cell: housing[" in text


def test_rows_show_the_whole_error() -> None:
    evalue = "could not convert string to float: 'Alice Smith'"
    assert "'Alice Smith'" in error("ValueError", evalue, level="rows")


def test_a_strange_class_name_is_not_told() -> None:
    assert error("Alice Smith 300", "").startswith("an exception")


def test_a_very_long_message_is_read_quickly_and_not_shown() -> None:
    text = error("ValueError", "Input " + "contains NaN. x " * 100_000)
    assert len(text) < 1_000


def test_no_message_is_only_a_gap() -> None:
    """A pattern without words of its own would keep the shape of any text."""
    assert all(pattern.pattern.replace("(.+?)", "").strip(r"\ .,:[]()'") for pattern in PATTERNS)


SIGNS = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=5, max_size=10)
CANARY = SIGNS.map(lambda sign: f"Zq{sign}Qz")


@settings(max_examples=120, deadline=None)
@given(
    canary=CANARY,
    number=st.integers(10**8, 10**9),
    pattern=st.sampled_from(PATTERNS),
    shape=st.sampled_from(
        [
            "{0}",
            "'{0}'",
            '"{0}"',
            "['{0}', 'price']",
            "price {0}",
            "{0} {1}",
            "\n{0}\n{1}",
            "{0}@{0}.org",
            "({1})",
        ]
    ),
    level=st.sampled_from(BELOW_ROWS),
    ename=st.sampled_from(["ValueError", "KeyError", "TypeError"]),
    prefix=st.booleans(),
)
def test_a_canary_in_any_place_of_any_message_stays(
    canary: str, number: int, pattern: object, shape: str, level: EgressLevel, ename: str, prefix: bool
) -> None:
    message = _written(pattern.pattern, shape.format(canary, number))  # type: ignore[attr-defined]
    if prefix:
        message = f"{canary} {message} {number}"
    text = error(ename, message, level=level)
    assert canary not in text
    assert str(number) not in text


def _written(pattern: str, gap: str) -> str:
    """A message of this pattern with every gap filled."""
    return re.sub(r"\\(.)", r"\1", pattern.replace("(.+?)", "\0")).replace("\0", gap)
