"""What a question may cost, what it did cost, and budgets: before, during and after, in the panel."""

import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autoanalyst_ext.providers.script import Match, Reply, ScriptedCall
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.provider import KEY, FakeProvider

from ..server.jupyter import TOKEN
from .lab import Lab, open_page, path_of, run, running_lab, shot, sources, start
from .panel import Panel
from .test_looks import NARROW, assert_sound

CELLS = ("numbers = [1, 2, 3]",)
SUM = "sum(numbers)"
LONG = TokenUsage(input_tokens=200_000, output_tokens=1_000)
"""At gpt-4o-mini's $0.15 and $0.60 a million: $0.0306."""
SHORT = TokenUsage(input_tokens=3_000, output_tokens=50)

ADMIN_KEY = "administrator-of-this-very-test-server"

REPLIES = (
    Reply(match=Match(user="a long story"), text="Once upon a time.", usage=LONG),
    Reply(match=Match(user="add them up", has_tool_result=True), text="The sum is {{c1}}.", usage=SHORT),
    Reply(
        match=Match(user="add them up"),
        tool_calls=(ScriptedCall(name="run_cell", args={"code": SUM, "purpose": "add"}),),
        usage=LONG,
    ),
    Reply(match=Match(user=""), text="Good day.", usage=SHORT),
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with FakeProvider(REPLIES) as started:
        yield started


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "config" / "lab" / "user-settings" / "autoanalyst" / "panel.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"askAbove": 0.05}')
    environment = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "OPENAI_BASE_URL": fake.base_url("openai"),
        "OPENAI_API_KEY": KEY,
        "AUTOANALYST_MODEL": "openai:gpt-4o-mini",
        "ADMIN_API_KEY": ADMIN_KEY,
    }
    with running_lab(folder, environment=environment) as started:
        yield started


@pytest.fixture
def budget(page: Page, lab: Lab) -> Iterator[str]:
    """A budget of two cents a day for the test's notebook; returns its id."""
    limit = {"scope": "notebook", "name": path_of(page), "limit_usd": "0.02", "period": "day", "zone": "UTC"}
    made = lab.ours("POST", "budgets", limit)
    yield made["budget"]["id"]
    lab.ours("DELETE", f"budgets/{made['budget']['id']}")


def switch(lab: Lab, paid_calls: str) -> None:
    """Switch paid model calls on or off, as an administrator does."""
    asked = urllib.request.Request(
        f"{lab.url}autoanalyst/api/v1/admin/policy",
        method="PATCH",
        data=json.dumps({"paid_calls": paid_calls, "reason": "A key has leaked."}).encode(),
        headers={"Authorization": f"token {TOKEN}", "X-Admin-API-Key": ADMIN_KEY},
    )
    urllib.request.urlopen(asked, timeout=60).close()


def usage_dialog(page: Page) -> Locator:
    """The dialog of one's usage, opened."""
    start(page, "autoanalyst:usage")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Budgets")).to_be_visible()
    expect(dialog.get_by_text("Loading…")).to_have_count(0)
    return dialog


def badge(page: Page) -> Locator:
    """What this notebook has cost, in its toolbar."""
    return page.locator(".jp-NotebookPanel-toolbar").get_by_role("button", name="The analyst has cost")


def test_a_question_shows_what_it_may_cost_and_a_dear_one_asks_first(page: Page, fake: FakeProvider) -> None:
    panel = Panel(page)
    estimate = panel.root.locator("#autoanalyst-estimate")
    expect(estimate).to_be_empty()
    panel.write("Good morning")
    expect(estimate).to_have_text(re.compile(r"^May cost \$0\.00\d+ to \$0\.00\d+$"))
    expect(panel.composer).to_have_attribute("aria-describedby", "autoanalyst-estimate")
    shot(page, "costs_estimate")
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    expect(estimate).to_be_empty()
    panel.answered("Tell me a long story")

    panel.ask("And then?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"This may cost \$0\.06\d* to \$0\.1\d+\. Ask anyway\?"))
    expect(dialog).to_contain_text("The chat holds 201,000 tokens so far.")
    shot(page, "costs_asked")
    sent = len(fake.exchanges)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel.composer).to_have_value("And then?")
    expect(panel.composer).to_be_focused()
    expect(panel.button("What was sent")).to_have_count(2)
    assert len(fake.exchanges) == sent

    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Ask anyway")).to_be_focused()
    page.keyboard.press("Enter")
    panel.wait_for_answers(3)
    assert len(fake.exchanges) == sent + 1


def test_the_offline_analyst_is_free_and_never_asks(page: Page) -> None:
    panel = Panel(page)
    panel.ask("/model offline:analyst")
    panel.write("How many numbers are there?")
    expect(panel.root.locator("#autoanalyst-estimate")).to_have_text("Free")


def test_a_reached_budget_ends_the_run_and_keeps_what_was_made(page: Page, budget: str) -> None:
    panel = Panel(page)
    panel.ask("Please add them up")
    turn = panel.turn()
    expect(turn).to_contain_text(re.compile("budget", re.IGNORECASE))
    panel.wait_for_answers(1)
    expect(turn).to_contain_text("$0.02")
    assert SUM in sources(page, path_of(page))
    expect(page.locator(".jp-OutputArea-output").get_by_text("6", exact=True)).to_be_visible()
    shot(page, "costs_budget_reached")
    dialog = usage_dialog(page)
    expect(dialog.get_by_role("meter")).to_have_attribute("aria-valuenow", "100")
    expect(dialog).to_contain_text("reached; paid calls are refused until")
    shot(page, "costs_budget_dialog")
    page.keyboard.press("Escape")


