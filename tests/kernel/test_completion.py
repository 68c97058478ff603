"""Tab in analyst cells, through IPython's own completer."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from IPython.core import completer as ipython
from IPython.core.interactiveshell import InteractiveShell

from autoanalyst_kernel import completion
from autoanalyst_kernel.client import NoHome

AGENTS = [{"name": "data_viz_agent", "aliases": ["chart_agent"]}, {"name": "planner"}]
MODELS = [{"name": "openai:gpt-5"}, {"name": "offline:analyst"}]


class Home:
    """Knows agents and models."""

    def __init__(self) -> None:
        self.asked = 0

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]:
        self.asked += 1
        return {"agents": AGENTS} if what == "agents" else {"models": MODELS}


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    found = InteractiveShell()
    found.user_ns |= {
        "housing": pd.DataFrame({"price": [1], "price per m2": [2], 3: [4], "column_names": [0]}),
        "orders": pl.DataFrame({"amount": [1]}),
        "routes": pa.table({"from": [1]}),
        "house_count": 3,
    }
    yield found
    found.history_manager.end_session()


def tab(shell: InteractiveShell, text: str) -> list[str]:
    """What the cell's text up to the cursor, which `|` marks, may become."""
    at = text.index("|")
    text = text.replace("|", "")
    with ipython.provisionalcompleter():
        return [text[: c.start] + c.text for c in shell.Completer.completions(text, at)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%%analyst @d|", ["%%analyst @data_viz_agent"]),
        ("%%analyst @char|", ["%%analyst @chart_agent"]),
        ("%%analyst @ho|", ["%%analyst @housing"]),
        ("%%analyst\nprice of @ho| in Bern", ["%%analyst\nprice of @housing"]),
        ("\n%%analyst @pl|", ["\n%%analyst @planner"]),
        ("%%analyst --mod|", ["%%analyst --model", "%%analyst --mode"]),
        ("%%analyst --model openai:g|", ["%%analyst --model openai:gpt-5"]),
        ("%%analyst --model |\nq", ["%%analyst --model openai:gpt-5", "%%analyst --model offline:analyst"]),
        ("%%analyst --mode s|", ["%%analyst --mode suggest"]),
        ("%%analyst --mode=a|", ["%%analyst --mode=auto", "%%analyst --mode=ask"]),
        ("%%analyst --data housing,o|", ["%%analyst --data housing,orders"]),
        ("%%analyst --data ho|", ["%%analyst --data housing"]),
        ("%%analyst --no-cells ord|", ["%%analyst --no-cells orders"]),
        ("%%analyst\nmean pri|", ["%%analyst\nmean price", "%%analyst\nmean price per m2"]),
        ("%%analyst\namo|", ["%%analyst\namount"]),
        ("%%analyst\nfr|", ["%%analyst\nfrom"]),
        ("%analyst us|", ["%analyst usage"]),
        ("x = %analyst hi|", ["x = %analyst history"]),
        ("%analyst @d|", ["%analyst @data_viz_agent"]),
        ("%analyst mean of pric|", ["%analyst mean of price", "%analyst mean of price per m2"]),
    ],
)
def test_tab_offers_what_can_stand_there(shell: InteractiveShell, text: str, expected: list[str]) -> None:
    completion.install(shell, Home)
    assert tab(shell, text) == expected


@pytest.mark.parametrize(
    "text", ["%%analyst\nprin|", "%%analyst\n|", "%%analyst\nwith housing.|", "%analyst prin|"]
)
def test_python_keeps_out_of_questions(shell: InteractiveShell, text: str) -> None:
    completion.install(shell, Home)
    assert tab(shell, text) == []


def test_other_cells_are_left_to_python(shell: InteractiveShell) -> None:
    take_away = completion.install(shell, Home)
    assert "print" in tab(shell, "prin|")
    assert "house_count" in tab(shell, "# %%analyst\nhous|") or "housing" in tab(shell, "hous|")
    take_away()
    assert tab(shell, "%analyst us|") == []


def test_verbs_and_tables_are_offered_on_an_empty_line(shell: InteractiveShell) -> None:
    completion.install(shell, Home)
    offered = tab(shell, "%analyst |")
    assert "%analyst agents" in offered
    assert "%analyst housing" in offered


def test_the_engine_is_asked_once(shell: InteractiveShell) -> None:
    home = Home()
    completion.install(shell, lambda: home)
    for _ in range(3):
        tab(shell, "%%analyst @|")
    assert home.asked == 2


def test_a_slow_engine_does_not_hold_tab_up_and_is_there_later() -> None:
    ready = threading.Event()

    class Slow(Home):
        def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]:
            ready.wait()
            return super().query(what)

    known = completion.Known(Slow)
    began = time.monotonic()
    assert known.names("agents") == []
    assert time.monotonic() - began < 2
    ready.set()
    assert known.names("agents") == ["data_viz_agent", "planner", "chart_agent"]


def test_an_engine_that_cannot_be_reached_is_not_asked_at_every_tab(shell: InteractiveShell) -> None:
    tried = []

    def connect() -> Home:
        tried.append(1)
        raise NoHome("Nothing is installed.")

    completion.install(shell, connect)
    assert tab(shell, "%%analyst @ho|") == ["%%analyst @housing"]
    assert tab(shell, "%%analyst @ho|") == ["%%analyst @housing"]
    assert len(tried) == 1
