"""The offline analyst through the whole product: the same path as any model, and every figure proved."""

from pathlib import Path

from sqlalchemy import select

from autoanalyst_ext.store.tables import attempts
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.events import CellNotRun, StepFinished
from autoanalyst_ext.types.usage import TokenUsage

from .desk import Desk, at_desk

OFFLINE = "offline:analyst"

QUESTIONS = {
    "total revenue": "231",
    "average revenue by city": "35",
    "mean and median revenue": "19.25",
    "std of revenue": "20.77",
    "variance of revenue": "431.3",
    "top 2 by revenue": "60",
    "how many rows": "12",
    "share of rows where city is Bern": "50 %",
    "rows where revenue > 30": "40",
    "missing values": "0",
    "summary of revenue": "19.25",
    "number of different cities": "2",
    "the smallest revenue": "1",
    "histogram of revenue": "histogram of `revenue`",
    "bar chart of total revenue by city": "bar chart",
}


def test_every_figure_of_an_offline_answer_is_proved(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        for question, shown in QUESTIONS.items():
            answer = await desk.ask(question, model=OFFLINE)
            assert answer.status == "answered", (question, answer.answer)
            assert shown in answer.answer, (question, answer.answer)
            assert {claim.status for claim in answer.claims} <= {"verified"}, (question, answer.claims)
            assert not desk.of(CellNotRun), question

    at_desk(tmp_path, scene)


def test_it_abstains_with_questions_that_it_then_answers(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("why is revenue low in Basel?", model=OFFLINE)
        assert answer.status == "abstained"
        assert len(answer.suggestions) == 3
        for question in answer.suggestions:
            assert (await desk.ask(question, model=OFFLINE)).status == "answered", question

    at_desk(tmp_path, scene)


def test_it_is_booked_at_nothing_like_any_other_model(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total revenue", model=OFFLINE)
        assert answer.usage.requests == len(desk.of(StepFinished)) == 2
        rows = await desk.engine.database.read(lambda c: list(c.execute(select(attempts))))
        assert [(row.provider, row.state, row.cost_pusd, row.input_tokens) for row in rows] == [
            ("offline", "settled", 0, 0)
        ] * 2
        assert answer.usage.tokens == TokenUsage()

    at_desk(tmp_path, scene)


def test_a_follow_up_refers_to_the_question_before(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("average revenue by city", model=OFFLINE)
        answer = await desk.ask("and the median?", model=OFFLINE)
        assert answer.status == "answered"
        assert "35" in answer.answer
        assert "3.5" in answer.answer

    at_desk(tmp_path, scene)


def test_a_follow_up_of_a_question_that_was_not_answered_is_not_answered(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        assert (await desk.ask("average revenue by city", model=OFFLINE)).status == "answered"
        assert (await desk.ask("why is the revenue of Bern so high?", model=OFFLINE)).status == "abstained"
        lost = await desk.ask("only for Basel", model=OFFLINE)
        assert lost.status == "abstained"
        assert "The question before it was not answered" in lost.answer
        whole = await desk.ask("the average revenue", model=OFFLINE)
        assert "19.25" in whole.answer

    at_desk(tmp_path, scene)


def test_a_correction_that_failed_can_be_said_again(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        assert (await desk.ask("average revenue by city", model=OFFLINE)).status == "answered"
        assert (await desk.ask("no, the midpoint", model=OFFLINE)).status == "abstained"
        assert "35" in (await desk.ask("no, the median", model=OFFLINE)).answer

    at_desk(tmp_path, scene)


def test_it_says_so_when_its_cell_was_only_suggested(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total revenue", model=OFFLINE, permissions=Permissions(mode="suggest"))
        assert answer.status == "answered"
        assert "has not been run" in answer.answer
        assert (await desk.notebook.cells())[-1].source.endswith("sum_revenue")

    at_desk(tmp_path, scene)
