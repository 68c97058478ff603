"""A chat of hundreds of questions: it opens at its end, earlier ones come as one scrolls, nothing jumps."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autoanalyst_ext.policy.principal import here
from autoanalyst_ext.providers.script import Match, Pace, Reply, Script
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.runs import NewRun, Runs
from autoanalyst_ext.types.runs import Answer

from .lab import Lab, open_page, running_lab, shot
from .panel import Panel

TURNS = 300
TITLE = "A long talk about houses"
WORDS = tuple(f"word {number}, which goes on with a few others.\n\n" for number in range(60))
"""An answer that takes a while, longer than the panel is high."""
ANSWER = "The answer to question {number} is **{number}**.\n\n" + "\n".join(
    f"- a line of {length * 7} signs " + "x " * (length * 4) for length in range(1, 8)
)
ELEMENTS = 4_000
"""At most in the panel while one is at its end, whatever one has scrolled through."""
ONE_TURN = 300
"""Higher than a turn. One that was never in view gets its height when it comes near; fifteen that are put
before what is in view would be thousands of pixels."""

PLACES = """
const box = document.querySelector('#autoanalyst-panel [role=log]');
const frame = () => new Promise(done => requestAnimationFrame(done));
const turns = () => [...box.querySelectorAll('.jp-AnalystChat-turn')];
const inView = () => turns().find(turn => turn.getBoundingClientRect().bottom > edge() + 20);
const edge = () => box.getBoundingClientRect().top;
const settled = async () => { for (let each = 0; each < 6; each++) { await frame(); } };
"""
STAYS = (
    "async () => {"
    + PLACES
    + """
    await settled();
    const turn = inView();
    const was = turn.getBoundingClientRect().top;
    let jump = 0;
    for (let each = 0; each < 10; each++) {
        await frame();
        jump = Math.max(jump, Math.abs(turn.getBoundingClientRect().top - was));
    }
    return jump;
}"""
)
"""How far what is in view moves by itself, once what was scrolled to is there."""
FOLLOW = (
    "async () => {"
    + PLACES
    + """
    await settled();
    const turn = inView();
    const was = turn.getBoundingClientRect().top;
    window.jump = 0;
    const look = () => {
        window.jump = Math.max(window.jump, Math.abs(turn.getBoundingClientRect().top - was));
        requestAnimationFrame(look);
    };
    look();
}"""
)
"""Notes how far what is in view moves from now on."""
AT_END = "() => {" + PLACES + "return box.scrollHeight - box.clientHeight - box.scrollTop < 32; }"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    slow = Reply(match=Match(user="slowly"), text=WORDS, pace=Pace(between=0.1))
    quick = Reply(match=Match(user=""), text="Here it is.")
    (folder / "script.json").write_text(Script(replies=(slow, quick)).model_dump_json())
    # In a thread: the browser's own event loop runs in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _asked(folder / "data" / "autoanalyst" / "autoanalyst.db")).result()
    with running_lab(folder, environment={"AUTOANALYST_MODEL": f"scripted:{folder}/script.json"}) as started:
        yield started


async def _asked(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    store, who = Chats(database), here().id
    chat = await store.create(who, TITLE)
    for number in range(1, TURNS + 1):
        question = await store.append(who, chat.id, "user", f"Question {number} of the long talk")
        await _answered(database, chat.id, question.id, ANSWER.format(number=number))
    await database.close()


async def _answered(database: Database, chat: str, question: str, text: str) -> None:
    store, runs, who = Chats(database), Runs(database), here().id
    asked = NewRun(
        chat_id=chat,
        question_id=question,
        agents=("planner",),
        model="offline:analyst",
        mode="auto",
        egress_level="statistics",
        notebook="long.ipynb",
    )
    run = await runs.start(who, asked)
    answer = Answer(status="answered", answer=text, run_id=run.id, chat_id=chat)
    await runs.finish(who, run.id, "answered", answer=answer)
    await store.append(who, chat, "analyst", text, run_id=run.id)


@pytest.fixture(scope="module")
def page(browser: Browser, lab: Lab) -> Iterator[Page]:
    """JupyterLab with a notebook and the panel."""
    opened = open_page(browser, lab, lab.notebook("long.ipynb", "numbers = [1, 2, 3]"))
    yield opened
    opened.context.close()


def opened(page: Page) -> tuple[Panel, Locator]:
    """Open the long chat from the history; its panel, and the box that scrolls."""
    panel = Panel(page)
    panel.button("History", exact=True).click()
    panel.root.get_by_role("region", name="History").get_by_text(TITLE).first.click()
    expect(panel.root.get_by_text(f"Question {TURNS} of the long talk")).to_be_in_viewport()
    page.wait_for_function(AT_END)
    return panel, panel.root.get_by_role("log", name="Questions and answers")


def elements(panel: Panel) -> int:
    """How many there are in the panel."""
    return panel.root.locator("*").count()


def distance_to_end(box: Locator) -> float:
    """How far the end is out of view, in pixels."""
    found: float = box.evaluate("box => box.scrollHeight - box.clientHeight - box.scrollTop")
    return found


def test_it_opens_at_its_end_quickly_and_typing_is_not_slowed(page: Page) -> None:
    panel = Panel(page)
    panel.button("History", exact=True).click()
    entry = panel.root.get_by_role("region", name="History").get_by_text(TITLE).first
    expect(entry).to_be_visible()
    seconds = page.evaluate(
        """async ([entry, last]) => {
            const start = performance.now();
            entry.click();
            const answers = () => [...document.querySelectorAll('#autoanalyst-panel .jp-AnalystChat-turn')];
            const there = () => answers().some(each => each.textContent.includes(last));
            while (!there()) {
                await new Promise(done => requestAnimationFrame(done));
            }
            return (performance.now() - start) / 1000;
        }""",
        [entry.element_handle(), f"answer to question {TURNS} is"],
    )
    expect(panel.root.get_by_text(f"Question {TURNS} of the long talk")).to_be_in_viewport()
    page.wait_for_function(AT_END)
    assert elements(panel) < ELEMENTS
    assert seconds < 6, seconds  # at rest it is less than one; build machines are slow
    typed = page.evaluate(
        """async field => {
            field.focus();
            const times = [];
            for (const sign of 'a question of some length') {
                const start = performance.now();
                document.execCommand('insertText', false, sign);
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                times.push(performance.now() - start);
            }
            return times.sort((one, other) => one - other)[times.length >> 1];
        }""",
        panel.composer.element_handle(),
    )
    assert typed < 150, typed
    panel.composer.fill("")
    shot(page, "long_opened")


def test_earlier_questions_come_while_one_scrolls_up_and_the_view_stays(page: Page) -> None:
    panel, box = opened(page)
    first = panel.root.get_by_text("Question 1 of the long talk", exact=True)
    jumps = []
    box.hover()
    while first.count() == 0 or box.evaluate("box => box.scrollTop") > 1:
        page.mouse.wheel(0, -2000)
        jumps.append(page.evaluate(STAYS))
    assert max(jumps) < ONE_TURN, [round(jump) for jump in jumps]
    assert sorted(jumps)[len(jumps) // 2] < 2
    expect(first).to_be_in_viewport()
    shot(page, "long_start")
    panel.button("Go to the end").click()
    expect(panel.root.get_by_text(f"Question {TURNS} of the long talk")).to_be_in_viewport()
    page.wait_for_function(AT_END)
    assert elements(panel) < ELEMENTS


def test_who_reads_further_up_is_left_alone_while_an_answer_streams(page: Page) -> None:
    panel, box = opened(page)
    panel.ask("Talk slowly")
    expect(panel.turn()).to_contain_text("word 20")
    assert distance_to_end(box) < 40
    box.hover()
    page.mouse.wheel(0, -2500)
    page.wait_for_function(
        "box => box.scrollHeight - box.clientHeight - box.scrollTop > 1000", arg=box.element_handle()
    )
    page.evaluate(FOLLOW)
    shot(page, "long_reading")
    expect(panel.turn()).to_contain_text("word 59")
    assert page.evaluate("window.jump") < 2
    assert distance_to_end(box) > 1000
