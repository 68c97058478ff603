"""`Engine`: builds each service once and hands it to those that need it. The one place that knows all.

Every door opens one engine and asks it for chat sessions. Nothing heavy is imported before the first
question: providers' SDKs, the agent library and SQL come with the first chat.
"""

import asyncio
import os
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, get_args

from traitlets import Bool, Dict, Enum, Float, Int, List, Unicode, default
from traitlets.config import Config

from . import logs
from .errors import AnalystError, BadRequest, Refused
from .notebooks.environment import KernelSettings
from .policy.admin import LONGEST_GRANT_SECONDS, SHORTEST, VARIABLE, AdminGate, is_usable
from .policy.approvals import Approvals
from .policy.principal import Principal, here
from .policy.rules import AdminRules
from .types.runs import Choices, EgressLevel, Mode, RunLimits

if TYPE_CHECKING:
    from .agents.registry import AgentRegistry
    from .chats.data import DataDesk
    from .chats.live_runs import LiveRuns
    from .chats.manager import ChatManager
    from .chats.news import News
    from .notebooks.servers import House
    from .notebooks.tabs import Tabs
    from .notebooks.witnesses import Witnesses
    from .providers.registry import ProviderRegistry
    from .store.admin_keys import AdminKeys
    from .store.database import Database
    from .usage.budget_book import BudgetBook
    from .usage.ledger import Ledger
    from .usage.own import OwnUsages
    from .usage.price_desk import PriceDesk
    from .usage.prices import PriceBook
    from .usage.views import UsageViews

OFFLINE = "offline:analyst"
PREFERRED = ("anthropic", "openai", "groq")
"""Whose default model answers where several keys are found and no model was chosen."""


