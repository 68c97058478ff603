"""What was sent, as the user can look at it: what really went over the wire, however the call ended."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from autoanalyst_ext.policy.egress.sent import SENT_BYTES
from autoanalyst_ext.providers.script import Fault, Reply
from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.types.events import RunStarted, StepStarted, TextDelta
from autoanalyst_ext.types.panel import Sent
from autoanalyst_ext.types.runs import Choices
from tests.fakes.provider import FakeProvider

from .desk import Desk, at, at_desk, runs

MODELS = {
    "openai": "openai:gpt-4o-mini",
    "openai-responses": "openai-responses:gpt-4o-mini",
    "anthropic": "anthropic:claude-sonnet-4-6",
    "groq": "groq:llama-3.3-70b-versatile",
}


def play(
    folder: Path,
    scene: Callable[[Desk, FakeProvider], Any],
    replies: Iterable[Reply],
    *,
    provider: str = "openai",
    **traits: Any,
) -> None:
    """Play a scene at a desk whose provider is a fake that gives `replies`."""
    with FakeProvider(list(replies)) as fake:
        at_desk(folder, lambda desk: scene(desk, fake), **at(fake, provider, **traits))


async def sent(desk: Desk, run_id: str) -> Sent:
    """What a run sent, by the public door."""
    return await desk.engine.chats.sent(desk.engine.principal, run_id)


async def digest_of(desk: Desk, attempt_id: str) -> str | None:
    """What the ledger logged of an attempt."""
    query = select(attempts.c.request_digest).where(attempts.c.id == attempt_id)
    return await desk.engine.database.read(lambda connection: connection.execute(query).scalar_one())


def texts(body: Any) -> str:
    """All texts of a request's body, unescaped."""
    if isinstance(body, dict):
        return "\n".join(texts(value) for value in body.values())
    if isinstance(body, list):
        return "\n".join(map(texts, body))
    return body if isinstance(body, str) else ""


@pytest.mark.parametrize("provider", MODELS)
def test_what_is_shown_is_what_went_over_the_wire(provider: str, tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("total revenue", model=MODELS[provider])
        (call,) = (await sent(desk, answer.run_id)).calls
        assert (call.model, call.level, call.left, call.cut) == (MODELS[provider], "statistics", True, False)
        assert call.digest == await digest_of(desk, call.attempt_id)
        last = texts(fake.exchanges[-1].json())
        for part in call.parts:
            if part.role == "tool_call":
                continue  # the wire has its arguments in each provider's own shape
            text, _, _ = part.text.partition('\n{"')
            assert text in last, part
        shown = [(part.role, part.text) for part in call.parts]
        assert ("user", "total revenue") in shown
        assert any(role == "tool_call" and 'sales[\\"revenue\\"].sum()' in text for role, text in shown)
        assert any(role == "tool_return" and text.startswith("c1 ran") for role, text in shown)
        assert {"run_cell", "inspect_data"} <= {p.name for p in call.parts if p.role == "instructions"}
        assert "canary" not in call.model_dump_json()
        assert fake.key not in call.model_dump_json()

    play(tmp_path, scene, [runs('sales["revenue"].sum()'), Reply(text="It is {{c1}}.")], provider=provider)


def test_nothing_left_for_a_model_in_this_process(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total revenue", model="offline:analyst")
        (call,) = (await sent(desk, answer.run_id)).calls
        assert (call.model, call.left, call.parts) == ("offline:analyst", False, ())

    at_desk(tmp_path, scene)


ENDS = [
    Fault(kind="status", status=401),
    Fault(kind="cut", after=400),
    Fault(kind="stall", after=1),
    Fault(kind="stall"),
]


@pytest.mark.parametrize("fault", ENDS)
def test_a_call_that_failed_is_shown_too(fault: Fault, tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("total revenue", model=MODELS["openai"])
        assert answer.status == "failed"
        (call,) = (await sent(desk, answer.run_id)).calls
        assert call.left
        assert any(part.text == "total revenue" for part in call.parts)

    replies = [Reply(text=("The answer ", "breaks ", "off."), fault=fault)] * 3
    play(tmp_path, scene, replies, model_timeout=1.0)


def test_of_a_call_that_was_repeated_the_last_attempt_is_shown(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask("hello", model=MODELS["openai"])
        query = select(attempts.c.id).order_by(attempts.c.id.desc())
        ids = await desk.engine.database.read(lambda connection: list(connection.execute(query).scalars()))
        assert len(ids) == 2
        assert [call.attempt_id for call in (await sent(desk, answer.run_id)).calls] == ids[:1]

    play(tmp_path, scene, [Reply(fault=Fault(kind="status", status=503, retry_after="0")), Reply(text="Hi.")])


def test_a_call_that_was_stopped_is_shown_too(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        run_id = ""
        async for event in desk.session.ask("total revenue", choices=Choices(model=MODELS["openai"])):
            if isinstance(event, TextDelta):
                desk.session.stop()
            run_id = event.run_id if isinstance(event, RunStarted) else run_id
        (call,) = (await sent(desk, run_id)).calls
        assert any(part.text == "total revenue" for part in call.parts)

    play(tmp_path, scene, [Reply(text=("slow ", "answer"), fault=Fault(kind="stall", after=2))])


def test_a_provider_that_was_never_reached_was_sent_nothing(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("hello", model=MODELS["openai"])
        assert answer.status == "failed"
        assert (await sent(desk, answer.run_id)).calls == ()

    with FakeProvider([]) as fake:
        traits = at(fake, "openai")
    at_desk(tmp_path, scene, **traits)


def test_each_agent_has_its_last_call(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        two = ("statistical_analytics_agent", "data_viz_agent")
        answer = await desk.ask("look at revenue", model=MODELS["openai"], agents=two)
        calls = (await sent(desk, answer.run_id)).calls
        assert len({step.agent for step in desk.of(StepStarted)}) == len(calls) == 2
        assert "One." in calls[1].model_dump_json(), "the second reads what the first said"
        assert "One." not in calls[0].model_dump_json()

    play(tmp_path, scene, [Reply(text="One."), Reply(text="Two.")])


def test_what_is_too_long_is_cut_and_says_so(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        answer = await desk.ask(f"total revenue {'x' * SENT_BYTES} please", model=MODELS["openai"])
        (call,) = (await sent(desk, answer.run_id)).calls
        assert call.cut
        assert len(call.parts[-1].text) < SENT_BYTES
        assert call.parts[-1].text.startswith("total revenue")
        assert call.parts[-1].text.endswith("please")

    play(tmp_path, scene, [Reply(text="Hi.")])
