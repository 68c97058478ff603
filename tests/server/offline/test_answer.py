"""Answers are templates: references that exist in the result, and not one measured figure."""

import re

import pytest

from autoanalyst_ext.offline.analyst import Planned, answer, understand
from autoanalyst_ext.types.results import (
    FigureResult,
    MappingResult,
    Result,
    ScalarResult,
    SeriesResult,
    TableResult,
)

from .profiling import result
from .running import run
from .tables import FRAMES, PROFILES
from .test_understand import UNDERSTOOD

REFERENCE = re.compile(r"\{\{(c1)([^|{}]*)(?:\|([^{}]*))?\}\}")


def answered(question: str, table: str) -> tuple[str, Result]:
    """The answer's template and the result it is about."""
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Planned), found
    value = result(run(found.code))
    return answer(found.plan, value, "c1"), value


def assert_exists(path: str, value: Result) -> None:
    """Fail unless a reference's path leads to a value of the result."""
    if path == "":
        return
    if path == ".$rows":
        assert isinstance(value, (SeriesResult, TableResult))
    elif index := re.fullmatch(r"\.index\[(\d+)\]", path):
        assert isinstance(value, (SeriesResult, TableResult))
        assert int(index[1]) < len(value.index)
    elif cell := re.fullmatch(r"\[0\](?:\.(\w+)|\['([^']+)'\])", path):
        assert isinstance(value, TableResult)
        assert (cell[1] or cell[2]) in value.columns
    else:
        assert_label(path, value)


def assert_label(path: str, value: Result) -> None:
    """Fail unless the path is a label of a series or a key of a dictionary."""
    label = path[1:] if path.startswith(".") else eval(path[1:-1])
    labels = (
        value.keys
        if isinstance(value, MappingResult)
        else value.index
        if isinstance(value, SeriesResult)
        else ()
    )
    assert label in labels


@pytest.mark.parametrize(("table", "question"), [case[:2] for case in UNDERSTOOD])
def test_every_reference_exists_and_no_figure_is_written_out(table: str, question: str) -> None:
    text, value = answered(question, table)
    references = list(REFERENCE.finditer(text))
    assert references or isinstance(value, FigureResult)
    for reference in references:
        assert_exists(reference[2], value)
    if isinstance(value, ScalarResult) and isinstance(value.value, (int, float)):
        assert str(value.value) not in re.findall(r"[\d.]+", re.sub(r"`[^`]*`", "", REFERENCE.sub("", text)))


def test_a_statistic_leads_with_its_figure() -> None:
    text, _ = answered("average rent in Oslo", "flats")
    assert text.startswith("The mean of `rent` where `city` is “Oslo” is {{c1|,.2f}}.")
    assert "Missing values are left out" in text


def test_ties_at_the_cut_are_said() -> None:
    text, _ = answered("top 4 flats by rent", "flats")
    assert "with ties at the cut these are {{c1.$rows}} rows" in text
    assert "{{c1|table:5}}" in text
    assert "ties" not in answered("top 3 flats by rent", "flats")[0]


def test_how_many_rows_are_shown_is_a_figure_of_the_cell() -> None:
    top = answered("top 3 flats by rent", "flats")[0]
    assert top.startswith("The {{c1.$rows}} rows with the largest `rent`:")
    assert answered("show the first 4 rows", "flats")[0].startswith("The first {{c1.$rows}} rows:")


def test_an_empty_result_is_said() -> None:
    assert "No row where `bedrooms` = `9`" in answered("flats with 9 bedrooms", "flats")[0]
    assert "nothing to compute" in answered("mean rent where bedrooms = 9", "flats")[0]
    assert answered("which columns have missing values", "flats")[0] == "No column has missing values."


def test_conventions_are_said() -> None:
    assert "sample (`n - 1`)" in answered("std of rent", "flats")[0]
    assert "Pearson" in answered("correlation between rent and floorspace", "flats")[0]
    assert "counted from zero" in answered("show row 7", "flats")[0]


def test_groups_lead_with_the_ends() -> None:
    text, _ = answered("average rent by city", "flats")
    assert text.startswith("The mean of `rent` is largest for {{c1.index[1]}} ({{c1.Lima|,.2f}})")


def test_the_winner_of_a_ranking_is_named_by_reference() -> None:
    assert answered("which city has the highest average rent?", "flats")[0].startswith(
        "It is {{c1.index[0]}}, with {{c1.Lima|"
    )


def test_a_missing_result_is_said() -> None:
    found = understand("average rent", [PROFILES["flats"]])
    assert isinstance(found, Planned)
    assert "gave no value" in answer(found.plan, None, "c1")


def test_an_assumed_noun_is_repeated_in_the_answer() -> None:
    table = PROFILES["flats"].model_copy(update={"name": "df"})
    found = understand("how many apartments have a balcony?", [table])
    assert isinstance(found, Planned)
    value = result(run(found.code, {"df": FRAMES["flats"]}))
    assert "taken as one apartment" in answer(found.plan, value, "c1")
