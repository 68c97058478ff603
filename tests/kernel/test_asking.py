"""One question from its sending to its end, however it ends."""

from collections.abc import Iterator

import pytest

from .kernel_program import KernelProgram, kernel_program


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProgram]:
    with kernel_program(tmp_path_factory.mktemp("kernel")) as program:
        yield program


@pytest.fixture(autouse=True)
def _usable(kernel: KernelProgram) -> Iterator[None]:
    """Whatever happens, the next question can be asked."""
    yield
    assert kernel.ask("print('usable')").text() == "usable\n"
    assert kernel.value("q.home.interrupting is None")


def test_an_answered_question_comes_back_with_its_cells(kernel: KernelProgram) -> None:
    assert kernel.ask("6 * 7").status == "ok"
    found = kernel.value(
        "[q.outcome.answer['answer'], q.outcome.html, q.outcome.receipt, q.outcome.replayed]"
    )
    assert found == ["It is done.", "<p>It is done.</p>", None, False]
    assert kernel.value("[cell.value for cell in q.outcome.cells]") == [42]
    assert kernel.value("q.view.events") == ["run_finished"]


@pytest.mark.parametrize(
    ("status", "reply"), [("answered", "ok"), ("abstained", "ok"), ("failed", "error"), ("stopped", "error")]
)
def test_the_cell_fails_where_there_is_no_answer(kernel: KernelProgram, status: str, reply: str) -> None:
    ran = kernel.script(f"ends({status!r}, 'The budget is used up.\\n\\nMore.')")
    assert ran.status == reply
    assert kernel.value("q.outcome.answer['status']") == status
    if reply == "error":
        assert (ran.reply["ename"], ran.reply["evalue"]) == ("Unanswered", "The budget is used up.")


def test_a_question_that_cannot_be_begun_is_refused_in_words(kernel: KernelProgram) -> None:
    ran = kernel.script("refuses")
    assert (ran.reply["ename"], ran.reply["evalue"]) == ("Refusal", "There is no agent named 'nobody'.")
    assert kernel.sent() == ["ask"]


def test_cells_after_a_failed_question_are_not_run(kernel: KernelProgram) -> None:
    kernel.client.execute("q = Question(ends('failed', 'No.'))\nq.ask(shell)")
    after = kernel.client.execute("ran_all = True")
    assert kernel.reply_to(after)["status"] == "aborted"
    assert not kernel.value("'ran_all' in globals()")


def test_a_home_that_goes_away_lets_the_cell_end_and_says_so(kernel: KernelProgram) -> None:
    ran = kernel.script("leaves")
    assert (ran.reply["ename"], ran.reply["evalue"]) == ("Gone", "The analyst's process ended.")
    assert ran.text() == "on its own\n"
    assert kernel.value("[stays, q.view.stopped]") == [5, "The analyst's process ended."]


@pytest.mark.parametrize(("said", "text"), [("y", "Approved."), ("no", "Refused.")])
def test_a_person_at_the_prompt_is_asked(kernel: KernelProgram, said: str, text: str) -> None:
    assert kernel.script("asks_approval", can_ask=True, answer=lambda: said).status == "ok"
    assert kernel.value("q.outcome.answer['answer']") == text


@pytest.mark.parametrize("can_ask", [True, False])
def test_where_nobody_can_be_asked_the_answer_is_no(kernel: KernelProgram, can_ask: bool) -> None:
    assert kernel.script("asks_approval", can_ask=can_ask).status == "ok"
    assert kernel.value("q.outcome.answer['answer']") == "Refused."


def test_an_interrupt_at_the_prompt_stops_the_question(kernel: KernelProgram) -> None:
    def interrupt() -> str:
        kernel.interrupt()
        return ""

    ran = kernel.script("asks_approval", can_ask=True, answer=interrupt)
    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert kernel.sent() == ["ask", "stop"]


def test_a_run_knows_that_it_is_asking(kernel: KernelProgram) -> None:
    kernel.ask("from autoanalyst_kernel import turn as turns\nasking = turns.taken()")
    assert kernel.value("[asking, turns.taken()]") == [True, False]


def test_a_bug_in_the_view_stops_the_run(kernel: KernelProgram) -> None:
    kernel.run("q = Question(runs('1'))\nq.view.event = lambda event: event['nothing']\nq.ask(shell)")
    assert kernel.sent()[-1] == "stop"


def test_a_bug_in_the_hands_still_replies_so_that_the_run_can_end(kernel: KernelProgram) -> None:
    lines = "q = Question(runs('1'))\nhands = sys.modules['autoanalyst_kernel.hands']\n"
    lines += "keep, hands.Execution = hands.Execution, None\n"
    asks = "try: q.ask(shell)\nfinally: hands.Execution = keep"
    assert kernel.run(lines + asks).reply["ename"] == "TypeError"
    assert kernel.sent()[-2:] == ["stop", "replied"]
    assert kernel.value("q.home.sent[-1]['error']") == "The kernel did not carry this out."


def test_the_question_after_one_that_was_left_waits_for_its_end(kernel: KernelProgram) -> None:
    kernel.run(
        "q = Question(ends('answered', 'Fine.'))\nq.home.left = 'q0'\n"
        "late = {'kind': 'request', 'id': 'q0', 'request': 'r9', 'do': {'op': 'look'}}\n"
        "for each in (late, {'kind': 'ended', 'id': 'q0', 'html': ''}): q.home._inbox.put(each)\n"
        "q.ask(shell)"
    )
    assert kernel.sent() == ["replied", "ask"]
    assert kernel.value("[q.home.left, q.outcome.answer['answer']]") == [None, "Fine."]


def test_a_question_that_is_left_is_remembered(kernel: KernelProgram) -> None:
    kernel.script("deaf", when=(("thinking", kernel.interrupt), ("thinking\nthinking", kernel.interrupt)))
    assert kernel.value("q.home.left") == "q1"


def test_one_thread_at_a_time_asks(kernel: KernelProgram) -> None:
    kernel.ask("import threading\nfrom autoanalyst_kernel.turn import turn, Busy\nbusy = []\n"
        "def ask():\n    try:\n        with turn(lambda: None): pass\n"
        "    except Busy as error: busy.append(str(error))\n"
        "ask()\nthread = threading.Thread(target=ask)\nthread.start()\nthread.join()")  # fmt: skip
    assert kernel.value("busy") == [
        "A question cannot be asked by code that an answer runs.",
        "Another question is being asked in this kernel. Ask again when it has ended.",
    ]
    kernel.run("ask()\nthread = threading.Thread(target=ask)\nthread.start()\nthread.join()")
    assert kernel.value("len(busy)") == 2
