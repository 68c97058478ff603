"""Hostile words in every place that a question shows: nothing of them acts, and nothing hides."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from autoanalyst_ext.chats.rendering import to_html
from autoanalyst_ext.types.claims import Claim
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_kernel.verbs import Listing
from autoanalyst_kernel.wording import harmless

from .front import Front, event, front

EVIL = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)//",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x]( java\tscript:alert(1))",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "` onload=alert(1) `",
    "`<b onclick=alert(1)>`",
    "```\n</pre><script>alert(1)</script>\n```",
    "</style><script>alert(1)</script>",
    "</details></div><form action=//evil.example><button>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<object data=//evil.example><embed src=//evil.example>",
    "{{c1}}<script>alert(1)</script>",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "\x00<\x00script>alert(1)</script>",
    "\u2028<script>alert(1)</script>",
    "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m red",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
)
TAGS = """a blockquote br code del details div em footer h1 h2 h3 h4 h5 h6 hr li ol p pre s span strong style
summary table tbody td th thead tr ul"""
ATTRIBUTES = """aria-current aria-hidden aria-live class href open rel role start style tabindex target
title"""


class Acting(HTMLParser):
    """What in some HTML could act: tags and attributes that we do not write, addresses of other kinds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS.split():
            self.found.append(tag)
        for name, value in attrs:
            led = name == "href" and not str(value).startswith(("https://", "http://", "mailto:"))
            styled = name == "style" and value != "text-align:right"
            if name not in ATTRIBUTES.split() or led or styled:
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data}")


@pytest.fixture(scope="module")
def kernel() -> Iterator[Front]:
    with front() as found:
        found.run(
            "import json\nfrom types import SimpleNamespace\nfrom autoanalyst_kernel.display import View\n"
            "from autoanalyst_kernel.answer import AnalystAnswer"
        )
        yield found


def said(evil: str) -> list[dict[str, Any]]:
    """A run in which everything that may be words is hostile."""
    finding = {"effect": "write", "line": 1, "words": evil}
    failure = {"cell_id": "b", "source": evil, "status": "error", "ename": evil, "evalue": evil}
    column = {"name": evil, "name_is_text": True, "dtype": evil, "kind": "text", "nulls": 0}
    table = {"name": evil, "library": "pandas", "rows": 1, "columns": [column], "index": evil,
             "sampled": False, "sample_rows": [[evil]], "fingerprint": "0" * 24}  # fmt: skip
    return [
        event("run_started", run_id="r", chat_id="c", agents=[evil], model=evil),
        event("tables_seen", tables=[table]),
        event("plan_made", lines=[evil]),
        event("notice", code=evil, text=evil),
        event("notice", code="pending", text=f"{evil} pending"),
        event("step_started", step=1, agent=evil),
        event("text_delta", step=1, text=evil),
        event("cell_proposed", call_id="1", label=evil, purpose=evil, source=evil, findings=[finding]),
        event("approval_needed", call_id="1", code_hash="h", source=evil, reason=evil,
              findings=[finding]),
        event("cell_not_run", call_id="1", cell_id="", source=evil, reason=evil),
        event("cell_proposed", call_id="2", label=evil, purpose=evil, source=evil),
        event("cell_started", call_id="2", cell_id="b", label=evil),
        event("cell_finished", call_id="2", label=evil, repairing=True, execution=failure),
        event("step_finished", step=1, agent=evil, attempt_id=None, model=evil, tokens={}, cost_usd="0.1",
              seconds=1.0),
    ]  # fmt: skip


def answered(evil: str) -> dict[str, Any]:
    claims = tuple(
        Claim(text=evil, value=evil, cell=evil, path=evil, status=status)  # type: ignore[arg-type]
        for status in ("verified", "unverified", "contradicted")
    )
    usage = Usage(requests=1, tokens=TokenUsage(input_tokens=1, output_tokens=1), cost_usd="0.1")
    given = Answer(status="failed", answer=evil, run_id="r", chat_id="c", usage=usage, seconds=1.0,
                   claims=claims, suggestions=(evil,))  # fmt: skip
    return given.model_dump(mode="json")


def outputs(evil: str) -> list[dict[str, Any]]:
    return [
        {"output_type": "stream", "name": "stdout", "text": evil},
        {"output_type": "execute_result", "data": {"text/plain": evil}, "metadata": {}},
        {"output_type": "error", "ename": evil, "evalue": evil, "traceback": [evil]},
    ]


SHOW = """
evil, events, answer, outputs, receipt, html = json.loads({told})
view = View(get_ipython(), evil)
for each in events: view.event(each)
cell = SimpleNamespace(id="a", source=evil, cell_type="code", outputs=outputs, status="ok", value=1,
                       metadata={{"autoanalyst": {{"label": evil}}}})
view.stop(evil)
for replayed in (False, True):
    for below in (False, True):
        view.finish(answer, html, [cell], receipt=receipt, replayed=replayed, below=below)
        view.refill(evil, html, [])
        view.finish(answer, "", [cell], receipt=receipt, replayed=replayed, below=below)
        view.refill(evil, "", [])
display(AnalystAnswer(answer, [cell], question=evil, model=evil, receipt=receipt))
"""


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_nothing_of_it_acts(kernel: Front, evil: str) -> None:
    cell = {"label": evil, "purpose": evil, "source": evil}
    receipt = {"question": evil, "model": evil, "at": evil, "cells": [cell], "run_id": evil}
    given = [evil, said(evil), answered(evil), outputs(evil), receipt, to_html(evil)]
    told = json.dumps(json.dumps(given))
    heard = kernel.run(SHOW.format(told=told))
    shown = [each["content"]["data"] for each in heard if "data" in each["content"]]
    assert len(shown) > 20
    for data in shown:
        assert not Acting(data.get("text/html", "")).found
        assert set(data) <= {"text/html", "text/plain"}
        assert not {"\x1b", "\x07", "\x9b", "\x00"} & set("".join(data.values()))


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_a_listing_shows_it_as_it_is(evil: str) -> None:
    listing = Listing((evil,), ((evil,),), (evil,), code=evil)
    assert not Acting(listing._repr_mimebundle_()["text/html"]).found
    assert "\x1b" not in repr(listing)


def test_a_line_of_code_cannot_hide_behind_a_comment() -> None:
    assert harmless("x = 1  # quite safe\rdel df") == "x = 1  # quite safe\ndel df"
    assert harmless("a\r\nb") == "a\nb"


def test_code_reads_in_the_order_in_which_it_runs() -> None:
    assert harmless("if user != 'a\u202e\u2066# is admin\u2069\u2066':") == (
        "if user != 'a\\u202e\\u2066# is admin\\u2069\\u2066':"
    )
    assert harmless("שלום \u200f") == "שלום \u200f"
