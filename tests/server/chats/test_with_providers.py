"""The same questions through each official SDK, against the fake provider: answers, money, what leaves."""

import asyncio
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from autoanalyst_ext.providers.script import Fault, Pace, Reply
from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.types.events import CellFinished, Notice, StepFinished, TextDelta
from autoanalyst_ext.types.runs import Answer
from autoanalyst_ext.types.usage import TokenUsage, usd
from autoanalyst_ext.usage.ledger import Opened
from autoanalyst_ext.usage.prices import PriceBook, cost
from tests.fakes.provider import FakeProvider

from .desk import Desk, at, at_desk, runs

MODELS = {
    "openai": "openai:gpt-4o-mini",
    "openai-responses": "openai-responses:gpt-4o-mini",
    "anthropic": "anthropic:claude-sonnet-4-6",
    "groq": "groq:llama-3.3-70b-versatile",
}
USED = TokenUsage(input_tokens=1200, output_tokens=40, cache_read_tokens=1024)

Scene = Callable[[Desk, FakeProvider], Any]


def play(
    folder: Path, scene: Scene, replies: Iterable[Reply], *, provider: str = "openai", **traits: Any
) -> None:
    """Play a scene at a desk whose provider is a fake that gives `replies`."""
    with FakeProvider(list(replies)) as fake:
        at_desk(folder, lambda desk: scene(desk, fake), **at(fake, provider, **traits))


async def booked(desk: Desk) -> list[Row[Any]]:
    """The attempts in the ledger, in order."""
    query = select(attempts).order_by(attempts.c.id)
    return await desk.engine.database.read(lambda connection: list(connection.execute(query)))


def sent(fake: FakeProvider) -> str:
    """Everything that was sent to the provider."""
    return "\n".join(exchange.body.decode() for exchange in fake.exchanges)


