"""Beside a model the offline analyst computes the figure again, and says whether it is the same."""

from functools import partial
from pathlib import Path

import pytest

from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.events import Notice, RunStarted
from autoanalyst_ext.types.runs import Check

from .desk import Desk, at_desk, runs

QUESTION = "What is the average revenue?"
AGREES = Check(agrees=True, text="Offline check agrees.")


def check(folder: Path, *codes: str, question: str = QUESTION, **settings: object) -> Check | None:
    """What it says of a model's answer that these cells prove."""
    found: list[Check | None] = []

    async def scene(desk: Desk) -> None:
        before = await desk.notebook.names()
        answer = await desk.ask(question, permissions=Permissions(allowed=frozenset({"change"})))
        assert answer.status == "answered"
        assert answer.usage.requests == len(codes) + 1
        assert await desk.notebook.names() == before
        found.append(answer.check)

    at_desk(folder, scene, [*map(runs, codes), Reply(text="It is {{c1}}.")], **settings)
    return found[0]


@pytest.mark.parametrize("code", ['sales["revenue"].mean()', 'round(sales["revenue"].mean(), 1)'])
def test_it_agrees_also_with_a_rounded_figure(tmp_path: Path, code: str) -> None:
    assert check(tmp_path, code) == AGREES


def test_it_differs_and_says_what_it_came_to(tmp_path: Path) -> None:
    found = check(tmp_path, 'sales["revenue"].median()')
    assert found is not None
    assert not found.agrees
    assert found.text.startswith("Offline check differs. ")
    assert "19.25" in found.text


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Why did the revenue fall?", ['sales["revenue"].mean()']),  # it is not sure
        (QUESTION, ['sales["revenue"].mean()', 'sales["revenue"].max()']),  # more than one step
        (QUESTION, ['sales.groupby("city")["revenue"].mean()']),  # not one figure
        (QUESTION, ['sales["revenue"] = 1\nsales["revenue"].mean()']),  # of another table by now
    ],
)
def test_it_is_silent_where_there_is_nothing_to_compare(
    tmp_path: Path, question: str, codes: list[str]
) -> None:
    assert check(tmp_path, *codes, question=question) is None


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert check(tmp_path, 'sales["revenue"].mean()', offline_check=False) is None


def test_it_answers_first_where_that_is_wanted_and_it_is_sure(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        ask = partial(desk.ask, model=None)
        answer = await ask(QUESTION)
        assert "19.25" in answer.answer
        assert [notice.code for notice in desk.of(Notice)] == ["offline_first"]
        assert desk.of(RunStarted)[0].model == "offline:analyst"
        assert (await ask("Why did the revenue fall?")).answer == "Nobody knows."
        assert (await desk.ask(QUESTION)).answer == "It is 19.25, says the model."  # which was named

    replies = [
        Reply(text="Nobody knows."),
        runs('sales["revenue"].mean()'),
        Reply(text="It is {{c1}}, says the model."),
    ]
    at_desk(tmp_path, scene, replies, model="scripted:test", offline_first=True)
