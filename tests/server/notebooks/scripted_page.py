"""A page of the browser, played: its cells, and its own connection to the kernel, as JupyterLab has it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient

from autoanalyst_ext.notebooks.tabs import Tabs
from autoanalyst_ext.types.tab import (
    CellSent,
    OpenNotebook,
    TabExecute,
    TabInsert,
    TabRemove,
    TabReplace,
    TabReplied,
    TabRestore,
    TabTakePlace,
    TabWanted,
    TabWithdraw,
)

from .rest_house import RestHouse

PATH = "work/houses.ipynb"
ME = "p1"


class ScriptedPage:
    """Carries out what it is asked, each request once."""

    def __init__(self, tabs: Tabs, house: RestHouse, kernel_id: str, *, tab: str = "") -> None:
        self.tab = tab or uuid4().hex
        self.cells: dict[str, str] = {}
        """Source by id, in the notebook's order."""
        self.wanted: list[TabWanted] = []
        self.restored: list[TabRestore] = []
        self.holds = False
        """True: it takes requests and does nothing."""
        self.runs_first = ""
        """A cell of the user's that comes just before one that it is to run."""
        self._tabs, self._house, self._kernel_id = tabs, house, kernel_id
        self._told: dict[str, list[CellSent | TabReplied]] = {}
        self._came = asyncio.Event()
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.line: Callable[[TabWanted], None] | None = None
        """By what it is reached, while it is connected."""
        self._client = AsyncKernelClient()
        self._client.load_connection_info(dict(house.connection(kernel_id) or {}))
        self._client.start_channels(iopub=False, stdin=False, hb=False)
        self._begin(self._read())

    @property
    def session(self) -> str:
        """What its messages to the kernel carry."""
        return str(self._client.session.session)

    # --- its life --------------------------------------------------------------------------------

    def connect(self, *paths: str, principal: str = ME) -> "ScriptedPage":
        """Say hello with these notebooks open."""
        self.line = lambda wanted: self._take(wanted)
        self._tabs.connect(principal, self.tab, self.line)
        self.opens(*(paths or (PATH,)))
        return self

    def opens(self, *paths: str) -> None:
        self._tabs.opened(self.tab, [OpenNotebook(path=path, kernel=self._kernel_id) for path in paths])

    def disconnect(self) -> None:
        if self.line is not None:
            self._tabs.disconnect(self.tab, self.line)
            self.line = None

    async def close(self) -> None:
        """Gone, and its connection to the kernel with it."""
        self.disconnect()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._client.stop_channels()

    async def asked(self, kind: type, times: int = 1) -> TabWanted:
        """The last request of this kind, once there were so many."""
        while len(found := [each for each in self.wanted if isinstance(each.do, kind)]) < times:
            self._came.clear()
            await self._came.wait()
        return found[-1]

    async def run(self, code: str) -> dict[str, Any]:
        """Run a cell as its user would; the kernel's reply."""
        return await self._replies[self.start(code)]

    def start(self, code: str, cell_id: str = "own") -> str:
        """Send a cell to the kernel; the message's id."""
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": True, "stop_on_error": True,
        }  # fmt: skip
        session = self._client.session
        message = session.msg("execute_request", content, metadata={"cellId": cell_id})
        number: str = message["header"]["msg_id"]
        self._replies[number] = asyncio.get_running_loop().create_future()
        self._client.shell_channel.socket.send_multipart(session.serialize(message))
        return number

    # --- its hands -------------------------------------------------------------------------------

    def _take(self, wanted: TabWanted) -> None:
        self.wanted.append(wanted)
        self._came.set()
        if self.holds:
            return
        if wanted.request in self._told:
            for message in self._told[wanted.request]:
                self._say(message)
            return
        self._told[wanted.request] = []
        do = wanted.do
        if isinstance(do, TabExecute):
            self._begin(self._execute(wanted.request, do))
            return
        error = None
        if isinstance(do, TabInsert):
            self._insert(do.cell_id, do.source, do.after)
        elif isinstance(do, TabReplace):
            error = self._replace(do)
        elif isinstance(do, TabRemove):
            self.cells.pop(do.cell_id, None)
        elif isinstance(do, TabTakePlace):
            error = self._take_place(do)
        elif isinstance(do, TabRestore):
            self.restored.append(do)
            after = do.after
            for cell in do.cells:
                self._insert(cell.cell_id, cell.source, after)
                after = cell.cell_id
        value = {}
        if isinstance(do, TabWithdraw):
            removed = [each.cell_id for each in do.cells if self.cells.get(each.cell_id) == each.expected]
            value = {"removed": removed, "kept": [c.cell_id for c in do.cells if c.cell_id not in removed]}
            for each in do.cells:
                if each.former and each.cell_id in removed:
                    self._insert(each.former.cell_id, each.former.source, each.cell_id)
            for cell_id in removed:
                del self.cells[cell_id]
        self._tell(wanted.request, TabReplied(request=wanted.request, value=value, error=error))

    def _insert(self, cell_id: str, source: str, after: str | None) -> None:
        if cell_id in self.cells:
            return
        order = list(self.cells.items())
        place = 1 + list(self.cells).index(after) if after in self.cells else len(order)
        self.cells = dict([*order[:place], (cell_id, source), *order[place:]])

    def _replace(self, do: TabReplace) -> str | None:
        if self.cells.get(do.cell_id) not in (do.expected, do.source):
            return "The cell was changed meanwhile, so it was left as it is."
        self.cells[do.cell_id] = do.source
        return None

    def _take_place(self, do: TabTakePlace) -> str | None:
        if self.cells.get(do.former.cell_id) != do.former.source:
            return "The cell was changed meanwhile, so it was left as it is."
        del self.cells[do.former.cell_id]
        return None

    async def _execute(self, request: str, do: TabExecute) -> None:
        if self.cells.get(do.cell_id) != do.expected:
            self._tell(request, TabReplied(request=request, error="The cell was changed meanwhile."))
            return
        if self.runs_first:
            self.start(self.runs_first)
        number = self.start(do.expected, do.cell_id)
        self._tell(request, CellSent(request=request, message=number))
        reply = await self._replies[number]
        value = {"status": reply["status"], "execution_count": reply.get("execution_count")}
        self._tell(request, TabReplied(request=request, value=value))

    def _tell(self, request: str, message: CellSent | TabReplied) -> None:
        self._told[request].append(message)
        self._say(message)

    def _say(self, message: CellSent | TabReplied) -> None:
        if self.line is None:
            return
        if isinstance(message, CellSent):
            self._tabs.sent(self.tab, message)
        else:
            self._tabs.replied(self.tab, message)

    async def _read(self) -> None:
        session, socket = self._client.session, self._client.shell_channel.socket
        while True:
            _, parts = session.feed_identities(await socket.recv_multipart())
            message = session.deserialize(parts)
            waiting = self._replies.get(message["parent_header"].get("msg_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(message["content"])

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
