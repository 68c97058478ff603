"""What a run's code shows: the user and the engine see the same, in the same order."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from autoanalyst_kernel.tee import OUTPUT_BYTES, as_json

from .kernel_program import KernelProgram, kernel_program

HOOKS = """[
    name
    for owner in (sys.stdout, sys.stderr, shell, shell.display_pub, shell.displayhook)
    for name, value in vars(owner).items()
    if callable(value) and (getattr(value, '__module__', None) or '').startswith('autoanalyst_kernel')
]"""
"""Whatever of ours is on the streams and on the shell."""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProgram]:
    with kernel_program(tmp_path_factory.mktemp("kernel")) as program:
        yield program


def test_all_that_is_shown_is_heard_in_the_order_in_which_it_happens(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')\n"
        "display('four')\nprint('five')\nsys.stderr.writelines(['six'])\n'seven'"
    )
    names = ["stream", "stream", "stream", "display_data", "stream", "stream", "execute_result"]
    texts = ["one\n", "two\n", "three\n", "'four'", "five\n", "six", "'seven'"]
    for messages in (ran.messages, kernel.heard()):
        assert [kind for kind, _ in messages] == names
        assert [c.get("text") or c["data"]["text/plain"] for _, c in messages] == texts
    assert kernel.value(HOOKS) == []


def test_text_is_passed_on_in_larger_pieces(kernel: KernelProgram) -> None:
    ran = kernel.ask("for number in range(20_000): print(number)")
    heard = kernel.heard()
    assert "".join(content["text"] for _, content in heard) == ran.text()
    assert len(heard) < 20


def test_what_threads_print_is_heard_too(kernel: KernelProgram) -> None:
    kernel.ask(
        "import threading\n"
        "threads = [threading.Thread(target=print, args=(f'<{n}>',)) for n in range(20)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
    )
    text = "".join(content["text"] for _, content in kernel.heard())
    assert all(f"<{number}>" in text for number in range(20))


def test_a_worker_process_does_not_write_into_our_messages(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "import os, sys\nif not (child := os.fork()):\n    print('of the child')\n    sys.stdout.flush()\n"
        "    os._exit(0)\nos.waitpid(child, 0)[1]"
    )
    assert ran.status == "ok"
    assert kernel.replies()[0].result.value == 0  # type: ignore[union-attr]


def test_redirected_text_is_no_output(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as text: print('quiet')\n"
        "text.getvalue()"
    )
    assert ran.kinds() == ["execute_result"]
    assert [kind for kind, _ in kernel.heard()] == ["execute_result"]


@pytest.mark.parametrize(
    "mess",
    [
        "import io, sys; sys.stdout = io.StringIO()",
        "import io, sys; sys.stdout = io.StringIO(); sys.stdout.close()",
        "import sys; del sys.stdout.write",
        "import sys; sys.stdout = None",
        "import sys; sys.stdout.write = lambda text: None",
        "get_ipython().display_pub.publish = print",
    ],
)
def test_nothing_of_ours_stays_where_code_tampered(kernel: KernelProgram, mess: str) -> None:
    kernel.ask(mess)
    assert kernel.value(HOOKS) == []
    assert kernel.run("print('here')").text() == "here\n"
    assert kernel.ask("print('again')").text() == "again\n"


def test_images_given_as_bytes_are_base64(kernel: KernelProgram) -> None:
    data, metadata = {"image/png": b"\x89PNG", "text/plain": "p"}, {"image/png": {"width": 7}}
    kernel.ask(f"display({data}, raw=True, metadata={metadata})")
    _, content = kernel.heard()[0]
    assert content["data"] == {"image/png": "iVBORw==", "text/plain": "p"}
    assert content["metadata"] == metadata


def test_half_a_character_is_heard_as_a_question_mark(kernel: KernelProgram) -> None:
    ran = kernel.ask("print('a\\ud800b')\nraise ValueError('\\ud800')")
    assert (ran.status, ran.text()) == ("ok", "a?b\n")
    (_, stream), (_, error) = kernel.heard()
    assert stream["text"] == "a?b\n"
    assert error["evalue"] == kernel.replies()[0].evalue == "?"


def test_clearing_does_not_take_away_what_else_the_cell_shows(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "from IPython.display import clear_output\n"
        "import sys\n"
        "n = sys.stdout.write('old\\n')\nclear_output(wait=True)\nn = sys.stdout.write('new\\n')"
    )
    assert ran.kinds() == ["stream"]
    assert [kind for kind, _ in kernel.heard()] == ["stream", "clear_output", "stream"]
    assert kernel.value("q.outcome.cells[0].outputs") == [
        {"output_type": "stream", "name": "stdout", "text": "new\n"}
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("1/0", "ZeroDivisionError"),
        ("def", "SyntaxError"),
        ("return 3", "SyntaxError"),
        ("if True:\nx = 1", "IndentationError"),
        ("%nosuchmagic", "UsageError"),
        ("raise ExceptionGroup('several', [ValueError('a')])", "ExceptionGroup"),
        ("class Odd:\n    def __repr__(self): raise LookupError('unseen')\nOdd()", "LookupError"),
    ],
)
def test_tracebacks_are_ours_to_show(kernel: KernelProgram, source: str, name: str) -> None:
    ran = kernel.ask(source)
    assert (ran.status, ran.messages) == ("ok", [])
    (kind, content), reply = kernel.heard()[-1], kernel.replies()[0]
    assert (kind, content["ename"], reply.status) == ("error", name, "error")
    assert content["traceback"]
    assert reply.ename == name
    assert not any("autoanalyst_kernel" in line for line in content["traceback"])


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 1000)",
        "while True: display('x' * 100_000)",
        "while True:\n    print('x' * 1000)\n    display('x' * 100_000)",
        "try:\n    while True: print('x' * 1000)\nexcept BaseException: pass\nprint('more')",
        "'x' * 20_000_000",
    ],
)
def test_a_flood_is_stopped(kernel: KernelProgram, source: str) -> None:
    ran = kernel.ask(source)
    (reply,) = kernel.replies()
    assert (ran.status, reply.status, reply.flooded) == ("ok", "interrupted", True)
    shown = sum(len(str(content)) for _, content in ran.messages)
    assert shown < 1.2 * OUTPUT_BYTES
    assert "more" not in ran.text()
    assert "".join(c.get("text", "") for _, c in kernel.heard()) == ran.text()
    assert kernel.ask("print('usable')").text() == "usable\n"


@pytest.mark.parametrize(
    "source",
    [
        "import threading, time\ndef flood():\n    while True: print('x' * 1000)\n"
        "threading.Thread(target=flood).start()\ntime.sleep(30)",
        "import subprocess\nsubprocess.run(['yes', 'x' * 1000])",
    ],
    ids=["thread", "process"],
)
def test_a_flood_from_elsewhere_stops_the_cell(kernel: KernelProgram, source: str) -> None:
    kernel.ask(source)
    (reply,) = kernel.replies()
    assert (reply.status, reply.flooded) == ("interrupted", True)
    assert reply.seconds < 20
    kernel.run("import os\nos.write(1, b'pipes still work\\n')")
    assert kernel.ask("print('usable')").text().count("usable\n") == 1


def test_any_value_of_a_message_can_be_sent() -> None:
    odd = {
        1: float("nan"),
        "d": date(2026, 1, 2),
        "n": np.int64(3),
        "a": np.array([1.5]),
        "s": {"x"},
        "o": Exception("e"),
    }
    assert as_json(odd) == {"1": None, "d": "2026-01-02", "n": 3, "a": [1.5], "s": ["x"], "o": "e"}
