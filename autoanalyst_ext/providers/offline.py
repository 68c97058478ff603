"""The offline analyst as a model on the shelf: no network, no tokens, no cost, no special path.

It reads the same messages as any model: the structured facts of the looks at the data, which stay in
this process, the question, and what its cell came to. It answers with the same tool calls.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    ModelResponsePart,
    RetryFeedbackPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import CompletedStreamedResponse, Model, ModelRequestParameters, StreamedResponse

from ..errors import UnknownModel
from ..offline.analyst import Abstained, Planned, answer, has_gaps, refers_back, understand
from ..offline.answers.failures import reason
from ..offline.plan import Plan
from ..offline.repairs import fix_task
from ..offline.repairs.fixing import Correction, FixOrder, fix, order_of
from ..offline.repairs.repair import Known
from ..types.cells import Execution
from ..types.profiles import TableProfile
from ..types.runs import ModelSettings
from .base import Provider

if TYPE_CHECKING:
    from pydantic import SecretStr
    from pydantic_ai.settings import ModelSettings as WireSettings

NAME = "analyst"
LOOK_ID = "look_"
"""How the ids of the looks begin that a conversation opens with."""
_TABLES = TypeAdapter(tuple[TableProfile, ...])


class OfflineAnalyst(Model):
    """Answers common questions about tables without a language model."""

    @property
    def model_name(self) -> str:
        """Right of the colon."""
        return NAME

    @property
    def system(self) -> str:
        """Left of the colon."""
        return "offline"

    def prepare_messages(
        self,
        messages: list[ModelMessage],
        model_request_parameters: ModelRequestParameters | None = None,
    ) -> list[ModelMessage]:
        """As they are: it reads the parts themselves, and no provider's dialect."""
        return messages

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: WireSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """One step: a cell, an abstention, or the answer."""
        return ModelResponse(
            parts=[respond(read(messages))], model_name=NAME, provider_name="offline", finish_reason="stop"
        )

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: WireSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: Any = None,
    ) -> AsyncIterator[StreamedResponse]:
        """The same, as a stream of one event."""
        response = await self.request(messages, model_settings, model_request_parameters)
        yield CompletedStreamedResponse(
            response, model_request_parameters=model_request_parameters, replay_events=True
        )


@dataclass(frozen=True)
class Situation:
    """What the messages say: the question, the tables, and what has been done about it."""

    questions: tuple[str, ...]
    """All questions of the chat, the last one last."""
    tables: tuple[TableProfile, ...]
    taken: frozenset[str]
    """Names that new code must not rebind."""
    made: frozenset[str]
    """Tables that the answers to earlier questions made: results, and not what the next question is about."""
    tried: tuple[dict[str, Any], ...]
    """What the cells for the last question came to; none before there is one."""
    corrected: bool
    """The answer came back with broken references."""


def read(messages: Sequence[ModelMessage]) -> Situation:
    """Read the messages of a conversation."""
    questions: list[str] = []
    tables: tuple[TableProfile, ...] = ()
    taken: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    tried: list[dict[str, Any]] = []
    corrected = False
    for message in messages:
        for part in message.parts:
            if isinstance(part, UserPromptPart):
                questions.append(str(part.content))
                tried, corrected = [], False
            elif isinstance(part, ToolCallPart) and part.tool_call_id.startswith(LOOK_ID):
                # What we asked ourselves in the user's place before the question; nobody wants it answered.
                questions.pop()
            elif isinstance(part, RetryFeedbackPart):
                corrected = True
            elif isinstance(part, ToolReturnPart) and isinstance(part.metadata, dict):
                if "tables" in part.metadata:
                    tables = _TABLES.validate_python(part.metadata["tables"])
                    taken = frozenset(part.metadata["names"])
                    made = frozenset(part.metadata["made"])
                elif part.tool_name == "run_cell":
                    tried.append(part.metadata)
    return Situation(tuple(questions), tables, taken, made, tuple(tried), corrected)


