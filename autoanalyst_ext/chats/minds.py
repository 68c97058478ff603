"""`Minds`: opens the model that answers a question in a chat, with the loop and the meter around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ..agents.loop import Loop
from ..agents.planner import MakePlan
from ..errors import Refused
from ..policy.egress import describe
from ..policy.rules import AdminRules, may_use_model
from ..providers.settings import wire_settings
from ..tools.abstain import Abstain
from ..tools.base import Tool
from ..tools.inspect_data import InspectData
from ..tools.run_cell import RunCell
from ..tools.run_plan import RunPlan
from ..types.agents import AgentSpec
from ..types.events import Notice
from ..usage.call import CallContext
from ..usage.meter import MeteredModel
from .request import Mind, Request
from .services import Services

if TYPE_CHECKING:
    from pydantic_ai.models import Model


class Minds:
    """The models of one chat."""

    def __init__(self, services: Services, *, principal: str, chat_id: str, plan_tool: bool = False) -> None:
        self._services, self._plan_tool = services, plan_tool
        self._principal, self._chat_id = principal, chat_id

    def model(self, request: Request, rules: AdminRules) -> "Model":
        """The model that answers; raises `Refused`, `UnknownModel` or `KeyMissing`."""
        provider, _ = self._services.providers.split(request.model)
        base_url = self._services.providers.base_url(provider)
        if reason := may_use_model(request.model, base_url, rules):
            raise Refused(reason, model=request.model)
        return self._services.providers.resolve(request.model, settings=request.settings)

    @asynccontextmanager
    async def open(
        self,
        run_id: str,
        request: Request,
        rules: AdminRules,
        model: "Model | None",
        notebook: str | None = None,
    ) -> AsyncIterator[Mind]:
        """Open the model; it is looked for only now where a recorded answer was to do without it.

        `notebook`: path of the one that the question was asked in, where it is known.
        """
        model = model or self.model(request, rules)
        provider, _ = self._services.providers.split(request.model)
        notices = await self._notices(request)
        async with model:
            yield Mind(self._loop(run_id, request, model, notebook), provider.in_process, notices)

    async def _notices(self, request: Request) -> tuple[Notice, ...]:
        """Before a provider is used for the first time: what will leave for it."""
        provider, _ = self._services.providers.split(request.model)
        if provider.in_process or await self._services.ledger.has_used(self._principal, provider.name):
            return ()
        return (Notice(code="first_use", text=f"{provider.title}, first use. {describe(request.level)}"),)

    def _loop(self, run_id: str, request: Request, model: "Model", notebook: str | None) -> Loop:
        """The loop of one run: its tools, and a metered model for each agent."""
        provider, name = self._services.providers.split(request.model)

        def model_for(agent: AgentSpec) -> MeteredModel:
            context = CallContext(
                principal_id=self._principal,
                chat_id=self._chat_id,
                run_id=run_id,
                agent=agent.name,
                provider=provider.name,
                model=name,
                title=provider.title,
                in_process=provider.in_process,
                level="rows" if provider.in_process else request.level,
                notebook=notebook,
            )
            return MeteredModel(
                model, ledger=self._services.ledger, context=context, payloads=self._services.payloads
            )

        cells = RunCell()
        tools: dict[str, Tool] = {tool.name: tool for tool in (cells, InspectData(), Abstain())}
        if self._plan_tool:
            tools[RunPlan.name] = RunPlan(cells)
        loop = Loop(
            tools=tools,
            model_for=model_for,
            settings=wire_settings(request.settings),
            silence_seconds=request.settings.timeout_seconds,
        )
        tools[MakePlan.name] = MakePlan(self._services.agents, loop)
        return loop
