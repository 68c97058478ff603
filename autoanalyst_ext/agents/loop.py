"""The loop: think, act, look, repeat, until there is an answer.

The library speaks to the provider, one model call at a time; this loop decides what happens with the
answer. Tool calls of one response are carried out in their order, each after the one before has
ended; what follows a cell that failed or was not run is not tried. Every agent runs through here.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings as WireSettings
from pydantic_ai.tools import ToolDefinition

from ..errors import LimitReached, ProviderError, StreamCut
from ..tools.base import Abstention, Tool, ToolCall, ToolOutcome
from ..tools.turn import Turn
from ..types.agents import AgentSpec
from ..types.events import Notice, RunEvent, StepFinished, StepStarted, TextDelta
from ..types.usage import usd
from ..usage.budgets import warning
from ..usage.meter import MeteredModel
from .conversation import Conversation
from .shown import ShownText, problems_of

CORRECTIONS = 2
"""How often an answer with empty text or broken references goes back to the model."""


@dataclass(frozen=True)
class Report:
    """How an agent's work ended: the last item of a run."""

    text: str = ""
    """The answer as the model wrote it, with references."""
    abstention: Abstention | None = None


@dataclass(frozen=True)
class Loop:
    """Runs agents: which tools there are, and how a model for an agent is made."""

    tools: Mapping[str, Tool]
    model_for: Callable[[AgentSpec], MeteredModel]
    settings: WireSettings
    silence_seconds: float = 120.0
    """Longest silence of a provider before a call is given up."""

    async def run(
        self, agent: AgentSpec, question: str, turn: Turn, conversation: Conversation
    ) -> AsyncGenerator[RunEvent | Report, None]:
        """Let `agent` work on `question`; the last item is its `Report`.

        Raises `LimitReached` (`BudgetReached` before a call that is not sent), `Refused`, `ProviderError` or
        `KernelGone`; the conversation then holds everything up to that point and only needs `close`.
        """
        model = self.model_for(agent)
        conversation.ask(question)
        corrections = 0
        while True:
            turn.begin_round()
            response: ModelResponse | None = None
            async with aclosing(self._step(agent, model, turn, conversation)) as items:
                async for item in items:
                    if isinstance(item, ModelResponse):
                        response = item
                    else:
                        yield item
            assert response is not None, "a step always ends with a response"
            response = conversation.replied(response, in_process=model.context.in_process)
            if calls := response.tool_calls:
                async with aclosing(self._use(agent, calls, turn, conversation)) as uses:
                    async for used in uses:
                        yield used
                        if isinstance(used, Report):
                            return
                continue
            text = response.text or ""
            wrong = _cut(response) or problems_of(text, turn.all_cells(), turn.tables)
            if wrong and corrections < CORRECTIONS:
                corrections += 1
                conversation.correct(wrong)
                continue
            _check_end(response, model.context.title)
            yield Report(text=text)
            return

    async def _step(
        self, agent: AgentSpec, model: MeteredModel, turn: Turn, conversation: Conversation
    ) -> AsyncGenerator[RunEvent | ModelResponse, None]:
        """One model call: its text as it comes, its booking, and last the whole response."""
        number = model.step = turn.rounds
        yield StepStarted(step=number, agent=agent.name)
        messages = [
            ModelRequest(parts=m.parts, instructions=agent.instructions) if isinstance(m, ModelRequest) else m
            for m in conversation.messages
        ]
        stream = model_request_stream(
            model,
            messages,
            model_settings=self._settings(agent, turn),
            model_request_parameters=ModelRequestParameters(function_tools=self._definitions(agent)),
        )
        shown = ShownText(turn.all_cells())
        async with stream as events:
            for notice in _warnings(model, turn):
                yield notice
            async for event in events:
                if text := shown.add(_text(event)):
                    yield TextDelta(step=number, text=text)
                turn.check_time()
            response = events.get()
        # Once it is paid, too: the last call of a run may be the one that uses a budget up.
        for notice in _warnings(model, turn):
            yield notice
        if response.state != "complete":
            raise StreamCut(
                f"{model.context.title} broke off before the end of its answer. "
                "Your question and everything so far are kept. Ask again, or switch model."
            )
        if text := shown.rest():
            yield TextDelta(step=number, text=text)
        booked = model.booked
        turn.tokens += booked.tokens
        yield StepFinished(
            step=number,
            agent=agent.name,
            attempt_id=booked.attempt_id,
            model=f"{model.context.provider}:{booked.model}",
            tokens=booked.tokens,
            cost_usd=None if booked.cost_pusd is None else usd(booked.cost_pusd),
            estimated=booked.estimated,
            seconds=booked.seconds,
        )
        yield response

    async def _use(
        self, agent: AgentSpec, calls: list[ToolCallPart], turn: Turn, conversation: Conversation
    ) -> AsyncGenerator[RunEvent | Report, None]:
        """Carry out the calls of one response in order; a `Report` comes only when the run is over."""
        for part in calls:
            setbacks = turn.setbacks
            call, tool = _call(part), self._tool(agent, part.tool_name)
            if tool is None or call is None:
                conversation.returned(part, {"notice": self._no_such_call(agent, part)})
                continue
            outcome = ToolOutcome()
            async with aclosing(tool.call(call, turn)) as items:
                async for item in items:
                    if isinstance(item, ToolOutcome):
                        outcome = item
                    else:
                        yield item
            conversation.returned(part, outcome.facts)
            if outcome.abstention is not None:
                conversation.answer_calls("The run ended before this.")
                yield Report(abstention=outcome.abstention)
                return
            turn.check_repairs()
            if turn.setbacks > setbacks and (turn.failing or turn.refused):
                conversation.answer_calls("Not tried, because the cell before it did not succeed.")
                return

    def _tool(self, agent: AgentSpec, name: str) -> Tool | None:
        return self.tools.get(name) if name in agent.tools else None

    def _definitions(self, agent: AgentSpec) -> list[ToolDefinition]:
        return [
            ToolDefinition(
                name=tool.name,
                description=tool.description,
                parameters_json_schema=_schema(tool),
            )
            for name in agent.tools
            if (tool := self.tools.get(name)) is not None
        ]

    def _settings(self, agent: AgentSpec, turn: Turn) -> WireSettings:
        """The run's settings, with the agent's own temperature and never more silence than time is left."""
        settings = WireSettings(**self.settings)
        settings["timeout"] = max(1.0, min(self.silence_seconds, turn.remaining_seconds()))
        if agent.temperature is not None:
            settings["temperature"] = agent.temperature
        return settings

    def _no_such_call(self, agent: AgentSpec, part: ToolCallPart) -> str:
        if self._tool(agent, part.tool_name) is None:
            there = ", ".join(name for name in agent.tools if name in self.tools)
            return f"There is no tool {part.tool_name}. There are: {there}."
        return f"The arguments of {part.tool_name} are not a JSON object. Send them again, whole."


