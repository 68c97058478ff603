"""What every chat session works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..agents.registry import AgentRegistry
from ..policy.approvals import Approvals
from ..providers.registry import ProviderRegistry
from ..store.chats import Chats
from ..store.choices import ChoiceStore
from ..store.histories import Histories
from ..store.receipts import Receipts
from ..store.run_events import RunEvents
from ..store.runs import Runs
from ..store.tool_calls import ToolCalls
from ..types.runs import Choices, EgressLevel, RunLimits
from ..usage.ledger import Ledger

if TYPE_CHECKING:
    from ..store.payloads import Payloads


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
    receipts: Receipts
    events: RunEvents
    choices: ChoiceStore
    payloads: "Payloads | None" = None


@dataclass(frozen=True)
class Defaults:
    """What holds where neither the run, the chat nor the principal chose."""

    model: Callable[[], Awaitable[str]]
    """Finds the model, each time anew: a key that is set now counts for the next question."""
    choices: Choices
    """All but the model."""
    timeout_seconds: float
    level: EgressLevel
    limits: RunLimits
    first: str | None = None
    """A model that answers first what it understands for sure, where nobody named another."""
    offline_check: bool = True
    """Whether the offline analyst checks answers of models."""
    plan_tool: bool = False
    """Whether models may write plans."""
