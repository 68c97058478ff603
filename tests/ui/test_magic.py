"""`%%analyst` in JupyterLab beside the panel: one output, cells below it, and *Run All* that asks nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .acting import Part, environment, run_all, value, wait_for_output
from .lab import Lab, cells, load, open_notebook, path_of, run, running_lab, shot, sources
from .panel import Panel

TWICE = "doubled = sum(numbers) * 2\ndoubled"
SUM = "sum(numbers)"
PARTS = (
    Part("twice the sum", TWICE, "Twice the sum is {{c1}}.", thinks=1.0),
    Part("add them up", SUM, "The sum is {{c1}}."),
    Part("take your time", SUM, "In the end it is {{c1}}.", thinks=4.0),
)
LOAD = "%load_ext autoanalyst_kernel"
SETUP = """
numbers = [1, 2, 3]
if "ran" not in globals():
    ran = []
    get_ipython().events.register("post_run_cell", lambda result: ran.append(result.info.raw_cell))
""".strip()
"""Values, and a list of all that runs in the kernel, whoever runs it."""
CELLS = (SETUP, LOAD)
SLOW = "%%analyst\nAdd them, and take your time"

WATCH_OUTPUTS = """([path, source]) => {
    const panel = [...window.jupyterapp.shell.widgets('main')].find(each => each.context?.path === path);
    const cell = panel.content.widgets.find(each => each.model.sharedModel.getSource() === source).model;
    window.seen = [];
    const note = () => {
        const all = cell.outputs.toJSON();
        window.seen.push([all.length, all.map(each => (each.data || {})['text/html'] || '').join('')]);
    };
    cell.outputs.changed.connect(note);
}"""
"""Notes how many outputs the cell has at each change, and what they say."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder, environment=environment(folder, *PARTS)) as started:
        yield started


@pytest.fixture
def question(request: pytest.FixtureRequest) -> str:
    """A question's cell. Nobody has asked it before: it would be replayed in another notebook, too."""
    return f"%%analyst\nWhat is twice the sum, to {request.node.name.replace('_', ' ')}?"


def add(page: Page, source: str) -> None:
    """Write a cell at the notebook's end; it is then the active one."""
    run(page, "notebook:insert-cell-below")
    page.evaluate(
        "source => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel"
        ".setSource(source)",
        source,
    )


def ask(page: Page, source: str) -> None:
    """Write a question's cell at the end, and run it."""
    add(page, source)
    run(page, "notebook:run-cell")


def cell_of(page: Page, source: str) -> dict[str, Any]:
    """The one cell with this source."""
    (found,) = [cell for cell in cells(page, path_of(page)) if cell["source"] == source]
    return found


def html_of(page: Page, source: str) -> str:
    """What the cell shows."""
    (output,) = cell_of(page, source)["outputs"]
    return "".join(output["data"]["text/html"])


def requests(lab: Lab) -> int:
    """How many requests all questions so far have made."""
    found: int = lab.ours("GET", "usage")["all"]["requests"]
    return found


def receipt_of(page: Page, source: str) -> dict[str, Any]:
    """The receipt in a cell's metadata, and whether its cells stand."""
    held: dict[str, Any] = cell_of(page, source)["metadata"].get("autoanalyst") or {}
    return held


def test_one_output_tells_the_progress_and_then_the_answer(page: Page, question: str) -> None:
    add(page, question)
    page.evaluate(WATCH_OUTPUTS, [path_of(page), question])
    run(page, "notebook:run-cell")
    wait_for_output(page, path_of(page), question, "Twice the sum is")
    seen = page.evaluate("window.seen")
    assert max(count for count, _ in seen) <= 2  # what is told, and while the cell runs its own output
    said = [words for count, words in seen if count]
    assert len(said) > 2
    assert not any("Twice the sum is" in words for words in said[:2])
    assert "12" in html_of(page, question)
    assert sources(page, path_of(page)) == [SETUP, LOAD, question, TWICE]
    assert receipt_of(page, question)["receipt"]["cells"][0]["source"] == TWICE
    below = cell_of(page, TWICE)
    assert "".join(below["outputs"][0]["data"]["text/plain"]) == "12"
    assert value(page, path_of(page), f"ran.count({TWICE!r})") == "1"


