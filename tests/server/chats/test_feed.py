"""What one run says, for whoever watches, however late they come."""

import asyncio

from autoanalyst_ext.chats.feed import Feed
from autoanalyst_ext.errors import UnknownModel
from autoanalyst_ext.types.cells import OutputChange
from autoanalyst_ext.types.events import (
    CellOutput,
    Notice,
    RunEvent,
    RunFinished,
    StepStarted,
    TextDelta,
)
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.tab import RunRefused, RunTold

END = RunFinished(answer=Answer(status="answered", answer="Yes.", run_id="r", chat_id="c"))


def text(piece: str, step: int = 1) -> TextDelta:
    return TextDelta(step=step, text=piece)


def fed(*events: RunEvent) -> Feed:
    feed = Feed("r")
    for event in events:
        feed.put(event)
    return feed


async def read(feed: Feed, after: int = 0) -> list[RunTold | RunRefused]:
    return [item async for item in feed.after(after)]


def events(items: list[RunTold | RunRefused]) -> list[RunEvent]:
    return [item.event for item in items if isinstance(item, RunTold)]


def test_text_that_nobody_has_heard_comes_in_one_piece_per_step() -> None:
    feed = fed(text("a"), text("b"), StepStarted(step=2, agent="x"), text("c", 2), text("d", 2), END)
    items = asyncio.run(read(feed))
    assert [item.seq for item in items] == [1, 2, 3, 4]
    assert events(items) == [text("ab"), StepStarted(step=2, agent="x"), text("cd", 2), END]


def test_what_was_heard_once_stays_as_it_was_heard() -> None:
    async def scene() -> None:
        feed = fed(text("a"))
        watcher = feed.after(0)
        first = await anext(watcher)
        feed.put(text("b"))
        feed.put(text("c"))
        feed.put(END)
        rest = [item async for item in watcher]
        assert events([first, *rest]) == [text("a"), text("bc"), END]
        assert await read(feed) == [first, *rest]

    asyncio.run(scene())


def test_every_number_is_a_place_to_go_on_from() -> None:
    feed = fed(*(Notice(code="n", text=str(number)) for number in range(5)), END)
    items = asyncio.run(read(feed))
    for after in range(len(items) + 1):
        assert asyncio.run(read(feed, after)) == items[after:]
    assert asyncio.run(read(feed, 99)) == []
    assert asyncio.run(read(feed, -1)) == items


def test_watchers_wait_for_news_and_all_get_the_end() -> None:
    async def scene() -> None:
        feed = Feed("r")
        watchers = [asyncio.create_task(read(feed)) for _ in range(3)]
        await asyncio.sleep(0)
        feed.put(Notice(code="n", text="1"))
        await asyncio.sleep(0)
        feed.put(END)
        feed.put(Notice(code="n", text="too late"))
        assert feed.is_over
        for items in await asyncio.gather(*watchers):
            assert events(items) == [Notice(code="n", text="1"), END]

    asyncio.run(scene())


def test_a_refused_run_says_only_that() -> None:
    feed = Feed("r")
    feed.refuse(UnknownModel("There is no such model.", model="x"))
    (refused,) = asyncio.run(read(feed))
    assert isinstance(refused, RunRefused)
    assert (refused.seq, refused.code, refused.detail) == (1, "unknown_model", {"model": "x"})


def test_outputs_are_not_told() -> None:
    feed = fed(CellOutput(cell_id="c", change=OutputChange(op="clear")), END)
    assert events(asyncio.run(read(feed))) == [END]
