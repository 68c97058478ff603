"""`autoanalyst lab` in an empty folder and an empty home, as somebody meets it for the first time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ..server.cli.test_lab import Lab, lab
from .lab import READY, SECONDS, shot

ACTIVE_PATH = "window.jupyterapp.shell.currentWidget?.context?.path"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab(
        tmp_path_factory.mktemp("home"), "--port", "0", "--", "--LabApp.expose_app_in_browser=True"
    ) as one:
        yield one


def first_page(browser: Browser, started: Lab) -> Page:
    """The address that was printed, opened in a new profile."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(SECONDS)
    page.goto(started.address)
    page.wait_for_function("window.jupyterapp")
    page.evaluate(READY)
    return page


def test_the_quickstart_and_the_panel_are_open_and_the_first_click_answers(
    browser: Browser, started: Lab
) -> None:
    assert len(started.lines) == 3
    page = first_page(browser, started)
    panel = page.locator("#autoanalyst-panel")
    starter = panel.get_by_role("button", name="List top 10 houses by area")
    expect(starter).to_be_visible(timeout=SECONDS)
    page.wait_for_function(f"{ACTIVE_PATH} === 'quickstart.ipynb'")
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] >= 340, "there is no room for answers"
    shot(page, "self_greeting")
    starter.click()
    expect(panel.get_by_role("button", name="What was sent")).to_have_count(1, timeout=SECONDS)
    expect(panel.get_by_text("offline", exact=False).first).to_be_visible()
    shot(page, "self_answer")
    expect(page.locator(".Toastify__toast")).to_have_count(0)
    page.context.close()
