"""Every question ends, and is booked: whenever it is stopped or left, and whatever breaks meanwhile."""

import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from autoanalyst_ext.chats import filling
from autoanalyst_ext.chats.relay import Relay
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.providers.scripted import ScriptedModel
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.store.tables import runs as runs_table

from .client import Client, Message, at_the_other_end
from .desk import OneModel, runs

SUM = 'sales["revenue"].sum()'
TOTAL = [runs(SUM), Reply(text="The **total** is {{c1}}.")]
WINDING = [
    runs(f"print(1)\n{SUM}", "x = 1\nx"),
    runs('sales["nope"]'),
    runs('sales["revenue"].mean()'),
    Reply(text="The total is {{c1}}."),
]
MESSAGES = 40
"""More than the engine says about a winding question."""

Interrupt = Callable[[Client, str], Awaitable[None]]


async def _stop(client: Client, question: str) -> None:
    await client.say(kind="stop", id=question)
    ended = await client.hears("ended", "failed", id=question)
    assert ended["kind"] == "ended"
    await client.leave()


async def _leave(client: Client, question: str) -> None:
    await client.leave()


async def _after(client: Client, count: int, question: str) -> bool:
    """Wait until the engine has said this much about a question; False when it has ended before."""
    async with client._news:
        await client._news.wait_for(
            lambda: len(client.told) > count or client.of("ended", "failed", id=question)
        )
    return not client.of("ended", "failed", id=question)


@pytest.mark.parametrize("interrupt", [_stop, _leave])
def test_a_question_ends_and_is_booked_whenever_it_is_stopped_or_left(
    interrupt: Interrupt, tmp_path: Path
) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        for count in range(1, MESSAGES):
            model = ScriptedModel(WINDING)
            engine.providers.add(OneModel(model))
            one = Client(Relay(engine), client.notebook)
            await one.hello()
            await one.say(kind="ask", id="q", question="total", model="scripted:test")
            under_way = await _after(one, count, "q")
            called, over = len(model.requests), bool(one.events("run_finished"))
            await interrupt(one, "q")
            assert len(model.requests) == called, "nothing is asked any more"
            for event in one.events("run_started"):
                usage = await engine.ledger.usage_of_run(event["run_id"])
                assert usage.requests == len(model.requests)
                run = await Runs(engine.database).get(engine.principal.id, event["run_id"])
                assert run.status == ("answered" if over else "interrupted")
            if not under_way:
                break
        else:
            raise AssertionError("the question is longer than the test")
        open_runs = select(func.count()).select_from(runs_table).where(runs_table.c.status == "running")
        assert await engine.database.read(lambda connection: connection.execute(open_runs).scalar()) == 0

    at_the_other_end(tmp_path, scene)


