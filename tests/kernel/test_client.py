"""The kernel's client and a home in a child process: what arrives, what is said when nothing does."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from autoanalyst_kernel import child_link, client
from autoanalyst_kernel.client import Client, Gone, NoHome, Refusal

from . import homes
from .homes import HELLO

KERNEL = Path(client.__file__).parent
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and forks")


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTOANALYST_URL", "AUTOANALYST_KERNEL_SECRET", "AUTOANALYST_CERTIFICATE"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def at_home(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client whose home is `program`."""
    monkeypatch.setenv("PYTHONPATH", str(homes.settle(folder / "home", program)))
    connected = Client.connect(HELLO)
    try:
        yield connected
    finally:
        connected.close()


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with at_home(homes.ECHO, tmp_path, monkeypatch) as connected:
        yield connected


def say(what: Any) -> dict[str, Any]:
    return {"kind": "say", "what": what}


def gone(pidfd: int, seconds: float = 10.0) -> bool:
    """Whether the process has ended, at the latest after `seconds`."""
    return bool(select.select([pidfd], [], [], seconds)[0])


def test_messages_arrive_in_the_order_they_were_sent(echo: Client) -> None:
    assert echo.alive
    assert echo.where == "in a process of its own"
    assert echo.note is None
    sent = [{"kind": "event", "id": str(number), "event": {}} for number in range(200)]
    for message in sent:
        echo.send(say(message))
    assert [echo.receive(10) for _ in sent] == sent


def test_a_large_message_arrives_whole(echo: Client) -> None:
    message = {"kind": "event", "id": "1", "event": "ä" * 5_000_000}
    echo.send(say(message))
    assert echo.receive(30) == message


def test_text_that_is_no_unicode_does_not_break_the_line(echo: Client) -> None:
    echo.send(say({"kind": "event", "id": "1", "event": "a\ud800b\u2028c"}))
    assert echo.receive(10) == {"kind": "event", "id": "1", "event": "a?b\u2028c"}


def test_messages_of_several_threads_are_not_mixed(echo: Client) -> None:
    def send(name: str) -> None:
        for _ in range(50):
            echo.send(say({"kind": "event", "id": name, "event": name * 10_000}))

    threads = [threading.Thread(target=send, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    got = [echo.receive(10) for _ in range(200)]
    assert all(message is not None and message["event"] == message["id"] * 10_000 for message in got)


def test_waiting_ends_after_the_given_time(echo: Client) -> None:
    assert echo.receive(0.01) is None
    assert echo.receive(0) is None


@posix
def test_a_signal_handler_wakes_who_waits(echo: Client) -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: echo.wake())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert echo.receive() is None
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_query_gets_its_answer_and_leaves_other_messages_where_they_are(echo: Client) -> None:
    assert echo.query("history", limit=3) == {"limit": 3}
    assert echo.receive(10) == {"kind": "event", "id": "1", "event": "before"}


def test_a_query_is_answered_while_another_thread_waits_for_messages(echo: Client) -> None:
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.append(echo.receive()))
    waiting.start()
    assert echo.query("usage") == {}
    waiting.join(10)
    assert [message["kind"] for message in got] == ["event"]


def test_a_query_can_be_refused_or_remain_without_answer(echo: Client) -> None:
    with pytest.raises(Refusal, match=r"No such query\.") as refused:
        echo.query("wrong")
    assert refused.value.code == "bad_request"
    with pytest.raises(Refusal, match=r"within 0\.05 s") as late:
        echo.query("slow", seconds=0.05)
    assert late.value.code == "timeout"


def test_an_interrupt_is_heard_at_once_and_is_no_message_to_receive(echo: Client) -> None:
    heard: list[tuple[str, str]] = []
    done = threading.Event()

    def interrupting(of: str) -> None:
        heard.append((of, threading.current_thread().name))
        done.set()

    echo.interrupting = interrupting
    do = {"op": "interrupt", "of": "r7"}
    echo.send(say({"kind": "request", "id": "1", "request": "r8", "do": do}))
    assert done.wait(10)
    assert heard == [("r7", "autoanalyst-read")]
    assert echo.receive(0) is None


def test_when_the_home_ends_who_waits_is_told_why_and_what_came_before_is_kept(echo: Client) -> None:
    echo.send(say({"kind": "event", "id": "1", "event": "last"}))
    echo.send({"kind": "leave"})
    assert echo.receive(10) == {"kind": "event", "id": "1", "event": "last"}
    for _ in range(2):
        with pytest.raises(Gone, match=r"ended \(exit code 3\)\. It said: The disk is full\. Run the cell"):
            echo.receive(10)
    assert not echo.alive
    with pytest.raises(Gone):
        echo.send(say({}))
    with pytest.raises(Gone):
        echo.query("usage")


def test_a_query_does_not_wait_for_a_home_that_ends(echo: Client) -> None:
    threading.Timer(0.05, lambda: echo.send({"kind": "leave"})).start()
    with pytest.raises(Gone):
        echo.query("slow", seconds=30)


@posix
def test_after_a_killed_home_the_next_connection_has_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_home(homes.ECHO, tmp_path, monkeypatch) as first:
        os.kill(first.welcome["pid"], signal.SIGKILL)
        with pytest.raises(Gone, match="signal 9"):
            first.receive(10)
        second = Client.connect(HELLO)
        assert second.welcome["pid"] != first.welcome["pid"]
        second.close()


