"""Steering a run: approve, stop, undo, fix, queue; and that it acts on the notebook that it names, only."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .acting import SLOW, Part, environment, printed, run_all, value, wait_for_output
from .lab import IDLE, Lab, cells, open_notebook, path_of, run, running_lab, shot, sources
from .panel import Panel

WRITES = 'written.append("yes")\nlen(written)'
ENDLESS = 'print("on", flush=True)\nwhile True:\n    pass'
SUM = "sum(numbers)"
PARTS = (
    Part("add them up", SUM, "The sum is {{c1}}."),
    Part("write it down", WRITES, "Written: {{c1}}."),
    Part("never ends", ENDLESS),
    Part("think long", answer="Thought.", thinks=60),
    Part("count slowly", SLOW, "It took a while: {{c1}}."),
)
SETUP = "numbers = [1, 2, 3]\nwritten = []\ncounted = []"
CELLS = (SETUP,)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder, environment=environment(folder, *PARTS)) as started:
        yield started


def test_run_on_the_card_runs_exactly_what_it_shows(page: Page) -> None:
    panel = Panel(page)
    panel.ask("write it down")
    expect(panel.root.get_by_role("group", name="This code")).to_contain_text('written.append("yes")')
    assert sources(page) == [SETUP]
    panel.button("Run", exact=True).click()
    panel.wait_for_answers(1)
    assert sources(page) == [SETUP, WRITES]
    assert value(page, path_of(page), "written") == "['yes']"


def test_skip_on_the_card_runs_nothing(page: Page) -> None:
    panel = Panel(page)
    panel.ask("write it down")
    panel.button("Skip").click()
    panel.wait_for_answers(1)
    expect(panel.root.get_by_role("group", name="This code")).to_have_count(0)
    assert value(page, path_of(page), "written") == "[]"


def test_edit_on_the_card_puts_the_code_into_the_notebook_and_does_not_run_it(page: Page) -> None:
    panel = Panel(page)
    panel.ask("write it down")
    panel.button("Edit", exact=True).click()
    panel.wait_for_answers(1)
    assert sources(page).count(WRITES) >= 1
    assert value(page, path_of(page), "written") == "[]"


def test_safe_cells_run_from_now_on_where_the_user_says_so(page: Page) -> None:
    panel = Panel(page)
    panel.button("Mode:").click()
    page.get_by_role("menuitem", name="Ask").or_(page.get_by_role("menuitemradio", name="Ask")).first.click()
    panel.ask("add them up")
    panel.button("Run, and safe cells from now on").click()
    panel.wait_for_answers(1)
    panel.ask("add them up")
    panel.wait_for_answers(2)
    expect(panel.turn()).to_contain_text("The sum is 6.")


def test_stop_while_the_model_thinks_ends_the_call(page: Page) -> None:
    panel = Panel(page)
    panel.ask("think long")
    expect(panel.turn()).to_contain_text("Planner")
    panel.button("Stop").click()
    panel.wait_for_answers(1)
    expect(panel.turn()).to_contain_text("Stopped. Your question and everything so far are kept.")
    assert panel.turn().locator("[data-phase=interrupted]").count() == 1


def test_stop_while_a_cell_runs_interrupts_the_kernel_which_is_usable_after(page: Page) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("never ends")
    wait_for_output(page, path, ENDLESS, "on")
    panel.button("Stop").click()
    panel.wait_for_answers(1)
    wait_for_output(page, path, ENDLESS, "KeyboardInterrupt")
    expect(panel.turn()).to_contain_text("Stopped. Your question and everything so far are kept.")
    panel.ask("add them up")
    expect(panel.turn()).to_contain_text("The sum is 6.")


def test_undo_takes_the_cells_out_and_the_notebooks_undo_brings_them_back(page: Page) -> None:
    panel = Panel(page)
    panel.answered("add them up")
    assert sources(page) == [SETUP, SUM]
    panel.button("Undo turn").click()
    expect(panel.root).to_contain_text("1 cell taken out.")
    expect(panel.button("Undo turn")).to_have_count(0)
    assert sources(page) == [SETUP]
    run(page, "notebook:undo-cell-action")
    assert sources(page) == [SETUP, SUM]
    expect(panel.button("Undo turn")).to_be_visible()
    expect(panel.root).not_to_contain_text("1 cell taken out.")


def test_the_notebooks_own_undo_is_an_undone_turn_too(page: Page) -> None:
    panel = Panel(page)
    panel.answered("add them up")
    run(page, "notebook:undo-cell-action")
    expect(panel.turn().locator("xpath=ancestor::*[.//footer][1]").locator("footer")).to_contain_text(
        "Undone"
    )
    expect(panel.button("Undo turn")).to_have_count(0)
    run(page, "notebook:redo-cell-action")
    expect(panel.button("Undo turn")).to_be_visible()


def test_undo_leaves_a_cell_that_was_edited_and_says_so(page: Page) -> None:
    panel = Panel(page)
    panel.answered("add them up")
    mine = page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".cm-content")
    mine.click()
    page.keyboard.press("End")
    page.keyboard.type("  # mine")
    panel.button("Undo turn").click()
    expect(panel.root).to_contain_text("1 cell was changed since, so it stays.")
    assert sources(page) == [SETUP, f"{SUM}  # mine"]


def test_a_run_acts_on_the_notebook_it_names_whatever_is_in_front(page: Page, lab: Lab) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    expect(panel.button("Run", exact=True)).to_be_visible()
    other = lab.notebook(f"other_{path}", SETUP)
    open_notebook(page, other)
    expect(panel.root).to_contain_text("Another notebook is in front.")
    panel.button("Run", exact=True).click()
    panel.wait_for_answers(1)
    assert sources(page, other) == [SETUP]
    assert sources(page, path) == [SETUP, SLOW]
    panel.button("Switch to it").click()
    expect(panel.root).to_contain_text(f"Acting on {other}")


def test_a_run_waits_for_the_users_own_cell_and_says_so(page: Page) -> None:
    path = path_of(page)
    panel = Panel(page)
    own = "import time\nfor at in range(10): time.sleep(0.5)\nprint('own is done')"
    page.evaluate(
        """source => {
            const { content } = window.jupyterapp.shell.currentWidget;
            content.model.sharedModel.addCell({ cell_type: 'code', source });
            content.activeCellIndex = 1;
            void window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        own,
    )
    panel.ask("add them up")
    expect(panel.turn()).to_contain_text("Another cell is running. The analyst goes on when it has ended.")
    panel.wait_for_answers(1)
    expect(panel.turn()).to_contain_text("The sum is 6.")
    assert printed(page, path, own) == "own is done\n"


