"""One model call: who it is for, what leaves with it, and what it came to. `meter.py` makes it."""

import json
from dataclasses import dataclass, field
from functools import cached_property

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import ModelRequestParameters

from ..policy.egress.sent import shown
from ..providers.usage import BYTES_PER_TOKEN, estimate
from ..types.budgets import BudgetState
from ..types.panel import SentCall
from ..types.runs import EgressLevel
from ..types.usage import TokenUsage


@dataclass(frozen=True)
class CallContext:
    """Who a model call is for, and what of the data it may carry."""

    principal_id: str
    chat_id: str
    run_id: str
    agent: str
    provider: str
    model: str
    title: str
    """The provider's name for people."""
    in_process: bool
    """True when nothing leaves this process: the structured facts stay in the messages."""
    level: EgressLevel
    purpose: str = "answer"
    notebook: str | None = None
    """Path of the notebook that the question was asked in, where one is known."""


@dataclass
class BookedCall:
    """What one model call came to: the figures of its last attempt."""

    attempts: int = 0
    """How often it was tried."""
    attempt_id: str | None = None
    tokens: TokenUsage = field(default_factory=TokenUsage)
    cost_pusd: int | None = None
    """Pico-USD of the last attempt; None while its price is unknown."""
    estimated: bool = False
    model: str = ""
    seconds: float = 0.0
    warnings: tuple[BudgetState, ...] = ()
    """Budgets that are nearly used up."""


@dataclass(frozen=True)
class Outgoing:
    """One model call as it leaves; all its attempts send the same."""

    payload: list[ModelMessage]
    parameters: ModelRequestParameters
    digest: str
    most_output: int = 0
    """Tokens that the model may write at most."""

    @cached_property
    def estimate(self) -> TokenUsage:
        """The input by its length, where nobody has counted it."""
        return estimate(self.payload, [])

    def at_most(self) -> TokenUsage:
        """What it can use. Tools are part of the input; three bytes a token is more than providers count."""
        definitions = sum(
            len(tool.name) + len(tool.description or "") + len(json.dumps(tool.parameters_json_schema))
            for tool in (*self.parameters.function_tools, *self.parameters.output_tools)
        )
        tokens = self.estimate.input_tokens + -(-definitions // BYTES_PER_TOKEN)
        return TokenUsage(input_tokens=tokens, output_tokens=self.most_output)

    def sent(self, attempt: str, about: CallContext) -> SentCall:
        """What it sent, for the person whose data it is."""
        # A model in this process is sent nothing: it reads the messages where they are.
        parts, cut = ((), False) if about.in_process else shown(self.payload, self.parameters)
        return SentCall(
            attempt_id=attempt,
            model=f"{about.provider}:{about.model}",
            level=about.level,
            digest=self.digest,
            left=not about.in_process,
            parts=parts,
            cut=cut,
        )
