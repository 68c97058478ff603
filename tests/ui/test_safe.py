"""What a model, a table or a file says is text: nothing of it runs in the page, and nothing leaves for it."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from autoanalyst_ext.providers.script import Match, Reply, Script, ScriptedCall

from .lab import SECONDS, Lab, load, open_page, running_lab, shot
from .panel import Panel

ATTACKS: list[str] = json.loads((Path(__file__).parents[1] / "data" / "xss.json").read_text())
IMAGE = "<img src=x onerror=alert(1)>"
AT_ONCE = 32
"""Attacks in one answer."""

CANARY = """
window.alert = () => { (window.top ?? window).canary = true; };
"""
HEAR_COMMANDS = """() => {
    window.heard = [];
    window.jupyterapp.commands.commandExecuted.connect((_, { id }) => window.heard.push(id));
}"""
CLICK_ALL = """root => {
    const all = [...root.querySelectorAll('*')].filter(each => !each.closest('[data-act]'));
    all.forEach(each => each.click());
    return all.length;
}"""
ACTIVE = (
    "script, img, iframe, object, embed, form, input, base, link, meta, style, svg, video, audio, template"
)


def chunks() -> list[str]:
    """The attacks, a few of them in each text."""
    return ["\n\n".join(ATTACKS[at : at + AT_ONCE]) for at in range(0, len(ATTACKS), AT_ONCE)]


def script() -> Script:
    """Whole answers, one that comes letter by letter, and a cell that fails."""
    whole = [
        Reply(match=Match(user=f"Answer number {place}:"), text=text) for place, text in enumerate(chunks())
    ]
    everything = "\n\n".join(ATTACKS)
    code = f"columns = {IMAGE!r}  # </script><script>alert(1)</script>\nraise ValueError(columns)"
    cell = ScriptedCall(name="run_cell", args={"code": code, "purpose": IMAGE})
    return Script(
        replies=(
            *whole,
            Reply(match=Match(user="letter by letter"), text=tuple(everything)),
            Reply(match=Match(user="fail", has_tool_result=True), text=f"It failed: {IMAGE}"),
            Reply(match=Match(user="fail"), tool_calls=(cell,)),
            Reply(match=Match(user=""), text=IMAGE),
        )
    )


class Watched:
    """What a page's context asked for, and whether anything of ours ran that should not."""

    def __init__(self, context: BrowserContext, lab: Lab) -> None:
        self.strangers: list[str] = []
        self._own = (lab.url, lab.url.replace("http", "ws", 1), "data:", "blob:", "about:")
        context.add_init_script(CANARY)
        context.route(lambda url: not url.startswith(self._own), lambda route: route.abort())
        context.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(self._own):
            self.strangers.append(url)

    def assert_nothing_happened(self, page: Page) -> None:
        assert page.evaluate("window.canary") is None
        assert self.strangers == []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "script.json").write_text(script().model_dump_json())
    with running_lab(folder, environment={"AUTOANALYST_MODEL": f"scripted:{folder}/script.json"}) as started:
        yield started


def watched_page(browser: Browser, lab: Lab, name: str, *code: str) -> tuple[Page, Watched]:
    """A page with a notebook, watched from before it is loaded."""
    page = open_page(browser, lab)
    watched = Watched(page.context, lab)
    load(page, lab, lab.notebook(name, *code))
    return page, watched


def bodies(panel: Panel) -> Locator:
    """What the panel shows of questions, runs and answers."""
    return panel.root.locator(".jp-AnalystChat-turn")


def assert_plain(panel: Panel) -> None:
    """There is no element in the chat that could do anything by itself; icons are ours."""
    found = bodies(panel).locator(ACTIVE)
    strange = [html for html in found.evaluate_all("all => all.map(each => each.outerHTML)")
               if not html.startswith("<svg") or "on" in attributes(html)]  # fmt: skip
    assert strange == []


def attributes(html: str) -> Sequence[str]:
    """The names of handlers in an element's tag."""
    return ["on" for part in html.partition(">")[0].split() if part.lower().startswith("on")]


def test_answers_are_text_whole_and_when_the_history_brings_them_back(browser: Browser, lab: Lab) -> None:
    page, watched = watched_page(browser, lab, "answers.ipynb", "")
    panel = Panel(page)
    for place in range(len(chunks())):
        panel.answered(f"Answer number {place}: {IMAGE}")
    assert_plain(panel)
    assert "<script>alert(1)</script>" in panel.text()
    shot(page, "safe_answers")
    watched.assert_nothing_happened(page)
    load(page, lab)
    panel = Panel(page)
    panel.button("History").click()
    panel.root.get_by_role("button", name="Answer number 0").first.click()
    panel.wait_for_answers(len(chunks()))
    assert_plain(panel)
    watched.assert_nothing_happened(page)


def test_an_answer_is_text_at_every_moment_while_it_streams(browser: Browser, lab: Lab) -> None:
    page, watched = watched_page(browser, lab, "streamed.ipynb", "")
    panel = Panel(page)
    panel.answered("Tell me letter by letter")
    assert_plain(panel)
    watched.assert_nothing_happened(page)


def test_clicks_on_all_that_is_in_an_answer_run_no_command_and_lead_nowhere_else(
    browser: Browser, lab: Lab
) -> None:
    page, watched = watched_page(browser, lab, "clicked.ipynb", "")
    panel = Panel(page)
    for place in range(len(chunks())):
        panel.answered(f"Answer number {place}: click")
    watched.assert_nothing_happened(page)
    where = page.url
    page.evaluate(HEAR_COMMANDS)
    answers = panel.root.locator(".jp-AnalystChat-prose")
    assert answers.count() >= len(chunks())
    clicked: list[Any] = [each.evaluate(CLICK_ALL) for each in answers.all()]
    assert sum(clicked) > len(ATTACKS)
    assert page.evaluate("window.heard") == []
    assert page.url == where
    assert page.evaluate("window.canary") is None
    links = answers.locator("a").evaluate_all(
        "all => all.map(each => [each.protocol, each.target, each.rel])"
    )
    assert {protocol for protocol, *_ in links} <= {"http:", "https:"}
    assert {tuple(rest) for _, *rest in links} == {("_blank", "noopener noreferrer")}


def test_names_of_files_tables_and_columns_sources_and_errors_are_text(browser: Browser, lab: Lab) -> None:
    (lab.folder / "work" / f"{IMAGE}.csv").write_text(f"{IMAGE},b\n{IMAGE},2\n")
    page, watched = watched_page(browser, lab, "names.ipynb", "")
    panel = Panel(page)
    expect(panel.root.get_by_text(f"{IMAGE}.csv")).to_be_visible()
    panel.root.get_by_text(f"{IMAGE}.csv").click()
    expect(panel.root.get_by_role("button", name="Load", exact=True)).to_be_hidden(timeout=SECONDS)
    shot(page, "safe_names")
    panel.answered(f"Please fail {IMAGE}")
    for fold in panel.turn().locator("[aria-expanded=false]").all():
        fold.click()
    assert_plain(panel)
    shot(page, "safe_error")
    panel.button("History").click()
    expect(panel.root.get_by_role("button", name=f"Fail {IMAGE}").first).to_be_visible()
    assert panel.root.locator("img, script, iframe").count() == 0
    chat = lab.ours("GET", "chats")["chats"][0]
    lab.ours("PATCH", f"chats/{chat['id']}", {"title": f"{IMAGE} renamed"})
    expect(panel.root.get_by_text(f"{IMAGE} renamed").first).to_be_visible()
    assert panel.root.locator("img, script, iframe").count() == 0
    watched.assert_nothing_happened(page)
