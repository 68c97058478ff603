"""Settings, pickers, questions in line, approval by keyboard, signing out: what a person decides, holds."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from autoanalyst_ext.providers.script import Match, Pace, Reply, ScriptedCall
from tests.fakes.provider import KEY, FakeProvider

from .acting import value
from .lab import Lab, open_page, path_of, reload, run, running_lab, shot, sources, start
from .panel import Panel

SETUP = "numbers = [1, 2, 3]\nwritten = []"
CELLS = (SETUP,)
SUM = "sum(numbers)"
WRITES = "written.append(1)\nlen(written)"


def cell(words: str, code: str, answer: str) -> tuple[Reply, Reply]:
    """A question with these words is answered with a cell."""
    call = ScriptedCall(name="run_cell", args={"code": code, "purpose": words})
    return (
        Reply(match=Match(user=words, has_tool_result=True), text=answer),
        Reply(match=Match(user=words), tool_calls=(call,)),
    )


REPLIES = (
    *cell("add them up", SUM, "The sum is {{c1}}."),
    *cell("write it down", WRITES, "Written: {{c1}}."),
    Reply(match=Match(user="take a moment"), text="A moment later.", pace=Pace(first=2.5)),
    Reply(match=Match(user="for ever"), text="Never.", pace=Pace(first=600)),
    Reply(match=Match(user=""), text="Good day."),
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeProvider]:
    with FakeProvider(REPLIES) as started:
        yield started


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, fake: FakeProvider) -> Iterator[Lab]:
    environment = {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "OPENAI_BASE_URL": fake.base_url("openai"),
        "OPENAI_API_KEY": KEY,
        "AUTOANALYST_MODEL": "openai:gpt-4o-mini",
    }
    with running_lab(tmp_path_factory.mktemp("lab"), environment=environment) as started:
        yield started


def setting(page: Page, title: str) -> Locator:
    """A field of the settings editor, which is opened by the panel's menu."""
    if page.locator(".jp-SettingsForm").count() == 0:
        Panel(page).button("usage, keys, settings").click()
        page.get_by_role("menuitem", name="Settings…").click()
    return page.locator(".jp-SettingsForm .form-group").filter(has=page.get_by_text(title, exact=True)).last


def stored(page: Page) -> Any:
    """Our settings as they are kept."""
    return page.evaluate(
        """async () => {
            const { raw } = await window.jupyterapp.serviceManager.settings.fetch('autoanalyst:panel');
            return JSON.parse(raw);
        }"""
    )


def set_to(page: Page, title: str, to: str) -> None:
    """Write a setting, and wait until the page has read back what was kept."""

    def is_read_back(reply: Response) -> bool:
        return "/settings/autoanalyst" in unquote(reply.url) and reply.request.method == "GET"

    field = setting(page, title).locator("input")
    expect(field).to_be_visible()
    with page.expect_response(is_read_back):
        field.fill(to)


def test_temperature_and_limits_reach_the_provider_with_the_next_question(
    page: Page, fake: FakeProvider
) -> None:
    panel = Panel(page)
    panel.answered("Good morning")
    assert "temperature" not in fake.exchanges[-1].json()
    set_to(page, "Temperature", "0.25")
    set_to(page, "Output tokens", "321")
    set_to(page, "Rounds", "1")
    shot(page, "settings_editor")
    panel.answered("Good evening")
    body = fake.exchanges[-1].json()
    assert body["temperature"] == 0.25
    assert {body.get("max_tokens"), body.get("max_completion_tokens")} == {None, 321}
    before = len(fake.exchanges)
    panel.answered("Please add them up")
    assert len(fake.exchanges) == before + 1
    expect(panel.turn()).to_contain_text("1 model call")
    for title in ("Temperature", "Output tokens", "Rounds"):
        set_to(page, title, "")
    panel.answered("Good night")
    assert "temperature" not in fake.exchanges[-1].json()


@pytest.mark.parametrize(
    ("title", "nonsense", "words"),
    [
        ("Temperature", "hot", "must be number"),
        ("Temperature", "9", "must be <= 2"),
        ("Rounds", "0", "must be >= 1"),
    ],
)
def test_a_nonsense_setting_is_refused_where_it_is_typed(
    page: Page, fake: FakeProvider, title: str, nonsense: str, words: str
) -> None:
    field = setting(page, title)
    before = stored(page)
    field.locator("input").fill(nonsense)
    expect(field.locator(".validationErrors")).to_contain_text(words)
    shot(page, f"settings_nonsense_{nonsense}")
    assert stored(page) == before
    Panel(page).answered("Good morning")
    assert "temperature" not in fake.exchanges[-1].json()


def test_a_model_that_there_is_not_is_said_and_the_question_is_kept(page: Page) -> None:
    set_to(page, "Model", "gpt")
    panel = Panel(page)
    expect(panel.button("Model: gpt", exact=True)).to_be_visible()
    panel.ask("Good morning")
    expect(panel.root).to_contain_text("'gpt' is not a model's full name. Write 'provider:model'.")
    expect(panel.composer).to_have_value("Good morning")
    shot(page, "settings_no_such_model")
    set_to(page, "Model", "")
    page.keyboard.press("Escape")
    panel.composer.press("Enter")
    expect(panel.turn()).to_contain_text("Good day.")