def _call(part: ToolCallPart) -> ToolCall | None:
    """The call with its arguments read; None when they are not a JSON object."""
    try:
        arguments: dict[str, Any] = part.args_as_dict(raise_if_invalid=True)
    except (ValueError, AssertionError):
        return None
    return ToolCall(id=part.tool_call_id, name=part.tool_name, arguments=arguments)


def _warnings(model: MeteredModel, turn: Turn) -> list[Notice]:
    """The budgets that the call showed to be nearly used up, each once in a run."""
    due = [state for state in model.booked.warnings if state.budget.id not in turn.warned]
    turn.warned.update(state.budget.id for state in due)
    return [Notice(code="budget_warning", text=warning(state)) for state in due]


def _cut(response: ModelResponse) -> str | None:
    if response.finish_reason == "length":
        return "Your answer was cut off at the limit of its length. Write it again, shorter."
    return None


def _check_end(response: ModelResponse, title: str) -> None:
    """Raises `LimitReached` or `ProviderError` when a response is no answer, however often asked again."""
    if response.finish_reason == "length":
        raise LimitReached(
            f"{title} needs more words than one answer may have. Everything so far is kept. "
            "Ask a narrower question, or raise the limit (--max-tokens).",
            limit="max_tokens",
        )
    if response.finish_reason == "content_filter":
        raise ProviderError(
            f"{title} stopped the answer by its content filter. Say the question another way."
        )
    if not (response.text or "").strip():
        raise ProviderError(f"{title} gave no answer. Ask again, or switch model.")


def _schema(tool: Tool) -> dict[str, Any]:
    schema = tool.parameters.model_json_schema()
    schema.pop("title", None)
    return schema


def _text(event: object) -> str:
    """The answer text that a stream event adds; nothing for any other event."""
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""
