"""What runs left in closed notebooks is kept within bounds."""

import asyncio

import pytest

from autoanalyst_ext.notebooks import leftovers
from autoanalyst_ext.notebooks.leftovers import KEPT, KEPT_SECONDS, Leftovers
from autoanalyst_ext.notebooks.pages import Page
from autoanalyst_ext.types.tab import TabCell, TabRestore, TabWanted

ME, BOOK = "p1", "book.ipynb"


def told_to_a_new_page(kept: Leftovers) -> list[str]:
    """The runs whose cells a page gets that opens the notebook now."""
    wanted: list[TabWanted] = []

    async def open_it() -> None:
        page = Page(ME, "tab")
        page.notebooks = {BOOK: None}
        page.connect(wanted.append)
        kept.tell(page)

    asyncio.run(open_it())
    return [each.run for each in wanted]


def cells(source: str = "x = 1") -> TabRestore:
    return TabRestore(after=None, cells=(TabCell(cell_id="a", source=source),))


def test_the_last_runs_are_kept_in_their_order() -> None:
    kept = Leftovers()
    for number in range(KEPT + 2):
        kept.keep(ME, BOOK, str(number), cells())
    assert told_to_a_new_page(kept) == [str(number) for number in range(2, KEPT + 2)]


def test_they_are_kept_for_an_hour() -> None:
    now = 0.0
    kept = Leftovers(clock=lambda: now)
    kept.keep(ME, BOOK, "early", cells())
    now = KEPT_SECONDS / 2
    kept.keep(ME, BOOK, "late", cells())
    now = KEPT_SECONDS
    assert told_to_a_new_page(kept) == ["late"]


def test_the_oldest_go_where_they_are_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "KEPT_BYTES", 1_100)
    kept = Leftovers()
    kept.keep(ME, BOOK, "small", cells())
    kept.keep(ME, BOOK, "big", cells("x" * 700))
    kept.keep(ME, BOOK, "last", cells())
    assert told_to_a_new_page(kept) == ["big", "last"]
    kept.keep(ME, BOOK, "huge", cells("x" * 2_000))
    assert not told_to_a_new_page(kept)
