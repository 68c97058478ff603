"""The history: chats are found again, as they were, under the name of their first question."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection, update

from autoanalyst_ext.policy.principal import here
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.tables import chats

from .lab import Lab, reload, running_lab, shot
from .panel import Panel, names_of

HOUSES = """import pandas as pd
houses = pd.DataFrame({"area": range(100, 130), "price": range(1000, 1030), "city": ["Bern", "Basel"] * 15})
"""
CELLS = (HOUSES,)
OLD = 70
"""Chats that are there before the first test."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab of somebody who has asked much: a chat of yesterday, and one of each day before it."""
    folder = tmp_path_factory.mktemp("lab")
    # In a thread: the browser's own event loop runs in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _asked(folder / "data" / "autoanalyst" / "autoanalyst.db")).result()
    with running_lab(folder) as started:
        yield started


async def _asked(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    store, who = Chats(database), here().id
    # By this machine's clock, which the browser's is too.
    noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    for days in range(1, OLD + 1):
        chat = await store.create(who, f"Question {days} of long ago")
        await store.append(who, chat.id, "user", chat.title)
        await store.append(who, chat.id, "analyst", f"The answer is **{days}**.")
        await database.write(partial(_was_active, chat.id, noon - timedelta(days=days)))
    await database.close()


def _was_active(chat: str, at: datetime, connection: Connection) -> None:
    connection.execute(update(chats).where(chats.c.id == chat).values(active_at=at))


def history(panel: Panel) -> Locator:
    """Show the history."""
    panel.root.get_by_role("button", name="History", exact=True).click()
    found = panel.root.get_by_role("region", name="History")
    expect(found).to_be_visible()
    return found


def titles(found: Locator) -> list[str]:
    """The titles in the history, from the top."""
    # By their tooltips: what is out of view is not rendered, and has no text then.
    read: list[str] = found.locator("[data-chat]").evaluate_all(
        "rows => rows.map(row => row.title.split('\\n')[0])"
    )
    return read


def row(found: Locator, title: str) -> Locator:
    """A chat in the history."""
    return found.locator("li").filter(has=found.page.get_by_text(title, exact=True))


def test_chats_are_grouped_by_day_and_come_in_pages_with_none_twice(page: Page) -> None:
    found = history(Panel(page))
    expect(found.locator("[data-chat]").first).to_be_visible()
    days = names_of(found.get_by_role("heading"))
    assert days[-2:] == ["Yesterday", "Earlier"], days
    assert names_of(found.get_by_role("region", name="Yesterday").locator("[data-chat]"))[0].startswith(
        "Question 1 of long ago"
    )
    shot(page, "history_days")
    first_page = len(titles(found))
    assert first_page < OLD
    last = found.get_by_text(f"Question {OLD} of long ago", exact=True)
    rows = found.locator("[data-chat]")
    while not last.is_visible():
        before = rows.count()
        rows.last.scroll_into_view_if_needed()
        found.locator(".jp-Analyst-historyList").evaluate("node => node.scrollTo(0, node.scrollHeight)")
        expect(rows.nth(before).or_(last).first).to_be_attached()
    earlier = titles(found.get_by_role("region", name="Earlier"))
    expected = [f"Question {days} of long ago" for days in range(2, OLD + 1)]
    # Chats that other tests have changed meanwhile stand elsewhere, or are gone.
    assert earlier == [title for title in expected if title in earlier]
    assert len(earlier) >= OLD - 4


def test_titles_are_searched_while_one_types(page: Page) -> None:
    found = history(Panel(page))
    search = found.get_by_role("searchbox", name="Search titles")
    expect(search).to_be_focused()
    search.fill("QUESTION 33")
    expect(found.locator("[data-chat]")).to_have_count(1)
    assert titles(found) == ["Question 33 of long ago"]
    shot(page, "history_search")
    search.fill("nothing like it")
    expect(found).to_contain_text("No chat has “nothing like it” in its title.")
    search.press("Escape")
    expect(found.locator("[data-chat]").nth(5)).to_be_visible()


def test_a_chat_is_named_by_its_first_question_stands_on_top_and_reopens_as_it_was(page: Page) -> None:
    panel = Panel(page)
    expect(panel.root.get_by_text("houses, 30 rows")).to_be_visible()
    panel.answered("What is the average price?")
    panel.answered("List top 3 houses by area")
    panel.root.get_by_role("button", name="2 steps · 1 cell").first.click()
    live = names_of(panel.root.get_by_role("article"))
    shot(page, "history_live")
    panel.button("New chat").click()
    expect(panel.root.get_by_role("article")).to_have_count(0)
    found = history(panel)
    top = found.get_by_role("region", name="Today").locator("[data-chat]").first
    expect(top).to_contain_text("Average price")
    expect(top).to_contain_text("$0.00")
    shot(page, "history_top")
    top.click()
    expect(panel.root.get_by_role("article")).to_have_count(4)
    panel.root.get_by_role("button", name="2 steps · 1 cell").first.click()
    assert names_of(panel.root.get_by_role("article")) == live
    expect(panel.root.get_by_role("heading", name="Average price")).to_be_visible()
    shot(page, "history_reopened")


def test_an_old_chat_that_is_asked_again_is_newly_active_on_top(page: Page) -> None:
    panel = Panel(page)
    expect(panel.root.get_by_text("houses, 30 rows")).to_be_visible()
    found = history(panel)
    found.get_by_role("searchbox").fill("Question 20 of")
    row(found, "Question 20 of long ago").get_by_role("button").first.click()
    expect(panel.root.get_by_role("article", name="Your question")).to_have_text("Question 20 of long ago")
    panel.answered("What is the average price?")
    found = history(panel)
    expect(found.get_by_role("region", name="Today").locator("[data-chat]").first).to_contain_text(
        "Question 20 of long ago"
    )
    expect(row(found, "Question 20 of long ago")).to_have_count(1)


def test_chats_are_renamed_and_deleted_from_the_list(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    found = history(panel)
    found.get_by_role("searchbox").fill("Question 4")
    expect(found.locator("[data-chat]").first).to_contain_text("Question 4 of long ago")
    row(found, "Question 40 of long ago").get_by_role("button", name="Rename or delete").click()
    shot(page, "history_menu")
    page.get_by_role("menuitem", name="Rename…").click()
    field = found.get_by_role("textbox", name="Title of this chat")
    field.fill("Question 4 in better words")
    field.press("Enter")
    expect(row(found, "Question 4 in better words")).to_be_visible()
    row(found, "Question 41 of long ago").get_by_role("button").first.focus()
    page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete this chat?")
    shot(page, "history_delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(row(found, "Question 41 of long ago")).to_have_count(0)
    stored = [chat["title"] for chat in lab.ours("GET", "chats?search=Question%204")["chats"]]
    assert "Question 4 in better words" in stored
    assert "Question 41 of long ago" not in stored
    assert "Question 40 of long ago" not in stored


def test_stars_and_a_comment_are_there_after_a_reload(page: Page, lab: Lab) -> None:
    panel = Panel(page)
    expect(panel.root.get_by_text("houses, 30 rows")).to_be_visible()
    panel.answered("What is the average price?")
    panel.root.get_by_title("4 stars").click()
    expect(panel.root.get_by_role("radio", name="4 stars")).to_be_checked()
    comment = panel.root.get_by_role("textbox", name="Comment on this answer")
    comment.fill("Exact, and quick.")
    comment.press("Enter")
    expect(panel.root.get_by_text("Thank you.")).to_be_visible()
    shot(page, "history_stars")
    reload(page, lab)
    panel = Panel(page)
    expect(panel.root.get_by_role("radio", name="4 stars")).to_be_checked()
    panel.root.get_by_title("5 stars").click()
    expect(panel.root.get_by_role("textbox", name="Comment on this answer")).to_have_value(
        "Exact, and quick."
    )
