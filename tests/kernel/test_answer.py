"""The result object: words, objects and cost of an answer."""

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import matplotlib as mpl
import pandas as pd
import plotly.express as px
import pytest

from autoanalyst_ext.types.claims import Claim
from autoanalyst_ext.types.runs import Answer, RunStatus
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_kernel.answer import AnalystAnswer

mpl.use("agg")


@dataclass
class Cell:
    """A cell that ran."""

    value: Any = None
    status: str | None = "ok"
    source: str = "1"
    metadata: dict[str, Any] = field(default_factory=lambda: {"autoanalyst": {"run": "r", "label": "c1"}})
    outputs: list[dict[str, Any]] = field(default_factory=list)


def answered(*cells: Cell, text: str = "It is **4**.", **more: Any) -> AnalystAnswer:
    status: RunStatus = more.pop("status", "answered")
    answer = Answer(status=status, answer=text, run_id="r", chat_id="c", seconds=1.5, **more)
    return AnalystAnswer(answer.model_dump(mode="json"), cells, question="q?", model="openai:gpt")


def test_the_value_is_what_the_last_cell_that_ran_well_ended_in() -> None:
    one = answered(
        Cell(7), Cell(None), Cell("half done", status="interrupted"), Cell("wrong", status="error")
    )
    assert one.value == 7
    assert answered().value is None


def test_a_table_is_the_last_table_and_a_column_counts_as_one() -> None:
    frame = pd.DataFrame({"a": [1]})
    assert answered(Cell(frame), Cell(3)).table is frame
    assert list(answered(Cell(frame), Cell(frame["a"])).table.columns) == ["a"]
    assert answered(Cell(3)).table is None
    assert answered(Cell(pd.DataFrame)).table is None


def test_a_figure_is_found_in_whatever_the_library_gave_back() -> None:
    import matplotlib.pyplot as plt

    frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    chart = px.line(frame)
    assert answered(Cell(chart), Cell(3)).figure is chart
    figure, axes = plt.subplots()
    assert answered(Cell(figure)).figure is figure
    assert answered(Cell(axes)).figure is figure
    assert answered(Cell(axes.plot([1, 2]))).figure is figure
    assert answered(Cell(axes.bar([1], [2]))).figure is figure
    grid = frame.hist()
    assert answered(Cell(grid)).figure is grid.flat[0].get_figure()
    assert answered(Cell([])).figure is None
    assert answered(Cell(frame)).figure is None
    plt.close("all")


def test_nothing_is_loaded_to_look_for_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("plotly.basedatatypes", "matplotlib.figure", "matplotlib.artist", "numpy"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert answered(Cell(object())).figure is None


def test_it_says_what_it_cost() -> None:
    used = Usage(requests=1, tokens=TokenUsage(input_tokens=10, output_tokens=5), cost_usd="0.0042")
    one = answered(usage=used)
    assert one.cost == Decimal("0.0042")
    assert one.tokens == 15
    assert answered(usage=Usage(cost_usd=None, unpriced_requests=1)).cost is None


def test_it_is_true_when_the_question_was_answered() -> None:
    assert answered()
    assert not answered(status="abstained")


def test_it_keeps_cells_and_claims() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "4"}
    claim = Claim(text="4", value=4, cell="a", path="c1", status="verified")
    one = answered(Cell(4, outputs=[output]), claims=(claim,))
    assert (one.cells[0].label, one.cells[0].source, one.cells[0].outputs) == ("c1", "1", (output,))
    assert (one.claims[0].text, one.claims[0].status, one.claims[0].path) == ("4", "verified", "c1")
    assert (one.question, one.model, one.seconds, one.replayed) == ("q?", "openai:gpt", 1.5, False)


def test_it_shows_itself_in_one_line_of_text_and_never_as_markup() -> None:
    one = answered(text="Line\n\n<b>two</b> \x1b[2J" + " long" * 50)
    shown = repr(one)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert len(shown) < 200
    assert shown.endswith("0 cells · openai:gpt · $0.00>")
    assert not any(hasattr(one, name) for name in ("_repr_markdown_", "_repr_html_", "_repr_mimebundle_"))
    assert str(answered()) == "It is 4."
