"""A copy of a notebook that runs where we are not installed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.error import UsageError
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autoanalyst_ext.types.receipts import Receipt, ReceiptCell
from autoanalyst_kernel.plain import plain_copy, write_plain

LOAD = "%load_ext autoanalyst_kernel"
DATA = "import pandas as pd\nhousing = pd.DataFrame({'city': ['a', 'a', 'b'], 'price': [1, 3, 7]})"
MEAN = "mean_price = housing.groupby('city')['price'].mean()\nmean_price"
QUESTION = "%%analyst @statistical_analytics_agent\nmean price by city\n\nand the largest?"


def receipt(*sources: str, answer: str = "The mean is 2 in **a**.", run: str = "r") -> dict[str, Any]:
    cells = tuple(ReceiptCell(label=f"c{at}", source=source) for at, source in enumerate(sources, 1))
    made = Receipt(
        question="mean price by city", cells=cells, template=answer, answer=answer, status="answered",
        answered_by="offline:analyst", run_id=run, at=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    return made.model_dump(mode="json")


def asked(source: str, *receipts: dict[str, Any], in_cell: bool = False, **metadata: Any) -> Any:
    """A cell with a question, and its receipts in the outputs or in its own metadata."""
    cell = nbformat.v4.new_code_cell(source, metadata=metadata)
    cell.outputs = [
        nbformat.v4.new_output(
            "display_data", {"text/plain": "x"}, metadata={"autoanalyst": {"receipt": each}}
        )
        for each in receipts
    ]
    if in_cell:
        cell.metadata["autoanalyst"], cell.outputs = {"receipt": receipts[0]}, []
    return cell


def code(source: str, **ours: Any) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"autoanalyst": ours} if ours else {})


def copied(*cells: Any) -> Any:
    """The plain copy, having travelled through a file, and checked."""
    notebook = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=list(cells))))
    made = nbformat.reads(json.dumps(plain_copy(notebook)), as_version=4)
    nbformat.validate(made)
    return made


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells]


@pytest.mark.parametrize("in_cell", [True, False])
def test_a_question_becomes_a_comment_its_code_and_its_answer(in_cell: bool) -> None:
    made = copied(code(LOAD), code(DATA), asked(QUESTION, receipt(MEAN, "mean_price.max()"), in_cell=in_cell))
    assert sources(made) == [
        f"# {LOAD}",
        DATA,
        "# %%analyst @statistical_analytics_agent\n# mean price by city\n#\n# and the largest?",
        MEAN,
        "mean_price.max()",
        "The mean is 2 in **a**.",
    ]
    assert [cell.cell_type for cell in made.cells] == ["code"] * 5 + ["markdown"]
    assert made.cells[2].outputs == []


def test_the_copy_runs_without_us(tmp_path: Path) -> None:
    bad = tmp_path / "autoanalyst_kernel.py"
    bad.write_text("raise ImportError('not installed here')")
    one = asked("answer = %analyst mean price by city\nprint('kept')", receipt(MEAN))
    block = code("if True:\n    %analyst usage\nprint('after')")
    made = copied(code(LOAD), code(DATA), asked(QUESTION, receipt(MEAN)), one, block)
    NotebookClient(made, timeout=60).execute(cwd=str(tmp_path))
    nbformat.validate(made)
    assert "2.0" in made.cells[3].outputs[0].data["text/plain"]
    assert [cell.outputs[0].text for cell in made.cells if "print(" in cell.source] == ["kept\n", "after\n"]


def test_cells_that_stand_below_are_not_doubled_and_edits_are_kept() -> None:
    given = receipt(MEAN, "mean_price.max()")
    edited = code("mean_price.min()", run="r", label="c2")
    made = copied(asked(QUESTION, given), code(f"{MEAN}\n", run="r", label="c1"), edited, code("1"))
    assert sources(made)[1:] == [f"{MEAN}\n", "mean_price.min()", "The mean is 2 in **a**.", "1"]


def test_the_same_code_below_the_next_question_is_its_own() -> None:
    first, second = receipt(MEAN), receipt(MEAN, run="s", answer="Again 2.")
    made = copied(asked(QUESTION, first), asked(QUESTION, second), code(MEAN))
    assert sources(made)[1:3] == [MEAN, "The mean is 2 in **a**."]
    assert sources(made)[4:] == [MEAN, "Again 2."]


def test_answers_objects_are_explained_and_other_outputs_kept() -> None:
    cell = asked("answer = %analyst mean price\nprint(1)", receipt(MEAN))
    cell.outputs.append(nbformat.v4.new_output("stream", text="1\n"))
    made = copied(cell)
    assert sources(made)[:2] == [
        "# answer = %analyst mean price\n"
        "# `answer` was an answer of AutoAnalyst; the code below it made the values.\n"
        "print(1)",
        MEAN,
    ]
    assert [output.text for output in made.cells[0].outputs] == ["1\n"]


def test_questions_without_an_answer_stay_as_comments_and_are_named() -> None:
    made = copied(asked("%%analyst\nwhy?"), code("%analyst how many rows"), code("%analyst usage"))
    assert sources(made) == ["# %%analyst\n# why?", "# %analyst how many rows", "# %analyst usage"]
    assert made.metadata.autoanalyst.plain.unanswered == ["%%analyst\nwhy?", "%analyst how many rows"]


@pytest.mark.parametrize(
    "source", ["%%html\n%analyst x", "x = '%analyst y'", "%load_ext autoreload", "# %%analyst"]
)
def test_everything_else_stays_as_it_is(source: str) -> None:
    made = copied(code(source), nbformat.v4.new_markdown_cell("%analyst usage"))
    assert sources(made) == [source, "%analyst usage"]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        (r"data \<b\> and \\<i>", r"data &lt;b\> and \\&lt;i>"),
        ("p < 0.001 in `a < b`", "p < 0.001 in `a < b`"),
        (r"$5 and \$6 in `$7`", r"\$5 and \$6 in `$7`"),
    ],
)
def test_nothing_in_an_answer_is_markup_or_a_formula(answer: str, shown: str) -> None:
    assert sources(copied(asked(QUESTION, receipt(answer=answer))))[-1] == shown


@pytest.mark.parametrize("held", [None, [], {"answer": 1}, {"answer": "a", "cells": [1, {"source": 2}, {}]}])
def test_a_receipt_of_another_shape_does_no_harm(held: Any) -> None:
    made = copied(asked(QUESTION, held))
    assert made.cells[0].source.startswith("# %%analyst")


def test_a_notebook_of_an_older_minor_gets_no_ids() -> None:
    notebook = json.loads(nbformat.writes(nbformat.v4.new_notebook(cells=[asked(QUESTION, receipt(MEAN))])))
    notebook["nbformat_minor"] = 4
    del notebook["cells"][0]["id"]
    notebook["cells"][0]["source"] = QUESTION.splitlines(keepends=True)
    made = nbformat.from_dict(plain_copy(notebook))
    nbformat.validate(made)
    assert len(made.cells) == 3
    assert "id" not in made.cells[1]


def test_it_is_written_beside_the_notebook_and_may_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "sales.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[asked(QUESTION, receipt(MEAN)), code("%%analyst\nwhy?")])
    nbformat.write(notebook, path)
    before = path.read_bytes()
    for _ in range(2):
        written = write_plain(path)
        assert written.path == tmp_path / "sales-plain.ipynb"
        assert "from sales.ipynb as it was last saved." in str(written)
        assert str(written).endswith("1 question has no recorded answer: ask again, save, and repeat this.")
        nbformat.validate(nbformat.read(written.path, as_version=4))
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["sales-plain.ipynb", "sales.ipynb"]
    assert written.path.stat().st_mode == path.stat().st_mode


def test_a_notebook_that_was_never_saved_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "new.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    with pytest.raises(UsageError, match=r"new\.ipynb has no cells as it was last saved\. Save it"):
        write_plain(path)
    assert [each.name for each in tmp_path.iterdir()] == ["new.ipynb"]


def test_it_never_overwrites_what_it_did_not_write(tmp_path: Path) -> None:
    path, other = tmp_path / "a.ipynb", tmp_path / "a-plain.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code("1")]), path)
    other.write_text("mine")
    for target in (None, path):
        with pytest.raises(UsageError, match="is no plain copy"):
            write_plain(path, target)
    assert other.read_text() == "mine"
    copied_once = write_plain(path, tmp_path / "b.ipynb").path
    with pytest.raises(UsageError, match="is no plain copy"):
        write_plain(copied_once, copied_once)


@pytest.mark.parametrize("text", ["not json", "[]", '{"nbformat": 3, "cells": []}', None])
def test_a_file_that_is_no_notebook_is_one_line(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "a.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=r"a\.ipynb"):
        write_plain(path)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code("1")]), path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_plain(path, tmp_path / "missing" / "b.ipynb")


def test_cells_that_use_an_answer_are_comments_so_that_the_copy_runs() -> None:
    notebook = new_notebook(
        cells=[
            new_code_cell("%%analyst --as by_city\naverage revenue by city"),
            new_code_cell("by_city.table"),
            new_code_cell("total = %analyst total revenue"),
            new_code_cell("print(total.value)\nother = 1"),
            new_code_cell("kept = 2"),
        ]
    )
    made = [cell["source"] for cell in plain_copy(notebook)["cells"] if cell["cell_type"] == "code"]
    assert made[1].startswith("# This uses `by_city`")
    assert made[1].endswith("# by_city.table")
    assert made[3].endswith("# print(total.value)\n# other = 1")
    assert made[4] == "kept = 2"