def test_model_and_mode_by_mouse_are_kept_over_a_reload(page: Page, lab: Lab, fake: FakeProvider) -> None:
    panel = Panel(page)
    panel.button("Model: gpt-4o-mini").click()
    page.locator(".lm-Menu-item", has_text="The offline analyst").click()
    before = len(fake.exchanges)
    panel.answered("Good morning")
    assert len(fake.exchanges) == before
    panel.button("Mode:").click()
    page.locator(".lm-Menu-item", has_text="Ask first").click()
    reload(page, lab, '"mode":"ask"', "offline:analyst")
    panel = Panel(page)
    panel.wait_for_answers(1)
    expect(panel.button("Model:")).to_have_text("The offline analyst")
    expect(panel.button("Mode:")).to_have_text("Ask first")


def test_model_and_mode_by_keyboard(page: Page) -> None:
    panel = Panel(page)
    panel.button("Mode:").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(panel.button("Mode:")).to_be_focused()
    expect(panel.button("Mode:")).to_have_text("Auto")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel.button("Mode:")).to_have_text("Ask first")
    expect(panel.button("Mode:")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(panel.button("Model:")).to_be_focused()
    page.keyboard.press("Enter")
    shot(page, "settings_models")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel.button("Model:")).to_be_focused()
    expect(panel.button("Model:")).not_to_have_text("gpt-4o-mini")


def test_the_persons_menu_by_keyboard(page: Page) -> None:
    panel = Panel(page)
    button = panel.button("usage, keys, settings")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("AutoAnalyst: Keys")
    expect(page.get_by_role("dialog").get_by_role("button", name="Done")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_second_question_waits_its_turn_and_is_asked_then(page: Page, fake: FakeProvider) -> None:
    panel = Panel(page)
    panel.ask("take a moment")
    expect(panel.button("Stop")).to_be_visible()
    panel.ask("Please add them up")
    panel.ask("Is this the third?")
    first, second = panel.root.get_by_role("group", name="Waits for its turn").all()
    expect(first).to_contain_text("Next: Please add them up")
    expect(second).to_contain_text("Place 2: Is this the third?")
    expect(panel.composer).to_have_value("")
    shot(page, "settings_waiting")
    second.get_by_role("button", name="Take back").click()
    expect(panel.composer).to_have_value("Is this the third?")
    expect(panel.composer).to_be_focused()
    panel.wait_for_answers(2)
    expect(panel.turn()).to_contain_text("The sum is 6.")
    expect(panel.root.get_by_role("group", name="Waits for its turn")).to_have_count(0)
    expect(panel.composer).to_have_value("Is this the third?")


def test_what_waits_comes_back_where_the_question_before_it_is_stopped(page: Page) -> None:
    panel = Panel(page)
    panel.ask("for ever")
    expect(panel.turn()).to_contain_text("Planner")  # before that, Stop takes the question back
    panel.ask("write it down")
    panel.button("Stop").click()
    panel.wait_for_answers(1)
    expect(panel.composer).to_have_value("write it down")
    assert sources(page) == [SETUP]


def test_a_question_of_another_chat_waits_for_the_notebook_and_can_be_withdrawn(page: Page) -> None:
    panel = Panel(page)
    panel.ask("for ever")
    expect(panel.button("Stop")).to_be_visible()
    run(page, "autoanalyst:new-chat")
    panel.ask("Please add them up")
    expect(panel.turn()).to_contain_text("Another question is using this notebook. This one begins after it.")
    shot(page, "settings_waiting_for_the_notebook")
    panel.button("Stop").click()
    expect(panel.composer).to_have_value("Please add them up")
    expect(panel.root).to_contain_text("Nothing was asked.")
    expect(panel.root).to_contain_text("1 more run")
    panel.root.get_by_title("for ever").click()
    panel.button("Stop").click()
    expect(panel.button("Stop")).to_have_count(0)


def asked(page: Page) -> tuple[Panel, Locator]:
    """A question whose code waits for a yes; nothing was clicked since."""
    panel = Panel(page)
    panel.ask("write it down")
    card = panel.root.get_by_role("group", name="This code")
    expect(card.get_by_role("button", name="Run", exact=True)).to_be_focused()
    return panel, card


def test_approval_by_keyboard_runs(page: Page) -> None:
    panel, card = asked(page)
    page.keyboard.press("Escape")
    expect(card).to_be_visible()
    assert value(page, path_of(page), "written") == "[]"
    card.get_by_role("button", name="Run", exact=True).focus()
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    assert value(page, path_of(page), "written") == "[1]"


@pytest.mark.parametrize(("tabs", "name"), [(2, "Edit"), (3, "Skip")])
def test_approval_by_keyboard_does_not_run(page: Page, tabs: int, name: str) -> None:
    panel, card = asked(page)
    for _ in range(tabs):
        page.keyboard.press("Tab")
    expect(card.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    assert value(page, path_of(page), "written") == "[]"
    assert (WRITES in sources(page)) == (name == "Edit")


def test_approval_by_keyboard_from_now_on(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    panel.ask("/mode ask")
    panel.ask("Please add them up")
    card = panel.root.locator(".jp-AnalystChat-approval")
    expect(card.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    panel.answered("Again, please add them up")
    expect(panel.turn()).to_contain_text("The sum is 6.")
    assert path_of(page) in lab.ours("GET", "remembered")["notebooks"]
    start(page, "autoanalyst:remembered")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=f"Ask again in {path_of(page)}").click()
    expect(dialog).to_contain_text("There are none.")
    page.keyboard.press("Escape")
    panel.ask("Once more, please add them up")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Skip").click()
    panel.wait_for_answers(3)


def test_signing_out_ends_the_session_of_this_browser(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab)
    Panel(page).button("usage, keys, settings").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.wait_for_url("**/logout**")
    shot(page, "settings_signed_out")
    page.goto(f"{lab.url}lab")
    page.wait_for_url("**/login**")
    page.context.close()
