"""References: where paths lead, how values are written, and that data stays text."""

import re
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autoanalyst_ext.agents.figures import moment, write
from autoanalyst_ext.agents.markdown import code_spans, escape
from autoanalyst_ext.agents.references import NO_VALUE, Filled, UnresolvedReference, fill, resolve
from autoanalyst_ext.types.cells import Execution
from autoanalyst_ext.types.results import (
    FigureResult,
    Leaf,
    MappingResult,
    OtherResult,
    Result,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)

TOP = TableResult(
    columns=("area", "air conditioning", "year"),
    dtypes=("int64", "str", "int64"),
    index_names=(None,),
    index=(7, 125, 66),
    rows=((16200, "no", 2019), (15600, "yes", 2020), (13200, "no", 2021)),
    length=545,
)
BY_KIND = TableResult(
    columns=("price", "n"),
    dtypes=("float64", "int64"),
    index_names=("kind",),
    index=("furnished", "semi-furnished"),
    rows=((5495696.0213, 140), (4907524.2269, 227)),
    length=2,
)
BY_TWO = SeriesResult(
    name="price",
    dtype="float64",
    index_names=("road", "rooms"),
    index=(("yes", 2), ("yes", 3), ("no", 2)),
    values=(1.0, 2.0, 3.0),
    length=3,
)
BY_ROOMS = SeriesResult(
    name="count", dtype="int64", index_names=("rooms",), index=(3, 2, 4), values=(300, 136, 95), length=3
)
BY_DAY = SeriesResult(
    name="sold", dtype="int64", index_names=("day",), index=("2024-01-05T00:00:00",), values=(9,), length=1
)
ONE_ROW = TableResult(
    columns=("mean", "index"), dtypes=("float64", "int64"), index=(0,), rows=((2.9651376, 4),), length=1
)
RESULTS: dict[str, Result] = {
    "c1": ScalarResult(type="float64", value=4766729.247706422),
    "c2": TOP,
    "c3": BY_KIND,
    "c4": BY_ROOMS,
    "c5": BY_TWO,
    "c6": MappingResult(
        keys=("r", "p value", "3"),
        values=(
            ScalarResult(type="float", value=0.5359973),
            ScalarResult(type="float", value=0.0000123),
            ScalarResult(type="int", value=8),
        ),
        length=3,
    ),
    "c7": SequenceResult(
        values=(ScalarResult(type="int", value=1), ScalarResult(type="str", value="b")), length=2
    ),
    "c8": ONE_ROW,
    "c9": BY_DAY,
    "fig": FigureResult(library="plotly"),
    "other": OtherResult(type="Model"),
    "none": ScalarResult(type="NoneType", value=None),
    "odd": ScalarResult(type="str", value="<script>alert(1)</script> [x](javascript:y) a|b `c` {{c1}}\n# d"),
}


def cells(results: dict[str, Result] | None = None, source: str = "pass") -> dict[str, tuple[str, Execution]]:
    return {
        label: (f"id-{label}", Execution(cell_id=f"id-{label}", source=source, status="ok", result=result))
        for label, result in (RESULTS if results is None else results).items()
    }


def filled(template: str) -> Filled:
    return fill(template, cells())


PATHS: list[tuple[str, Leaf]] = [
    ("c1", 4766729.247706422),
    ("c2[0].area", 16200),
    ("c2[0]['air conditioning']", "no"),
    ('c2[1]["air conditioning"]', "yes"),
    ("c2.area[2]", 13200),
    ("c2.index[1]", 125),
    ("c2[0].index", 7),
    ("c2[0][0]", 16200),
    ("c2.$rows", 545),
    ("c2.$columns", 3),
    ("c3.price[1]", 4907524.2269),
    ("c3.price[-1]", 4907524.2269),
    ("c3['semi-furnished'].n", 227),
    ("c3.furnished.n", 140),
    ("c3.price['furnished']", 5495696.0213),
    ("c3[0].kind", "furnished"),
    ("c3.kind[1]", "semi-furnished"),
    ("c3.index[-1]", "semi-furnished"),
    ("c4[3]", 300),
    ("c4[2]", 136),
    ("c4.index[0]", 3),
    ("c4.values[0]", 300),
    ("c4.count[-1]", 95),
    ("c5.values[1]", 2.0),
    ("c4.$rows", 3),
    ("c5['yes', 3]", 2.0),
    ("c5['yes'][2]", 1.0),
    ("c5['no']['2']", 3.0),
    ("c5[0]", 1.0),
    ("c5.index[2]", "no / 2"),
    ("c6.r", 0.5359973),
    ("c6['p value']", 0.0000123),
    ("c6[3]", 8),
    ("c7[1]", "b"),
    ("c7[-2]", 1),
    ("c7.$rows", 2),
    ("c8.mean", 2.9651376),
    ("c8.index", 4),
    ("c8[0].mean", 2.9651376),
    ("c9['2024-01-05']", 9),
    ("none", None),
]


