"""Prices at a real server and by the command line beside it: one table, whoever sets it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ..server.cli.program import Ran, run
from ..server.jupyter import JupyterServer, running
from .rest import TOKEN_HEADER, Reply, ask

KEY = "administrator-of-this-very-test-server"
RIGHT = {**TOKEN_HEADER, "X-Admin-API-Key": KEY}
NANO = {"provider": "openai", "model": "gpt-5-nano"}
RATES = {"input": "0.06", "output": "0.5"}
SHELF_RATES = {
    "input": "0.05",
    "output": "0.4",
    "cache_read": "0.005",
    "cache_write": "0.05",
    "cache_write_1h": "0.05",
    "reasoning": "0.4",
}
WITHDRAW = "admin/prices?provider=openai&model=gpt-5-nano"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server"), environment={"ADMIN_API_KEY": KEY}) as started:
        yield started
    assert "Traceback" not in started.log()
    assert KEY not in started.log()


@pytest.fixture(autouse=True)
def _prices_of_the_shelf(server: JupyterServer) -> Iterator[None]:
    yield
    ask(server, "DELETE", WITHDRAW, headers=RIGHT)


def posted(server: JupyterServer, **body: Any) -> Reply:
    return ask(server, "POST", "admin/prices", {**NANO, "rates": RATES, **body}, headers=RIGHT)


def line(server: JupyterServer, at: str = "", part: str = "prices") -> Any:
    query = f"?at={at.replace('+', '%2B')}" if at else ""
    listed = ask(server, "GET", f"admin/prices{query}", headers=RIGHT).json
    found = [each for each in listed[part] if (each["provider"], each["model"]) == tuple(NANO.values())]
    return found[0] if found else None


def program(server: JupyterServer, *arguments: str) -> Ran:
    data = {"JUPYTER_DATA_DIR": str(server.folder / "data")}
    return run(server.folder, "admin", "price", *arguments, **data)


def test_a_price_holds_from_now_on_says_why_and_is_in_the_log(server: JupyterServer) -> None:
    begun = datetime.now(UTC)
    reply = posted(server, note="contract 7")
    assert reply.status == 201
    given = {
        **RATES,
        "cache_read": "0.06",
        "cache_write": "0.06",
        "cache_write_1h": "0.06",
        "reasoning": "0.5",
    }
    assert (reply.json["rates"], reply.json["is_override"], reply.json["tiers"]) == (given, True, [])
    assert begun <= datetime.fromisoformat(reply.json["since"]) <= datetime.now(UTC)
    assert line(server) == reply.json
    assert reply.json["source"].endswith(" UTC: contract 7")
    assert "admin: price set: openai:gpt-5-nano, set by " in server.log()
    before = line(server, begun.isoformat())
    assert (before["rates"], before["is_override"]) == (SHELF_RATES, False)


def test_a_price_to_come_is_listed_and_withdrawn(server: JupyterServer) -> None:
    later = datetime.now(UTC) + timedelta(days=40)
    reply = posted(server, effective_from=later.isoformat())
    assert line(server)["rates"] == SHELF_RATES
    assert line(server, part="coming") == reply.json
    assert line(server, later.isoformat()) == reply.json
    gone = ask(server, "DELETE", WITHDRAW, headers=RIGHT)
    assert (gone.status, gone.json["rates"]) == (200, SHELF_RATES)
    assert line(server, part="coming") is None
    assert line(server, later.isoformat())["rates"] == SHELF_RATES
    assert "admin: price withdrawn: openai:gpt-5-nano, genai-prices " in server.log()


def test_models_of_the_shelf_are_listed_with_their_tiers_and_what_is_free_is(server: JupyterServer) -> None:
    listed = ask(server, "GET", "admin/prices", headers=RIGHT).json["prices"]
    found = {f"{each['provider']}:{each['model']}": each for each in listed}
    assert found["anthropic:claude-sonnet-4-6"]["rates"]["cache_write_1h"] == "6"
    assert [tier["above"] for tier in found["openai:gpt-6.1-terra"]["tiers"]] == [272_000]
    assert set(found["offline:analyst"]["rates"].values()) == {"0"}
    assert [*found] == sorted(found, key=lambda name: tuple(name.split(":", 1)))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"rates": {"input": "-1", "output": "1"}}, "from 0 to 100000"),
        ({"rates": {"input": "1", "output": "100000.1"}}, "from 0 to 100000"),
        ({"rates": {"input": "1", "output": "0.0000001"}}, "at most six decimals"),
        ({"rates": {"input": "1", "output": "1e3"}}, "a rate is US dollars per million tokens"),
        ({"rates": {"input": "1", "output": "NaN"}}, "a rate is US dollars per million tokens"),
        ({"rates": {"input": 0.05, "output": "1"}}, "written as text"),
        ({"rates": {"input": "1"}}, "Field required"),
        ({"effective_from": "2020-01-01T00:00:00Z"}, "cannot begin in the past"),
        ({"effective_from": "2999-01-01T00:00:00"}, "timezone"),
        ({"model": ""}, "String should match"),
        ({"model": "gpt 5"}, "String should match"),
        ({"note": "two\nlines"}, "String should match"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_set(
    server: JupyterServer, body: dict[str, Any], says: str
) -> None:
    reply = posted(server, **body)
    assert (reply.status, reply.json["error"]["code"]) == (422, "invalid_body")
    assert says in reply.json["error"]["message"]
    assert line(server)["rates"] == SHELF_RATES


def test_a_provider_a_moment_or_a_price_that_is_not_there_is_named(server: JupyterServer) -> None:
    reply = posted(server, provider="opnai")
    assert (reply.status, reply.json["error"]["code"]) == (400, "unknown_model")
    assert "Did you mean 'openai'?" in reply.json["error"]["message"]
    for moment in ("tomorrow", "2026-12-01", "2026-12-01T00:00:00"):
        reply = ask(server, "GET", f"admin/prices?at={moment}", headers=RIGHT)
        assert (reply.status, reply.json["error"]["detail"]) == (422, {"field": "at"})
    assert ask(server, "DELETE", WITHDRAW, headers=RIGHT).status == 404


def test_nobody_sees_or_sets_a_price_without_the_key(server: JupyterServer) -> None:
    for verb, path in (("GET", "admin/prices"), ("POST", "admin/prices"), ("DELETE", WITHDRAW)):
        reply = ask(server, verb, path, {**NANO, "rates": RATES})
        assert (reply.status, reply.json["error"]["code"]) == (401, "admin_key_required")
    assert line(server)["rates"] == SHELF_RATES


def test_the_command_line_sets_what_the_server_lists(server: JupyterServer) -> None:
    ran = program(server, "set", "openai-responses:GPT-5-nano", "--input", "0.06", "--output", "0.5")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("openai:gpt-5-nano  input 0.06, output 0.5  (set by ")
    assert line(server)["rates"]["cache_read"] == "0.06"
    ran = program(server, "set", "openai:gpt-5-nano", "--input=7", "--output=8", "--from", "2999-01-01")
    assert ran.code == 0, ran.err
    listed = program(server, "list").out.splitlines()
    assert [said.partition("  (")[0] for said in listed if "gpt-5-nano" in said] == [
        "openai:gpt-5-nano  input 0.06, output 0.5",
        "to come: openai:gpt-5-nano  input 7, output 8",
    ]
    ran = program(server, "withdraw", "openai:gpt-5-nano", "--note", "a mistake")
    assert (ran.code, ran.out.partition("  (")[0]) == (
        0,
        "openai:gpt-5-nano  input 0.05, output 0.4, cache read 0.005",
    )
    assert line(server)["rates"] == SHELF_RATES


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "openai:gpt-5-nano", "--input=-1", "--output=1"), "from 0 to 100000"),
        (("set", "openai:gpt-5-nano", "--input=1"), "Missing option '--output'"),
        (("set", "gpt-5-nano", "--input=1", "--output=1"), "Write 'provider:model'"),
        (("set", "openai:gpt 5", "--input=1", "--output=1"), "That makes no sense"),
        (("set", "openai:x", "--input=1", "--output=1", "--from=2020-01-01"), "cannot begin in the past"),
        (("withdraw", "openai:gpt-5-nano"), "There is nothing to withdraw."),
    ],
)
def test_a_mistake_on_the_command_line_is_said_without_a_trace(
    server: JupyterServer, arguments: tuple[str, ...], says: str
) -> None:
    ran = program(server, *arguments)
    assert ran.code in (1, 2)
    assert says in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