def test_a_kernel_restarted_in_mid_run_ends_it_and_says_so(page: Page) -> None:
    path = path_of(page)
    panel = Panel(page)
    panel.ask("count slowly")
    panel.button("Run", exact=True).click()
    wait_for_output(page, path, SLOW, "second 1")
    page.evaluate(
        "() => { window.restarted = window.jupyterapp.commands.execute('notebook:restart-kernel'); }"
    )
    page.get_by_role("dialog").locator(".jp-mod-accept").click()
    panel.wait_for_answers(1)
    assert [cell["source"] for cell in cells(page, path)][:2] == [SETUP, SLOW]
    expect(panel.turn()).to_contain_text("its variables are gone")
    page.evaluate("() => window.restarted.then(() => null)")  # a kernel cannot be ended meanwhile
    page.wait_for_function(IDLE, arg=path)


def answer_offline(panel: Panel) -> None:
    expect(panel.button("Model: script")).to_be_visible()  # the models are known
    panel.button("Model:").click()
    panel.page.get_by_role("menuitemradio", name="Offline").or_(
        panel.page.get_by_role("menuitem", name="Offline")
    ).first.click()


def test_a_question_waits_for_the_file_that_is_being_loaded(page: Page, lab: Lab) -> None:
    (lab.folder / "work" / "towns").mkdir()
    (lab.folder / "work" / "towns" / "towns.csv").write_text("town,people\nA,1\nB,2\n")
    path = lab.notebook("towns/towns.ipynb", "import time, pandas as pd")
    open_notebook(page, path)
    panel = Panel(page)
    answer_offline(panel)
    panel.button("towns.csv").first.click()
    panel.ask("How many rows in towns?")
    panel.wait_for_answers(1)
    assert len([source for source in sources(page, path) if "read_csv" in source]) == 1
    expect(panel.turn()).to_contain_text("2")


def test_a_follow_up_in_another_notebook_is_about_its_tables(page: Page, lab: Lab) -> None:
    frame = "import pandas as pd\n{} = pd.DataFrame({{'{}': [{}, 2]}})"
    first = lab.notebook("first.ipynb", frame.format("fruit", "weight", 4))
    second = lab.notebook("second.ipynb", frame.format("trees", "height", 8))
    open_notebook(page, second)
    run_all(page)
    open_notebook(page, first)
    run_all(page)
    panel = Panel(page)
    answer_offline(panel)
    panel.answered("average weight")
    expect(panel.turn()).to_contain_text("3")
    open_notebook(page, second)
    panel.button("Switch to it").click()
    panel.answered("average height")
    expect(panel.turn()).to_contain_text("5")
    panel.answered("average weight")
    shot(page, "control_follow_up")
    expect(panel.turn()).to_contain_text("weight")
    assert [len(sources(page, path)) for path in (first, second)] == [2, 2]
