"""One model call: who it is for, what leaves with it, and what it came to. `meter.py` makes it."""

from dataclasses import dataclass, field

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import ModelRequestParameters

from ..policy.egress.sent import shown
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


@dataclass(frozen=True)
class Outgoing:
    """One model call as it leaves; all its attempts send the same."""

    payload: list[ModelMessage]
    parameters: ModelRequestParameters
    digest: str

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
