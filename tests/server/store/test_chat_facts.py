"""What a list shows of chats, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.chat_facts import SAID, ChatFacts, FactsOfChats
from autoanalyst_ext.store.chats import Chats
from autoanalyst_ext.store.database import Database
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.types.usage import AttemptState

from . import calls
from .conftest import asked
from .test_chats import a_run

ANN = "os:ann"


async def called(database: Database, chat_id: str, state: AttemptState, cost: int | None) -> None:
    """A model call of a chat that has ended like this."""
    call = NewAttempt(provider="openai", model="x", principal_id=ANN, chat_id=chat_id)
    now = datetime.now(UTC)
    await database.write(lambda c: calls.put(c, call, at=now, state=state, cost=cost, summed=False))


def test_the_facts_are_those_of_the_last_run_and_the_last_answer(play: Any) -> None:
    async def scene(database: Database) -> None:
        chats, runs = Chats(database), Runs(database)
        full, asked_only = await asked(database, ANN, "full"), await asked(database, ANN, "asked")
        await runs.start(ANN, a_run(full.id).model_copy(update={"agents": ("sk_learn_agent",)}))
        await chats.append(ANN, full.id, "analyst", "earlier")
        await runs.start(ANN, a_run(full.id).model_copy(update={"notebook": "a.ipynb"}))
        await chats.append(ANN, full.id, "analyst", "later" * SAID)
        await chats.append(ANN, full.id, "user", "and?")
        found = await FactsOfChats(database).of([full.id, asked_only.id, "gone"])
        assert set(found) == {full.id, asked_only.id}
        assert found[asked_only.id] == ChatFacts()
        assert found[full.id] == ChatFacts(
            said=("later" * SAID)[:SAID], agents=("data_viz_agent", "planner"), notebook="a.ipynb"
        )

    play(scene)


def test_the_cost_is_exact_beyond_64_bits_and_unknown_only_where_nothing_has_a_price(play: Any) -> None:
    async def scene(database: Database) -> None:
        huge, mixed, unpriced, open_, void = [await asked(database, ANN, str(n)) for n in range(5)]
        for _ in range(3):
            await called(database, huge.id, "settled", 2**63 - 1)
        await called(database, mixed.id, "settled", 1)
        await called(database, mixed.id, "estimated", None)
        await called(database, unpriced.id, "settled", None)
        await called(database, unpriced.id, "void", 0)
        await called(database, open_.id, "started", None)
        await called(database, void.id, "void", 0)
        facts = await FactsOfChats(database).of([huge.id, mixed.id, unpriced.id, open_.id, void.id])
        costs = {chat: fact.cost_usd for chat, fact in facts.items()}
        assert costs == {
            huge.id: "27670116.110564327421",
            mixed.id: "0.000000000001",
            unpriced.id: None,
            open_.id: "0.00",
            void.id: "0.00",
        }

    play(scene)
