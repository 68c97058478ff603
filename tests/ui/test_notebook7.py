"""The panel in Notebook 7, which has one notebook to a page and less around it than JupyterLab."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from ..server.jupyter import TOKEN
from .lab import READY, SECONDS, Lab, cells, run, running_lab, shot
from .panel import Panel

HOUSES = """import pandas as pd
houses = pd.DataFrame({"area": range(100, 130), "price": range(1000, 1030), "city": ["Bern", "Basel"] * 15})
"""
EXTENSION = "--ServerApp.jpserver_extensions=notebook=True"
CONFIG = {"JupyterNotebookApp": {"expose_app_in_browser": True}}
"""In its file: this application does not take it from the server's command line."""
IDLE = """async () => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    while (sessionContext.session?.kernel?.status !== 'idle') {
        await new Promise(done => sessionContext.statusChanged.connect(done));
    }
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_notebook_config.json").write_text(json.dumps(CONFIG))
    with running_lab(folder, EXTENSION) as started:
        yield started


class Heard:
    """What a page complains of where our code is involved. Notebook 7 has an error of its own too."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self._note(error.stack or str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} {message.location['url']}")

    def _note(self, text: str) -> None:
        if "autoanalyst" in text.lower():
            self.complaints.append(text)


@pytest.fixture(scope="module")
def heard_page(browser: Browser, lab: Lab) -> Iterator[tuple[Page, Heard]]:
    """A notebook with a table, opened in Notebook 7, and what its page complained of."""
    path = lab.notebook("houses.ipynb", HOUSES)
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(SECONDS)
    heard = Heard(page)
    page.goto(f"{lab.url}notebooks/{path}?token={TOKEN}")
    page.wait_for_function("window.jupyterapp")
    page.evaluate(READY)
    page.wait_for_function("window.jupyterapp.shell.currentWidget?.sessionContext")
    page.evaluate(IDLE)
    run(page, "notebook:run-all-cells")
    yield page, heard
    page.context.close()


def test_menus_have_the_panel_and_a_question_is_answered_with_a_cell(
    heard_page: tuple[Page, Heard],
) -> None:
    page, heard = heard_page
    page.get_by_role("menuitem", name="View", exact=True).click()
    page.locator(".lm-Menu-item").get_by_text("Right Sidebar").hover()
    page.locator(".lm-Menu-item").get_by_text("Show AutoAnalyst").click()
    expect(page.locator("#autoanalyst-panel")).to_be_visible()
    panel = Panel(page)
    expect(panel.root.get_by_text("houses, 30 rows")).to_be_visible()
    shot(page, "notebook7_open")
    panel.answered("What is the average price?")
    expect(panel.turn(0)).to_contain_text("1,014.5")
    shot(page, "notebook7_answered")
    (answered,) = [cell for cell in cells(page) if "mean()" in cell["source"]]
    assert "1014.5" in str(answered["outputs"])
    assert heard.complaints == []


def test_our_commands_work_and_the_settings_menu_has_the_keys(heard_page: tuple[Page, Heard]) -> None:
    page, heard = heard_page
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-item").get_by_text("AutoAnalyst: Keys").click()
    expect(page.get_by_role("dialog").get_by_text("OpenAI").first).to_be_visible()
    shot(page, "notebook7_keys")
    page.keyboard.press("Escape")
    run(page, "autoanalyst:new-chat")
    expect(Panel(page).composer).to_be_visible()
    assert heard.complaints == []