def test_a_closed_client_has_ended_its_home(echo: Client) -> None:
    echo.close()
    with pytest.raises(ProcessLookupError):
        os.kill(echo.welcome["pid"], 0)
    assert not echo.alive
    echo.close()


def test_a_home_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_link, "END_SECONDS", 0.1)
    with at_home(homes.DEAF, tmp_path, monkeypatch) as connected:
        connected.close()
        with pytest.raises(Gone):
            connected.receive(0)


def test_a_file_of_the_user_cannot_take_the_place_of_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')\n")
    monkeypatch.chdir(tmp_path)
    with at_home(homes.ECHO, tmp_path, monkeypatch) as connected:
        assert str(tmp_path) not in connected.welcome["path"]


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (homes.BROKEN, r"ended \(exit code 1\)\. It said: ModuleNotFoundError: .*nothing_of_this_name'$"),
        (homes.REFUSING, r"^Upgrade autoanalyst-ext\.$"),
        (homes.SILENT, r"did not answer within 0\.3 s\. It said: Still thinking\.$"),
    ],
)
def test_a_home_that_gives_no_welcome_is_no_home_and_is_ended(
    program: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program is homes.SILENT:
        monkeypatch.setattr(client, "WELCOME_SECONDS", 0.3)
    with pytest.raises(NoHome, match=said), at_home(program, tmp_path, monkeypatch):
        pass


@pytest.mark.parametrize("server", [False, True])
def test_without_our_engine_it_is_said_what_is_missing(server: bool, tmp_path: Path) -> None:
    (tmp_path / "autoanalyst_kernel").symlink_to(KERNEL)
    program = (
        f"import sys; sys.path.append({str(tmp_path)!r})\n"
        "from autoanalyst_kernel.client import Client, NoHome\n"
        "try:\n    Client.connect({})\n"
        "except NoHome as error:\n    print(error)\n"
    )
    at_server = {"AUTOANALYST_URL": "http://127.0.0.1:1/", "AUTOANALYST_KERNEL_SECRET": "k.s"}
    run = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env=at_server if server else {},
        capture_output=True,
        text=True,
        timeout=60,
    )
    asked = "The Jupyter server cannot be asked because tornado is not installed. " if server else ""
    assert run.stderr == ""
    assert run.stdout.startswith(f"{asked}The analyst's engine is not installed in this environment (")
    assert "Run `pip install autoanalyst-ext` there" in run.stdout
    assert run.stdout.count("\n") == 1


def test_a_server_that_cannot_be_reached_is_said_and_a_child_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOANALYST_URL", "http://127.0.0.1:1/lab/")
    monkeypatch.setenv("AUTOANALYST_KERNEL_SECRET", "kernel.secret")
    with at_home(homes.ECHO, tmp_path, monkeypatch) as connected:
        assert connected.note == (
            "The Jupyter server at http://127.0.0.1:1/lab/ cannot be reached. "
            "The analyst runs in a process of its own."
        )


KERNEL_PROGRAM = """
import json, os, sys, time
from autoanalyst_kernel.client import Client
client = Client.connect(json.loads(sys.argv[1]))
worker = os.fork() if sys.argv[2] == "worker" else 0
if sys.argv[2] == "worker" and worker == 0:
    time.sleep(600)
print(client.welcome["pid"], worker, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd")
@pytest.mark.parametrize("how", ["exit", "kill", "worker"])
def test_no_home_outlives_its_kernel_not_even_when_a_worker_does(how: str, tmp_path: Path) -> None:
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL_PROGRAM, json.dumps(HELLO), how],
        env={**os.environ, "PYTHONPATH": str(homes.settle(tmp_path, homes.ECHO))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = 0
    try:
        assert kernel.stdout is not None
        home, worker = map(int, kernel.stdout.readline().split())
        pidfd = os.pidfd_open(home)
        if how == "exit":
            kernel.communicate("", timeout=10)
        else:
            kernel.kill()
        assert gone(pidfd)
        os.close(pidfd)
    finally:
        if worker:
            os.kill(worker, signal.SIGKILL)
        kernel.kill()
        kernel.communicate()


@posix
def test_a_forked_process_leaves_the_connection_to_its_parent(echo: Client) -> None:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = "alive" if echo.alive else "not alive"
            echo.close()
            try:
                echo.send(say({}))
            except Gone as error:
                said += f"; {error}"
            os.write(writing, said.encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read().startswith("not alive; The analyst belongs to the process")
    assert echo.query("usage") == {}


def test_the_engine_itself_answers_where_there_is_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.endswith("_API_KEY")] + ["AUTOANALYST_MODEL"]:
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    before = set(psutil.Process().children())
    connected = Client.connect(HELLO)
    (home,) = set(psutil.Process().children()) - before
    try:
        assert connected.welcome["model"] == "offline:analyst"
        assert connected.query("history", seconds=60)["chats"] == []
        if os.name == "posix":
            assert os.getsid(home.pid) == home.pid, "an interrupt of the kernel would reach it"
    finally:
        connected.close()
    assert not home.is_running()
