"""What the user sees of a question, in a real kernel's messages and in a plain terminal."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from autoanalyst_ext.types.claims import Claim
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_kernel import page
from autoanalyst_kernel.display import View, is_picture

from .front import Front, event, front

SOURCE = "housing.groupby('city')['price'].mean()"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
USAGE = Usage(requests=2, tokens=TokenUsage(input_tokens=1000, output_tokens=234), cost_usd="0.0042")

SETUP = """
import json
from types import SimpleNamespace
from IPython import get_ipython
from autoanalyst_kernel.display import View

def cells(*outputs):
    return [SimpleNamespace(id="a", source="SOURCE", cell_type="code", outputs=list(outputs), status="ok",
                            metadata={"autoanalyst": {"run": "r", "label": "c1"}}, value=None)]
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[Front]:
    with front() as found:
        found.run(SETUP.replace("SOURCE", SOURCE))
        yield found


def step(number: int, *, seconds: float = 1.0, cost: str | None = "0.0011") -> list[dict[str, Any]]:
    return [
        event("step_started", step=number, agent="data_viz_agent"),
        event(
            "step_finished", step=number, agent="data_viz_agent", attempt_id=None, model="m",
            tokens={}, cost_usd=cost, seconds=seconds,
        ),
    ]  # fmt: skip


def proposed(call: str, label: str = "c1", **more: Any) -> dict[str, Any]:
    fields = {"purpose": "mean `price` by `city`", "source": SOURCE, **more}
    return event("cell_proposed", call_id=call, label=label, **fields)


def ran(call: str, status: str = "ok", label: str = "c1", **more: Any) -> list[dict[str, Any]]:
    execution = {"cell_id": "a", "source": SOURCE, "status": status, **more}
    return [
        event("cell_started", call_id=call, cell_id="a", label=label),
        event("cell_finished", call_id=call, label=label, execution=execution, repairing=status != "ok"),
    ]


def answer(text: str = "The mean is **4.5**.", **more: Any) -> dict[str, Any]:
    made = Answer(status=more.pop("status", "answered"), answer=text, run_id="r", chat_id="c", usage=USAGE,
                  seconds=3.25, **more)  # fmt: skip
    return made.model_dump(mode="json")


STARTED = event("run_started", run_id="r", chat_id="c", agents=["planner"], model="openai:gpt")
RUN = [
    STARTED,
    event("plan_made", lines=["@data_viz_agent: compare prices"]),
    *step(1), proposed("1", source="housing.pricee"), *ran("1", "error", ename="KeyError", evalue="'pricee'"),
    *step(2), proposed("2", replaces="a"), *ran("2"),
    *step(3),
]  # fmt: skip