class Engine(KernelSettings):
    """The analyst, without a door."""

    model = Unicode(
        help="Model that answers when neither the run, the chat nor the principal names one, as "
        "`provider:model`. Empty: the default model of the first provider with a key, else the offline "
        "analyst. Environment: AUTOANALYST_MODEL."
    ).tag(config=True)
    temperature = Float(
        None, allow_none=True, help="Temperature of model calls; None leaves the provider's default."
    ).tag(config=True)
    max_tokens = Int(8192, help="Most output tokens of one model call.").tag(config=True)
    model_timeout = Float(
        120.0, help="Longest silence of a provider, in seconds, before a call is given up."
    ).tag(config=True)
    mode = Enum(
        list(get_args(Mode)),
        "auto",
        help="auto: safe code runs by itself, anything else asks. ask: everything asks. "
        "suggest: code is inserted and never run.",
    ).tag(config=True)
    egress_level = Enum(
        list(get_args(EgressLevel)),
        "statistics",
        help="How much of the data a provider may see: names, schema, statistics, masked or rows.",
    ).tag(config=True)
    rounds = Int(20, help="Most model calls for one question.").tag(config=True)
    repairs = Int(3, help="How often failing code goes back to the model before a run ends.").tag(config=True)
    tokens = Int(400_000, help="Most tokens, input and output, for one question.").tag(config=True)
    seconds = Float(600.0, help="Longest wall time of one question, in seconds.").tag(config=True)
    cell_seconds = Float(300.0, help="Longest wall time of one cell, in seconds.").tag(config=True)
    offline_check = Bool(
        True,
        help="Whether the offline analyst computes the figure of a simple question again when a model "
        "answers it, and says whether it came to the same. It costs nothing, sends nothing, and is silent "
        "where it is not sure.",
    ).tag(config=True)
    offline_first = Bool(
        False,
        help="Whether the offline analyst answers first what it understands for sure, for nothing, where "
        "nobody named a model. The answer says so, and the panel has a button that asks the model.",
    ).tag(config=True)
    plan_tool = Bool(
        False,
        help="Whether models may also write a plan in place of code (the tool `run_plan`): the cell is then "
        "written by the offline analyst, and the plan is checked against the table before it runs. "
        "Its description is about 500 tokens of every request.",
    ).tag(config=True)
    rules = Dict(
        help="An administrator's rules, which nobody can loosen: the fields of `policy.rules.AdminRules`."
    ).tag(config=True)
    free_providers = List(
        Unicode(),
        help="Providers whose calls cost nothing because they run on machines of yours, e.g. ['compatible']. "
        "Ollama, vLLM and LM Studio are free without being named.",
    ).tag(config=True)
    groups = Dict(
        key_trait=Unicode(),
        value_trait=List(Unicode()),
        help="Groups of people that a budget can be for, e.g. {'team': ['ann', 'hub:bob']}: ids of people, "
        "or their names.",
    ).tag(config=True)
    database_url = Unicode(
        help="Where chats and usage are kept; default is SQLite in the data folder. "
        "Environment: AUTOANALYST_DATABASE_URL."
    ).tag(config=True)

    @default("model")
    def _default_model(self) -> str:
        return os.environ.get("AUTOANALYST_MODEL", "")

    admin_api_key = Unicode(
        help="Key that opens everyone's usage to whoever has it: at least 32 characters, else it is not "
        "used. Prefer `autoanalyst admin create-key`: of that key only a digest is kept. "
        "Environment: ADMIN_API_KEY."
    ).tag(config=True)
    admins = List(
        Unicode(),
        help="Who sees everyone's usage without a key: user names of the server's identity provider "
        "(on a hub: hub users), e.g. ['ann']. Names that Jupyter makes up for anonymous users never count.",
    ).tag(config=True)
    grant_seconds = Float(
        LONGEST_GRANT_SECONDS,
        min=1.0,
        max=LONGEST_GRANT_SECONDS,
        help="How long a kernel's dashboard shows everyone's usage after an admin key was given; at most "
        "a quarter of an hour.",
    ).tag(config=True)

    @default("admin_api_key")
    def _default_admin_api_key(self) -> str:
        return os.environ.get(VARIABLE, "").strip()

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        self.approvals = Approvals()
        self.admin_rules = AdminRules(**self.rules)
        self.house: House | None = None
        """The Jupyter server's kernels and folders, where there is one; set before anybody asks."""
        self._loading = asyncio.Lock()
        self._warm = False

    async def __aenter__(self) -> Self:
        logs.configure(Path(self.data_dir) / "autoanalyst.log")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "live_runs" in self.__dict__:
            await self.live_runs.close()
        if "witnesses" in self.__dict__:
            await self.witnesses.close()
        if "database" in self.__dict__:
            await self.database.close()
        logs.configure(None)

    @cached_property
    def principal(self) -> Principal:
        """Who this process works for."""
        return here()

    @cached_property
    def providers(self) -> "ProviderRegistry":
        """The shelf of model providers."""
        from .providers.keys import KeyRing
        from .providers.registry import ProviderRegistry

        keys = KeyRing(parent=self, folder=self.data_dir)
        return ProviderRegistry(parent=self, keys=keys)

    @cached_property
    def agents(self) -> "AgentRegistry":
        """The agents one can ask."""
        from .agents.registry import AgentRegistry

        return AgentRegistry()

    @cached_property
    def database(self) -> "Database":
        """The database, opened on first use."""
        from .store.database import Database

        beside = f"sqlite:///{Path(self.data_dir) / 'autoanalyst.db'}"
        return Database(self.database_url or os.environ.get("AUTOANALYST_DATABASE_URL") or beside)

    @cached_property
    def ledger(self) -> "Ledger":
        """Where model calls are booked."""
        from .usage.ledger import Ledger

        return Ledger(self.database, self.price_book, self.groups)

    @cached_property
    def price_book(self) -> "PriceBook":
        """What tokens cost, but for what administrators have set."""
        from .usage.prices import PriceBook

        return PriceBook(free=tuple(self.free_providers))

    @cached_property
    def prices(self) -> "PriceDesk":
        """What tokens cost, and changing it."""
        from .usage.price_desk import PriceDesk

        return PriceDesk(self.database, self.price_book, self.providers)

    @cached_property
    def budgets(self) -> "BudgetBook":
        """The limits of money."""
        from .usage.budget_book import BudgetBook

        return BudgetBook(self.database, self.groups, lambda name: self.agents.get(name).name)

    @cached_property
    def usage_views(self) -> "UsageViews":
        """What dashboards show."""
        from .usage.views import UsageViews

        return UsageViews(self.database)

    @cached_property
    def own_usage(self) -> "OwnUsages":
        """What each person used."""
        from .usage.own import OwnUsages

        def agent_titles() -> dict[str, str]:
            return {agent.name: agent.title for agent in self.agents.all()}

        return OwnUsages(self.database, self.ledger.price, agent_titles)

    @cached_property
    def admin_keys(self) -> "AdminKeys":
        """The admin keys that were made."""
        from .store.admin_keys import AdminKeys

        return AdminKeys(self.database)

    @cached_property
    def admin_gate(self) -> AdminGate:
        """Who is an administrator."""
        key = self.admin_api_key.strip()
        if key and not is_usable(key):
            self.log.warning(
                "AutoAnalyst: %s is not used: it must have at least %d plain characters. "
                "Make one: autoanalyst admin create-key",
                VARIABLE,
                SHORTEST,
            )
        return AdminGate(key, self.admins)

    @cached_property
    def chats(self) -> "ChatManager":
        """The chats."""
        from .chats.manager import ChatManager
        from .chats.services import Defaults, Services
        from .store.chats import Chats
        from .store.choices import ChoiceStore
        from .store.histories import Histories
        from .store.payloads import Payloads
        from .store.receipts import Receipts
        from .store.run_events import RunEvents
        from .store.runs import Runs
        from .store.tool_calls import ToolCalls

        services = Services(
            providers=self.providers,
            agents=self.agents,
            approvals=self.approvals,
            ledger=self.ledger,
            chats=Chats(self.database),
            runs=Runs(self.database),
            calls=ToolCalls(self.database),
            histories=Histories(self.database),
            receipts=Receipts(self.database),
            events=RunEvents(self.database),
            choices=ChoiceStore(self.database),
            payloads=Payloads(self.database),
        )
        defaults = Defaults(
            model=self.chosen_model,
            choices=Choices(temperature=self.temperature, max_tokens=self.max_tokens),
            timeout_seconds=self.model_timeout,
            level=self.egress_level,
            limits=self.limits(),
            first=OFFLINE if self.offline_first else None,
            offline_check=self.offline_check,
            plan_tool=self.plan_tool,
        )
        return ChatManager(services, defaults)

    @cached_property
    def news(self) -> "News":
        """What all pages of a person are told."""
        from .chats.news import News

        return News()

    @cached_property
    def tabs(self) -> "Tabs":
        """The pages that are connected; only in a Jupyter server."""
        from .notebooks.tabs import Tabs

        self._in_house()
        return Tabs()

    @cached_property
    def witnesses(self) -> "Witnesses":
        """Those who listen to the server's kernels; only in a Jupyter server."""
        from .notebooks.witnesses import Witnesses

        return Witnesses(self._in_house())

    @cached_property
    def live_runs(self) -> "LiveRuns":
        """The runs that panels started; only in a Jupyter server."""
        from .chats.live_runs import LiveRuns

        self._in_house()
        return LiveRuns(self)

    @cached_property
    def data(self) -> "DataDesk":
        """What there is to ask about; only in a Jupyter server."""
        from .chats.data import DataDesk

        return DataDesk(self._in_house(), self.witnesses)

    def _in_house(self) -> "House":
        if self.house is None:
            raise AnalystError("There is no Jupyter server here, so there are no panels.")
        return self.house

    async def warm_up(self) -> None:
        """Load what the first question needs, in a thread, while something else takes its time.

        Once: whoever calls it meanwhile waits for the same, and later it takes no time. Raises
        `StoreError`; the next call then tries again.
        """
        if self._warm:
            return
        async with self._loading:
            if self._warm:
                return
            await self._import(".chats.manager")
            _ = self.chats
            await self.database.open()
            await self.ledger.recover()
            await self.chats.recover()
            self._warm = True

    async def chosen_model(self) -> str:
        """The default model, found in a thread: keys may be in a keyring, which takes its time."""
        await self._import(".providers.registry")
        # Without the lock: a keyring that asks its owner something holds nobody up who waits for the engine.
        return await asyncio.to_thread(lambda shelf: self.default_model(), self.providers)

    async def data_desk(self) -> "DataDesk":
        """`data`, loaded in a thread; it waits for neither the database nor the agent library."""
        await self._import(".chats.data")
        return self.data

    async def _import(self, module: str) -> None:
        """Load a module in a thread. What comes of it is made in the loop, so that it is made once."""
        await asyncio.to_thread(import_module, module, __package__)

    def limits(self) -> RunLimits:
        """The limits of one question."""
        return RunLimits(
            rounds=self.rounds,
            repairs=self.repairs,
            tokens=self.tokens,
            seconds=self.seconds,
            cell_seconds=self.cell_seconds,
        )

    def default_model(self) -> str:
        """The model that answers when nobody chose one."""
        if self.model:
            return str(self.model)
        # The files of these providers alone: the whole shelf would load the agent library.
        for name in PREFERRED:
            (provider, *_) = import_module(f".providers.{name}", __package__).PROVIDERS
            with suppress(Refused, BadRequest):  # a key file that cannot be used counts as no key
                if self.providers.keys.source(provider):
                    return f"{name}:{provider.default_model}"
        return OFFLINE