def test_run_all_replays_each_cell_runs_once_and_no_model_is_asked(
    page: Page, lab: Lab, question: str
) -> None:
    ask(page, question)
    before = requests(lab)
    assert before > 0
    for round_ in (1, 2):
        run_all(page)
        wait_for_output(page, path_of(page), question, "replayed")
        assert sources(page, path_of(page)) == [SETUP, LOAD, question, TWICE]
        assert value(page, path_of(page), f"ran.count({TWICE!r})") == str(1 + round_)
        assert "12" in html_of(page, question)
        assert "$0.00" in html_of(page, question)
    assert requests(lab) == before


def test_run_all_of_the_stored_notebook_in_a_new_kernel_replays_with_new_figures(
    page: Page, lab: Lab, question: str
) -> None:
    path = path_of(page)
    ask(page, question)
    run(page, "docmanager:save")
    before = requests(lab)
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.evaluate(
        "() => { const cell = window.jupyterapp.shell.currentWidget.context.model.sharedModel.cells[0];"
        " cell.setSource(cell.getSource().replace('[1, 2, 3]', '[1, 2, 4]')); }"
    )
    run_all(page)
    wait_for_output(page, path, question, "14")
    assert "replayed" in html_of(page, question)
    assert value(page, path, f"ran.count({TWICE!r})") == "1"
    assert requests(lab) == before


def test_a_cell_that_the_user_has_edited_is_kept(page: Page, question: str) -> None:
    edited = f"{TWICE} + 1"
    ask(page, question)
    page.evaluate(
        "([path, from, to]) => window.jupyterapp.shell.currentWidget.context.model.sharedModel.cells"
        ".find(cell => cell.getSource() === from).setSource(to)",
        [path_of(page), TWICE, edited],
    )
    run_all(page)
    assert edited in sources(page, path_of(page))
    assert value(page, path_of(page), f"ran.count({edited!r})") == "1"
    assert "12" in html_of(page, question)
    shot(page, "magic_edited")


def test_cells_come_below_also_after_the_page_was_reloaded(page: Page, lab: Lab, question: str) -> None:
    path = path_of(page)
    run(page, "docmanager:save")
    load(page, lab, reset=False)
    open_notebook(page, path)
    run(page, "notebook:move-cursor-down")
    run(page, "notebook:move-cursor-down")
    ask(page, question)
    wait_for_output(page, path, question, "Twice the sum is")
    assert sources(page, path) == [SETUP, LOAD, question, TWICE]
    assert receipt_of(page, question)["receipt"]["cells"][0]["source"] == TWICE
    shot(page, "magic_after_reload")


def test_a_question_of_the_panel_waits_while_a_magic_holds_the_kernel(page: Page) -> None:
    path = path_of(page)
    panel = Panel(page)
    add(page, SLOW)
    page.evaluate("() => { void window.jupyterapp.commands.execute('notebook:run-cell'); }")
    wait_for_output(page, path, SLOW, "text/html")
    panel.ask("add them up")
    expect(panel.turn()).to_contain_text("Another cell is running. The analyst goes on when it has ended.")
    shot(page, "magic_parked")
    panel.wait_for_answers(1)
    expect(panel.turn()).to_contain_text("The sum is 6.")
    wait_for_output(page, path, SLOW, "In the end it is")
    assert panel.root.locator(".jp-AnalystChat-turn").count() == 1


def test_the_magics_chat_is_in_the_panels_history(page: Page, question: str) -> None:
    panel = Panel(page)
    ask(page, question)
    assert panel.root.locator(".jp-AnalystChat-turn").count() == 0
    panel.button("History", exact=True).click()
    panel.root.get_by_role("region", name="History").get_by_text("twice the sum").first.click()
    panel.wait_for_answers(1)
    expect(panel.turn(0)).to_contain_text("Twice the sum is 12.")
    shot(page, "magic_in_history")
