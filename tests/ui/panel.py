"""The analyst's panel in a page, as a person finds their way in it: by roles and names, not by classes."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .lab import run


class Panel:
    """The side panel of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        run(page, "autoanalyst:open")
        self.root = page.locator("#autoanalyst-panel")
        self.composer = self.root.get_by_role("combobox").or_(self.root.locator("textarea")).first
        expect(self.composer).to_be_visible()

    def write(self, text: str) -> None:
        """Write into the composer, as a person does."""
        self.composer.click()
        self.composer.fill(text)

    def ask(self, question: str) -> None:
        """Ask and do not wait."""
        self.write(question)
        self.page.keyboard.press("Enter")

    def turn(self, index: int = -1) -> Locator:
        """A turn: question, run card, answer."""
        turns = self.root.locator(".jp-AnalystChat-turn")
        return turns.last if index == -1 else turns.nth(index)

    def answered(self, question: str) -> Locator:
        """Ask, and wait for the end; returns the turn."""
        before = self.root.get_by_role("button", name="What was sent").count()
        self.ask(question)
        self.wait_for_answers(before + 1)
        return self.turn()

    def wait_for_answers(self, count: int) -> None:
        """Wait until this many turns have ended."""
        expect(self.root.get_by_role("button", name="What was sent")).to_have_count(count)

    def text(self) -> str:
        """All that is written in the panel."""
        return re.sub(r"\s+", " ", self.root.inner_text())

    def button(self, name: str, *, exact: bool = False) -> Locator:
        """A button by its name, or by a part of it."""
        return self.root.get_by_role("button", name=name, exact=exact)


def names_of(found: Locator) -> list[Any]:
    """The texts of all that was found."""
    return [text.strip() for text in found.all_inner_texts()]