@pytest.mark.parametrize(("path", "value"), PATHS, ids=[path for path, _ in PATHS])
def test_a_path_leads_to_its_value(path: str, value: Leaf) -> None:
    assert resolve(path, RESULTS) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("c2.price", "c2 has the columns area, air conditioning, year."),
        ("c2[0].price", "c2 has the columns area"),
        ("c2[300].area", "only the first 3 can be referred to"),
        ("c2[-1].area", "only the first 3 can be referred to"),
        ("c2[545].area", "c2 has 545 rows; there is no row 545"),
        ("c4[7]", "c4 has the labels 3, 2, 4."),
        ("c4[0]", "c4 has the labels"),
        ("c6.q", "c6 has the keys r, p value, 3."),
        ("c7[2]", "there is no row 2"),
        ("c7.first", "found by position: c7[0]"),
        ("c1.mean", "c1 is one value and has no parts"),
        ("c1.$rows", "c1 has no number of rows"),
        ("other.coef_", "is one value and has no parts"),
        ("c44", "There is no result named c44. Results: c1, c2"),
        ("c1[", "is not a reference"),
        ("", "is not a reference"),
        ("c2[0].area + 1", "is not a reference"),
        ("__import__('os')", "is not a reference"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_there_is(path: str, message: str) -> None:
    with pytest.raises(UnresolvedReference, match=re.escape(message)):
        resolve(path, RESULTS)


def test_a_series_of_a_column_and_a_row_are_results_of_their_own() -> None:
    column = resolve("c2.area", RESULTS)
    assert isinstance(column, SeriesResult)
    assert (column.values, column.length) == ((16200, 15600, 13200), 545)
    row = resolve("c2[0]", RESULTS)
    assert isinstance(row, MappingResult)
    assert row.keys == TOP.columns
    part = resolve("c5['yes']", RESULTS)
    assert isinstance(part, SeriesResult)
    assert (part.index, part.index_names) == ((2, 3), ("rooms",))


WRITTEN = [
    ("{{c1}}", "4,766,729.25"),
    ("{{ c1 }}", "4,766,729.25"),
    ("{{c1|,.0f}}", "4,766,729"),
    ("{{c1 | .3e}}", "4.767e+06"),
    ("{{c1|int}}", "4,766,729"),
    ("{{c2[0].area}}", "16,200"),
    ("{{c2[0].area|d}}", "16200"),
    ("{{c2[0].year}}", "2019"),
    ("{{c6.r}}", "0.536"),
    ("{{c6.r|pct}}", "53.6 %"),
    ("{{c6.r|.1%}}", "53.6%"),
    ("{{c6['p value']}}", "1.23e-05"),
    ("{{c6['p value']|pct}}", "0.0012 %"),
    ("{{c8.mean}}", "2.965"),
    ("{{c5['yes',3]}}", "2"),
    ("{{c3[0].kind|,.2f}}", "furnished"),
    ("{{none}}", "missing"),
    ("{{c7}}", "1, b"),
    ("{{c4|list}}", "300, 136, 95"),
    ("{{fig}}", "the chart"),
    ("{{other}}", "a Model"),
    ("**{{c1|,.2f}}** euros", "**4,766,729.25** euros"),
]


@pytest.mark.parametrize(("template", "text"), WRITTEN, ids=[template for template, _ in WRITTEN])
def test_values_are_written_in_the_format_that_was_asked_for(template: str, text: str) -> None:
    answer = filled(template)
    assert answer.text == text
    assert answer.problems == ()
    assert [claim.status for claim in answer.claims] == ["verified"]


def test_a_claim_carries_the_unrounded_value_its_cell_and_its_path() -> None:
    (claim,) = filled("The mean is {{c1|,.1f}}.").claims
    assert claim.model_dump() == {
        "text": "4,766,729.2",
        "value": 4766729.247706422,
        "cell": "id-c1",
        "path": "c1",
        "status": "verified",
    }


def test_what_was_inserted_is_found_again_in_the_text() -> None:
    answer = filled("From {{c2[0].area}} to {{c2[2].area}} and\n{{c3|table}}\nthat is all")
    assert [answer.text[start:stop].strip() for start, stop in answer.inserted][:2] == ["16,200", "13,200"]
    assert answer.text[slice(*answer.inserted[2])].strip().startswith("| kind | price | n |")


def test_a_table_stands_on_its_own_lines_and_says_what_it_leaves_out() -> None:
    answer = filled("The largest: {{c2|table:2}} as asked.")
    lines = answer.text.splitlines()
    assert lines[:2] == ["The largest: ", ""]
    assert lines[2] == "| row | area | air conditioning | year |"
    assert lines[3] == "| ---: | ---: | --- | ---: |"
    assert lines[4] == "| 7 | 16,200 | no | 2019 |"
    assert "(543 more rows)" in lines
    assert lines[-1] == " as asked."
    html = MarkdownIt("commonmark").enable("table").render(answer.text)
    assert html.count("<tr>") == 3


def test_a_series_as_a_table_has_its_labels() -> None:
    assert filled("{{c4}}").text.startswith("| rooms | count |\n| ---: | ---: |\n| 3 | 300 |")


def test_days_have_no_time_unless_one_of_their_column_has() -> None:
    assert "| 2024-01-05 | 9 |" in filled("{{c9}}").text
    visits = TableResult(
        columns=("came", "went"),
        dtypes=("datetime64[ns]", "datetime64[ns]"),
        index=(0, 1),
        rows=(("2024-01-05T00:00:00", "2024-01-06T00:00:00"), ("2024-01-05T14:30:00", "2024-01-07T00:00:00")),
        length=2,
    )
    lines = write(visits, "table").splitlines()
    assert lines[2:] == ["| 2024-01-05 00:00 | 2024-01-06 |", "| 2024-01-05 14:30 | 2024-01-07 |"]


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("2024-01-06T00:00:00", "2024-01-06"),
        ("2024-01-06T14:30:05.500000000", "2024-01-06 14:30:05.5"),
        ("2024-01-06T00:00:00+02:00", "2024-01-06 00:00+02:00"),
        ("2024-01-06T25", "2024-01-06T25"),
    ],
)
def test_a_moment_is_written_as_people_do(told: str, written: str) -> None:
    assert moment(told) == written


