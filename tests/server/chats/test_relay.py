"""A client's connection to the engine: real kernel, real database, a scripted model."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.chats.failures import told
from autoanalyst_ext.chats.outbox import Outbox
from autoanalyst_ext.chats.parsing import MESSAGE_BYTES
from autoanalyst_ext.chats.queries import total
from autoanalyst_ext.chats.relay import joined
from autoanalyst_ext.engine import Engine
from autoanalyst_ext.errors import AnalystError
from autoanalyst_ext.providers.script import Pace, Reply
from autoanalyst_ext.store.attempts import Attempts
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.types.events import Notice, TextDelta
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_ext.types.wire import PROTOCOL, EngineMessage, Told

from .client import Client, Message, at_the_other_end
from .desk import runs

TOTAL = [runs('print("sum")\nsales["revenue"].sum()'), Reply(text="The **total** is {{c1}}.")]
NEVER = "while True:\n    pass"


def test_a_question_is_answered_through_the_clients_hands(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        ended = await client.ask("total revenue")
        assert ended["kind"] == "ended"
        assert ended["html"] == "<p>The <strong>total</strong> is 231.</p>\n"
        assert (ended["replayed"], ended["pending"]) == (False, [])
        assert ended["receipt"]["question"] == "total revenue"
        answer = client.events()[-1]["answer"]
        assert (answer["status"], answer["answer"]) == ("answered", "The **total** is 231.")
        operations = [message["do"]["op"] for message in client.of("request")]
        assert operations.count("evaluate") == 1  # the offline analyst's check, while the model thinks
        assert [each for each in operations if each != "evaluate"] == ["look", "insert", "execute", "look"]
        kept = await Runs(engine.database).get(engine.principal.id, answer["run_id"])
        assert kept.status == "answered"

    at_the_other_end(tmp_path, scene, TOTAL)


def test_events_come_without_the_outputs_that_the_client_has(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.ask("total revenue")
        (finished,) = client.events("cell_finished")
        execution = finished["execution"]
        assert execution["status"] == "ok"
        assert (execution["outputs"], execution["result"], execution["tables"]) == ([], None, [])
        (cell,) = client.events("run_finished")[0]["answer"]["cells"]
        assert (cell["label"], cell["outputs"]) == ("c1", [])
        assert not client.events("cell_output", "receipt_made")
        kinds = [event["kind"] for event in client.events()]
        assert kinds[0] == "run_started"
        assert kinds[-1] == "run_finished"

    at_the_other_end(tmp_path, scene, TOTAL)


def test_what_a_cell_shows_reaches_the_model_of_this_process(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.ask("total revenue")
        model = engine.providers.resolve("scripted:test", settings=None)  # type: ignore[arg-type]
        assert "sum" in str(model.requests[-1])  # type: ignore[attr-defined]

    at_the_other_end(tmp_path, scene, TOTAL)


def test_code_that_fails_is_repaired_in_the_same_cell(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.ask("mean")
        assert client.events()[-1]["answer"]["answer"] == "19.25"
        operations = [message["do"]["op"] for message in client.of("request")]
        assert operations == ["look", "insert", "execute", "look", "replace", "execute", "look"]

    replies = [runs('sales["revenu"].mean()'), runs('sales["revenue"].mean()'), Reply(text="{{c1}}")]
    at_the_other_end(tmp_path, scene, replies)


def test_nothing_is_answered_before_hello(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        stranger = Client(type(client.relay)(engine), client.notebook)
        failed = await stranger.ask("total")
        assert (failed["kind"], failed["code"]) == ("failed", "bad_request")
        assert failed["message"] == "The first message must be 'hello'."
        await stranger.leave()

    at_the_other_end(tmp_path, scene)


def test_hello_is_answered_with_who_and_which_model(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        (welcome,) = client.of("welcome")
        assert welcome["model"] == engine.default_model()
        assert (welcome["mode"], welcome["who"]) == ("auto", engine.principal.name)

    at_the_other_end(tmp_path, scene)


@pytest.mark.parametrize(
    ("protocol", "upgrade"),
    [(0, "in the kernel's environment"), (2, "where the Jupyter server runs"), ("x", "in the kernel's")],
)
def test_another_protocol_says_which_side_to_upgrade(tmp_path: Path, protocol: Any, upgrade: str) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.say(kind="hello", protocol=protocol, version="9.9", something="new")
        failed = await client.hears("failed")
        assert failed["code"] == "bad_request"
        assert "(9.9)" in failed["message"]
        assert upgrade in failed["message"]

    at_the_other_end(tmp_path, scene)


MALFORMED = [
    "",
    "hello",
    "[1]",
    "null",
    '{"kind": "sing", "id": "x"}',
    '{"kind": "ask", "id": "x"}',
    '{"kind": "ask", "id": 3, "question": "?", "folder": "/"}',
    '{"kind": "query", "id": "x", "what": "secrets"}',
    '{"kind": "ask", "id": "x", "question": "?", "folder": "/", "mode": "yolo"}',
    '{"kind": "replied", "request": "r", "value": []}',
    "[" * 100_000,
    b"\xff\xfe",
]


def test_messages_that_make_no_sense_are_refused_and_the_connection_lives_on(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        for text in MALFORMED:
            await client.relay.take(text)
        await client.relay.take(b" " * (MESSAGE_BYTES + 1))
        await client.ask("total revenue", id="after")
        refused = client.of("failed")
        assert len(refused) == len(MALFORMED) + 1
        assert {message["code"] for message in refused} == {"bad_request"}
        assert [message["id"] for message in refused].count("x") == 4
        assert "64 MiB" in refused[-1]["message"]
        assert client.of("ended", id="after")

    at_the_other_end(tmp_path, scene, TOTAL)


def test_halves_of_characters_break_nothing(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.say(kind="ask", id="\udfff", question="total \ud800 revenue", model="scripted:test")
        assert (await client.hears("ended"))["id"] == "?"

    at_the_other_end(tmp_path, scene, TOTAL)


async def ended(client: Client, id: str) -> Message:
    return await client.hears("ended", "failed", id=id)


def test_a_second_question_waits_for_the_end_of_the_first(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.event("cell_started")
        second = await client.ask("total", id="q2")
        assert (second["kind"], second["code"]) == ("failed", "limit_reached")
        await client.say(kind="stop", id="q1")
        assert (await ended(client, "q1"))["kind"] == "ended"
        assert (await client.ask("total", id="q3"))["kind"] == "ended"

    at_the_other_end(tmp_path, scene, [runs(NEVER), *TOTAL], mode="auto")


def test_stop_ends_the_question_in_good_order_and_asks_no_model_again(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.event("cell_started")
        await client.say(kind="stop", id="q1")
        assert (await ended(client, "q1"))["kind"] == "ended"
        answer = client.events()[-1]["answer"]
        assert (answer["status"], answer["answer"]) == (
            "stopped", "Stopped. Your question and everything so far are kept."
        )  # fmt: skip
        kept = await Runs(engine.database).get(engine.principal.id, answer["run_id"])
        assert kept.status == "interrupted"
        assert len(client.events("step_started")) == 1

    at_the_other_end(tmp_path, scene, [runs(NEVER), *TOTAL])


def test_a_stop_that_comes_with_the_reply_starts_no_other_call(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        async def stop_first(message: Message) -> None:
            if message["do"]["op"] == "execute":
                await client.say(kind="stop", id="q1")

        client.before_reply = stop_first
        assert (await client.ask("total"))["kind"] == "ended"
        assert client.events()[-1]["answer"]["status"] == "stopped"
        assert len(client.events("step_started")) == 1

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_stop_right_behind_the_question_still_ends_it(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.say(kind="stop", id="q1")
        assert (await ended(client, "q1"))["kind"] == "ended"
        assert client.events()[-1]["answer"]["status"] == "stopped"
        assert not client.events("step_started")

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_stop_of_what_has_ended_is_no_mistake(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.ask("total")
        await client.say(kind="stop", id="q1")
        await client.say(kind="approve", id="q1", call_id="c", code_hash="h", yes=True)
        await client.say(kind="query", id="x", what="cancel")
        assert (await client.hears("found", id="x"))["body"] == {"stopped": 0}
        assert not client.of("failed")

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_client_that_goes_leaves_a_run_that_was_stopped_and_booked(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.event("text_delta")
        await client.leave()
        run_id = client.events("run_started")[0]["run_id"]
        kept = await Runs(engine.database).get(engine.principal.id, run_id)
        assert kept.status == "interrupted"
        assert (await engine.ledger.usage_of_run(run_id)).requests == 1
        assert await Attempts(engine.database).started() == ()

    slow = Reply(text=("Well", ", ", "..."), pace=Pace(between=60), usage=TokenUsage(input_tokens=5))
    at_the_other_end(tmp_path, scene, [slow])


def test_a_client_that_goes_while_its_cell_runs_ends_the_run(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.event("cell_started")
        await client.leave()
        run_id = client.events("run_started")[0]["run_id"]
        assert (await Runs(engine.database).get(engine.principal.id, run_id)).status == "interrupted"

    at_the_other_end(tmp_path, scene, [runs(NEVER), *TOTAL])


CHANGE = [runs('sales = sales[sales["city"] == "Bern"]\nlen(sales)'), Reply(text="That was it.")]


@pytest.mark.parametrize(("yes", "said"), [(True, "That was it."), (False, "You said no")])
def test_unsafe_code_waits_for_the_persons_word(tmp_path: Path, yes: bool, said: str) -> None:
    async def scene(client: Client, _: Engine) -> None:
        asking = asyncio.create_task(client.ask("keep Bern", can_ask=True))
        needed = await client.event("approval_needed")
        assert not client.events("cell_started")
        late = {"kind": "approve", "id": "q1", "call_id": needed["call_id"]}
        await client.say(**late, code_hash="other", yes=True)
        refused = await client.event("notice")
        assert (refused["code"], "The code has changed" in refused["text"]) == ("refused", True)
        await client.say(**late, code_hash=needed["code_hash"], yes=yes)
        assert (await asking)["kind"] == "ended"
        assert said in client.events()[-1]["answer"]["answer"]
        assert bool(client.events("cell_started")) is yes

    at_the_other_end(tmp_path, scene, CHANGE)


def test_a_remembered_yes_holds_for_the_next_question_of_the_notebook(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        asking = asyncio.create_task(client.ask("total", can_ask=True, mode="ask"))
        needed = await client.event("approval_needed")
        parts = {key: needed[key] for key in ("call_id", "code_hash")}
        await client.say(kind="approve", id="q1", yes=True, remember=True, **parts)
        await asking
        await client.ask("total", id="q2", can_ask=True, mode="ask", fresh=True)
        assert len(client.events("approval_needed")) == 1
        assert len(client.events("cell_finished")) == 2

    at_the_other_end(tmp_path, scene, [*TOTAL, *TOTAL])


def test_where_nobody_can_be_asked_unsafe_code_is_shown_and_not_run(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.ask("keep Bern", mode="auto")
        assert client.events("cell_not_run")
        assert not client.events("approval_needed", "cell_started")

    at_the_other_end(tmp_path, scene, CHANGE)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"question": "@nobody total"}, "unknown_agent"),
        ({"question": "total", "model": "nope:x"}, "unknown_model"),
        ({"question": "  "}, "bad_request"),
        ({"question": "total", "scope": ["salse"]}, "bad_request"),
    ],
)
def test_a_question_that_cannot_be_begun_has_failed(tmp_path: Path, asked: Message, code: str) -> None:
    async def scene(client: Client, _: Engine) -> None:
        failed = await client.ask(**asked)
        assert (failed["kind"], failed["code"]) == ("failed", code)
        assert (await client.ask("total", id="q2"))["kind"] == "ended"

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_bug_is_told_plainly_and_logged_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        def broken(*_: Any, **__: Any) -> None:
            raise ZeroDivisionError("canary")

        await engine.warm_up()
        with monkeypatch.context() as patch:
            patch.setattr(engine.chats, "open", broken)
            failed = await client.ask("total")
        assert (failed["kind"], failed["code"]) == ("failed", "internal")
        assert "ZeroDivisionError" in failed["message"]
        logged = (tmp_path / "data" / "autoanalyst.log").read_text()
        line = next(json.loads(each) for each in logged.splitlines() if "request broken" in each)
        assert any(where.startswith("broken ") for where in line["where"])
        assert "canary" not in logged + json.dumps(client.told)
        assert (await client.ask("total", id="q2"))["kind"] == "ended"

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_database_that_cannot_be_used_is_told_with_the_question(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        failed = await client.ask("total")
        assert (failed["kind"], failed["code"]) == ("failed", "store_unwritable")

    (tmp_path / "file").write_text("")
    at_the_other_end(tmp_path, scene, TOTAL, database_url=f"sqlite:///{tmp_path}/file/test.db")


def test_questions_of_one_client_are_one_chat_and_a_named_chat_is_found_again(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        for number, name in enumerate(["", "Books", "", " Books "]):
            await client.ask("total revenue", id=f"q{number}", chat=name)
        chats = [event["chat_id"] for event in client.events("run_started")]
        assert chats[0] == chats[2] != chats[1] == chats[3]
        other = Client(type(client.relay)(engine), client.notebook)
        await other.hello()
        await other.ask("total", chat="Books")
        assert other.events("run_started")[0]["chat_id"] == chats[1]
        await other.say(kind="query", id="h", what="history", args={"limit": 5})
        found = (await other.hears("found", id="h"))["body"]["chats"]
        assert [chat["title"] for chat in found] == ["Books", "Total revenue"]
        assert [chat["id"] for chat in found] == [chats[1], chats[0]]
        await other.leave()

    at_the_other_end(tmp_path, scene, TOTAL * 5)


def test_agents_and_models_can_be_listed(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.say(kind="query", id="a", what="agents")
        agents = (await client.hears("found", id="a"))["body"]["agents"]
        assert [agent["name"] for agent in agents] == [agent.name for agent in engine.agents.all()]
        assert set(agents[0]) == {"name", "title", "description", "aliases"}
        await client.say(kind="query", id="m", what="models")
        models = {model["name"]: model for model in (await client.hears("found", id="m"))["body"]["models"]}
        offline = models["offline:analyst"]
        assert (offline["ready"], offline["why"], offline["default"], offline["local"]) == (
            True,
            "",
            True,
            True,
        )
        closed = next(model for name, model in models.items() if name.startswith("anthropic:"))
        assert (closed["ready"], closed["why"], closed["default"]) == (False, "no key", False)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GROQ_API_KEY", "AUTOANALYST_MODEL"):
            patch.delenv(name, raising=False)
        at_the_other_end(tmp_path, scene)


def test_usage_counts_this_clients_runs_and_the_persons(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await client.ask("total")
        await client.ask("total", id="q2", fresh=True)
        other = Client(type(client.relay)(engine), client.notebook)
        await other.hello()
        await other.ask("total", fresh=True)
        for each, requests in ((client, 4), (other, 2)):
            await each.say(kind="query", id="u", what="usage")
            usage = (await each.hears("found", id="u"))["body"]
            assert usage["chat"]["requests"] == requests
            assert usage["chat"]["cost_usd"] == "0.00"
            assert usage["today"]["requests"] == usage["month"]["requests"] == usage["all"]["requests"] == 6
        await other.leave()

    at_the_other_end(tmp_path, scene, TOTAL * 3)


def test_calls_are_booked_to_the_notebook_that_the_client_names(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        other = Client(type(client.relay)(engine), client.notebook)
        await other.say(kind="hello", protocol=PROTOCOL, version="0.1.0", notebook="/elsewhere/sales.ipynb")
        await other.hears("welcome")
        await other.ask("total", fresh=True)
        await other.say(kind="query", id="u", what="usage", args={"by": "notebook"})
        (row,) = (await other.hears("found", id="u"))["body"]["rows"]
        assert (row["name"], row["usage"]["requests"]) == ("/elsewhere/sales.ipynb", 2)
        await other.leave()

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_receipt_is_filled_with_other_figures(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        receipt = (await client.ask("total revenue"))["receipt"]
        results = {"c1": {"kind": "scalar", "type": "int64", "value": 1000}}
        await client.say(kind="query", id="r", what="refill", args={"receipt": receipt, "results": results})
        body = (await client.hears("found", id="r"))["body"]
        assert body["text"] == "The **total** is 1,000."
        assert body["html"] == "<p>The <strong>total</strong> is 1,000.</p>\n"
        assert [claim["value"] for claim in body["claims"]] == [1000]
        await client.say(kind="query", id="bad", what="refill", args={"receipt": {}})
        assert (await client.hears("failed", id="bad"))["code"] == "bad_request"

    at_the_other_end(tmp_path, scene, TOTAL)


def test_a_receipt_found_with_the_cell_is_played_again_without_a_model(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        receipt = (await client.ask("total revenue"))["receipt"]
        again = await client.ask("total revenue", id="q2", receipts=[{"receipt": receipt}])
        assert (again["kind"], again["replayed"]) == ("ended", True)
        assert again["html"] == "<p>The <strong>total</strong> is 231.</p>\n"
        assert client.events("replayed")
        run_id = client.events("run_started")[-1]["run_id"]
        assert (await engine.ledger.usage_of_run(run_id)).requests == 0

    at_the_other_end(tmp_path, scene, TOTAL)


def test_cancel_stops_the_question_that_is_being_answered(tmp_path: Path) -> None:
    async def scene(client: Client, _: Engine) -> None:
        await client.say(kind="ask", id="q1", question="total", model="scripted:test")
        await client.event("cell_started")
        await client.say(kind="query", id="x", what="cancel")
        assert (await client.hears("found", id="x"))["body"] == {"stopped": 1}
        assert (await ended(client, "q1"))["kind"] == "ended"

    at_the_other_end(tmp_path, scene, [runs(NEVER), *TOTAL])


def test_text_that_waits_for_a_slow_reader_becomes_one_message() -> None:
    def text(piece: str, step: int = 1) -> Told:
        return Told(id="q", event=TextDelta(step=step, text=piece))

    async def scene() -> list[Any]:
        outbox: Outbox[EngineMessage] = Outbox(joined)
        notice = Told(id="q", event=Notice(code="c", text="t"))
        for message in (text("a"), text("b"), notice, text("c"), text("d", step=2)):
            outbox.put(message)
        outbox.close()
        outbox.put(notice)
        return [message.event async for message in outbox.messages() if isinstance(message, Told)]

    texts = [getattr(event, "text", None) for event in asyncio.run(scene())]
    assert texts == ["ab", "t", "c", "d"]


def test_the_engine_loads_once_however_many_ask_for_it(tmp_path: Path) -> None:
    async def scene(client: Client, engine: Engine) -> None:
        await asyncio.gather(*(engine.warm_up() for _ in range(5)))
        chats = engine.chats
        await engine.warm_up()
        assert engine.chats is chats

    at_the_other_end(tmp_path, scene)


def test_a_sum_of_usage_says_what_it_leaves_out() -> None:
    paid, unpriced = Usage(requests=1, cost_usd="0.10"), Usage(requests=2, cost_usd=None, unpriced_requests=2)
    assert total([]).cost_usd == "0.00"
    assert total([unpriced]).cost_usd is None
    assert total([unpriced, Usage()]).cost_usd is None
    both = total([paid, unpriced, paid])
    assert (both.requests, both.cost_usd, both.unpriced_requests) == (4, "0.20", 2)


def test_errors_have_their_own_words() -> None:
    failed = told("q", AnalystError("Something.", limit="rounds"))
    assert (failed.id, failed.code, failed.message, failed.detail) == (
        "q", "internal", "Something.", {"limit": "rounds"}
    )  # fmt: skip