def test_after_the_end_of_a_connection_no_question_is_begun(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        model = ScriptedModel(TOTAL)
        engine.providers.add(OneModel(model))
        await client.relay.close()
        await client.say(kind="ask", id="late", question="total", model="scripted:test")
        await client.relay.close()  # waits for whatever is under way
        assert not client.of("event", "request")
        assert model.requests == []

    at_the_other_end(tmp_path, scene)


def test_a_bug_in_finding_the_figures_ends_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OverflowError("a figure that is too large")

    async def scene(client: Client, engine: Engine) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(filling.claims, "mark", broken)
            ended = await client.ask("total")
        assert "Something went wrong inside AutoAnalyst (OverflowError)." in ended["html"]
        answer = client.events("run_finished")[0]["answer"]
        assert answer["status"] == "failed"
        assert (await Runs(engine.database).get(engine.principal.id, answer["run_id"])).status == "failed"
        assert (await client.ask("again", id="q2"))["kind"] == "ended"

    at_the_other_end(tmp_path, scene, [*TOTAL, *TOTAL])


def test_halves_of_characters_of_a_model_break_nothing(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.ask("what do you see")
        answer = client.events("run_finished")[0]["answer"]
        assert (answer["status"], answer["answer"]) == ("answered", "I see \ufffd and \U0001f600.")
        assert answer["cells"][0]["source"] == 'face = "\ufffd"\nface'
        assert (await client.ask("again", id="q2"))["kind"] == "ended"

    seen = [runs('face = "\ud83d"\nface'), Reply(text="I see \ud83d and \ud83d\ude00."), Reply(text="Well.")]
    at_the_other_end(tmp_path, scene, seen)


def test_a_message_that_cannot_be_written_down_is_told_to_who_waits_for_it(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        engine.agents.all = lambda: [_Unwritable()]  # type: ignore[method-assign, list-item, return-value]
        await client.say(kind="query", id="a", what="agents")
        failed = await client.hears("found", "failed", id="a")
        assert (failed["kind"], failed["code"]) == ("failed", "internal")

    class _Unwritable:
        def model_dump(self, **_: Any) -> Message:
            return dict.fromkeys(("name", "title", "description", "aliases"), "\ud83d")

    at_the_other_end(tmp_path, scene)


def test_a_receipt_nested_deeply_is_passed_over(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        nest: Message = {}
        for _depth in range(700):
            nest = {"cells": nest}
        ended = await client.ask("total", receipts=[{"receipt": nest}])
        assert (ended["kind"], ended["replayed"]) == ("ended", False)

    at_the_other_end(tmp_path, scene, TOTAL)


def test_an_output_that_cannot_be_read_does_not_end_the_question(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        async def garbage(message: Message) -> None:
            if message["do"]["op"] == "execute":
                heard = {"kind": "heard", "request": message["request"], "type": "display_data"}
                await client.say(**heard, content={"data": 7})

        client.before_reply = garbage
        assert (await client.ask("total"))["kind"] == "ended"
        assert not client.of("failed")

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_hello_that_cannot_be_answered_says_so(tmp_path: Path) -> None:
    async def no_key_ring() -> str:
        raise NotADirectoryError("keys.json")

    async def scene(client: Client, engine: Engine) -> None:
        engine.chosen_model = no_key_ring  # type: ignore[method-assign]
        stranger = Client(Relay(engine), client.notebook)
        await stranger.say(kind="hello", protocol=1, version="0.1.0")
        failed = await stranger.hears("failed", "welcome")
        assert (failed["kind"], failed["id"]) == ("failed", None)
        await stranger.leave()

    at_the_other_end(tmp_path, scene)


# Whatever is said


PARTS = ("id", "request", "type", "content", "value", "error", "args", "data", "name", "text", "transient")
PARTS += ("display_id", "ename", "evalue", "traceback", "receipt", "receipts", "results", "status", "folder")
ATOMS = (None, True, 0, 10**400, 1.5, float("nan"), "", "q1", "\ud800", "a\0b", "stdout", "text/plain", "ok")
WHAT = ("agents", "models", "usage", "history", "refill", "secrets")
TYPES = ("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output")


def _junk(dice: random.Random, depth: int = 0) -> Any:
    if depth > 3 or dice.random() < 0.5:
        return dice.choice(ATOMS)
    if dice.random() < 0.4:
        return [_junk(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {dice.choice(PARTS): _junk(dice, depth + 1) for _ in range(dice.randrange(5))}


def _nonsense(dice: random.Random, request: str) -> Message:
    """A message that is almost one; never a stop of the question or a reply to its request."""
    said = {name: _junk(dice) for name in dice.sample(PARTS, 6)}
    kind = dice.choice(("heard",) * 4 + ("replied", "query", "approve", "stop", "ask", "hello", "sing"))
    said |= {"kind": kind, "what": dice.choice(WHAT), "type": dice.choice(TYPES), "yes": True}
    if kind == "heard":
        return said | {"request": request}
    return {**said, "request": "another", "id": dice.choice(["x", _junk(dice)]) if kind != "stop" else "x"}


def test_whatever_a_client_says_meanwhile_its_question_is_answered(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        dice = random.Random(20)

        async def storm(message: Message) -> None:
            if message["do"]["op"] == "execute":
                for _ in range(2000):
                    await client.relay.take(json.dumps(_nonsense(dice, message["request"])))

        client.before_reply = storm
        await client.say(kind="ask", id="mine", question="total", model="scripted:test")
        ended = await client.hears("ended", id="mine")
        assert "<strong>total</strong> is 231" in ended["html"]

    at_the_other_end(tmp_path, scene, TOTAL)
