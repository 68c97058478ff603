"""The usage dashboard: in the launcher, live, locked until the admin key, and readable without a kernel."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from autoanalyst_ext.policy.admin import MOST_WRONG

from .lab import Lab, abandon, begin, load, open_page, path_of, run, running_lab, shot, sources

KEY = "aa-test-key-0123456789-0123456789-0123456789"
WRONG = "aa-wrong-key-0123456789-0123456789-012345678"
SOURCE = "from autoanalyst_kernel.dashboard import Dashboard\n\nDashboard(days=7)"
CELLS = (SOURCE,)
SHIPPED = Path(__file__).parents[2] / "notebooks" / "admin_dashboard.ipynb"
SAVE_STATE = ("@jupyter-widgets/jupyterlab-manager/plugin", {"saveState": True})
FITS = """width => [...document.querySelectorAll('.aa-board .js-plotly-plot')].some(plot => {
    const found = plot.querySelector('.main-svg').getBoundingClientRect().width;
    return found > 0.8 * width && found <= width;
})"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab with an admin key, that saves the state of widgets: the worst case for a secret."""
    folder = tmp_path_factory.mktemp("lab")
    name, values = SAVE_STATE
    settings = folder / "config" / "lab" / "user-settings" / f"{name}.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(values))
    with running_lab(folder, environment={"ADMIN_API_KEY": KEY}) as started:
        yield started


def board(page: Page) -> Locator:
    """The dashboard in the page."""
    return page.locator(".aa-board")


def tile(page: Page, label: str) -> Locator:
    """One of the five figures."""
    return board(page).locator(".aa-tile").filter(has_text=label).locator(".aa-value")


