"""`ChatSession`: one chat on one notebook, while it is open. Ask, stop, approve."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..agents import mentions
from ..agents.conversation import Conversation
from ..agents.loop import Loop
from ..agents.planner import MakePlan
from ..agents.registry import AgentRegistry
from ..errors import BadRequest, LimitReached, NotFound, Refused
from ..logs import logger, of_run
from ..notebooks.base import Notebook
from ..policy.approvals import Approvals
from ..policy.effects import NamesBefore
from ..policy.egress import describe
from ..policy.principal import Principal
from ..policy.rules import may_use_model
from ..providers.registry import ProviderRegistry
from ..providers.settings import wire_settings
from ..store.chats import Chats
from ..store.choices import ChoiceStore
from ..store.histories import Histories
from ..store.runs import NewRun, Runs
from ..store.tool_calls import ToolCalls
from ..tools.abstain import Abstain
from ..tools.base import Tool
from ..tools.inspect_data import InspectData
from ..tools.run_cell import RunCell
from ..tools.turn import Permissions, Turn
from ..types.agents import AgentSpec
from ..types.chats import Chat
from ..types.events import Notice, RunEvent
from ..types.runs import Choices, EgressLevel, ModelSettings, RunLimits
from ..usage.ledger import Ledger
from ..usage.meter import CallContext, MeteredModel
from .record import RunRecord
from .run import LiveRun, Request

if TYPE_CHECKING:
    from pydantic_ai.models import Model

PLANNER = "planner"


@dataclass(frozen=True)
class Services:
    """What every session works with; built once, by the engine."""

    providers: ProviderRegistry
    agents: AgentRegistry
    approvals: Approvals
    ledger: Ledger
    chats: Chats
    runs: Runs
    calls: ToolCalls
    histories: Histories
    choices: ChoiceStore


@dataclass(frozen=True)
class Defaults:
    """What holds where neither the run, the chat nor the principal chose."""

    choices: Choices
    timeout_seconds: float
    level: EgressLevel
    limits: RunLimits


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
        self._defaults = defaults
        self._folder = folder
        self._owned_kernel = owned_kernel
        self._live: LiveRun | None = None
        self._busy = False
        self._stop_wanted = False

    async def ask(
        self,
        question: str,
        *,
        agents: Sequence[str] = (),
        choices: Choices | None = None,
        permissions: Permissions | None = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """Answer a question. The events end with `RunFinished`; one question at a time.

        Raises `BadRequest`, `UnknownAgent`, `UnknownModel`, `KeyMissing` or `Refused` before
        anything is written or sent; whatever happens later is in the answer.
        """
        if self._busy:
            raise LimitReached(
                "This chat is still answering a question. Stop it, or wait until it has ended."
            )
        self._busy, self._stop_wanted = True, False
        permissions = permissions or Permissions()
        try:
            request = await self._request(question, agents, choices or Choices())
            self._check_model(request.model, permissions)
            model = self._services.providers.resolve(request.model, settings=request.settings)
            live = self._live = await self._prepare(request, permissions)
            if self._stop_wanted:
                live.stop()
            with of_run(run_id=live.id, principal=self._principal.id):
                logger().info("run started", model=request.model, agents=[a.name for a in request.agents])
                async with model, aclosing(live.events(self._loop(live.id, request, model))) as events:
                    async for event in events:
                        yield event
        finally:
            if self._live is not None:
                self._services.approvals.revoke(self._live.id)
            self._live, self._busy = None, False

    def stop(self) -> None:
        """Stop the question that is being answered; its events then end by themselves."""
        self._stop_wanted = True
        if self._live is not None:
            self._live.stop()

    def approve(self, call_id: str, code_hash: str, *, yes: bool, remember: bool = False) -> None:
        """Say yes or no to exactly this code; `remember` lets safe cells run from now on."""
        if self._live is None:
            raise NotFound("Nothing is being asked in this chat, so there is nothing to approve.")
        self._services.approvals.answer(self._live.id, call_id, code_hash, yes=yes, remember=remember)

    async def _request(self, question: str, agents: Sequence[str], choices: Choices) -> Request:
        """Everything that can be wrong with a question is found here, before anything happens."""
        registry = self._services.agents
        # A lone half of a character (a broken argument of a command line) cannot be stored or sent.
        question = question.encode("utf-8", "replace").decode()
        tables = [table.name for table in await self.notebook.tables()]
        named = mentions.parse(question, tables=tables, is_agent=registry.knows)
        if not named.question.strip():
            raise BadRequest("The question is empty. Write what you want to know about the data.")
        specs = [registry.get(name) for name in (*agents, *named.agents)] or [registry.get(PLANNER)]
        chosen = await self._choices(choices)
        assert chosen.model is not None, "the defaults always name a model"
        settings = ModelSettings(
            temperature=chosen.temperature,
            max_tokens=chosen.max_tokens,
            timeout_seconds=self._defaults.timeout_seconds,
        )
        return Request(
            question=question,
            agents=tuple(dict.fromkeys(specs)),
            task=named.question,
            model=chosen.model,
            settings=settings,
            level=self._defaults.level,
            in_process=self._services.providers.split(chosen.model)[0].in_process,
        )

    async def _choices(self, choices: Choices) -> Choices:
        """The run's choices over the chat's, over the principal's, over the configured ones."""
        store, who = self._services.choices, self._principal.id
        of_chat = await store.of_chat(who, self.chat.id)
        return choices.over(of_chat).over(await store.of_principal(who)).over(self._defaults.choices)

    def _check_model(self, model: str, permissions: Permissions) -> None:
        provider, _ = self._services.providers.split(model)
        base_url = self._services.providers.base_url(provider)
        if reason := may_use_model(model, base_url, permissions.rules):
            raise Refused(reason, model=model)

    async def _prepare(self, request: Request, permissions: Permissions) -> LiveRun:
        """Everything that a run needs. What can fail comes first; then the run is written down."""
        services, who = self._services, self._principal.id
        conversation = Conversation.load(await services.histories.load(who, self.chat.id))
        names = NamesBefore(
            existing=await self.notebook.names(), owned=self._owned_kernel, folder=self._folder
        )
        notices = await self._notices(request)
        run_id = await self._open(request, permissions)
        record = RunRecord(
            principal=who,
            chat_id=self.chat.id,
            run_id=run_id,
            chats=services.chats,
            runs=services.runs,
            calls=services.calls,
            histories=services.histories,
            ledger=services.ledger,
        )
        turn = Turn(
            run_id=run_id,
            notebook=self.notebook,
            permissions=permissions,
            approvals=services.approvals,
            record=record,
            limits=self._defaults.limits,
            names=names,
            earlier=conversation.cells(),
        )
        return LiveRun(
            id=run_id,
            chat_id=self.chat.id,
            request=request,
            turn=turn,
            registry=services.agents,
            conversation=conversation,
            record=record,
            notices=notices,
        )

    async def _open(self, request: Request, permissions: Permissions) -> str:
        """Write down the question and that a run begins; returns the run's id."""
        who, services = self._principal.id, self._services
        message = await services.chats.append(who, self.chat.id, role="user", text=request.question)
        run = NewRun(
            chat_id=self.chat.id,
            question_id=message.id,
            agents=tuple(agent.name for agent in request.agents),
            model=request.model,
            mode=permissions.mode,
            egress_level=request.level,
        )
        return (await services.runs.start(who, run)).id

    async def _notices(self, request: Request) -> tuple[Notice, ...]:
        """Before a provider is used for the first time: what will leave for it."""
        provider, _ = self._services.providers.split(request.model)
        if provider.in_process or await self._services.ledger.has_used(self._principal.id, provider.name):
            return ()
        return (Notice(code="first_use", text=f"{provider.title}, first use. {describe(request.level)}"),)

    def _loop(self, run_id: str, request: Request, model: "Model") -> Loop:
        """The loop of one run: its tools, and a metered model for each agent."""
        provider, name = self._services.providers.split(request.model)

        def model_for(agent: AgentSpec) -> MeteredModel:
            context = CallContext(
                principal_id=self._principal.id,
                chat_id=self.chat.id,
                run_id=run_id,
                agent=agent.name,
                provider=provider.name,
                model=name,
                title=provider.title,
                in_process=provider.in_process,
                level="rows" if provider.in_process else request.level,
            )
            return MeteredModel(model, ledger=self._services.ledger, context=context)

        tools: dict[str, Tool] = {tool.name: tool for tool in (RunCell(), InspectData(), Abstain())}
        loop = Loop(
            tools=tools,
            model_for=model_for,
            settings=wire_settings(request.settings),
            silence_seconds=request.settings.timeout_seconds,
        )
        tools[MakePlan.name] = MakePlan(self._services.agents, loop)
        return loop