class Shape(HTMLParser):
    """The tags of some HTML, and whether they are balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def ask(kernel: Front, events: list[dict[str, Any]], then: str, **run: Any) -> list[dict[str, Any]]:
    """Show events in the kernel, then run `then` with `view`; the displays and clears that were sent."""
    told = json.dumps(json.dumps(events))
    code = f"view = View(get_ipython(), 'q')\nfor each in json.loads({told}): view.event(each)\n{then}"
    heard = kernel.run(code, **run)
    return [each for each in heard if each["msg_type"] not in {"execute_input", "status"}]


def finish(given: dict[str, Any], cells: str = "cells()", receipt: Any = None, **more: Any) -> str:
    """Code that finishes the view with an answer."""
    more = {"html": "<p>The mean is <strong>4.5</strong>.</p>", "replayed": False, "below": False, **more}
    html = more.pop("html")
    words = ", ".join(f"{name}={value!r}" for name, value in {"receipt": receipt, **more}.items())
    return f"view.finish(json.loads({json.dumps(given)!r}), {html!r}, {cells}, {words})"


def html_of(message: dict[str, Any]) -> str:
    text = str(message["content"]["data"]["text/html"])
    Shape(text)
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_one_output_updates_in_place_and_makes_room_for_the_answer(kernel: Front) -> None:
    sent = ask(kernel, RUN, finish(answer()))
    kinds = [each["msg_type"] for each in sent]
    assert kinds[0] == "display_data"
    assert set(kinds[1:-2]) == {"update_display_data"}
    assert kinds[-2:] == ["clear_output", "display_data"]
    assert sent[-2]["content"]["wait"] is True
    displays = {each["content"]["transient"]["display_id"] for each in sent[:-2]}
    assert len(displays) == 1
    assert sent[-1]["content"]["transient"]["display_id"] not in displays


def test_steps_say_who_does_what_for_how_long_and_how_much(kernel: Front) -> None:
    shown = html_of(ask(kernel, RUN[:-1], "")[-1])
    assert (
        "<li>data_viz_agent · c1 mean <code>price</code> by <code>city</code> · 1.0 s · $0.0011</li>" in shown
    )
    assert '<li class="aa-live" aria-current="step">▸ data_viz_agent · thinking</li>' in shown
    assert '<p class="aa-plan">@data_viz_agent: compare prices</p>' in shown
    assert 'role="status" aria-live="polite"' in shown
    assert "<summary>1 attempt repaired</summary>" in shown


def test_a_running_cell_and_an_unpriced_step_say_so(kernel: Front) -> None:
    shown = html_of(ask(kernel, [*step(1, cost=None), proposed("1"), ran("1")[0]], "")[-1])
    assert "running c1 mean <code>price</code>" in shown
    assert "unpriced" in shown


def test_streaming_words_are_escaped_and_not_sent_for_every_token(kernel: Front) -> None:
    words = [event("text_delta", step=1, text="<img src=x onerror=alert(1)> ") for _ in range(200)]
    begun, ended = step(1)
    sent = ask(kernel, [begun, *words, ended], "")
    assert len(sent) < 50
    shown = html_of(sent[-1])
    assert shown.count("&lt;img src=x") == 200
    assert "<img" not in shown


def test_figures_that_are_filled_in_later_are_left_open(kernel: Front) -> None:
    begun, ended = step(1)
    said = [event("text_delta", step=1, text=text) for text in ("It is {{c1[0].a|int}} of ", "{{c1.to")]
    shown = html_of(ask(kernel, [begun, *said, ended], "")[-1])
    assert ">It is … of …</div>" in shown


def test_the_answer_stands_first_and_all_else_is_folded(kernel: Front) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "10 %\r100 %\n\x1b[31mred\x1b[0m <b>\n"}
    sent = ask(kernel, RUN, finish(answer(), f"cells({output!r})"))
    shown = html_of(sent[-1])
    assert shown.index("<strong>4.5</strong>") < shown.index("<details")
    assert "<summary>3 steps · 1 cell · 1 attempt repaired</summary>" in shown
    assert SOURCE.replace("'", "&#x27;") in shown
    assert ">100 %\nred &lt;b&gt;</pre>" in shown
    assert "KeyError: &#x27;pricee&#x27;" in shown
    assert "openai:gpt · 1,234 tokens · $0.0042 · 3.2 s</footer>" in shown
    assert sent[-1]["content"]["data"]["text/plain"] == (
        "The mean is 4.5.\n\nopenai:gpt · 1,234 tokens · $0.0042 · 3.2 s"
    )


def test_nothing_that_a_model_or_data_says_is_markup(kernel: Front) -> None:
    evil = "<script>alert(1)</script>"
    events = [
        event("run_started", run_id="r", chat_id="c", agents=[evil], model=evil),
        event("plan_made", lines=[evil]), event("notice", code="x", text=evil),
        event("step_started", step=1, agent=evil),
        event("cell_proposed", call_id="1", label="c1", purpose=evil, source=evil,
              findings=[{"effect": "write", "line": 1, "words": evil}]),
        event("cell_not_run", call_id="1", cell_id="", source=evil, reason=evil),
        event("cell_proposed", call_id="2", label="c2", purpose=evil, source=evil),
        event("cell_finished", call_id="2", label="c2", repairing=True, execution={
            "cell_id": "b", "source": evil, "status": "error", "ename": evil, "evalue": evil}),
    ]  # fmt: skip
    claims = (Claim(text=evil, value=1, cell=None, path=None, status="unverified"),)
    given = answer(evil, claims=claims, suggestions=(evil,), status="failed")
    output = {"output_type": "execute_result", "data": {"text/plain": evil}, "metadata": {}}
    for then in ("", "view.stop(EVIL)", finish(given, f"cells({output!r})", html="")):
        sent = ask(kernel, events, f"EVIL = {evil!r}\n{then}")
        for message in sent:
            if message["msg_type"] != "clear_output":
                assert "script" not in Shape(message["content"]["data"]["text/html"]).tags


def test_dollar_amounts_do_not_become_formulas(kernel: Front) -> None:
    assert 'class="aa-analyst mathjax_ignore tex2jax_ignore"' in html_of(ask(kernel, RUN, "")[-1])


def test_doubtful_figures_are_counted_in_words(kernel: Front) -> None:
    claims = tuple(
        Claim(text=text, value=1, cell=None, path=None, status=status)  # type: ignore[arg-type]
        for text, status in (("4.5", "verified"), ("7", "unverified"), ("(no such value)", "contradicted"))
    )
    sent = ask(kernel, RUN, finish(answer(claims=claims)))
    shown = html_of(sent[-1])
    assert "1 figure verified" in shown
    assert "1 figure unverified: 7" in shown
    assert "1 figure contradicted: (no such value)" in shown
    assert "? 1 figure unverified: 7" in sent[-1]["content"]["data"]["text/plain"]


def test_an_abstention_offers_what_can_be_answered(kernel: Front) -> None:
    given = answer("It asks for a cause.", status="abstained", suggestions=("Mean `price`",))
    sent = ask(kernel, RUN, finish(given, html="<p>It asks for a cause.</p>"))
    shown = html_of(sent[-1])
    assert '<p class="aa-status">Not answered</p>' in shown
    assert "<p>These questions can be answered:</p><ul><li>" in shown
    assert '<span class="aa-pick">Mean `price`</span></li></ul>' in shown
    assert sent[-1]["content"]["data"]["text/plain"].startswith(
        "Not answered: It asks for a cause.\nThese questions can be answered:\n  - Mean `price`"
    )


def test_the_receipt_travels_with_the_output_and_a_replay_says_when_it_was_answered(kernel: Front) -> None:
    receipt = {"run_id": "r", "at": "2026-11-22T10:00:00Z", "cells": [{"label": "c1", "purpose": "the mean"}]}
    free = {**answer(), "usage": Usage().model_dump(mode="json")}
    sent = ask(kernel, [], finish(free, "cells()", receipt, replayed=True))
    assert sent[-1]["content"]["metadata"] == {"autoanalyst": {"receipt": receipt}}
    shown = html_of(sent[-1])
    assert "replayed from 2026-11-22 · 0 tokens · $0.00" in shown
    assert "<summary>c1 the mean</summary>" in shown


def test_pictures_come_again_below_the_answer_unless_their_cells_are_in_the_notebook(kernel: Front) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": PIXEL, "text/plain": "<Figure>"},
               "metadata": {"image/png": {"width": 7}}, "transient": {"display_id": "chart"}}  # fmt: skip
    table = {"output_type": "display_data", "data": {"text/html": "<table></table>", "text/plain": "t"}}
    cells = f"cells({picture!r}, {table!r})"
    sent = ask(kernel, RUN, finish(answer(), cells))
    again = sent[-1]["content"]
    assert sent[-2]["msg_type"] == "display_data"
    assert again["data"]["image/png"].strip() == PIXEL
    assert again["metadata"] == {"image/png": {"width": 7}}
    assert again["transient"] == {"display_id": "chart"}
    assert "[picture (PNG)]" in html_of(sent[-2])
    alone = ask(kernel, RUN, finish(answer(), cells, below=True))
    assert alone[-2]["msg_type"] == "clear_output"
    assert "1 cell below" in html_of(alone[-1])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text/plain": "1"}, False),
        ({"text/html": "<table><tr><td>1</td></tr></table>"}, False),
        ({"text/html": ["<div>", "<script>draw()</script></div>"]}, True),
        ({"text/html": "<svg></svg>"}, True),
        ({"application/vnd.plotly.v1+json": {}, "text/plain": "f"}, True),
        ({"image/svg+xml": "<svg/>"}, True),
    ],
)
def test_what_counts_as_a_picture(data: dict[str, Any], expected: bool) -> None:
    assert is_picture(data) is expected


def test_long_outputs_are_cut_and_say_so(kernel: Front) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000}
    shown = html_of(ask(kernel, RUN, finish(answer(), f"cells({output!r})"))[-1])
    assert f"({50_000 - page.OUTPUT_CHARACTERS:,} more characters are left out.)" in shown
    assert len(shown) < 30_000


def test_new_figures_are_shown_where_the_old_ones_were(kernel: Front) -> None:
    shown = ask(kernel, RUN, finish(answer()))
    updated = ask_again = kernel.run("view.refill('The mean is **5.5**.', '<p>5.5</p>', [])")
    updated = [each for each in ask_again if each["msg_type"] == "update_display_data"]
    assert len(updated) == 1
    assert updated[0]["content"]["transient"] == shown[-1]["content"]["transient"]
    assert "<p>5.5</p>" in html_of(updated[0])
    assert updated[0]["content"]["data"]["text/plain"].startswith("The mean is 5.5.")


def test_a_stopped_question_keeps_its_steps_and_says_what_happened(kernel: Front) -> None:
    said = event("text_delta", step=3, text="So far")
    sent = ask(kernel, [*RUN, said], "view.stop('Interrupted. One finished cell is kept.')")
    shown = html_of(sent[-1])
    assert sent[-1]["msg_type"] == "update_display_data"
    assert "Interrupted. One finished cell is kept." in shown
    assert "So far" in shown
    assert "aa-live" not in shown


APPROVAL = [
    *step(1),
    proposed("1", source="housing.to_csv('out.csv')", purpose="save it",
             findings=[{"effect": "write", "line": 1, "words": "writes ./out.csv"}]),
]  # fmt: skip
NEEDED = event("approval_needed", call_id="1", code_hash="h", source="housing.to_csv('out.csv')",
               reason="It writes a file.", findings=[])  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("y", [True, False]),
        ("YES", [True, False]),
        ("a", [True, True]),
        ("n", [False, False]),
        ("", [False, False]),
    ],
)
def test_a_person_is_shown_the_code_and_asked(kernel: Front, said: str, expected: list[bool]) -> None:
    then = f"print(json.dumps(view.ask_approval(json.loads({json.dumps(NEEDED)!r}))))"
    sent = ask(kernel, [*APPROVAL, NEEDED], then, answers=said)
    assert (
        json.loads(next(each["content"]["text"] for each in sent if each["msg_type"] == "stream")) == expected
    )
    shown = html_of([each for each in sent if each["msg_type"] == "update_display_data"][-1])
    assert "It writes a file." in shown
    assert "line 1: writes ./out.csv" in shown
    assert "housing.to_csv(&#x27;out.csv&#x27;)" in shown


def test_without_anybody_there_the_answer_is_no(kernel: Front) -> None:
    then = f"print(json.dumps(view.ask_approval(json.loads({json.dumps(NEEDED)!r}))))"
    sent = ask(kernel, APPROVAL, then)
    assert "[false, false]\n" in [each["content"]["text"] for each in sent if each["msg_type"] == "stream"]


def test_code_that_was_not_run_is_shown_with_the_reason(kernel: Front) -> None:
    left = event("cell_not_run", call_id="1", cell_id="", source="x", reason="Nobody can be asked here.")
    sent = ask(kernel, [*APPROVAL, left], finish(answer()))
    shown = html_of(sent[-1])
    assert "<details open><summary>Not run: c1 save it. Nobody can be asked here.</summary>" in shown
    assert "Not run: c1 save it. Nobody can be asked here." in sent[-1]["content"]["data"]["text/plain"]


def test_a_notebook_that_is_executed_without_a_browser_keeps_one_answer(tmp_path: Path) -> None:
    told = json.dumps(json.dumps(RUN))
    receipt = {"run_id": "r", "at": "2026-11-22T10:00:00Z", "cells": []}
    code = (
        f"view = View(get_ipython(), 'q')\nfor each in json.loads({told}): view.event(each)\nprint('noise')\n"
    )
    code += finish(answer(), "cells()", receipt)
    cells = [
        nbformat.v4.new_code_cell(source) for source in (SETUP, code, "view.refill('Now 6', '<p>6</p>', [])")
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60).execute(cwd=str(tmp_path))
    nbformat.validate(notebook)
    outputs = notebook.cells[1].outputs
    assert [each.output_type for each in outputs] == ["display_data"]
    assert outputs[0].metadata == {"autoanalyst": {"receipt": receipt}}
    assert outputs[0].data["text/plain"].startswith("Now 6\n")


def test_a_plain_terminal_gets_lines_that_cannot_steer_it(capsys: pytest.CaptureFixture[str]) -> None:
    view = View(InteractiveShell(), "q")
    notice = event("notice", code="x", text="first \x1b]0;owned\x07use")
    for each in [STARTED, *step(1), notice, proposed("1"), *ran("1", "error", ename="KeyError")]:
        view.event(each)
    text = "The mean is **4.5** \\*, `x` &#96; \x1b[2J"
    given = answer(text, suggestions=("More?",))
    view.finish(given, "", [], receipt=None, replayed=False, below=False)
    said = capsys.readouterr().out
    assert said == (
        "first use\n"
        "c1  mean `price` by `city`\n"
        f"    {SOURCE}\n"
        "    failed: KeyError. Its error goes back to the model.\n"
        "\nThe mean is 4.5 *, `x` `\nThese questions can be answered:\n  - More?\n"
        "\nopenai:gpt · 1,234 tokens · $0.0042 · 3.2 s\n"
    )


def test_a_plain_terminal_asks_and_is_told_why_it_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: "a")
    view = View(InteractiveShell(), "q")
    for each in APPROVAL:
        view.event(each)
    assert view.ask_approval(NEEDED) == (True, True)
    view.stop("Interrupted.")
    said = capsys.readouterr().out
    assert "    line 1: writes ./out.csv\nIt writes a file.\nInterrupted.\n" in said