def command(lab: Lab, *words: str) -> str:
    """Run our command line in the same home, in a process of its own; what it prints."""
    program = str(Path(sys.executable).with_name("autoanalyst"))
    done = subprocess.run(
        [program, *words],
        env=lab.environment({}),
        cwd=lab.folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def ask_elsewhere(lab: Lab) -> None:
    """Ask a question with the command line."""
    data = lab.folder / "work" / "houses.csv"
    data.write_text("city,price\nBern,3\nBasel,5\nBern,7\n")
    command(lab, "ask", "--data", str(data), "What is the average price?")


def unlock(page: Page, key: str) -> None:
    """Type a key as a person does."""
    page.get_by_label("Admin key").fill(key)
    page.get_by_role("button", name="Show everyone").click()


def test_the_launcher_opens_it_and_never_writes_over_what_is_there(opened: Page, lab: Lab) -> None:
    page = opened
    load(page, lab)
    page.get_by_role("button", name="Usage Dashboard").click()
    expect(board(page)).to_contain_text("Live")
    made, shipped = lab.read("admin_dashboard.ipynb"), nbformat.read(SHIPPED, as_version=4)
    assert [cell.source for cell in made.cells] == [cell.source for cell in shipped.cells]
    run(page, "application:close-all")
    mine = lab.notebook("admin_dashboard.ipynb", "print('mine')")
    load(page, lab)
    run(page, "autoanalyst:open-dashboard", {"cwd": ""})
    expect(page.locator(".jp-Notebook")).to_contain_text("mine")
    assert sources(page, mine) == ["print('mine')"]
    assert [cell.source for cell in lab.read(mine).cells] == ["print('mine')"]
    abandon(page, lab)


def test_it_is_empty_at_first_and_shows_a_question_asked_elsewhere(page: Page, lab: Lab) -> None:
    expect(board(page)).to_contain_text("Live")
    expect(board(page)).to_contain_text("No requests in the last 7 days")
    shot(page, "dashboard_empty")
    board(page).get_by_role("button", name="Show 30 days").click()
    expect(board(page)).to_contain_text("No requests in the last 30 days")
    ask_elsewhere(lab)
    expect(tile(page, "Requests")).not_to_have_text("0", timeout=2_000)
    expect(board(page)).not_to_contain_text("No requests in the last")
    expect(tile(page, "Spend")).to_have_text("$0.00")
    expect(board(page).locator(".js-plotly-plot .bars .point")).not_to_have_count(0)
    shot(page, "dashboard_after")
    before = tile(page, "Requests").inner_text()
    ask_elsewhere(lab)
    expect(tile(page, "Requests")).not_to_have_text(before, timeout=2_000)


def test_the_key_opens_everyones_usage_and_is_kept_nowhere(page: Page, lab: Lab) -> None:
    path = path_of(page)
    ask_elsewhere(lab)
    frames = listened(page)
    load(page, lab, path)
    run(page, "notebook:run-all-cells")
    expect(board(page)).to_contain_text("Live")
    shot(page, "dashboard_locked")
    unlock(page, WRONG)
    expect(board(page).get_by_role("alert")).to_contain_text("not the admin key")
    expect(page.get_by_label("Admin key")).to_have_value("")
    expect(page.get_by_role("radio", name="Everyone")).not_to_be_checked()
    shot(page, "dashboard_wrong_key")
    unlock(page, KEY)
    expect(page.get_by_label("Admin key")).to_be_hidden()
    expect(page.get_by_role("radio", name="Everyone")).to_be_checked()
    expect(board(page).get_by_role("region", name="Top users, table")).to_be_visible()
    expect(board(page)).to_contain_text("open until")
    shot(page, "dashboard_everyone")
    run(page, "docmanager:save")
    held = variables(page)
    saved = (lab.folder / "work" / path).read_text()
    assert "application/vnd.jupyter.widget-state+json" in saved  # the state is in the file, and yet
    sent = "\n".join(each if isinstance(each, str) else each.decode(errors="replace") for each in frames)
    assert "granted" in sent
    for key in (KEY, WRONG):
        for place in (saved, held, sent, lab.log()):
            assert key not in place


def listened(page: Page) -> list[str | bytes]:
    """All that goes over the page's sockets from its next load on."""
    frames: list[str | bytes] = []

    def hear(frame: str | bytes) -> None:
        frames.append(frame)

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", hear)
        socket.on("framereceived", hear)

    page.on("websocket", opened)
    return frames


def variables(page: Page) -> str:
    """All that the kernel holds: its variables, its environment, and the state of every widget."""
    code = (
        "repr((globals(), __import__('os').environ, [widget.get_state() for widget in "
        "__import__('ipywidgets').widgets.widget._instances.values()]))"
    )
    return str(
        page.evaluate(
            """async code => {
                const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
                const content = { code: '', silent: true, user_expressions: { it: code } };
                const { it } = (await kernel.requestExecute(content).done).content.user_expressions;
                if (!it.data) { throw new Error(it.evalue); }
                return it.data['text/plain'];
            }""",
            code,
        )
    )


def test_the_field_appears_with_the_first_key_and_says_what_is_wrong_until_one_is_right(
    browser: Browser, tmp_path: Path
) -> None:
    with running_lab(tmp_path, "--Engine.grant_seconds=12") as lab:
        page = begin(open_page(browser, lab), lab, "late.ipynb", SOURCE)
        expect(board(page)).to_contain_text("This server has no admin key")
        field, refused = page.get_by_label("Admin key"), board(page).get_by_role("alert")
        expect(field).to_be_hidden()
        shot(page, "dashboard_no_key")
        key = command(lab, "admin", "create-key").strip()
        page.get_by_role("button", name="Look again").click()
        expect(page.get_by_role("button", name="Look again")).to_be_hidden()
        page.get_by_role("button", name="Show everyone").click()
        expect(refused).to_contain_text("This needs the admin key")
        page.route("**/admin/grants/**", lambda route: route.abort())
        unlock(page, key)
        expect(refused).to_contain_text("The server cannot be reached.")
        page.unroute("**/admin/grants/**")
        unlock(page, key)
        expect(board(page)).to_contain_text("open until")
        expect(field).to_be_hidden()
        expect(field).to_be_visible()  # twelve seconds later
        expect(board(page)).to_contain_text("The time for which everyone's usage was shown is over.")
        shot(page, "dashboard_over")
        for _ in range(MOST_WRONG):
            unlock(page, WRONG)
            expect(refused).to_contain_text("not the admin key")
        unlock(page, key)
        expect(refused).to_contain_text("Too many wrong admin keys. Try again in")
        shot(page, "dashboard_too_many")
        page.context.close()


def test_figures_are_tables_too_and_follow_theme_and_width(page: Page, lab: Lab) -> None:
    ask_elsewhere(lab)
    name = board(page).locator(".js-plotly-plot .xtick text").first
    expect(name).to_be_visible()
    light = colour(name)
    run(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert colour(name) != light
    shot(page, "dashboard_dark")
    board(page).get_by_role("button", name="By model: view as table").click()
    table = board(page).get_by_role("region", name="By model, table")
    expect(table).to_contain_text("offline")
    with page.expect_download() as taken:
        board(page).get_by_role("button", name="By model: export as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(taken.value.path()).read_text())))
    assert taken.value.suggested_filename == "autoanalyst-usage-by-model.csv"
    assert rows[0][:3] == ["Model", "Cost (USD)", "Requests"]
    assert rows[1][1] == "0.00"
    assert int(rows[1][2]) >= 1
    for place in (280, 900):
        board(page).evaluate("(node, width) => { node.style.width = `${width}px`; }", place)
        page.wait_for_function(FITS, arg=place)
        assert board(page).evaluate("node => node.scrollWidth <= node.clientWidth")
        shot(page, f"dashboard_{place}")
    run(page, "apputils:change-theme", {"theme": "JupyterLab Light"})


def colour(text: Locator) -> Any:
    """What colour a text in a chart has now."""
    return text.evaluate("node => getComputedStyle(node).fill")


def test_without_a_kernel_the_figures_of_then_are_there(page: Page, lab: Lab) -> None:
    ask_elsewhere(lab)
    path = path_of(page)
    run(page, "notebook:run-all-cells")
    expect(board(page)).to_contain_text("Live")
    expect(page.locator(".aa-summary")).to_be_hidden()
    run(page, "docmanager:save")
    run(page, "application:close-all")
    for session in lab.call("GET", "sessions"):
        lab.call("DELETE", f"sessions/{session['id']}")
    reopen(page, lab, path)
    expect(board(page)).to_contain_text(
        "Not live: no kernel answers. Run the cell."
    )  # the widgets were saved
    run(page, "application:close-all")
    book = lab.read(path)
    del book.metadata["widgets"]  # as where JupyterLab does not save them, which is its default
    nbformat.write(book, lab.folder / "work" / path)
    reopen(page, lab, path)
    summary = page.locator(".aa-summary")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text("Run the cell to see the live dashboard")
    expect(page.get_by_text("model not found")).to_be_hidden()
    expect(page.get_by_text("Loading widget")).to_be_hidden()
    shot(page, "dashboard_no_kernel")


def reopen(page: Page, lab: Lab, path: str) -> None:
    """Load the page anew and open a notebook, without waiting for a kernel."""
    load(page, lab)
    page.evaluate("path => void window.jupyterapp.commands.execute('docmanager:open', { path })", path)
