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


VISITS = """visits = pd.DataFrame({
    "ward": ["east", "east", "west", None, "west", "west"] * 4,
    "stay": [1, 2, 3, 4, 5, 40] * 4,
    "pulse": [60.0, None, 91.5, 84.0, None, 70.5] * 4,
    "insured": [True, False, True, True] * 6,
})"""


def check(
    folder: Path, *codes: str, question: str = QUESTION, loads: str = "", **settings: object
) -> Check | None:
    """What it says of a model's answer that these cells prove; `loads` is run before."""
    found: list[Check | None] = []

    async def scene(desk: Desk) -> None:
        if loads:
            loading = await desk.notebook.insert(loads)
            async for _ in desk.notebook.execute(loading.id):
                pass
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
    ("question", "code", "why"),
    [
        ("What is the average pulse?", "visits['pulse'].fillna(0).mean()", "(8 in the table) as 0"),
        ("What is the average pulse?", "visits['pulse'].median()", "took the median"),
        (
            "What is the standard deviation of stay?",
            "visits['stay'].std(ddof=0)",
            "of a whole population (n)",
        ),
        (
            "How many visits have a ward that is not east?",
            "int((visits['ward'] != 'east').sum())",
            "counted the rows without `ward`, too (4 in the table)",
        ),
        (
            "How many visits have a stay over 3?",
            "int((visits['stay'] >= 3).sum())",
            "took the rows where `stay` ≥ 3",
        ),
        ("How many visits are there?", "len(visits.drop_duplicates())", "left out rows that repeat"),
        (
            "What is the correlation of stay and pulse?",
            "visits['stay'].corr(visits['pulse'], method='spearman')",
            "took Spearman's correlation",
        ),
    ],
)
def test_it_says_what_the_model_seems_to_have_done(
    tmp_path: Path, question: str, code: str, why: str
) -> None:
    found = check(tmp_path, code, question=question, loads=VISITS)
    assert found is not None
    assert found.text.startswith("Offline check differs. ")
    assert "It seems that the model " in found.text
    assert why in found.text


def test_it_gives_no_reason_that_it_does_not_know(tmp_path: Path) -> None:
    found = check(tmp_path, "visits['pulse'].mean() + 1", question="What is the average pulse?", loads=VISITS)
    assert found is not None
    assert not found.agrees
    assert "It seems" not in found.text


@pytest.mark.parametrize("code", ["visits['insured'].mean()", "visits['insured'].mean() * 100"])
def test_a_share_may_be_given_in_per_cent(tmp_path: Path, code: str) -> None:
    assert check(tmp_path, code, question="What share of visits is insured?", loads=VISITS) == AGREES


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Why did the revenue fall?", ['sales["revenue"].mean()']),  # it is not sure
        (QUESTION, ['sales["revenue"].mean()', 'sales["revenue"].max()']),  # more than one step
        ("What is the average revenue in Basel?", ["round(sales['revenue'].tail(6).mean())"]),  # one digit
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
