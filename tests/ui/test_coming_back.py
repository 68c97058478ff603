"""Pages that are reloaded, closed or cut off in mid-run: nothing is lost, and nothing runs twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .acting import LINES, SLOW, Part, environment, printed, run_all, value, wait_for_output
from .lab import Lab, load, open_notebook, open_page, path_of, running_lab, shot, sources
from .panel import Panel


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    parts = (Part("count slowly", SLOW, "It took a while: {{c1}}."), Part("say hello", answer="Hello there."))
    with running_lab(folder, environment=environment(folder, *parts)) as started:
        yield started


@pytest.fixture
def page(browser: Browser, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with a notebook of its own, whose kernel counts."""
    path = lab.notebook(f"{request.node.name[5:45]}.ipynb", "counted = []")
    opened = open_page(browser, lab, path)
    opened.on("dialog", lambda dialog: dialog.accept())  # leave the page although something is not saved
    run_all(opened)
    yield opened
    if not opened.is_closed():
        shot(opened, f"back_{path[:-6]}")
    opened.context.close()


def begin(page: Page) -> str:
    """Ask what takes a while, and wait until its cell has begun; returns the notebook's path."""
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    panel.button("Run", exact=True).click()
    wait_for_output(page, path, SLOW, "second 1")
    return path


def is_complete(page: Page, path: str) -> None:
    """The run's cell is there once, with all of its output, and has been run once."""
    wait_for_output(page, path, SLOW, "second 4")
    wait_for_output(page, path, SLOW, "execute_result")
    assert sources(page, path) == ["counted = []", SLOW]
    assert printed(page, path, SLOW) == LINES
    assert value(page, path, "counted") == "[1]"


def test_a_reload_in_mid_run_loses_nothing_and_nothing_runs_twice(page: Page, lab: Lab) -> None:
    path = begin(page)
    load(page, lab, reset=False)
    open_notebook(page, path)
    panel = Panel(page)
    panel.wait_for_answers(1)
    expect(panel.turn()).to_contain_text("It took a while: 1.")
    is_complete(page, path)


def test_the_question_whether_code_may_run_survives_a_reload(page: Page, lab: Lab) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    expect(panel.root.get_by_role("group", name="This code")).to_contain_text("counted.append(1)")
    load(page, lab, reset=False)
    open_notebook(page, path)
    panel = Panel(page)
    expect(panel.button("Run", exact=True)).to_be_visible()
    expect(panel.root.get_by_role("group", name="This code")).to_have_count(1)
    panel.button("Run", exact=True).click()
    panel.wait_for_answers(1)
    is_complete(page, path)


def test_a_notebook_closed_in_mid_run_has_everything_when_it_is_opened_after_the_end(page: Page) -> None:
    path = begin(page)
    close(page)
    panel = Panel(page)
    panel.wait_for_answers(1)
    open_notebook(page, path)
    is_complete(page, path)


def test_a_notebook_closed_before_a_cell_waits_for_it_and_goes_on(page: Page) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    expect(panel.button("Run", exact=True)).to_be_visible()
    close(page)
    panel.button("Run", exact=True).click()
    expect(panel.turn()).to_contain_text("The notebook is closed. Open it, and the analyst goes on.")
    panel.button("Open it").click()
    panel.wait_for_answers(1)
    open_notebook(page, path)
    is_complete(page, path)


def test_a_page_closed_in_mid_run_is_not_missed(page: Page, lab: Lab) -> None:
    path = begin(page)
    other = page.context.new_page()
    page.close(run_before_unload=False)
    load(other, lab, path)
    panel = Panel(other)
    panel.root.get_by_role("button", name="History").click()
    panel.root.get_by_role("region", name="History").get_by_text("Count slowly").first.click()
    panel.wait_for_answers(1)
    is_complete(other, path)


def test_a_second_page_shows_the_same_and_takes_over(page: Page, lab: Lab) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    expect(panel.button("Run", exact=True)).to_be_visible()
    second = page.context.new_page()
    load(second, lab, path)
    looking = Panel(second)
    expect(looking.button("Run", exact=True)).to_be_visible()
    page.close(run_before_unload=False)
    looking.button("Run", exact=True).click()
    looking.wait_for_answers(1)
    expect(looking.turn()).to_contain_text("It took a while: 1.")
    is_complete(second, path)


def test_a_lost_connection_is_said_and_what_was_missed_comes_after_it(page: Page) -> None:
    path = begin(page)
    panel = Panel(page)
    cut(page)
    expect(panel.root).to_contain_text("Connection lost. Runs go on; trying again")
    expect(panel.root).not_to_contain_text("Connection lost")
    panel.wait_for_answers(1)
    is_complete(page, path)


def close(page: Page) -> None:
    """Close the notebook in front, without saving it."""
    page.evaluate("""() => {
        const { currentWidget } = window.jupyterapp.shell;
        currentWidget.dispose();
    }""")


def cut(page: Page) -> None:
    """Cut our line to the server, as a network that goes does."""
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.context.set_offline(False)
