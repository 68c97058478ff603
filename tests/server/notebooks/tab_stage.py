"""A kernel of a real server, a page that has its notebook open, and a run that acts on it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from autoanalyst_ext.notebooks.channels import Message
from autoanalyst_ext.notebooks.tab import TabNotebook
from autoanalyst_ext.notebooks.tabs import Tabs
from autoanalyst_ext.notebooks.witnesses import Witnesses
from autoanalyst_ext.types.cells import Execution, OutputChange
from autoanalyst_ext.types.events import Parked, Resumed
from autoanalyst_ext.types.panel import NotebookPlace

from .rest_house import RestHouse
from .scripted_page import ME, PATH, ScriptedPage

SECONDS = 60


class Stage:
    """All of it; tests take what they need."""

    def __init__(self, house: RestHouse, kernel_id: str) -> None:
        self.house, self.kernel_id = house, kernel_id
        self.tabs, self.witnesses = Tabs(), Witnesses(house)
        self.told: list[str] = []
        """Why the run was parked, and `resumed`."""
        self.news = asyncio.Event()
        self.pages: list[ScriptedPage] = []
        self.page = self.new_page().connect()
        self.notebook = self.new_notebook()

    def new_page(self, tab: str = "") -> ScriptedPage:
        page = ScriptedPage(self.tabs, self.house, self.kernel_id, tab=tab)
        self.pages.append(page)
        return page

    def new_notebook(self, **options: Any) -> TabNotebook:
        place = NotebookPlace(path=PATH, kernel=self.kernel_id, after=options.pop("after", None))
        return TabNotebook(
            self.tabs, self.witnesses, self.house, place,
            principal_id=ME, tab=self.page.tab, run_id="r1", tell=self._tell, **options,
        )  # fmt: skip

    async def run(self, source: str, seconds: float | None = 30) -> tuple[list[OutputChange], Execution]:
        """Insert and execute a cell: its changes, and how it went."""
        cell = await self.notebook.insert(source)
        return await self.execute(cell.id, seconds)

    async def execute(self, cell_id: str, seconds: float | None = 30) -> tuple[list[OutputChange], Execution]:
        *changes, execution = [item async for item in self.notebook.execute(cell_id, seconds=seconds)]
        assert isinstance(execution, Execution)
        return [change for change in changes if isinstance(change, OutputChange)], execution

    async def cell(self, source: str, seconds: float | None = 30) -> Execution:
        return (await self.run(source, seconds))[1]

    async def began(self, source: str) -> "asyncio.Task[dict[str, Any]]":
        """The user runs a cell that prints first, and the witness has heard that; returned is its reply."""
        witness, printed = await self.witnesses.get(self.kernel_id), asyncio.Event()

        def hear(message: Message, _: int) -> None:
            if message["header"]["msg_type"] == "stream":
                printed.set()

        forget = witness.listen(hear)
        own = asyncio.create_task(self.page.run(source))
        await printed.wait()
        forget()
        return own

    async def was_told(self, what: str) -> None:
        while what not in self.told:
            self.news.clear()
            await self.news.wait()

    async def close(self) -> None:
        await self.notebook.close()
        for page in self.pages:
            await page.close()
        await self.witnesses.close()

    def _tell(self, event: Parked | Resumed) -> None:
        self.told.append(event.why if isinstance(event, Parked) else "resumed")
        self.news.set()


def play(house: RestHouse, scene: Callable[[Stage], Awaitable[None]], kernel: str = "python3") -> None:
    """Play a scene on a kernel of its own."""
    kernel_id = house.start(kernel)

    async def all_of_it() -> None:
        stage = Stage(house, kernel_id)
        try:
            async with asyncio.timeout(SECONDS):
                await scene(stage)
        finally:
            await stage.close()

    try:
        asyncio.run(all_of_it())
    finally:
        if house.connection(kernel_id) is not None:
            asyncio.run(house.end(kernel_id))
