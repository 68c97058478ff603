"""Interrupts while a question is asked, as a front end sends them, and the engine's own."""

import signal
import threading
from collections.abc import Iterator

import pytest

from autoanalyst_kernel.interrupts import Interrupts

from .kernel_program import KernelProgram, kernel_program

HANDLER = "__import__('signal').getsignal(2) is __import__('signal').default_int_handler"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProgram]:
    with kernel_program(tmp_path_factory.mktemp("kernel")) as program:
        program.run("import subprocess, time")
        yield program


@pytest.fixture(autouse=True)
def _usable(kernel: KernelProgram) -> Iterator[None]:
    """Whatever happens, the kernel is as it was."""
    yield
    assert kernel.run(f"print({HANDLER})").text() == "True\n"
    assert kernel.ask("print('usable')").text() == "usable\n"


def test_an_interrupt_while_a_model_thinks_stops_the_question(kernel: KernelProgram) -> None:
    ran = kernel.script("thinks", when=(("thinking", kernel.interrupt),))
    assert (ran.status, ran.reply["ename"]) == ("error", "KeyboardInterrupt")
    assert ran.reply["traceback"] == ["KeyboardInterrupt: Stopped. What it had made is kept."]
    assert kernel.sent() == ["ask", "stop"]
    assert kernel.value("q.view.stopped") == "Stopped. What it had made is kept."


@pytest.mark.parametrize(
    "source",
    [
        "print('running')\ntime.sleep(30)",
        "print('running')\nwhile True: pass",
        "!echo running; sleep 30",
        "subprocess.run(['sh', '-c', 'echo running; exec sleep 30'])",
        "print('running')\ntry: time.sleep(30)\nexcept BaseException: pass\nafter = True",
        "import threading\nprint('running')\nthreading.Event().wait(30)",
    ],
    ids=["sleep", "busy", "shell", "process", "swallowed", "lock"],
)
def test_an_interrupt_in_code_ends_the_cell_and_the_question(kernel: KernelProgram, source: str) -> None:
    ran = kernel.ask(f"mark = 7\n{source}", when=(("running", kernel.interrupt),))
    assert (ran.status, ran.reply["ename"]) == ("error", "KeyboardInterrupt")
    (reply,) = kernel.replies()
    assert (reply.status, kernel.value("mark")) == ("interrupted", 7)
    assert reply.seconds < 10
    assert kernel.sent()[-3:] == ["replied", "stop", "replied"]  # told to stop before it can go on


def test_code_with_a_handler_of_its_own_can_be_stopped(kernel: KernelProgram) -> None:
    source = "import signal\nsignal.signal(2, signal.default_int_handler)\nprint('running')\ntime.sleep(30)"
    ran = kernel.ask(source, "never = 1", when=(("running", kernel.interrupt),))
    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert not kernel.value("'never' in globals()")


def test_code_that_goes_on_after_an_interrupt_is_interrupted_all_the_same(kernel: KernelProgram) -> None:
    source = "print('running')\ntry: time.sleep(30)\nexcept BaseException: print('went on')\n'done'"
    ran = kernel.ask(source, "never = 1", when=(("running", kernel.interrupt),))
    assert ran.text() == "running\nwent on\n"
    assert [reply.status for reply in kernel.replies()] == ["interrupted"]
    assert not kernel.value("'never' in globals()")


def test_an_interrupt_between_our_own_steps_still_ends_the_question_well(kernel: KernelProgram) -> None:
    kernel.run("from autoanalyst_kernel.execution import Execution\nkeep = Execution._status")
    kernel.run("def torn(*given): raise KeyboardInterrupt\nExecution._status = torn")
    ran = kernel.ask("mark = 8", "never = 1")
    kernel.run("Execution._status = keep")
    assert ran.reply["traceback"] == ["KeyboardInterrupt: Stopped. What it had made is kept."]
    assert kernel.sent() == ["ask", "replied", "stop", "replied"]
    assert kernel.value("[mark, 'never' in globals()]") == [8, False]


def test_a_second_interrupt_gives_up_waiting_for_the_engine(kernel: KernelProgram) -> None:
    twice = (("thinking", kernel.interrupt), ("thinking\nthinking", kernel.interrupt))
    ran = kernel.script("deaf", when=twice)
    assert ran.reply["evalue"].startswith("Stopped without waiting")


def test_a_stop_that_the_engine_never_answers_is_given_up_in_time(kernel: KernelProgram) -> None:
    kernel.run("import autoanalyst_kernel.asking as asking\nasking.STOP_SECONDS = 0.2")
    ran = kernel.script("deaf", when=(("thinking", kernel.interrupt),))
    kernel.run("asking.STOP_SECONDS = 10.0")
    assert ran.reply["evalue"].startswith("Stopped without waiting")


@pytest.mark.parametrize(
    "source",
    [
        "time.sleep(30)",
        "while True: pass",
        "!sleep 30",
        "subprocess.run(['sleep', '30'])",
        "for _ in range(3):\n    try: time.sleep(30)\n    except BaseException: pass",
    ],
    ids=["sleep", "busy", "shell", "process", "swallowed"],
)
def test_a_time_limit_ends_the_cell_and_not_the_question(kernel: KernelProgram, source: str) -> None:
    kernel.run("goes_on = False")
    cell = f"RUNNING.set()\n{source}"
    ran = kernel.script(f"limits({cell!r})")
    assert (ran.status, [reply.status for reply in kernel.replies()]) == ("ok", ["interrupted", "ok"])
    assert kernel.value("goes_on")
    assert "stop" not in kernel.sent()


def test_a_time_limit_that_comes_too_late_does_nothing(kernel: KernelProgram) -> None:
    assert kernel.script("limits_too_late").status == "ok"
    assert [reply.status for reply in kernel.replies()] == ["ok", "ok"]
    assert kernel.value("second") == 2


def test_a_time_limit_that_comes_before_the_cell_keeps_it_from_running(kernel: KernelProgram) -> None:
    assert kernel.script("limits_too_early").status == "ok"
    assert [reply.status for reply in kernel.replies()] == ["interrupted"]
    assert not kernel.value("'never' in globals()")


def test_interrupts_while_text_is_passed_on_cut_no_message(kernel: KernelProgram) -> None:
    source = "for number in range(10**9): print(number)"
    for _ in range(5):
        ran = kernel.ask(source, when=(("\n5", kernel.interrupt),))
        heard = "".join(content["text"] for kind, content in kernel.heard() if kind == "stream")
        assert ran.status == "error"
        assert kernel.replies()[0].status == "interrupted"
        assert heard.startswith("0\n1\n2\n")
        assert heard == ran.text() or ran.text().startswith(heard)


def test_outside_the_main_thread_nothing_is_installed_and_nothing_breaks() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def elsewhere() -> None:
        with Interrupts(lambda: None) as interrupts:
            interrupts.begin("r1")
            interrupts.limit("r1")
            interrupts.over()
            seen.extend([interrupts.limited("r1"), interrupts.stop_wanted, signal.getsignal(signal.SIGINT)])

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [True, False, before]


def test_a_process_that_ignores_interrupts_goes_on_ignoring_them() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts(lambda: None) as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert not interrupts.stop_wanted
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
