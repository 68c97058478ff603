"""A failed cell is put right: "Fix" stands at its error, a corrected cell in its place, and the way back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from .acting import Part, environment, run_all, wait_for_output
from .lab import Lab, cells, load, open_notebook, path_of, run, running_lab, shot, sources
from .panel import Panel

DATA = "import pandas as pd\nhousing = pd.DataFrame({'price': [1, 2, 3], 'area': [4, 5, 6]})"
BAD = "housing['pricee'].mean()"
GOOD = "housing['price'].mean()"
LAST = "after = 'it went on'\nafter"
CELLS = (DATA, BAD, LAST)
PARTS = (Part("think long", answer="Thought.", thinks=60),)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder, environment=environment(folder, *PARTS)) as started:
        yield started


@pytest.fixture
def path(page: Page) -> str:
    """The notebook's, which was run up to the cell that fails."""
    wait_for_output(page, path_of(page), BAD, "KeyError")
    return path_of(page)


def offer(page: Page) -> Locator:
    """The button at the error."""
    return page.get_by_role("button", name="Fix this cell, which failed with")


def answer_offline(panel: Panel) -> None:
    expect(panel.button("Model: script")).to_be_visible()  # the models are known
    panel.button("Model:").click()
    panel.page.get_by_role("menuitemradio", name="Offline").or_(
        panel.page.get_by_role("menuitem", name="Offline")
    ).first.click()


def fixed(page: Page) -> Panel:
    """Press Fix at the error, and wait for the answer."""
    panel = Panel(page)
    answer_offline(panel)
    offer(page).click()
    panel.wait_for_answers(1)
    return panel


def come_back(page: Page, lab: Lab, path: str) -> Panel:
    """Save, load the page anew, and open the chat from the history."""
    run(page, "docmanager:save")
    load(page, lab, path)
    panel = Panel(page)
    panel.button("History", exact=True).click()
    panel.root.get_by_role("region", name="History").locator("[data-chat]").first.click()
    return panel


def types(page: Page, cell: int, text: str) -> None:
    """Type at the end of a cell, as its user."""
    page.locator(".jp-Notebook .jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_the_corrected_cell_stands_in_the_place_of_the_failed_one_and_all_cells_run(
    page: Page, path: str
) -> None:
    panel = fixed(page)
    assert sources(page) == [DATA, GOOD, LAST]
    expect(panel.turn()).to_contain_text("The corrected cell ran. It gives 2")
    changes = panel.root.get_by_role("region", name="What was corrected")
    expect(changes).to_contain_text(f"- {BAD} + {GOOD}", use_inner_text=True)
    expect(page.locator(".jp-Notebook .jp-CodeCell").nth(1)).to_be_in_viewport()
    shot(page, "fix_done")
    expect(offer(page)).to_have_count(0)
    run_all(page)
    wait_for_output(page, path, LAST, "it went on")


def test_the_notebooks_undo_brings_the_failed_cell_back_in_one_step(page: Page) -> None:
    fixed(page)
    run(page, "notebook:undo-cell-action")
    assert sources(page) == [DATA, BAD, GOOD, LAST]
    assert cells(page)[1]["outputs"][0]["ename"] == "KeyError"
    run(page, "notebook:redo-cell-action")
    assert sources(page) == [DATA, GOOD, LAST]


@pytest.mark.parametrize("button", ["Put the old cell back", "Undo turn"])
def test_an_undone_fix_puts_the_old_cell_back_with_its_error(page: Page, button: str) -> None:
    panel = fixed(page)
    panel.button(button).click()
    expect(panel.turn()).to_contain_text("The corrected cell is not in the notebook any more.")
    assert sources(page) == [DATA, BAD, LAST]
    expect(offer(page)).to_be_visible()
    expect(panel.button(button)).to_have_count(0)
    run(page, "notebook:undo-cell-action")
    assert sources(page) == [DATA, GOOD, LAST]
    expect(panel.button(button)).to_be_visible()


def test_after_a_reload_the_turn_still_says_what_is_true(page: Page, lab: Lab, path: str) -> None:
    panel = fixed(page)
    panel = come_back(page, lab, path)
    panel.button("Put the old cell back").click()
    expect(panel.turn()).to_contain_text("The corrected cell is not in the notebook any more.")
    assert sources(page, path) == [DATA, BAD, LAST]
    panel = come_back(page, lab, path)
    expect(panel.root.locator("footer")).to_contain_text("Undone")
    expect(panel.button("Undo turn")).to_have_count(0)


def test_the_offer_is_there_for_the_keyboard_and_goes_with_the_error(page: Page, path: str) -> None:
    Panel(page)
    expect(offer(page)).to_be_visible()
    shot(page, "fix_offer")
    types(page, 1, "  # mine")
    expect(offer(page)).to_have_count(0)
    for _ in "  # mine":
        page.keyboard.press("Backspace")
    expect(offer(page)).to_be_visible()
    page.keyboard.press("Escape")
    run(page, "notebook:clear-cell-output")
    expect(offer(page)).to_have_count(0)
    run(page, "notebook:run-cell")
    expect(offer(page)).to_be_visible()
    run(page, "notebook:change-cell-to-markdown")
    expect(offer(page)).to_have_count(0)
    run(page, "notebook:change-cell-to-code")


def test_the_offer_is_pressed_by_the_keyboard(page: Page) -> None:
    panel = Panel(page)
    answer_offline(panel)
    page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Tab")
        if offer(page).evaluate("button => button === document.activeElement"):
            break
    shot(page, "fix_focus")
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    assert sources(page) == [DATA, GOOD, LAST]


def test_a_stored_error_offers_a_fix_after_a_reload(page: Page, lab: Lab, path: str) -> None:
    run(page, "docmanager:save")
    load(page, lab, path)
    expect(offer(page)).to_be_visible()
    fixed(page)  # the kernel still has the table
    assert sources(page, path) == [DATA, GOOD, LAST]


def test_there_is_no_offer_while_a_question_is_at_work_in_that_notebook(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    panel.ask("think long")
    expect(panel.turn()).to_contain_text("Planner")  # before that, Stop takes the question back
    expect(offer(page)).to_have_count(0)
    panel.button("Stop").click()
    panel.wait_for_answers(1)
    expect(offer(page)).to_be_visible()


def test_a_cell_that_is_edited_meanwhile_stays(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    answer_offline(panel)
    panel.button("Mode:").click()
    page.get_by_role("menuitem", name="Ask").or_(page.get_by_role("menuitemradio", name="Ask")).first.click()
    offer(page).click()
    expect(panel.button("Run", exact=True)).to_be_visible()
    types(page, 1, "  # mine")
    panel.button("Run", exact=True).click()
    panel.wait_for_answers(1)
    assert sources(page) == [DATA, f"{BAD}  # mine", GOOD, LAST]
    expect(panel.root.get_by_role("region", name="What was corrected")).to_have_count(0)


def test_a_fix_that_fails_too_leaves_the_cell_untouched(page: Page, lab: Lab) -> None:
    twice = "housing['pricee'].mean() + 1 // len([])"
    other = lab.notebook("twice.ipynb", DATA, twice, LAST)
    open_notebook(page, other)
    run_all(page)
    wait_for_output(page, other, twice, "KeyError")
    panel = Panel(page)
    answer_offline(panel)
    offer(page).locator("visible=true").click()
    panel.wait_for_answers(1)
    assert sources(page, other)[1] == twice
    shot(page, "fix_failed")
