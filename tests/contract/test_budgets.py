"""Budgets and the incident switch at every door: routes, commands, the magic, several processes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.policy.principal import here
from autoanalyst_ext.providers.script import Reply, ScriptedCall
from autoanalyst_ext.types.usage import TokenUsage
from tests.fakes.provider import FakeProvider
from tests.kernel.magic_kernel import empty_home, magic_kernel

from ..server.cli.program import Ran, run
from ..server.jupyter import JupyterServer, running
from .rest import TOKEN_HEADER, ask
from .rest import Reply as Said

KEY = "administrator-of-this-very-test-server"
RIGHT = {**TOKEN_HEADER, "X-Admin-API-Key": KEY}
CODE = 'sales["revenue"].sum()'
ADD = ScriptedCall(name="run_cell", args={"code": CODE})
STEP = Reply(
    text="Let me add it up.", tool_calls=(ADD,), usage=TokenUsage(input_tokens=1000, output_tokens=8000)
)
"""Half a cent with gpt-4o-mini, and as much is set aside for the next."""
LAST = Reply(text="It is {{c1}}.")
ME = here()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "config").mkdir()
    settings = {"Engine": {"groups": {"team": [ME.name, "hub:bob"]}}}
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(settings))
    with running(folder, environment={"ADMIN_API_KEY": KEY}) as started:
        yield started
    assert "Traceback" not in started.log()


@pytest.fixture(autouse=True)
def no_budgets(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        for state in ask(server, "GET", "admin/budgets", headers=RIGHT).json["budgets"]:
            ended = ask(server, "DELETE", f"admin/budgets/{state['budget']['id']}", headers=RIGHT)
            assert ended.status == 204


def made(reply: Said) -> dict[str, Any]:
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def refused(reply: Said) -> tuple[int, str]:
    assert reply.is_error_of_ours()
    return reply.status, reply.json["error"]["code"]


def test_one_s_own_budget_is_set_changed_and_ended(server: JupyterServer) -> None:
    assert ask(server, "GET", "budgets").json == {
        "budgets": [],
        "paid_calls": {"on": True, "reason": "", "since": None},
    }
    new = {"limit_usd": "2.50", "period": "week", "zone": "Asia/Kolkata", "principal": "hub:somebody-else"}
    state = made(ask(server, "POST", "budgets", new))
    budget = state["budget"]
    assert (budget["principal"], budget["made_by"], budget["scope"]) == (ME.id, ME.id, "everything")
    assert (budget["limit_usd"], budget["warn_percent"], state["words"]) == (
        "2.50",
        80,
        f"weekly budget of {ME.name}",
    )
    figures = ("spent_usd", "held_usd", "left_usd", "percent", "warned", "reached", "mine")
    assert [state[name] for name in figures] == ["0.00", "0.00", "2.50", 0, False, False, True]
    start, end = (datetime.fromisoformat(state[name]) for name in ("start", "end"))
    assert start <= datetime.now(UTC) < end
    assert (start.hour, start.minute) == (18, 30), "midnight in Kolkata"
    path = f"budgets/{budget['id']}"
    changed = ask(server, "PATCH", path, {"limit_usd": "0.000000000001"}).json
    assert (changed["budget"]["limit_usd"], changed["budget"]["warn_percent"]) == ("0.000000000001", 80)
    assert ask(server, "PATCH", path, {"warn_percent": 50}).json["budget"]["limit_usd"] == "0.000000000001"
    assert [each["budget"]["id"] for each in ask(server, "GET", "budgets").json["budgets"]] == [budget["id"]]
    assert ask(server, "DELETE", path).status == 204
    assert ask(server, "GET", "budgets").json["budgets"] == []
    assert refused(ask(server, "DELETE", path)) == (404, "not_found")
    assert refused(ask(server, "PATCH", path, {"limit_usd": "1"})) == (404, "not_found")


@pytest.mark.parametrize(
    "limit", ["-1", "-0.01", "1e3", "", "a", "1.0000000000001", "1000000", "NaN", 5, None, "٣"]
)
def test_a_limit_is_a_plain_amount_that_is_not_negative(server: JupyterServer, limit: Any) -> None:
    assert refused(ask(server, "POST", "budgets", {"limit_usd": limit})) == (422, "invalid_body")
    budget = made(ask(server, "POST", "budgets", {"limit_usd": "999999.999999999999"}))["budget"]
    assert budget["limit_usd"] == "999999.999999999999"
    if limit is not None:
        changed = ask(server, "PATCH", f"budgets/{budget['id']}", {"limit_usd": limit})
        assert refused(changed) == (422, "invalid_body")


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({"zone": "Mars/Olympus"}, 400, "There is no time zone 'Mars/Olympus'"),
        ({"zone": "../../etc"}, 400, "There is no time zone"),
        ({"period": "year"}, 422, "period"),
        ({"scope": "agent", "name": "data_vis_agent"}, 400, "Did you mean @data_viz_agent?"),
        ({"scope": "agent"}, 400, "Name the agent"),
        ({"scope": "model", "name": "gpt-5"}, 400, "Write provider:model"),
        ({"scope": "model", "name": ":gpt-5"}, 400, "Write provider:model"),
        ({"scope": "everything", "name": "x"}, 400, "has no name"),
        ({"scope": "chat", "name": "0" * 36}, 404, "There is no chat"),
        ({"scope": "group", "name": "team"}, 400, "not for both"),
        ({"scope": "notebook", "name": "a\0b"}, 422, "name"),
        ({"scope": "notebook", "name": "n" * 321}, 422, "name"),
        ({"warn_percent": 0}, 422, "warn_percent"),
        ({"warn_percent": 101}, 422, "warn_percent"),
    ],
)
def test_a_budget_that_would_guard_nothing_is_refused(
    server: JupyterServer, more: dict[str, Any], status: int, words: str
) -> None:
    reply = ask(server, "POST", "budgets", {"limit_usd": "1", **more})
    assert (reply.status, words in reply.json["error"]["message"]) == (status, True), reply.json
    assert ask(server, "GET", "budgets").json["budgets"] == []


def test_a_person_cannot_make_everybody_s_calls_slow_with_budgets(server: JupyterServer) -> None:
    for number in range(50):
        made(ask(server, "POST", "budgets", {"limit_usd": "1", "scope": "notebook", "name": f"{number}"}))
    one_more = ask(server, "POST", "budgets", {"limit_usd": "1"})
    assert refused(one_more) == (409, "limit_reached")
    assert made(ask(server, "POST", "budgets", {"limit_usd": "2", "scope": "notebook", "name": "7"}))


def test_an_administrator_s_budget_is_seen_and_not_changed_by_others(server: JupyterServer) -> None:
    for new in (
        {"limit_usd": "10"},
        {"limit_usd": "5", "scope": "group", "name": "team"},
        {"limit_usd": "1", "principal": ME.id, "period": "day"},
        {"limit_usd": "1", "principal": "hub:bob"},
        {"limit_usd": "1", "scope": "chat", "name": "0" * 36},
    ):
        reply = ask(server, "POST", "admin/budgets", new, RIGHT)
        assert reply.status == (404 if new.get("scope") == "chat" else 201), reply.text
    mine = ask(server, "GET", "budgets").json["budgets"]
    assert [state["words"] for state in mine] == [
        "monthly budget of everybody",
        "monthly budget of the group team",
        f"daily budget of {ME.name}",
    ]
    assert [state["mine"] for state in mine] == [False] * 3
    for state in mine:
        path = f"budgets/{state['budget']['id']}"
        assert refused(ask(server, "PATCH", path, {"limit_usd": "99"})) == (403, "refused")
        assert refused(ask(server, "DELETE", path)) == (403, "refused")
    everyone = ask(server, "GET", "admin/budgets", headers=RIGHT).json["budgets"]
    (bobs,) = [state for state in everyone if state["budget"]["principal"] == "hub:bob"]
    bob = f"budgets/{bobs['budget']['id']}"
    assert refused(ask(server, "DELETE", bob)) == (404, "not_found"), "another's is not there"
    assert ask(server, "PATCH", f"admin/{bob}", {"limit_usd": "2"}, RIGHT).json["left_usd"] == "2.00"
    again = made(ask(server, "POST", "admin/budgets", {"limit_usd": "3", "principal": "hub:bob"}, RIGHT))
    assert again["budget"]["id"] == bobs["budget"]["id"], "for the same calls and period: another limit"
    log = server.log()
    for words in ("set", "changed"):
        assert f"AutoAnalyst: admin: budget {bobs['budget']['id']} of $" in log
        assert f"{words}, by key 'ADMIN_API_KEY', for {ME.id} at 127.0.0.1" in log
    assert KEY not in log


def test_strangers_to_the_admin_key_see_and_set_nothing(server: JupyterServer) -> None:
    for verb, path, body in (
        ("GET", "admin/budgets", None),
        ("POST", "admin/budgets", {"limit_usd": "1"}),
        ("PATCH", "admin/budgets/x", {"limit_usd": "1"}),
        ("DELETE", "admin/budgets/x", None),
        ("GET", "admin/policy", None),
        ("PATCH", "admin/policy", {"paid_calls": "off"}),
    ):
        assert refused(ask(server, verb, path, body)) == (401, "admin_key_required"), path
    assert ask(server, "GET", "admin/policy", headers=RIGHT).json["paid_calls"] == "on"


def test_notebooks_and_chats_see_the_budgets_that_are_for_them(server: JupyterServer) -> None:
    chat = ask(server, "POST", "chats", {"question": "total revenue"}).json
    chat_id = chat["id"]
    for scope, name in (("notebook", "a.ipynb"), ("notebook", "b.ipynb"), ("chat", chat_id)):
        made(ask(server, "POST", "budgets", {"limit_usd": "1", "scope": scope, "name": name}))
    named = [state["title"] for state in ask(server, "GET", "budgets").json["budgets"]]
    assert named == ["a.ipynb", "b.ipynb", chat["title"]]
    here_now = ask(server, "GET", f"budgets?notebook=b.ipynb&chat={chat_id}").json["budgets"]
    assert [state["title"] for state in here_now] == ["b.ipynb", chat["title"]]
    assert [
        state["title"] for state in ask(server, "GET", "budgets?notebook=c.ipynb&chat=x").json["budgets"]
    ] == []


def test_the_switch_says_who_turned_it_and_everybody_sees_that_it_is_off(server: JupyterServer) -> None:
    change = {"paid_calls": "off", "reason": "Wrong invoice"}
    turned = ask(server, "PATCH", "admin/policy", change, RIGHT).json
    try:
        assert (turned["paid_calls"], turned["reason"]) == ("off", "Wrong invoice")
        assert turned["changed_by"] == "admin key 'ADMIN_API_KEY'"
        seen = ask(server, "GET", "budgets").json["paid_calls"]
        assert seen == {"on": False, "reason": "Wrong invoice", "since": turned["changed_at"]}
        assert "AutoAnalyst: admin: paid calls off, by key 'ADMIN_API_KEY'" in server.log()
    finally:
        assert ask(server, "PATCH", "admin/policy", {"paid_calls": "on"}, RIGHT).json["paid_calls"] == "on"
    assert refused(ask(server, "PATCH", "admin/policy", {"paid_calls": "maybe"}, RIGHT)) == (
        422,
        "invalid_body",
    )


# --- the command line, and the magic ---------------------------------------------------------------


def paying(home: Path, fake: FakeProvider, *options: str, question: str = "total revenue") -> Ran:
    """Ask a model that costs money."""
    (home / "sales.csv").write_text("revenue\n" + "\n".join(map(str, range(1, 22))))
    where = {"OPENAI_API_KEY": fake.key, "OPENAI_BASE_URL": fake.base_url("openai")}
    model = ("--model", "openai:gpt-4o-mini")
    return run(home, "ask", "--data", "sales.csv", *model, *options, question, **where)


def test_a_budget_of_the_command_line_stops_a_question_with_exit_4(tmp_path: Path) -> None:
    assert "There is no budget." in run(tmp_path, "admin", "budget", "list").out
    done = run(tmp_path, "admin", "budget", "set", "0.01", "--zone", "Asia/Kathmandu", "--user", ME.id)
    assert (done.code, f"monthly budget of {ME.name}: $0.00 of $0.01 spent" in done.out) == (0, True)
    number = done.out.split()[0]
    with FakeProvider([STEP, STEP, LAST]) as fake:
        stopped = paying(tmp_path, fake, "--json", "--notebook", "out.ipynb")
        assert stopped.code == 4
        assert stopped.answer["status"] == "stopped"
        assert "Let me add it up." in stopped.answer["answer"]
        assert f"The monthly budget of {ME.name} is reached" in stopped.answer["answer"]
        assert len(stopped.answer["cells"]) == 1
        assert 0 < float(stopped.answer["cost_usd"]) < 0.01
        assert len(fake.exchanges) == stopped.answer["usage"]["requests"] == 1
        assert CODE in (tmp_path / "out.ipynb").read_text().replace('\\"', '"')
        nothing = paying(tmp_path, fake)
        assert (nothing.code, len(fake.exchanges)) == (4, 1)
        assert "is reached" in nothing.err + nothing.out
        assert "Traceback" not in stopped.err + nothing.err
    assert run(tmp_path, "admin", "paid-calls", "off", "--reason", "An incident").code == 0
    checked = run(tmp_path, "check", "--json")
    money = {each["name"]: each for each in json.loads(checked.out)["findings"] if each["area"] == "Money"}
    assert (money["paid calls"]["status"], money["paid calls"]["words"]) == ("note", "off: An incident")
    assert money["budgets"]["words"] == "1 budget, none used up"
    assert run(tmp_path, "admin", "paid-calls", "on").code == 0
    listed = run(tmp_path, "admin", "budget", "list").out
    assert stopped.answer["cost_usd"] in listed
    as_json = json.loads(run(tmp_path, "admin", "budget", "list", "--json").out)
    assert as_json["budgets"][0]["spent_usd"] == stopped.answer["cost_usd"]
    assert run(tmp_path, "admin", "budget", "end", number).code == 0
    assert run(tmp_path, "admin", "budget", "end", number).code == 1
    kept = (tmp_path / ".local/share/jupyter/autoanalyst/autoanalyst.log").read_text()
    assert kept.count("budget_set") == kept.count("budget_ended") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-5",), "No such option"),
        (("five",), "'five' is no limit"),
        (("5", "--zone", "Nowhere"), "There is no time zone 'Nowhere'"),
        (("5", "--user", "nobody-ever"), "Nobody who has asked a question is called 'nobody-ever'"),
        (("5", "--group", "team"), "There is no group 'team'"),
        (("5", "--model", "gpt"), "Write provider:model"),
        (("5", "--model", "openai:*", "--agent", "planner"), "not both"),
    ],
)
def test_a_budget_that_makes_no_sense_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = run(tmp_path, "admin", "budget", "set", *arguments)
    assert (ran.code, words in ran.err) == (2, True), ran.err
    assert "Traceback" not in ran.err


def test_the_magic_warns_and_stops_and_keeps_what_was_done(tmp_path: Path) -> None:
    with FakeProvider([STEP, STEP, LAST]) as fake:
        home = empty_home(tmp_path, fake)
        where = {"JUPYTER_DATA_DIR": home["JUPYTER_DATA_DIR"]}
        with magic_kernel(tmp_path, home) as kernel:
            assert run(tmp_path, "admin", "budget", "set", "0.012", "--warn", "40", **where).code == 0
            ran, found = kernel.question("total revenue")
            assert ran.reply["traceback"] == ["Not answered."], "so Run All stops here, in one line"
            assert "41 % of the monthly budget of everybody is used: $0.00" in found.plain
            assert "Stopped" in found.plain
            assert "The monthly budget of everybody is reached" in found.plain
            assert "Let me add it up." in found.plain
            assert "Your question and everything so far are kept." in found.html
            assert "Traceback" not in found.plain
            assert len(fake.exchanges) == 2
            assert "231" in kernel.answers("total revenue", "--model offline:analyst").plain


def test_the_switch_holds_for_the_very_next_call_of_another_process_and_after_a_restart(
    tmp_path: Path,
) -> None:
    with FakeProvider([STEP, LAST, STEP, LAST]) as fake:
        home = empty_home(tmp_path, fake)
        where = {"JUPYTER_DATA_DIR": home["JUPYTER_DATA_DIR"]}
        with magic_kernel(tmp_path, home) as kernel:
            assert "It is 231." in kernel.answers("total revenue").plain
            sent = len(fake.exchanges)
            turned = run(tmp_path, "admin", "paid-calls", "off", "--reason", "An incident.", **where)
            assert (turned.code, turned.out) == (0, "Paid model calls are off.\n")
            _, found = kernel.question("total revenue", "--fresh")
            assert "Paid model calls are switched off since" in found.plain
            assert "The reason: An incident." in found.plain
        with magic_kernel(tmp_path, home) as again:
            assert "switched off" in again.question("total revenue", "--fresh")[1].plain
            assert len(fake.exchanges) == sent
            assert run(tmp_path, "admin", "paid-calls", "on", **where).code == 0
            assert "It is 231." in again.answers("total revenue", "--fresh").plain
