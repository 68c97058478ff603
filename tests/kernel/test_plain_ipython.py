"""The hands in a terminal: plain IPython, without a kernel, on a real pseudo-terminal."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from .kernel_program import SETUP

SECONDS = 30
OPTIONS = ["-m", "IPython", "--simple-prompt", "--no-banner", "--colors=nocolor"]
OPTIONS += ["--HistoryManager.enabled=False"]


class Terminal:
    """An IPython on a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.said = folder / "said.json"
        self.child = pexpect.spawn(
            sys.executable,
            OPTIONS,
            cwd=str(folder),
            env={**os.environ, "IPYTHONDIR": str(folder), "TERM": "dumb"},
            encoding="utf-8",
            timeout=SECONDS,
            echo=False,
            maxread=2**16,
            searchwindowsize=200,
        )
        self._prompts = 0
        self._until_prompt()
        for line in SETUP.strip().splitlines():
            self.run(line)
        self.run("import json, time")

    def run(self, line: str, *, interrupt_at: str | None = None) -> str:
        """Type a line; what the terminal then shows, up to the next prompt."""
        self.child.sendline(line)
        before = ""
        if interrupt_at is not None:
            self.child.expect_exact(interrupt_at)
            before = self.child.before + interrupt_at
            self.child.sendintr()
        return before + self._until_prompt()

    def ask(self, *sources: str, interrupt_at: str | None = None) -> str:
        """Ask a question whose run executes these cells."""
        self.run(f"q = Question(runs(*{sources!r}))")
        return self.run("answered = q.ask(shell)", interrupt_at=interrupt_at)

    def value(self, expression: str) -> Any:
        self.run(f"json.dump({expression}, open({str(self.said)!r}, 'w'))")
        return json.loads(self.said.read_text())

    def _until_prompt(self) -> str:
        self._prompts += 1
        self.child.expect(r"In \[\d+\]: ")
        return str(self.child.before).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path_factory.mktemp("terminal"))
    yield terminal
    terminal.child.close(force=True)


def test_what_is_shown_is_heard_once_and_in_order(terminal: Terminal) -> None:
    source = (
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\ndisplay('three')\nprint('four')\n'five'"
    )
    shown = terminal.ask(source)
    places = [shown.index(word) for word in ("one", "two", "'three'", "four", "'five'")]
    assert places == sorted(places)
    heard = terminal.value("q.home.heard()")
    assert [kind for kind, _ in heard] == ["stream", "stream", "display_data", "stream", "execute_result"]
    assert [content.get("text") for _, content in heard] == ["one\n", "two\n", None, "four\n", None]
    assert heard[-1][1]["data"]["text/plain"] == "'five'"
    assert terminal.value("q.home.replies()[0]['result']['value']") == "five"


def test_a_failed_attempt_is_not_shown(terminal: Terminal) -> None:
    assert "Error" not in terminal.ask("1/0", "%nosuchmagic", "def")
    assert terminal.value("[kind for kind, _ in q.home.heard()]") == ["error"] * 3
    assert terminal.value("[r['status'] for r in q.home.replies()]") == ["error"] * 3


def test_what_commands_show_is_heard(terminal: Terminal) -> None:
    assert "from the shell" in terminal.ask("!echo from the shell")
    assert "from the shell" in terminal.value("q.home.heard()[0][1]['text']")


def test_leaving_is_an_error(terminal: Terminal) -> None:
    terminal.ask("exit()")
    assert terminal.value("q.home.replies()[0]['ename']") == "SystemExit"


def test_top_level_await_is_refused_here_as_well(terminal: Terminal) -> None:
    terminal.ask("import asyncio\nawait asyncio.sleep(0)")
    assert terminal.value("q.home.replies()[0]['ename']") == "TopLevelAwait"


def test_a_flood_is_stopped(terminal: Terminal) -> None:
    terminal.ask("while True: print('x' * 10_000)")
    assert terminal.value("q.home.replies()[0]['flooded']")


@pytest.mark.parametrize(
    "source",
    [
        "print('run' + 'ning')\ntime.sleep(30)",
        "!echo run''ning; sleep 30",
        "print('run' + 'ning')\ntry: time.sleep(30)\nexcept BaseException: 1",
    ],
)
def test_control_c_in_code_stops_the_question(terminal: Terminal, source: str) -> None:
    shown = terminal.ask(source, interrupt_at="running")
    assert "KeyboardInterrupt: Stopped" in shown
    assert terminal.value("[r['status'] for r in q.home.replies()]") == ["interrupted"]
    assert terminal.value("q.home.sent[-2]['kind']") == "stop"


def test_control_c_while_a_model_thinks_stops_the_question(terminal: Terminal) -> None:
    terminal.run("q = Question(thinks)")
    shown = terminal.run("q.ask(shell)", interrupt_at="thinking")
    assert "KeyboardInterrupt: Stopped" in shown
    assert terminal.value("1 + 1") == 2


def test_nothing_of_ours_stays(terminal: Terminal) -> None:
    terminal.ask("print(1)")
    names = "[n for o in (sys.stdout, sys.stderr, shell.display_pub, shell.displayhook) for n in vars(o)]"
    assert not {"publish", "write_format_data", "quiet"} & set(terminal.value(names))
    assert not terminal.value("[n for n in ('system', 'ask_exit', 'showtraceback') if n in vars(shell)]")
