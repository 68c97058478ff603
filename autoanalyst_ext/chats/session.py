"""`ChatSession`: one chat on one notebook, while it is open. Ask, stop, approve."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path

from ..errors import LimitReached, NotFound, UnknownModel
from ..logs import logger, of_run
from ..notebooks.base import Notebook
from ..policy.principal import Principal
from ..store.runs import NewRun
from ..tools.turn import Permissions, Turn
from ..types.chats import Chat
from ..types.events import Notice, RunEvent
from ..types.runs import Choices
from ..types.wire import FoundReceipt
from ..usage.owner import this_process
from .candidates import Found, Search, search
from .ending import Ending
from .minds import Minds
from .receipts import Asked
from .record import RunRecord
from .replay import Replay
from .request import Origin, Request, Written
from .run import LiveRun
from .scene import Scene, look_around
from .services import Defaults, Services
from .settling import Settling


class ChatSession:
    """A chat that questions can be asked in."""

    def __init__(
        self,
        chat: Chat,
        *,
        principal: Principal,
        notebook: Notebook,
        services: Services,
        defaults: Defaults,
        folder: Path | None = None,
        owned_kernel: bool = False,
    ) -> None:
        self.chat = chat
        self.notebook = notebook
        self._principal = principal
        self._services = services
        self._folder = folder
        self._owned_kernel = owned_kernel
        self._checks = defaults.offline_check
        self._settling = Settling(services, defaults, principal=principal.id, chat_id=chat.id)
        self._minds = Minds(services, principal=principal.id, chat_id=chat.id, plan_tool=defaults.plan_tool)
        self._live: LiveRun | None = None
        self._busy = False
        self._stop_wanted = False
        self._settled = False

    @property
    def is_settled(self) -> bool:
        """Whether a question is being answered that nothing is wrong with: it ends as a run that is kept."""
        return self._settled

    async def ask(
        self,
        question: str,
        *,
        agents: Sequence[str] = (),
        choices: Choices | None = None,
        permissions: Permissions | None = None,
        scope: Sequence[str] = (),
        receipts: Sequence[FoundReceipt] | None = None,
        fresh: bool = False,
        follows: str | None = None,
        origin: Origin | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Answer a question. The events end with `RunFinished`; one question at a time.

        `scope` names the tables that it is limited to; `follows` is the question before it, empty for none,
        None for the last other one of the chat. `receipts`: what was found with its cell, most
        likely first; where one fits, or one of the store, it is answered as it was before and no model
        is called. None: the question is no cell's, and always asked anew; `fresh` does the same and says so.
        Raises `BadRequest`, `UnknownAgent`, `UnknownModel`, `KeyMissing` or `Refused` before
        anything is written or sent; whatever happens later is in the answer.
        """
        if self._busy:
            raise LimitReached(
                "This chat is still answering a question. Stop it, or wait until it has ended."
            )
        self._busy, self._stop_wanted = True, False
        permissions, origin = permissions or Permissions(), origin or Origin()
        try:
            chosen = choices or Choices()
            written = Written(agents=tuple(agents), model=chosen.model, scope=tuple(scope), follows=follows)
            settle = self._settling.request
            request = await settle(question, written, chosen, origin, self.notebook)
            if origin.load is not None and (origin.names_file or not request.tables):
                self._minds.model(request, permissions.rules)  # what is wrong comes before what is done
                if await origin.load():
                    request = await settle(question, written, chosen, origin, self.notebook)
            scene = await self._look(request)
            found = await self._search(scene.asked, receipts, fresh=fresh)
            model = None if found.found else self._minds.model(request, permissions.rules)
            self._settled = True
            live = self._live = await self._prepare(request, permissions, scene, found, origin)
            if self._stop_wanted:
                live.stop()
            with of_run(run_id=live.id, principal=self._principal.id):
                names = [agent.name for agent in request.agents]
                logger().info("run started", model=request.model, agents=names, replay=model is None)
                where = origin.notebook or origin.asked_in
                think = partial(self._minds.open, live.id, request, permissions.rules, model, where)
                async with aclosing(live.events(think)) as events:
                    async for event in events:
                        yield event
        finally:
            if self._live is not None:
                self._services.approvals.revoke(self._live.id)
            self._live, self._busy, self._settled = None, False, False

    def stop(self) -> None:
        """Stop the question that is being answered; its events then end by themselves."""
        self._stop_wanted = True
        if self._live is not None:
            self._live.stop()

    def tell(self, event: RunEvent) -> bool:
        """Let the run say this too, of its notebook; False where no run has begun."""
        if self._live is None:
            return False
        self._live.tell(event)
        return True

    def approve(self, call_id: str, code_hash: str, *, yes: bool, remember: bool = False) -> None:
        """Say yes or no to exactly this code; `remember` lets safe cells run from now on."""
        if self._live is None:
            raise NotFound("Nothing is being asked in this chat, so there is nothing to approve.")
        self._services.approvals.answer(self._live.id, call_id, code_hash, yes=yes, remember=remember)

    async def _look(self, request: Request) -> Scene:
        return await look_around(
            request,
            self.notebook,
            self._services,
            principal=self._principal.id,
            chat_id=self.chat.id,
            folder=self._folder,
            owned_kernel=self._owned_kernel,
        )

    async def _search(self, asked: Asked, receipts: Sequence[FoundReceipt] | None, *, fresh: bool) -> Search:
        """A recorded answer that fits."""
        if receipts is None:
            return Search()
        stored = await self._services.receipts.find(self._principal.id, asked.question)
        return search(asked, receipts, stored, fresh=fresh)

    async def _prepare(
        self, request: Request, permissions: Permissions, scene: Scene, found: Search, origin: Origin
    ) -> LiveRun:
        """Everything that a run needs; the run is written down."""
        services, who = self._services, self._principal.id
        run_id = await self._open(request, permissions, found.found, origin)
        record = RunRecord(
            principal=who,
            chat_id=self.chat.id,
            run_id=run_id,
            chats=services.chats,
            runs=services.runs,
            calls=services.calls,
            histories=services.histories,
            receipts=services.receipts,
            events=services.events,
            ledger=services.ledger,
            told=origin.told,
        )
        turn = Turn(
            run_id=run_id,
            notebook=self.notebook,
            permissions=permissions,
            approvals=services.approvals,
            record=record,
            limits=self._settling.limits(origin),
            names=scene.names,
            earlier=scene.asked.cells,
            made=set(scene.asked.made),
        )
        return LiveRun(
            id=run_id,
            chat_id=self.chat.id,
            request=request,
            turn=turn,
            registry=services.agents,
            conversation=scene.conversation,
            record=record,
            asked=scene.asked,
            ending=Ending(run_id, self.chat.id, request.question),
            checks=self._checks and not request.model.startswith("offline:"),
            replay=self._replay(found.found, turn),
            notices=_notices(request, found),
        )

    def _replay(self, found: Found | None, turn: Turn) -> Replay | None:
        if found is None:
            return None
        try:
            in_process = self._services.providers.split(found.receipt.answered_by)[0].in_process
        except UnknownModel:
            in_process = True  # Who knows what it saw: nothing of it leaves.
        return Replay(found, turn, in_process=in_process)

    async def _open(
        self, request: Request, permissions: Permissions, found: Found | None, origin: Origin
    ) -> str:
        """Write down the question and that a run begins; returns the run's id."""
        who, services = self._principal.id, self._services
        message = await services.chats.append(who, self.chat.id, role="user", text=request.question)
        run = NewRun(
            id=origin.run_id,
            notebook=origin.notebook,
            owner=this_process(),
            chat_id=self.chat.id,
            question_id=message.id,
            agents=tuple(agent.name for agent in request.agents),
            model=found.receipt.answered_by if found else request.model,
            mode=permissions.mode,
            egress_level=request.level,
        )
        return (await services.runs.start(who, run)).id


def _notices(request: Request, found: Search) -> tuple[Notice, ...]:
    """What the user should know before the run begins."""
    notices = [Notice(code="asked_anew", text=found.notice)] if found.notice else []
    if request.instead_of is not None and not found.found:
        text = f"The offline analyst answers first, for nothing. {request.instead_of} is not asked."
        notices.append(Notice(code="offline_first", text=text))
    return tuple(notices)
