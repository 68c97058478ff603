"""Claims of free text: what outputs show is verified, the rest is marked, and counting claims nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.agents.claims import MARK, figures_in, free_figures, mark
from autoanalyst_ext.agents.references import fill
from autoanalyst_ext.types.cells import DisplayOutput, ErrorOutput, Execution, ResultOutput, StreamOutput
from autoanalyst_ext.types.results import (
    FigureResult,
    MappingResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)

CELLS: dict[str, tuple[str, Execution]] = {}


def cell(
    label: str,
    result: Result | None = None,
    *outputs: StreamOutput | DisplayOutput | ErrorOutput | ResultOutput,
) -> None:
    execution = Execution(cell_id=f"id-{label}", source="", status="ok", result=result, outputs=outputs)
    CELLS[label] = (f"id-{label}", execution)


cell("c1", ScalarResult(type="float64", value=4766729.247706422))
cell(
    "c2",
    TableResult(
        columns=("share", "name"),
        dtypes=("float64", "str"),
        index_names=("rooms",),
        index=(3, 2),
        rows=((0.1203, "7 Elm Road"), (-0.5359973, "b")),
        length=545,
    ),
)
cell(
    "c3",
    MappingResult(keys=("p",), values=(ScalarResult(type="float", value=0.00213),), length=1),
    StreamOutput(name="stdout", text="R2: 0.6734\nrows 436 / 109\n"),
)
cell(
    "c4",
    None,
    ResultOutput(data={"text/plain": "mean    1.514174e+06\nday 2024-03-05", "text/html": "<b>8181</b>"}),
)
cell("c5", SeriesResult(name="n", dtype="int64", index=("a",), values=(98,), length=1))
cell("c6", SequenceResult(values=(ScalarResult(type="bool", value=True),), length=1))
cell("c7", FigureResult(library="plotly", points=7171))
cell("c8", None, ErrorOutput(ename="ValueError", evalue="9191", traceback=("9191",)))

QUESTION = "List the top 10 of five houses above 2.5 million in 2023, and 7 %?"

VERIFIED = [
    ("4,766,729.25", "c1"),
    ("4766729.25", "c1"),
    ("4.77 million", "c1"),
    ("4.8 million", "c1"),
    ("$4,766,729", "c1"),
    ("4.767e6", "c1"),
    ("4766.73k", "c1"),
    ("about 4,800,000", "c1"),
    ("12 %", "c2"),
    ("12.03%", "c2"),
    ("12 percent", "c2"),
    ("0.12", "c2"),
    ("-0.54", "c2"),
    ("−0.536", "c2"),
    ("545", "c2"),
    ("0.0021", "c3"),
    ("0.67", "c3"),
    ("67.3 %", "c3"),
    ("436", "c3"),
    ("1.51 million", "c4"),
    ("2024-03-05", "c4"),
    ("98", "c5"),
    ("7171", "c7"),
]
UNVERIFIED = [
    "4.2",
    "4.76 million",
    "4,800,000",
    "0.54",
    "13 %",
    "0.1204",
    "546",
    "8181",
    "9191",
    "2024-03-06",
    "10 %",
    "2.5",
]


@pytest.mark.parametrize(("figure", "label"), VERIFIED)
def test_a_figure_that_an_output_shows_is_verified_with_its_cell(figure: str, label: str) -> None:
    (claim,) = free_figures(f"The value is {figure} here.", QUESTION, CELLS)
    assert (claim.status, claim.cell, claim.path) == ("verified", f"id-{label}", None)
    assert claim.text in f"about {figure}"


@pytest.mark.parametrize("figure", UNVERIFIED)
def test_a_figure_that_no_output_shows_is_unverified(figure: str) -> None:
    (claim,) = free_figures(f"The value is {figure} here.", QUESTION, CELLS)
    assert (claim.status, claim.cell) == ("unverified", None)


@pytest.mark.parametrize(
    "text",
    [
        "The top 10 in 2023 are five or 5 houses above 2.5 million, 7 % of them.",
        "1. first\n2. second\n   3) third",
        "- 4. item",
        "**6. Title**",
        "See c12, cell 12, [12], Cells 13 and step 14.",
        "H2O, x86, column_17, v1.2.3, 192.168.77.12",
        "Run `df.head(31)` or\n```\n32 33\n```\n",
        "A [link](http://example.org/34/35) and https://example.org/36",
        "## 37. Results",
        "",
    ],
)
def test_numbers_that_claim_nothing_are_left_alone(text: str) -> None:
    assert free_figures(text, QUESTION, CELLS) == []


def test_the_unverified_figure_is_marked_where_it_stands() -> None:
    filled = fill("Mean {{c1|,.0f}}, **4.2**, or 4.77 million; 99.5 % of 545.", CELLS)
    text, claims = mark(filled, question=QUESTION, cells=CELLS)
    assert text == "Mean 4,766,729, **4.2 (unverified)**, or 4.77 million; 99.5 % (unverified) of 545."
    assert [(claim.text, claim.status) for claim in claims] == [
        ("4.2", "unverified"),
        ("4.77 million", "verified"),
        ("99.5 %", "unverified"),
        ("545", "verified"),
    ]
    assert claims[0].value == 4.2


def test_what_references_filled_is_not_claimed_again() -> None:
    cell_of_text = {
        "c1": (
            "x",
            Execution(
                cell_id="x", source="", status="ok", result=ScalarResult(type="str", value="77 Main St 88")
            ),
        )
    }
    filled = fill("At {{c1}}: 66", cell_of_text)
    text, claims = mark(filled, question="", cells=cell_of_text)
    assert text == "At 77 Main St 88: 66 (unverified)"
    assert [claim.text for claim in claims] == ["66"]


def test_numbers_of_texts_in_a_result_are_shown_too() -> None:
    (claim,) = free_figures("It is at number 7.", "", CELLS)
    assert claim.status == "verified"


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: abs(value) > 1e-3)


def one(value: float) -> dict[str, tuple[str, Execution]]:
    result = ScalarResult(type="float64", value=value)
    return {"c1": ("id", Execution(cell_id="id", source="", status="ok", result=result))}


@settings(max_examples=150, deadline=None)
@given(NUMBERS, st.integers(0, 6), st.booleans())
def test_a_number_rounded_in_any_way_is_verified(value: float, decimals: int, separated: bool) -> None:
    written = f"{value:,.{decimals}f}" if separated else f"{value:.{decimals}f}"
    for claim in free_figures(f"It is {written} now", "", one(value)):
        assert claim.status == "verified", (value, written)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, st.integers(0, 6))
def test_a_number_off_by_one_in_its_last_digit_is_not(value: float, decimals: int) -> None:
    wrong = round(value, decimals) + 2 * 10.0**-decimals
    claims = free_figures(f"It is {wrong:.{decimals}f} now", "", one(value))
    assert [claim.status for claim in claims] == ["unverified"] * len(claims)
    assert claims


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["4.2", "545", "`1`", "{{c1}}", "{{c2}}", "\n", "1. "]), st.text(max_size=6)
        ),
        max_size=8,
    )
)
def test_marking_only_adds_marks(pieces: list[str]) -> None:
    filled = fill(" ".join(pieces), CELLS)
    text, claims = mark(filled, question=QUESTION, cells=CELLS)
    assert text.count(MARK) - filled.text.count(MARK) == sum(claim.status == "unverified" for claim in claims)
    assert text.replace(MARK, "") == filled.text.replace(MARK, "")


def test_every_number_of_a_plain_sentence_is_found_in_order() -> None:
    text = "From 1,234.5 to -6.7e3, then 89 % (3 million), 2024-01-02; 5."
    assert [figure.text for figure in figures_in(text)] == [
        "1,234.5",
        "-6.7e3",
        "89 %",
        "3 million",
        "2024-01-02",
        "5",
    ]
    assert not list(figures_in(re.sub(r"\d", "x", text)))


def test_a_number_beyond_all_floats_is_no_error() -> None:
    for text in ("It is 1e999.", f"about 1{'0' * 400}", f"0.{'1' * 400}"):
        assert [claim.status for claim in free_figures(text, "", {})] == ["unverified"]
