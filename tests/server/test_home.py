"""The engine as a child process: JSON lines over its pipes, and an end whatever happens to its parent."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.chats.parsing import MESSAGE_BYTES
from autoanalyst_ext.home import LINES_WAITING, split
from autoanalyst_ext.types.profiles import ColumnProfile, TableProfile
from autoanalyst_ext.types.wire import PROTOCOL

Message = dict[str, Any]

REVENUE = ColumnProfile(
    name="revenue", dtype="int64", kind="integer", nulls=0, distinct=12, minimum=1, maximum=60, mean=19.25
)
SALES = TableProfile(name="sales", library="pandas", rows=12, columns=(REVENUE,), fingerprint="f")
LOOK = {"tables": [SALES.model_dump(mode="json")], "names": {"sales": "DataFrame"}}
TOTAL = {"status": "ok", "result": {"kind": "scalar", "type": "int64", "value": 231}}

PARENT = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "autoanalyst_ext.home"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, start_new_session=True)
child.stdin.write(sys.argv[1].encode() + b"\\n")
child.stdin.flush()
child.stdout.readline()
holder = os.fork()
if holder == 0:
    os.read(0, 1)  # holds the pipes of the home open until the test is over
    os._exit(0)
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    config = tmp_path / "config"
    config.mkdir()
    keep = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {
        **keep,
        "JUPYTER_DATA_DIR": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(config),
        "AUTOANALYST_DATABASE_URL": f"sqlite:///{tmp_path}/test.db",
    }


def hello() -> Message:
    return {"kind": "hello", "protocol": PROTOCOL, "version": "0.1.0"}


class Home:
    """A home, and the client that started it."""

    def __init__(self, environment: dict[str, str], folder: Path, **replies: Message) -> None:
        self.folder = folder
        self.replies = {"look": LOOK, "insert": {}, "replace": {}, "remove": {}, **replies}
        self.told: list[Message] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autoanalyst_ext.home"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )

    def __enter__(self) -> "Home":
        self.say(**hello())
        self.hears("welcome")
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def say(self, **message: Any) -> None:
        if message["kind"] == "ask":
            message.setdefault("folder", str(self.folder))
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def hears(self, kind: str, **parts: Any) -> Message:
        """The next message of this kind with these parts; requests before it are answered."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message: Message = json.loads(line)
            self.told.append(message)
            if message["kind"] == kind and parts.items() <= message.items():
                return message
            reply = self.replies.get(message["do"]["op"]) if message["kind"] == "request" else None
            if reply is not None:
                self.say(kind="replied", request=message["request"], value=reply)
        raise AssertionError(f"The home ended before it said {kind}: {self.told[-3:]}")

    def hears_request(self, op: str) -> Message:
        """The next request of this kind, unanswered."""
        while (request := self.hears("request"))["do"]["op"] != op:
            self.say(kind="replied", request=request["request"], value=self.replies[request["do"]["op"]])
        return request

    def event(self, kind: str) -> Message:
        while (event := self.hears("event")["event"])["kind"] != kind:
            pass
        found: Message = event
        return found

    def end(self) -> str:
        """End its stdin; what it wrote to stderr."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.stdin = None
        _, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        return errors.decode()


@pytest.fixture
def home(environment: dict[str, str], tmp_path: Path) -> Iterator[Home]:
    with Home(environment, tmp_path) as started:
        yield started


def script(folder: Path, *replies: Message) -> str:
    path = folder / "script.json"
    path.write_text(json.dumps({"replies": replies}))
    return f"scripted:{path}"


def code(source: str) -> Message:
    return {"tool_calls": [{"name": "run_cell", "args": {"code": source}}]}


def status_of(folder: Path, environment: dict[str, str], run_id: str) -> str:
    """How a run ended, as another process finds it in the database."""
    program = (
        "import asyncio, sys\n"
        "from autoanalyst_ext.engine import Engine\n"
        "from autoanalyst_ext.store.runs import Runs\n"
        "async def main():\n"
        "    async with Engine() as engine:\n"
        "        print((await Runs(engine.database).get(engine.principal.id, sys.argv[1])).status)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, run_id], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_offline_question_is_answered_over_the_pipes(environment: dict[str, str], tmp_path: Path) -> None:
    with Home(environment, tmp_path, execute=TOTAL) as home:
        assert home.told[0]["model"] == "offline:analyst"
        home.say(kind="ask", id="q", question="What is the total revenue?")
        ended = home.hears("ended", id="q")
        assert "231" in ended["html"]
        (execute,) = [m for m in home.told if m["kind"] == "request" and m["do"]["op"] == "execute"]
        (insert,) = [m for m in home.told if m["kind"] == "request" and m["do"]["op"] == "insert"]
        assert execute["do"]["cell_id"] == insert["do"]["cell_id"]
        assert "revenue" in insert["do"]["source"]


def test_what_a_library_prints_is_not_in_the_messages(environment: dict[str, str], tmp_path: Path) -> None:
    noise = 'import os\nprint("printed")\nos.write(1, b"written\\n")\nassert not os.read(0, 1)'
    (tmp_path / "config" / "autoanalyst_config.py").write_text(noise)
    with Home(environment, tmp_path) as home:
        home.say(kind="query", id="a", what="agents")
        home.hears("found", id="a")
        errors = home.end()
    assert "printed" in errors
    assert "written" in errors


def test_the_end_of_stdin_ends_it_and_books_what_was_asked(
    environment: dict[str, str], tmp_path: Path
) -> None:
    home = Home(environment, tmp_path).__enter__()
    model = script(tmp_path, code("while True:\n    pass"))
    home.say(kind="ask", id="q", question="total", model=model)
    run_id = home.event("run_started")["run_id"]
    home.hears_request("execute")
    home.end()
    assert status_of(tmp_path, environment, run_id) == "interrupted"


def test_a_request_to_terminate_ends_it_in_good_order(home: Home) -> None:
    home.process.terminate()
    home.process.wait(timeout=60)
    assert home.process.returncode == 0


def test_an_interrupt_of_the_notebook_does_not_end_it(home: Home) -> None:
    home.process.send_signal(signal.SIGINT)
    home.say(kind="query", id="a", what="agents")
    assert home.hears("found", id="a")


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can tell of the end of a parent")
def test_it_ends_with_its_parent_even_while_a_fork_holds_the_pipes(
    environment: dict[str, str], tmp_path: Path
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, json.dumps(hello())],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    handle = os.pidfd_open(int(parent.stdout.readline()))
    try:
        assert select.select([handle], [], [], 0)[0] == []
        parent.kill()
        ended, _, _ = select.select([handle], [], [], 60)
        assert ended == [handle]
    finally:
        os.close(handle)
        parent.communicate(timeout=60)  # also lets the fork go


def test_stop_ends_the_question_and_not_the_home(home: Home) -> None:
    model = script(home.folder, code("while True:\n    pass"), {"text": "never"})
    home.say(kind="ask", id="q", question="total", model=model)
    execute = home.hears_request("execute")
    home.say(kind="stop", id="q")
    home.say(kind="replied", request=execute["request"], value={"status": "interrupted"})
    assert home.event("run_finished")["answer"]["status"] == "stopped"
    home.hears("ended", id="q")
    assert sum(m["kind"] == "event" and m["event"]["kind"] == "step_started" for m in home.told) == 1
    home.say(kind="ask", id="q2", question="total", model=script(home.folder, {"text": "Hello."}))
    assert home.hears("ended", id="q2")["html"] == "<p>Hello.</p>\n"


def test_unsafe_code_waits_for_a_yes(home: Home) -> None:
    home.replies["execute"] = TOTAL
    model = script(home.folder, code("del sales"), {"text": "Done."})
    home.say(kind="ask", id="q", question="clean up", model=model, can_ask=True)
    needed = home.event("approval_needed")
    assert not any(m["kind"] == "request" and m["do"]["op"] == "execute" for m in home.told)
    parts = {"call_id": needed["call_id"], "code_hash": needed["code_hash"]}
    home.say(kind="approve", id="q", yes=True, **parts)
    assert home.event("run_finished")["answer"]["status"] == "answered"


def test_two_homes_share_one_database(environment: dict[str, str], tmp_path: Path) -> None:
    with Home(environment, tmp_path, execute=TOTAL) as one, Home(environment, tmp_path, execute=TOTAL) as two:
        for home in (one, two):
            home.say(kind="ask", id="q", question="What is the total revenue?", fresh=True)
        assert all("231" in home.hears("ended", id="q")["html"] for home in (one, two))
        one.say(kind="query", id="h", what="history")
        assert len(one.hears("found", id="h")["body"]["chats"]) == 2


def test_a_message_that_is_too_long_is_refused_and_the_next_is_read(home: Home) -> None:
    home.say(kind="query", id="a", what="x" * (MESSAGE_BYTES + 1000))
    assert "64 MiB" in home.hears("failed")["message"]
    home.say(kind="query", id="a", what="agents")
    assert home.hears("found", id="a")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("jupyter_config.py", "c.Engine.mode = \n", "jupyter_config.py cannot be used (SyntaxError: "),
        ("jupyter_config.py", "import no_such_module", "No module named 'no_such_module'"),
        ("autoanalyst_config.json", "{", "autoanalyst_config.json cannot be used (JSONDecodeError: "),
        (
            "jupyter_config.py",
            "c.Engine.mode = 'yolo'",
            "A setting of AutoAnalyst makes no sense: The 'mode'",
        ),
        ("jupyter_config.py", "c.Engine.rules = {'x': 1}", "Engine.rules makes no sense: x Extra inputs"),
    ],
)
def test_settings_that_cannot_be_used_are_said_in_one_line(
    name: str, text: str, words: str, environment: dict[str, str]
) -> None:
    (Path(environment["JUPYTER_CONFIG_DIR"]) / name).write_text(text)
    command = [sys.executable, "-m", "autoanalyst_ext.home"]
    done = subprocess.run(command, input=b"", env=environment, capture_output=True, timeout=60)
    (line,) = done.stderr.decode().splitlines()
    assert words in line
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_client_that_only_stops_talking_still_hears_the_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with Home(environment, tmp_path) as home:
        home.say(kind="ask", id="q", question="How many rows are there?")
        home.event("run_started")
        assert home.process.stdin is not None
        home.process.stdin.close()
        home.process.stdin = None
        assert home.hears("ended", id="q")["replayed"] is False


def test_what_is_said_at_once_is_read_as_it_is_taken(home: Home) -> None:
    for number in range(5 * LINES_WAITING):
        home.say(kind="query", id=f"a{number}", what="agents")
    home.hears("found", id=f"a{5 * LINES_WAITING - 1}")


def test_at_a_terminal_it_says_what_it_is_for() -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "autoanalyst_ext.home"],
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "autoanalyst ask" in line


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_put_together_from_pieces_of_any_size(size: int) -> None:
    data = b'{"a": 1}\n\n' + b"x" * 50 + b"\nlast"
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    assert list(split(pieces, 20)) == [b'{"a": 1}', b"", b"x" * 21, b"last"]
