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
    kernel.ask("from autoanalyst_kernel.asking import Asking\nasking = Asking.active is not None")
    assert kernel.value("[asking, Asking.active is None]") == [True, True]


def test_a_bug_in_the_view_stops_the_run(kernel: KernelProgram) -> None:
    kernel.run("q = Question(runs('1'))\nq.view.event = lambda event: event['nothing']\nq.ask(shell)")
    assert kernel.sent()[-1] == "stop"
    assert kernel.value("Asking.active is None")
