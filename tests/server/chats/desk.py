"""A desk for the tests: a real kernel with a small table, a database, and the engine as the doors use it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic_ai.models import Model
from traitlets.config import Config

from autoanalyst_ext.chats.session import ChatSession
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.providers.base import Provider
from autoanalyst_ext.providers.script import Reply, ScriptedCall
from autoanalyst_ext.providers.scripted import ScriptedModel
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.cells import Execution
from autoanalyst_ext.types.events import RunEvent, RunFinished
from autoanalyst_ext.types.runs import Answer, Choices
from tests.fakes.provider import FakeProvider

T = TypeVar("T")
E = TypeVar("E")

TABLE = """import pandas as pd
sales = pd.DataFrame({
    "city": ["Bern"] * 6 + ["Basel"] * 6,
    "revenue": [10, 20, 30, 40, 50, 60, 1, 2, 3, 4, 5, 6],
    "secret": [f"canary-{n}" for n in range(12)],
})"""


def cell(code: str, call_id: str | None = None, purpose: str = "") -> ScriptedCall:
    """A call of `run_cell`."""
    return ScriptedCall(name="run_cell", args={"code": code, "purpose": purpose}, id=call_id)


def runs(*codes: str) -> Reply:
    """A response that wants these cells."""
    return Reply(tool_calls=tuple(cell(code) for code in codes))


class OneModel(Provider):
    """Puts one scripted model on the shelf, so that a test can look at what it was given."""

    name = "scripted"
    title = "The script"
    default_model = "test"
    needs_key = False
    is_local = True
    in_process = True

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model

    def build(self, model: str, **_: Any) -> Model:
        return self.model


@dataclass
class Desk:
    """What a scene works with."""

    engine: Engine
    notebook: HeadlessNotebook
    session: ChatSession
    model: ScriptedModel
    events: list[RunEvent] = field(default_factory=list)

    async def ask(self, question: str, *, model: str | None = "scripted:test", **more: Any) -> Answer:
        """Ask, keep the events, and return the answer."""
        self.events = []
        answer: Answer | None = None
        may = more.pop("permissions", Permissions())
        async for event in self.session.ask(question, choices=Choices(model=model), permissions=may, **more):
            self.events.append(event)
            if isinstance(event, RunFinished):
                answer = event.answer
        assert answer is not None
        assert self.events[-1] == RunFinished(answer=answer)
        return answer

    def of(self, kind: type[E]) -> list[E]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    async def value(self, expression: str) -> Any:
        """What an expression is in the kernel."""
        inserted = await self.notebook.insert(expression)
        result: Any = None
        async for item in self.notebook.execute(inserted.id):
            if isinstance(item, Execution):
                assert item.status == "ok", item.evalue
                result = item.result
        await self.notebook.remove(inserted.id)
        return getattr(result, "value", result)


def at(fake: FakeProvider, provider: str, **settings: Any) -> dict[str, Any]:
    """Traits of an engine whose calls to `provider` go to a fake."""
    owner = "openai" if provider == "openai-responses" else provider
    config = Config()
    config.ProviderRegistry.base_urls = {provider: fake.base_url(provider)}
    config.KeyRing.keys = {owner: fake.key}
    return {"config": config, **settings}


def at_desk(
    folder: Path, scene: Callable[[Desk], Awaitable[T]], replies: Iterable[Reply] = (), **traits: Any
) -> T:
    """Play `scene` at a desk whose scripted model gives `replies`."""

    async def play() -> T:
        model = ScriptedModel(replies)
        home = {"data_dir": str(folder / "data"), "database_url": f"sqlite:///{folder}/data/test.db"}
        async with Engine(**{**home, **traits}) as engine, HeadlessNotebook.start(folder) as notebook:
            engine.providers.add(OneModel(model))
            loading = await notebook.insert(TABLE)
            async for _ in notebook.execute(loading.id):
                pass
            chat = await engine.chats.create(engine.principal, "A test")
            session = engine.chats.open(
                chat, principal=engine.principal, notebook=notebook, folder=folder, owned_kernel=False
            )
            return await scene(Desk(engine, notebook, session, model))

    return asyncio.run(play())