def test_code_is_left_alone() -> None:
    template = (
        "Write `{{c1}}` or\n\n```python\nx = '{{c1}}'\n```\n\nfor {{c7[1]}}, ``a ` {{c2}}`` too\n~~~\n{{c9}}"
    )
    assert filled(template).text == template.replace("{{c7[1]}}", "b")


def test_a_reference_that_leads_nowhere_is_a_contradicted_claim_and_a_problem() -> None:
    answer = filled("It is {{c2[0].price}} or {{c77}} or {{c1|banana}}.")
    assert answer.text == f"It is {NO_VALUE} or {NO_VALUE} or {NO_VALUE}."
    assert [claim.status for claim in answer.claims] == ["contradicted"] * 3
    assert [claim.cell for claim in answer.claims] == ["id-c2", None, "id-c1"]
    assert len(answer.problems) == 3
    assert "there is no cell c77" in answer.problems[1]
    assert "`banana` is not a format" in answer.problems[2]


def test_a_cell_without_a_value_is_named() -> None:
    failed = Execution(cell_id="x", source="print(1)", status="ok")
    (problem,) = fill("{{c1}}", {"c1": ("x", failed)}).problems
    assert "c1 has no value. End a cell with the expression" in problem


def test_problems_for_the_model_hold_no_data() -> None:
    """Labels of a result may be values of the data: only names of the code itself are repeated."""
    secret = SeriesResult(
        name="Canary0",
        dtype="f",
        index_names=("who",),
        index=("Canary1", "price"),
        values=(1.0, 2.0),
        length=2,
    )
    table = TableResult(columns=("Canary2", "price"), dtypes=("f", "f"), rows=((1.0, "Canary3"),), length=1)
    mapping = MappingResult(keys=("Canary4",), values=(secret,), length=1)
    for result in (secret, table, mapping):
        answer = fill("{{c1.wrong}} {{c1[99]}} {{c1['x','y']}}", cells({"c1": result}, "df['price']"))
        assert answer.problems
        assert "Canary" not in " ".join(answer.problems)
    answer = fill("{{c1.wrong}}", cells({"c1": table}, "df['price']"))
    assert "c1 has the columns price." in answer.problems[0]


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](http://evil.example/p.png)",
        "a|b|c",
        "`code`",
        "``` fence",
        "**bold** _it_ ~~gone~~",
        "# Heading",
        "- item",
        "1. item",
        "> quote",
        "===",
        "&lt;b&gt; &#60;",
        "line\nbreak\r\n\n# two",
        "http://evil.example and www.evil.example and me@evil.example",
        "<http://evil.example>",
        "\\<b>",
        "trailing \\",
        "$x^2$ and $$y$$",
        "{{c1}}",
        "snake_case_name and semi-furnished",
        "\u202eevil\u200b",
    ],
)
def test_data_stays_text_wherever_it_is_inserted(value: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    table = TableResult(columns=(value, "b"), dtypes=("str", "str"), rows=((value, "x"),), length=1)
    results: dict[str, Result] = {"c1": ScalarResult(type="str", value=value), "c2": table}
    for template in (
        "{{c1}}",
        "so: {{c1}} end",
        "- {{c1}}",
        "| a | b |\n|---|---|\n| {{c1}} | x |",
        "a ` {{c1}}",
    ):
        html = parser.render(fill(template, cells(results)).text)
        allowed = "p|ul|li|table|thead|tbody|tr|th|td|code"
        assert not re.findall(rf"<(?!/?(?:{allowed})\b)[^>]*>", html), html
        assert "href" not in html
    html = parser.render(fill("{{c2}}", cells(results)).text)
    assert html.count("<td") == 2
    assert html.count("<th>") == 2


def test_ordinary_words_are_not_escaped() -> None:
    for word in (
        "semi-furnished",
        "snake_case_name",
        "3.5 km (about)",
        "Ünïcode, 10:30",
        "wow! really?",
        "C#",
    ):
        assert escape(word) == word


def test_text_that_looks_like_a_reference_is_not_filled_again() -> None:
    answer = filled("{{odd}} and {{c7[0]}}")
    assert "4,766" not in answer.text
    assert answer.text.endswith(" and 1")


SIGNS = [
    "{{",
    "}}",
    "{",
    "}",
    "c1",
    "c2",
    "[0]",
    ".area",
    "|",
    ",.2f",
    "`",
    "```",
    "\n",
    "~~~",
    "\\",
    " ",
    "'",
    '"',
]
WHOLE = [
    "{{c1}}",
    "{{c2[0].area}}",
    "{{odd}}",
    "{{c99}}",
    "{{c1|",
    "{{1+1}}",
    "{{c2[0].__class__}}",
    "{{c2}}",
]
PIECES = st.sampled_from([*SIGNS, *WHOLE])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=14).map("".join))
def test_whatever_the_template_no_reference_is_left_open_outside_code(template: str) -> None:
    answer = filled(template)
    code = code_spans(answer.text)
    for found in re.finditer(r"\{\{", answer.text):
        assert any(start <= found.start() < stop for start, stop in code), (template, answer.text)
    assert len(answer.claims) == len(answer.inserted)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_escaped_data_shows_as_the_same_text(value: str) -> None:
    html = MarkdownIt("commonmark").render(f"x {escape(value)} x")
    shown = re.sub(r"</?p>", "", html).strip()
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, sign)
    assert "<em>" not in shown
    assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", f"x {_plain(value)} x")


def _plain(value: str) -> str:
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in value)
    return "".join(sign for sign in kept if unicodedata.category(sign) not in ("Cf", "Cs"))


WATCHED: list[str] = []
WATCHING: list[bool] = []


def _watch(event: str, given: tuple[Any, ...]) -> None:
    # The source of a cell is parsed for the names in it; that is the one thing that may be.
    if WATCHING and event in ("compile", "exec", "import", "open", "os.system") and given[0] != b"pass":
        WATCHED.append(event)


def test_nothing_of_a_template_is_evaluated() -> None:
    template = (
        "{{__import__('os').system('x')}} {{c1.__class__}} {{c2[open('x')]}} {{c1|{c1}}} {{c1|>99999999}}"
    )
    filled(template)  # everything that is imported on first use is imported now
    sys.addaudithook(_watch)
    WATCHING.append(True)
    answer = filled(template)
    WATCHING.clear()
    assert WATCHED == []
    assert "{{" not in answer.text
    assert len(answer.text) < 500
    assert len(answer.problems) == 5
