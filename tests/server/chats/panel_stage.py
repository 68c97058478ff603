"""A panel for the tests: an engine with a house, a real kernel, pages, a scripted model, a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from autoanalyst_ext.chats.tab_relay import TabRelay
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.policy.principal import Principal
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.providers.scripted import ScriptedModel
from autoanalyst_ext.types.panel import ApprovalAnswer, RunOrder

from .desk import TABLE, OneModel
from .local_house import LocalHouse
from .page import Message, PanelPage

BOOK = "book.ipynb"
SECONDS = 30


class PanelStage:
    """All of it; tests take what they need."""

    def __init__(self, engine: Engine, house: LocalHouse, kernel: str, model: ScriptedModel) -> None:
        self.engine, self.house, self.kernel, self.model = engine, house, kernel, model
        self.runs, self.who = engine.live_runs, engine.principal
        self.pages: list[PanelPage] = []
        self.chat = ""

    def open(self, *paths: str, tab: str = "", who: Principal | None = None) -> PanelPage:
        """A page that has these notebooks open, or the one notebook."""
        relay = TabRelay(self.engine, who or self.who)
        page = PanelPage(relay, self.house, self.kernel, *(paths or (BOOK,)), tab=tab)
        self.pages.append(page)
        return page

    async def leave(self, page: PanelPage) -> None:
        self.pages.remove(page)
        await page.close()

    async def start(self, question: str, page: PanelPage, *, path: str = BOOK, **more: Any) -> str:
        """Order a run; its id. The page watches it."""
        self.chat = self.chat or (await self.engine.chats.create(self.who, question)).id
        chat = more.pop("chat", self.chat)
        given = {"model": "scripted:test", "notebook": {"path": path, "kernel": self.kernel}, **more}
        order = RunOrder.model_validate({"question": question, "tab": page.tab, **given})
        ticket = await self.runs.start(self.who, chat, order)
        page.watch(ticket.run)
        return ticket.run

    async def ask(self, question: str, page: PanelPage, **more: Any) -> list[Message]:
        """Order a run and wait for its end: all that the page is told of it."""
        return await page.hears_end(await self.start(question, page, **more))

    def says(self, run: str, asked: Message, *, yes: bool = True, code_hash: str = "") -> None:
        """Answer an approval."""
        answer = ApprovalAnswer(code_hash=code_hash or asked["code_hash"], yes=yes)
        self.runs.approve(self.who, run, asked["call_id"], answer)

    async def close(self) -> None:
        for page in self.pages:
            await page.close()


def at_a_panel(
    folder: Path,
    scene: Callable[[PanelStage], Awaitable[None]],
    replies: Iterable[Reply] = (),
    *,
    table: str = TABLE,
    **traits: Any,
) -> None:
    """Play `scene` with a kernel that holds `table`; the folder of its notebook is `folder`/work."""

    async def play() -> None:
        (folder / "work").mkdir(exist_ok=True)
        house, model = LocalHouse(folder / "work"), ScriptedModel(replies)
        home = {"data_dir": str(folder / "data"), "database_url": f"sqlite:///{folder}/data/test.db"}
        try:
            kernel = await house.start()
            async with Engine(**{**home, **traits}) as engine:
                engine.house = house
                engine.providers.add(OneModel(model))
                stage = PanelStage(engine, house, kernel, model)
                try:
                    if table:
                        page = stage.open()
                        await page.hands.run(table)
                        await stage.leave(page)
                    await scene(stage)
                finally:
                    await stage.close()
        finally:
            await house.close()

    asyncio.run(asyncio.wait_for(play(), SECONDS))