@pytest.mark.parametrize("provider", MODELS)
def test_a_question_is_answered_and_booked_to_the_last_token(provider: str, tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("total revenue", model=MODELS[provider])
        assert (answer.status, answer.answer) == ("answered", "The total is 231.")
        rows = await booked(desk)
        assert [row.state for row in rows] == ["settled", "settled"]
        assert len(fake.exchanges) == len(rows)
        for row, exchange in zip(rows, fake.exchanges, strict=True):
            assert exchange.served is not None
            assert exchange.served.usage == TokenUsage(
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                cache_read_tokens=row.cache_read_tokens,
            )
        name, model = MODELS[provider].split(":")
        price = PriceBook().price(name, model)
        assert price is not None
        expected = 2 * cost(price, USED)
        assert expected > 0
        assert answer.cost_usd == usd(expected)
        assert answer.usage.tokens == USED + USED
        assert answer.usage.requests == 2
        assert [step.tokens for step in desk.of(StepFinished)] == [USED, USED]

    replies = [runs('sales["revenue"].sum()'), Reply(text="The total is {{c1}}.")]
    play(tmp_path, scene, [r.model_copy(update={"usage": USED}) for r in replies], provider=provider)


@pytest.mark.parametrize("provider", MODELS)
def test_the_opening_stays_the_same_so_that_caches_hit(provider: str, tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await desk.ask("total revenue", model=MODELS[provider])
        await desk.ask("and the mean", model=MODELS[provider])
        first, *later = [exchange.json() for exchange in fake.exchanges]
        key = "input" if provider == "openai-responses" else "messages"
        for body in later:
            assert json.dumps(body["tools"]) == json.dumps(first["tools"])
            assert body.get("system") == first.get("system")
            opening = first[key] if provider != "anthropic" else first[key][:2]
            assert body[key][: len(opening)] == opening

    replies = [runs('sales["revenue"].sum()'), Reply(text="{{c1}}"), Reply(text="no")]
    play(tmp_path, scene, replies, provider=provider)


@pytest.mark.parametrize("level", ["names", "schema", "statistics", "masked"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_no_value_leaves_below_the_level_of_rows(provider: str, level: str, tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("what is there", model=MODELS[provider])
        assert answer.answer == "canary-0 and canary-3", "the user sees what the model may not"
        assert len(fake.exchanges) == 6
        assert "canary" not in sent(fake)
        assert "sales" in sent(fake)

    replies = [
        runs("sales.head()"),
        runs('print(sales["secret"].iloc[1])\nsales["secret"].max()'),
        runs('{row: n for n, row in enumerate(sales["secret"])}'),
        runs('sales.set_index("secret").loc["x"]'),
        runs('float(sales["secret"].iloc[2])'),
        Reply(text="{{c1[0].secret}} and canary-3"),
    ]
    # The last reply's own text is the model's; it is the last, so nothing of it is sent back.
    play(tmp_path, scene, replies, provider=provider, egress_level=level)


def test_at_the_level_of_rows_values_leave(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await desk.ask("what is there", model=MODELS["openai"])
        assert "canary-0" in sent(fake)

    play(tmp_path, scene, [runs("sales.head()"), Reply(text="ok")], egress_level="rows")


def test_a_key_error_can_be_repaired_without_seeing_data(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("mean revenue", model=MODELS["openai"])
        assert answer.answer == "19.25"
        told = json.dumps(fake.exchanges[1].json()["messages"][-1])
        assert "KeyError" in told
        assert "revenu" in told
        assert [event.execution.status for event in desk.of(CellFinished)] == ["error", "ok"]

    replies = [runs('sales["revenu"].mean()'), runs('sales["revenue"].mean()'), Reply(text="{{c1}}")]
    play(tmp_path, scene, replies)


def test_a_call_that_was_refused_is_repeated_as_an_attempt_of_its_own(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model=MODELS["openai"])
        assert answer.answer == "Good."
        rows = await booked(desk)
        assert [(row.state, row.error_code, row.cost_pusd) for row in rows[:2]] == [
            ("void", "rate_limited", 0),
            ("void", "provider_down", 0),
        ]
        assert rows[2].state == "settled"
        assert len(fake.exchanges) == 3

    refused = Reply(fault=Fault(kind="status", status=429, retry_after="0"))
    down = Reply(fault=Fault(kind="status", status=503, retry_after="0"))
    play(tmp_path, scene, [refused, down, Reply(text="Good.", usage=USED)])


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "key_rejected", "key"),
        (404, "model_unavailable", "model"),
        (400, "provider_error", "400"),
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic", "groq"])
def test_a_refusal_ends_in_words_that_help_and_is_recorded(
    provider: str, status: int, code: str, words: str, tmp_path: Path
) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model=MODELS[provider])
        assert answer.status == "failed"
        assert answer.error is not None
        assert answer.error["code"] == code
        assert words in answer.answer
        assert fake.key not in answer.model_dump_json()
        (row,) = await booked(desk)
        assert (row.state, row.error_code, row.cost_pusd) == ("void", code, 0)
        assert len(fake.exchanges) == 1

    play(tmp_path, scene, [Reply(fault=Fault(kind="status", status=status))], provider=provider)


@pytest.mark.parametrize("provider", MODELS)
def test_a_stream_that_is_cut_keeps_its_text_and_is_booked_as_an_estimate(
    provider: str, tmp_path: Path
) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model=MODELS[provider])
        assert answer.status == "failed"
        assert answer.error is not None
        assert answer.error["code"] == "stream_cut"
        assert answer.answer.startswith("One two")
        (row,) = await booked(desk)
        assert (row.state, row.error_code) == ("estimated", "stream_cut")
        assert row.input_tokens > 100
        assert row.output_tokens > 0
        assert row.cost_pusd > 0
        assert answer.usage.estimated_requests == 1

    # Frames that open a message count as pieces where a dialect has them.
    words = ("One ", "two ", "three ", *["more "] * 9)
    cut = Reply(text=words, usage=USED, fault=Fault(kind="end", after=7))
    play(tmp_path, scene, [cut], provider=provider)


def test_a_silent_provider_is_given_up(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model=MODELS["anthropic"])
        assert answer.error is not None
        assert answer.error["code"] == "provider_timeout"
        (row,) = await booked(desk)
        assert row.state == "estimated"

    stall = Reply(text=("One ", "two"), fault=Fault(kind="stall", after=1))
    play(tmp_path, scene, [stall], provider="anthropic", model_timeout=1.0)


def test_stop_in_the_middle_of_a_stream_books_it_and_the_next_question_works(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer: Answer | None = None
        async for event in desk.session.ask("hello", choices=_choices(MODELS["openai"])):
            if isinstance(event, TextDelta):
                desk.session.stop()
            if event.kind == "run_finished":
                answer = event.answer
        assert answer is not None
        assert answer.status == "stopped"
        assert answer.answer.startswith("One")
        (row,) = await booked(desk)
        assert (row.state, row.error_code) == ("estimated", "stopped")
        again = await desk.ask("hello again", model=MODELS["openai"])
        assert again.answer == "Here."
        assert [row.state for row in await booked(desk)] == ["estimated", "settled"]

    slow = Reply(text=("One ", *["more "] * 200), pace=Pace(between=0.05), usage=USED)
    play(tmp_path, scene, [slow, Reply(text="Here.", usage=USED)])


def test_an_unknown_price_is_unpriced_and_never_zero(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model="openai:no-such-model-9")
        assert answer.cost_usd is None
        assert answer.usage.unpriced_requests == 1
        (row,) = await booked(desk)
        assert row.cost_pusd is None
        assert row.unit_prices is None

    play(tmp_path, scene, [Reply(text="Hello.", usage=USED)])


def test_the_first_use_of_a_provider_says_once_what_will_leave(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await desk.ask("hello", model=MODELS["openai"])
        (notice,) = desk.of(Notice)
        assert notice.code == "first_use"
        assert "OpenAI" in notice.text
        assert "summary statistics" in notice.text
        await desk.ask("hello", model=MODELS["openai"])
        assert desk.of(Notice) == []

    play(tmp_path, scene, [Reply(text="Hello."), Reply(text="Hello.")])


def test_the_first_call_holds_what_is_known_of_the_tables(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await desk.ask("hello", model=MODELS["openai"])
        opening = json.dumps(fake.exchanges[0].json()["messages"])
        for fact in ("sales", "12 rows", "city", "revenue", "secret", "int64", "no missing values"):
            assert fact in opening, (fact, opening)

    play(tmp_path, scene, [Reply(text="Hello.")])


def test_a_process_that_dies_in_the_middle_of_an_answer_leaves_an_estimate(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        async for event in desk.session.ask("hello", choices=_choices(MODELS["openai"])):
            if isinstance(event, TextDelta):
                (row,) = await booked(desk)
                assert (row.state, row.input_tokens > 100) == ("started", True)
                break

    slow = Reply(text=("One ", *["more "] * 200), pace=Pace(between=0.05))
    play(tmp_path, scene, [slow])


def test_what_the_offline_analyst_said_does_not_leave_after_a_switch(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        both = "@preprocessing_agent @stats_agent how many rows where city is bern"
        assert "Bern" in (await desk.ask(both, model="offline:analyst")).answer
        answer = await desk.ask("total revenue where city is bern", model="offline:analyst")
        assert "Bern" in answer.cells[0].source, "the spelling of the data"
        await desk.ask("and now you", model=MODELS["openai"])
        assert "Bern" not in sent(fake)
        assert "not shown" in sent(fake)

    play(tmp_path, scene, [Reply(text="Hello.")], egress_level="schema")


def test_a_stop_while_the_attempt_is_written_leaves_it_void(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        opened = desk.engine.ledger.open

        async def slow(*order: Any) -> Opened:
            found = await opened(*order)
            desk.session.stop()
            await asyncio.sleep(0)
            return found

        desk.engine.ledger.open = slow  # type: ignore[method-assign]
        answer = await desk.ask("hello", model=MODELS["openai"])
        assert answer.status == "stopped"
        (row,) = await booked(desk)
        assert (row.state, row.cost_pusd) == ("void", 0)
        assert fake.exchanges == []

    play(tmp_path, scene, [Reply(text="Hello.")])


def test_settings_reach_the_wire(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await desk.ask("hello", model=MODELS["openai"])
        body = fake.exchanges[0].json()
        assert body["temperature"] == 0.25
        assert body.get("max_tokens", body.get("max_completion_tokens")) == 333

    play(tmp_path, scene, [Reply(text="Hello.")], temperature=0.25, max_tokens=333)


def test_logs_carry_the_run_and_nobody_s_data(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("what of canary-question", model=MODELS["openai"])
        lines = (tmp_path / "data" / "autoanalyst.log").read_text(encoding="utf-8").splitlines()
        assert len(lines) >= 2
        for line in map(json.loads, lines):
            assert line["run_id"] == answer.run_id
            assert line["principal"] == desk.engine.principal.id
        text = "\n".join(lines)
        for planted in ("canary", fake.key, "sales", "revenue"):
            assert planted not in text

    refused = Reply(fault=Fault(kind="status", status=429, retry_after="0"))
    replies = [
        refused,
        runs('sales["secret"].iloc[0]'),
        runs('sales["canary-code"]'),
        Reply(text="canary-answer"),
    ]
    play(tmp_path, scene, replies)


def _choices(model: str) -> Any:
    from autoanalyst_ext.types.runs import Choices

    return Choices(model=model)