def test_usage_says_where_it_went_and_what_it_would_have_cost_elsewhere(page: Page) -> None:
    Panel(page).answered("Good evening")
    dialog = usage_dialog(page)
    totals = dialog.get_by_role("table", name="How much you have used")
    for name in ("Today", "This week", "This month", "All"):
        expect(totals.get_by_role("row", name=name)).to_contain_text("$")
    where = dialog.get_by_role("table", name="Where it went")
    expect(where.get_by_role("row", name="gpt-4o-mini")).to_be_visible()
    shot(page, "costs_usage")
    for by, row in (("By notebook", path_of(page)), ("By chat", "Good evening"), ("By agent", "planner")):
        dialog.get_by_role("combobox", name="By what").select_option(by)
        expect(where.get_by_role("row", name=re.compile(row, re.IGNORECASE)).first).to_be_visible()
    shot(page, "costs_usage_by_agent")
    dialog.get_by_role("combobox", name="The same tokens at").fill("openai:gpt-5")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status").filter(has_text="instead of $")).to_contain_text("gpt-5")
    shot(page, "costs_bill")
    page.keyboard.press("Escape")


def test_a_budget_is_set_and_ended_by_keyboard(page: Page, lab: Lab) -> None:
    Panel(page).answered("Good afternoon")
    dialog = usage_dialog(page)
    amount = dialog.get_by_role("textbox", name="Spend at most $")
    amount.focus()
    page.keyboard.type("much")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Write an amount of dollars, such as 5 or 0.50.")
    expect(amount).to_be_focused()
    amount.fill("7.50")
    dialog.get_by_role("combobox", name="For what").select_option("in this notebook")
    amount.press("Enter")
    expect(dialog.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile(r"of \$7\.50$"))
    shot(page, "costs_budget_set")
    (kept,) = [each["budget"] for each in lab.ours("GET", "budgets")["budgets"]]
    assert (kept["scope"], kept["name"], kept["limit_usd"]) == ("notebook", path_of(page), "7.50")
    dialog.get_by_role("button", name="End the").press("Enter")
    expect(dialog).to_contain_text("There are none.")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_bars_say_how_near_a_budget_is_and_color_is_not_all_that_says_it(page: Page, lab: Lab) -> None:
    Panel(page).answered("Good day to you")
    of_notebook = {"scope": "notebook", "name": path_of(page), "zone": "UTC"}
    for period, limit in (("month", "7.50"), ("week", "0.0005"), ("day", "0.0004")):
        lab.ours("POST", "budgets", {**of_notebook, "period": period, "limit_usd": limit})
    dialog = usage_dialog(page)
    states = [each.get_attribute("class") for each in dialog.locator(".jp-Analyst-budgets > li").all()]
    assert states == ["", "jp-mod-warned", "jp-mod-reached"]
    percents = [each.get_attribute("aria-valuenow") for each in dialog.get_by_role("meter").all()]
    assert percents == ["0", "96", "100"]
    expect(dialog.get_by_text("reached; paid calls are refused until")).to_have_count(1)
    expect(dialog.get_by_text("nearly used up")).to_have_count(1)
    shot(page, "costs_bars")
    page.evaluate(
        "void window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    shot(page, "costs_bars_dark")
    page.keyboard.press("Escape")
    run(page, "apputils:change-theme", {"theme": "JupyterLab Light"})


def test_paid_calls_that_are_off_are_said_and_the_question_comes_back(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    switch(lab, "off")
    try:
        panel.ask("Good morning again")
        expect(panel.root).to_contain_text("Paid model calls are off")
        expect(panel.root.locator(".jp-Analyst-status")).to_contain_text("Reason: A key has leaked.")
        shot(page, "costs_paid_calls_off")
    finally:
        switch(lab, "on")
    usage_dialog(page)
    page.keyboard.press("Escape")
    expect(panel.root.locator(".jp-Analyst-status")).to_be_empty()


def test_the_notebook_says_what_it_has_cost_once_it_has(page: Page) -> None:
    panel = Panel(page)
    expect(badge(page)).to_have_count(0)
    panel.answered("Good night")
    expect(badge(page)).to_have_text("$0.00048")
    expect(badge(page)).to_have_attribute(
        "title", re.compile(r"cost \$0\.00048 in this notebook, \$0\.00048 of it today")
    )
    shot(page, "costs_badge")
    badge(page).click()
    expect(page.get_by_role("dialog")).to_contain_text("Your usage")
    page.keyboard.press("Escape")


def test_it_holds_at_280_pixels_light_and_dark(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab, lab.notebook("narrow_costs.ipynb", ""))
    panel = Panel(page)
    page.wait_for_function("document.querySelector('#autoanalyst-panel').clientWidth >= 355")
    page.evaluate(NARROW)
    page.wait_for_function("Math.abs(document.querySelector('#autoanalyst-panel').clientWidth - 280) < 3")
    panel.write("What a day it is")
    expect(panel.root.locator("#autoanalyst-estimate")).to_contain_text("May cost")
    assert_sound(panel)
    shot(page, "costs_280_light")
    run(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    shot(page, "costs_280_dark")
    usage_dialog(page)
    shot(page, "costs_usage_dark")
    page.context.close()
