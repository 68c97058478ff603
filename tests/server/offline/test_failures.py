"""Cells that cannot give an answer say why in plain words: run for real, with the error that they end in."""

from importlib import import_module

import pandas as pd
import pytest

from autoanalyst_ext.offline.answers.failures import reason
from autoanalyst_ext.offline.plan import GroupsTest, Model, ParseNumber, Plan, Regression, Statistics

from .cells import column, measure, plan, value


def ending(asked: Plan, frame: pd.DataFrame) -> str:
    """What is said where a cell fails."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  # whichever the library raises
        value(asked, frame)
    found = reason(type(caught.value).__name__, str(caught.value))
    assert found is not None
    return found


def test_a_library_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        import_module("no_such_library.part")
    text = reason(type(caught.value).__name__, str(caught.value)) or ""
    assert "needs `no_such_library`" in text
    assert "`%pip install no_such_library`" in text
    assert "`scikit-learn`" in str(reason("ModuleNotFoundError", "No module named 'sklearn.tree'"))


def test_a_column_that_holds_other_things_than_numbers() -> None:
    asked = plan(Statistics(measures=(measure("mean"),)), steps=(ParseNumber(column=column("x")),))
    text = ending(asked, pd.DataFrame({"x": ["1", "2", "n/a"]}))
    assert "1 of 3 values of x are no numbers" in text


def test_too_few_rows() -> None:
    asked = Model(method="linear_regression", target=column("y"), features=(column("x"),))
    text = ending(plan(asked), pd.DataFrame({"x": [1.0], "y": [2.0]}))
    assert text.startswith("There are too few values")


def test_groups_that_are_one() -> None:
    asked = plan(GroupsTest(column=column("x"), by=column("g")))
    text = ending(asked, pd.DataFrame({"x": [1.0, 2.0, 3.0], "g": ["a"] * 3}))
    assert text.startswith("There are too few values")


def test_a_line_through_values_that_are_all_the_same() -> None:
    asked = plan(Regression(target=column("y"), features=(column("x"),)))
    text = ending(asked, pd.DataFrame({"x": [1.0] * 4, "y": [2.0, 3.0, 1.0, 5.0]}))
    assert "the same value in every row" in text


def test_anything_else_is_left_to_others() -> None:
    assert reason("KeyError", "'x'") is None
    assert reason(None, None) is None
