"""`Desk`: what a client's connection needs of the engine. `Engine` is one; this floor does not know it."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..agents.registry import AgentRegistry
    from ..notebooks.servers import House
    from ..notebooks.tabs import Tabs
    from ..notebooks.witnesses import Witnesses
    from ..policy.approvals import Approvals
    from ..policy.principal import Principal
    from ..policy.rules import AdminRules
    from ..providers.registry import ProviderRegistry
    from ..store.database import Database
    from ..types.runs import Mode
    from ..usage.ledger import Ledger
    from ..usage.own import OwnUsages
    from .live_runs import LiveRuns
    from .manager import ChatManager
    from .news import News


class Desk(Protocol):
    """The services, each built when it is first used: after `warm_up` that takes no time."""

    admin_rules: "AdminRules"

    @property
    def mode(self) -> "Mode":
        """The mode where nobody chose one."""

    @property
    def principal(self) -> "Principal":
        """Who the process works for."""

    @property
    def agents(self) -> "AgentRegistry":
        """The agents one can ask."""

    @property
    def chats(self) -> "ChatManager":
        """The chats."""

    @property
    def providers(self) -> "ProviderRegistry":
        """The shelf of model providers."""

    @property
    def database(self) -> "Database":
        """The database."""

    @property
    def ledger(self) -> "Ledger":
        """Where model calls are booked."""

    @property
    def own_usage(self) -> "OwnUsages":
        """What each person used."""

    @property
    def house(self) -> "House | None":
        """The server's kernels and folders; None where this is no server."""

    @property
    def news(self) -> "News":
        """What all pages of a person are told."""

    async def chosen_model(self) -> str:
        """The model that answers when nobody chose one."""

    async def warm_up(self) -> None:
        """Load what a question needs, once; raises `StoreError`."""


class PanelDesk(Desk, Protocol):
    """What pages need besides: only an engine in a Jupyter server has it."""

    approvals: "Approvals"

    @property
    def tabs(self) -> "Tabs":
        """The pages that are connected."""

    @property
    def witnesses(self) -> "Witnesses":
        """Those who listen to the server's kernels."""

    @property
    def live_runs(self) -> "LiveRuns":
        """The runs that panels started."""
