"""`PanelRun`: one question of a panel, from the moment it was sent to its end, whoever still looks.

It waits its turn, has data loaded where there is none, asks, and tells everything to its feed. Which runs
there are is `live_runs.py`'s to know.
"""

import asyncio
from contextlib import aclosing
from functools import partial
from pathlib import Path

from ..datasets.beside import names_a_file
from ..errors import NotFound
from ..notebooks.tab import TabNotebook
from ..policy.principal import Principal
from ..tools.turn import Permissions
from ..types.chats import Chat
from ..types.events import RunEvent, RunFinished, RunStarted
from ..types.panel import ApprovalAnswer, NotebookPlace, RunOrder
from ..types.runs import Choices
from ..types.tab import RunningRun
from . import data_loading, failures
from .desk import PanelDesk
from .feed import Feed
from .fixing_notebook import FixingNotebook
from .news import announce
from .queues import Queues
from .request import Origin
from .session import ChatSession

STOPPED_EARLY = "Stopped before it began. Nothing was asked."


class PanelRun:
    """A run that a panel ordered. It begins at once; `see_through` must be awaited."""

    def __init__(
        self,
        run_id: str,
        order: RunOrder,
        chat: Chat,
        *,
        desk: PanelDesk,
        principal: Principal,
        queues: Queues,
    ) -> None:
        self.id, self.chat, self.principal = run_id, chat, principal
        self.feed = Feed(run_id)
        self._order, self._desk, self._queues = order, desk, queues
        self._place = _place(order)
        self._session: ChatSession | None = None
        self._told: list[RunEvent] = []
        """What was told before the run began."""
        self._stopping = False
        self._work = asyncio.create_task(self._in_turn(), name=f"panel run {run_id}")

    @property
    def as_running(self) -> RunningRun:
        """The run for a list of those that are under way."""
        return RunningRun(
            run=self.id, chat=self.chat.id, notebook=self._place.path, question=self._order.question
        )

    async def see_through(self) -> None:
        """Wait for its end; whatever happens, the feed has an end then."""
        await asyncio.wait([self._work])
        if self._work.cancelled():
            self.feed.end("stopped", STOPPED_EARLY)
        elif (error := self._work.exception()) is not None:
            failed = failures.told(self.id, error)
            self.feed.end(failed.code, failed.message, failed.detail)

    def stop(self) -> None:
        """Stop it, wherever it is; harmless when it has ended."""
        if self._stopping or self.feed.is_over:
            return
        if self._session is not None and self._session.is_settled:
            self._stopping = True
            self._session.stop()
        else:
            # Nothing is written yet: whatever it waits for (its turn, the kernel, a page) it waits no more.
            self._stopping = True
            self._work.cancel()

    def approve(self, call_id: str, answer: ApprovalAnswer) -> None:
        """Pass on a person's yes or no; raises `NotFound`, `Refused`."""
        if self._session is None:
            raise NotFound("Nothing is asked in this run, so there is nothing to approve.")
        self._session.approve(call_id, answer.code_hash, yes=answer.yes, remember=answer.remember)

    async def _in_turn(self) -> None:
        async with self._queues.turn(self.chat.id, self._place.path, self._tell):
            house, order = self._desk.house, self._order
            assert house is not None, "a desk without a house has no tabs either"
            notebook = FixingNotebook(
                self._desk.tabs,
                self._desk.witnesses,
                house,
                self._place,
                principal_id=self.principal.id,
                tab=order.tab,
                run_id=self.id,
                tell=self._tell,
                scope=order.scope,
                failed=order.fix,
            )
            try:
                await self._ask(notebook, house.folder(self._place.path))
            finally:
                await notebook.close()

    async def _ask(self, notebook: TabNotebook, folder: Path | None) -> None:
        order, own = self._order, self._order.settings
        may = self._permissions(notebook)
        load = None if order.fix or folder is None else partial(self._load, notebook, folder, may)
        session = self._session = self._desk.chats.open(
            self.chat, principal=self.principal, notebook=notebook, folder=folder
        )
        asking = session.ask(
            order.question,
            agents=order.agents,
            choices=Choices(model=order.model, temperature=own.temperature, max_tokens=own.max_tokens),
            permissions=may,
            scope=order.scope,
            origin=Origin(
                run_id=self.id,
                notebook=self._place.path,
                settings=own,
                fix=order.fix,
                told=self._told,
                load=load,
                names_file=not order.scope and names_a_file(order.question),
            ),
        )
        async with aclosing(asking) as events:
            async for event in events:
                self.feed.put(event)
                if isinstance(event, RunStarted | RunFinished):
                    await announce(self._desk, self.principal, self.chat.id)

    def _permissions(self, notebook: TabNotebook) -> Permissions:
        mode = self._desk.approvals.mode(notebook.id, self._order.mode or self._desk.mode)
        return Permissions(mode=mode, rules=self._desk.admin_rules, can_ask=True)

    async def _load(self, notebook: TabNotebook, folder: Path, may: Permissions) -> bool:
        """Load what the question means, if that is clear, and the cell that runs now does not load it."""
        question = self._order.question
        await notebook.settle()
        has_tables = bool(await notebook.tables())
        if has_tables and not names_a_file(question):
            return True
        loaded = await data_loading.load(
            question, notebook=notebook, folder=folder, permissions=may, beside_tables=has_tables
        )
        if loaded is not None:
            self._tell(loaded)
        return has_tables or loaded is not None

    def _tell(self, event: RunEvent) -> None:
        """Tell what is no event of an agent; once the run has begun, among its own and in their order."""
        if self._session is None or not self._session.tell(event):
            self._told.append(event)
            self.feed.put(event)


def _place(order: RunOrder) -> NotebookPlace:
    """Where its cells go: a repair stands below what it repairs."""
    if order.fix is None:
        return order.notebook
    return order.notebook.model_copy(update={"after": order.fix.cell_id})
