"""How the panel looks and feels: narrow, dark, enlarged, by keyboard alone, and polite about the focus."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from autoanalyst_ext.providers.script import Match, Pace, Reply, Script

from .lab import SECONDS, Lab, load, open_notebook, open_page, run, running_lab, shot
from .panel import Panel

TABLE = "| City | Revenue |\n| --- | ---: |\n| Bern | 210 |\n| Basel | 21 |"
LONG = (
    f"## Revenue\n\nBern is ahead, `{'a_very_long_name' * 5}` aside.\n\n{TABLE}\n\n"
    f"```python\nx = {'1 + ' * 40}1\n```"
)
NAMELESS = """root => [...root.querySelectorAll("button, a[href], input, textarea, [tabindex='0']")]
    .filter(each => each.checkVisibility() && !each.closest("[aria-hidden=true]"))
    .filter(each => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby')
        || each.textContent.trim() || each.title || each.labels?.length))
    .map(each => each.outerHTML.slice(0, 200))"""
TOO_WIDE = """root => [...root.querySelectorAll('*')]
    .filter(each => each.checkVisibility())
    .filter(each => !each.closest("pre, table, [class*=hidden], .jp-AnalystChat-table"))
    .filter(each => each.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
    .map(each => each.outerHTML.slice(0, 200))"""
FOCUS_IS_OURS = "document.activeElement.closest('#autoanalyst-panel') !== null"
NARROW = """() => {
    let column = document.querySelector('#autoanalyst-panel');
    const panels = [...window.jupyterapp.shell.widgets('right')];
    let widget = panels.find(each => each.id === 'autoanalyst-panel');
    while (widget.parent && widget.parent.node.id !== 'jp-main-split-panel') widget = widget.parent;
    const split = widget.parent, all = split.node.clientWidth, at = split.widgets.indexOf(widget);
    const sizes = split.relativeSizes();
    const main = sizes.indexOf(Math.max(...sizes));
    sizes[main] += sizes[at] - 280 / all;
    sizes[at] = 280 / all;
    split.setRelativeSizes(sizes);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    slow = Reply(match=Match(user="slowly"), text=tuple("word " * 60), pace=Pace(between=0.01))
    script = Script(replies=(slow, Reply(match=Match(user=""), text=LONG)))
    (folder / "script.json").write_text(script.model_dump_json())
    with running_lab(folder, environment={"AUTOANALYST_MODEL": f"scripted:{folder}/script.json"}) as started:
        yield started


def assert_sound(panel: Panel) -> None:
    """Everything one can press has a name, and nothing hangs out of the panel."""
    assert panel.root.evaluate(NAMELESS) == []
    assert panel.root.evaluate(TOO_WIDE) == []


def test_it_opens_wide_enough_and_holds_at_280_pixels_light_and_dark(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab, lab.notebook("narrow.ipynb", ""))
    panel = Panel(page)
    page.wait_for_function("document.querySelector('#autoanalyst-panel').clientWidth >= 355")
    page.evaluate(NARROW)
    page.wait_for_function("Math.abs(document.querySelector('#autoanalyst-panel').clientWidth - 280) < 3")
    assert_sound(panel)
    shot(page, "looks_280_greeting")
    panel.answered("Which city is ahead?")
    assert_sound(panel)
    shot(page, "looks_280_light")
    run(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    shot(page, "looks_280_dark")
    panel.button("History").click()
    assert_sound(panel)
    shot(page, "looks_280_dark_history")


def test_at_twice_the_size_nothing_is_lost(browser: Browser, lab: Lab) -> None:
    path = lab.notebook("zoomed.ipynb", "")
    page = browser.new_context(
        viewport={"width": 700, "height": 450}, device_scale_factor=2, reduced_motion="reduce"
    ).new_page()
    page.set_default_timeout(SECONDS)
    load(page, lab, path)
    panel = Panel(page)
    panel.answered("Which city is ahead?")
    assert_sound(panel)
    expect(panel.composer).to_be_in_viewport()
    shot(page, "looks_zoomed")


def test_after_a_reload_the_cursor_stays_in_the_notebook(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab, lab.notebook("focused.ipynb", "x = 1"))
    panel = Panel(page)
    expect(panel.composer).to_be_focused()
    save_workspace(page)
    load(page, lab, reset=False)
    root = page.locator("#autoanalyst-panel")
    expect(root.get_by_role("button", name="Send")).to_be_visible(timeout=SECONDS)
    assert page.evaluate(FOCUS_IS_OURS) is False
    open_notebook(page, "focused.ipynb")
    assert page.evaluate(FOCUS_IS_OURS) is False


def save_workspace(page: Page) -> None:
    """JupyterLab keeps its layout a moment after it has changed; a reload then finds it."""
    page.evaluate(
        """async () => {
            const { workspaces } = window.jupyterapp.serviceManager;
            const { workspace } = JSON.parse(document.getElementById('jupyter-config-data').textContent);
            for (;;) {
                const { data } = await workspaces.fetch(workspace);
                const right = data['layout-restorer:data']?.right;
                if (right?.current === 'autoanalyst-panel' && right?.collapsed === false) {
                    return;
                }
            }
        }"""
    )


def test_who_types_in_the_notebook_goes_on_typing_while_an_answer_streams(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab, lab.notebook("typing.ipynb", ""))
    panel = Panel(page)
    panel.ask("Tell it slowly")
    cell = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
    cell.click()
    cell.press_sequentially("abc = 1")
    panel.wait_for_answers(1)
    expect(cell).to_be_focused()
    expect(cell).to_have_text("abc = 1")


def test_asking_history_and_renaming_need_no_mouse(browser: Browser, lab: Lab) -> None:
    page = open_page(browser, lab, lab.notebook("keys.ipynb", ""))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+A")
    panel = Panel(page)
    expect(panel.composer).to_be_focused()
    page.keyboard.type("By keyboard alone")
    page.keyboard.press("Enter")
    panel.wait_for_answers(1)
    page.keyboard.press("F2")
    field = panel.root.get_by_role("textbox", name="Title of this chat")
    expect(field).to_be_focused()
    page.keyboard.type("Renamed")
    page.keyboard.press("Enter")
    expect(panel.root.get_by_role("heading", name="Renamed")).to_be_visible()
    page.keyboard.press("Tab")
    expect(panel.button("History")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.root.get_by_role("button", name="Renamed").first).to_be_visible()
    assert page.evaluate(FOCUS_IS_OURS)
    assert_sound(panel)
