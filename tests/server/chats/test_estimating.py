"""What the next question may cost, through the chats' own door."""

from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.errors import NotFound, UnknownModel
from autoanalyst_ext.types.chats import Chat
from autoanalyst_ext.types.estimates import Estimate, EstimateOrder
from autoanalyst_ext.types.usage import TokenUsage, usd
from autoanalyst_ext.usage.ledger import NewAttempt

from .test_manager import ANN, BOB, Past, past

NANO = "openai:gpt-5-nano"
INPUT, OUTPUT = 50_000, 400_000
"""Pico-USD of a token of gpt-5-nano."""


async def answered(
    made: Past, sent: int, said: int, chat: Chat | None = None, model: str = NANO, **more: Any
) -> Chat:
    """An answer that took one call of so many tokens."""
    chat = chat or await made.manager.create(ANN, "A question")
    _, run = await made.ask(chat, "A question", model=model, **more)
    provider, _, name = model.partition(":")
    call = NewAttempt(provider=provider, model=name, principal_id=ANN.id, chat_id=chat.id, run_id=run.id)
    attempt = (await made.engine.ledger.open(call)).id
    await made.engine.ledger.settle(attempt, TokenUsage(input_tokens=sent, output_tokens=said))
    return chat


async def estimate(made: Past, length: int = 40, **order: Any) -> Estimate:
    return await made.manager.estimate(ANN, EstimateOrder(length=length, **{"model": NANO, **order}))


def figures(found: Estimate) -> tuple[str | None, str | None, str | None]:
    assert found.kind == "priced"
    return found.low_usd, found.typical_usd, found.high_usd


def test_the_next_question_of_a_chat_sends_what_the_last_call_sent_and_got(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        for said in (100, 200, 300, 400):
            await answered(made, 1_000, said)
        chat = await answered(made, 10_000, 500)
        context = (10_000 + 500 + 10) * INPUT
        found = await estimate(made, chat=chat.id)
        assert figures(found) == tuple(usd(context + said * OUTPUT) for said in (200, 300, 400))
        assert found.basis == "From your last 5 answers of this model. The chat holds 10,500 tokens so far."

    past(tmp_path, scene)


def test_a_new_chat_begins_as_the_last_one_of_this_notebook_did(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        chat = await answered(made, 7_000, 100, notebook="a.ipynb")
        await answered(made, 9_000, 100, chat=chat, notebook="a.ipynb")
        for sent in (1_000, 2_000, 3_000):
            await answered(made, sent, 100, notebook="b.ipynb")
        here = await estimate(made, notebook="a.ipynb")
        assert figures(here) == (usd(7_010 * INPUT + 100 * OUTPUT),) * 3
        assert here.basis.endswith("A chat here began with 7,000 tokens.")
        elsewhere = await estimate(made, notebook="c.ipynb")
        assert figures(elsewhere) == (usd(2_010 * INPUT + 100 * OUTPUT),) * 3
        assert elsewhere.basis.endswith("Chats begin with 2,000 tokens.")

    past(tmp_path, scene)


def test_answers_of_other_agents_say_nothing_and_assumed_ones_say_that_they_are(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        for _ in range(5):
            await answered(made, 4_000, 100, agents=("data_viz_agent",))
        known = await estimate(made, agents=("Viz_agent", "sales", "data_viz_agent"))
        assert figures(known) == (usd(4_010 * INPUT + 100 * OUTPUT),) * 3
        assumed = await estimate(made)
        assert figures(assumed) == (
            usd((2 * 4_010 + 500) * INPUT + 300 * OUTPUT),
            usd((3 * 4_010 + 2_400) * INPUT + 800 * OUTPUT),
            usd((6 * 4_010 + 22_500) * INPUT + 3_400 * OUTPUT),
        )
        assert assumed.basis.startswith("Too few answers of this model to learn from")

    past(tmp_path, scene)


def test_what_costs_nothing_is_free_and_what_nobody_has_a_price_for_is_unpriced(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        for model in ("offline:analyst", "ollama:llama3"):
            found = await estimate(made, model=model)
            assert (found.kind, found.low_usd, found.typical_usd, found.high_usd) == (
                "free",
                None,
                None,
                None,
            )
        unknown = await estimate(made, model="openai:gpt-99-none")
        assert (unknown.kind, unknown.high_usd) == ("unpriced", None)
        assert unknown.basis == "The price of openai:gpt-99-none is not known here."
        with pytest.raises(UnknownModel):
            await estimate(made, model="nobody:at-all")

    past(tmp_path, scene)


def test_a_chat_of_somebody_else_is_not_estimated(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        chat = await answered(made, 1_000, 100)
        with pytest.raises(NotFound):
            await made.manager.estimate(BOB, EstimateOrder(length=1, chat=chat.id, model=NANO))

    past(tmp_path, scene)


def test_after_another_model_the_chat_is_as_long_as_that_one_counted(tmp_path: Path) -> None:
    async def scene(made: Past) -> None:
        chat = await answered(made, 6_000, 0, model="openai:gpt-5")
        found = await estimate(made, chat=chat.id)
        assert found.basis.endswith("The chat holds 6,000 tokens so far, as openai:gpt-5 counted them.")

    past(tmp_path, scene)