def respond(now: Situation) -> ModelResponsePart:
    """What to do next about the last question."""
    order = order_of(now.questions)
    if order is not None:
        return _fix(now, order)
    understood = _understand(now)
    if isinstance(understood, Abstained):
        return _abstain(understood)
    if not now.tried:
        return ToolCallPart("run_cell", {"code": understood.code, "purpose": understood.sentence})
    facts = now.tried[-1]
    if "execution" not in facts:
        return TextPart("The code has not been run, so there is no result yet.")
    execution = Execution.model_validate(facts["execution"])
    if now.corrected:
        return TextPart(
            "The cell ran, but the offline analyst could not put its result into words. It is above."
        )
    if execution.status != "ok":
        known = reason(execution.ename, execution.evalue)
        if known is not None:
            return _abstain(Abstained(understood.sentence, known, ()))
        return TextPart(
            "The cell failed, and the offline analyst cannot repair code. "
            "Change the cell yourself, or ask a model that can: add a key with `autoanalyst key set`."
        )
    table = next(table for table in now.tables if table.name == understood.plan.table)
    gaps = has_gaps(understood.plan, table.columns)
    return TextPart(answer(understood.plan, execution.result, str(facts["label"]), gaps=gaps))


def _abstain(abstained: Abstained) -> ToolCallPart:
    return ToolCallPart(
        "abstain",
        {
            "understood": abstained.understood,
            "not_understood": abstained.not_understood,
            "suggestions": list(abstained.suggestions),
        },
    )


def _fix(now: Situation, order: FixOrder) -> ModelResponsePart:
    """What to do next about a cell that is to be fixed."""
    executions = [Execution.model_validate(facts["execution"]) for facts in now.tried if "execution" in facts]
    step = fix(order, executions, Known(now.tables, now.taken, order.chosen))
    if isinstance(step, Abstained):
        return _abstain(step)
    if isinstance(step, Correction) and len(now.tried) == len(executions):
        return ToolCallPart("run_cell", {"code": step.source, "purpose": step.said})
    if isinstance(step, Correction):
        return TextPart(f"{step.said} The corrected cell has not been run.")
    label = now.tried[-1]["label"]
    return TextPart(step.text if now.corrected else step.answer(label))


def _understand(now: Situation) -> Planned | Abstained:
    """The plan for the last question; an earlier plan of the chat is what a follow-up refers to."""
    previous: Plan | None = None
    unanswered = ""
    for question in now.questions[:-1]:
        if fix_task.read(question):
            continue
        earlier = _in_turn(question, previous, unanswered, now)
        if isinstance(earlier, Planned):
            previous, unanswered = earlier.plan, ""
        elif not refers_back(question):
            previous, unanswered = None, question  # what follows is about this one
    return _in_turn(now.questions[-1], previous, unanswered, now)


def _in_turn(question: str, previous: Plan | None, unanswered: str, now: Situation) -> Planned | Abstained:
    """The plan for a question behind another, which may have had none."""
    if unanswered and refers_back(question):
        reason = "The question before it was not answered, so there is nothing that it changes."
        return Abstained("", reason, ())
    return understand(question, _about(question, now), previous, taken=now.taken)


def _about(question: str, now: Situation) -> list[TableProfile]:
    """The tables that a question can mean: results of earlier questions only where it names them."""
    chosen = [t for t in now.tables if t.name not in now.made or t.name in question]
    return chosen or list(now.tables)


class _Offline(Provider):
    """The offline analyst's place on the shelf."""

    name = "offline"
    title = "The offline analyst"
    default_model = NAME
    needs_key = False
    is_local = True
    in_process = True

    def build(
        self, model: str, *, key: SecretStr | None, base_url: str | None, settings: ModelSettings
    ) -> Model:
        """The analyst; it has one model and no settings."""
        if model != NAME:
            raise UnknownModel(
                f"The offline provider has one model: offline:{NAME}.", suggestion=f"offline:{NAME}"
            )
        return OfflineAnalyst()


PROVIDERS = (_Offline(),)
