"""A failed cell that is to be fixed, through the whole product: what is sent of it, and what is done."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoanalyst_ext.chats.fixing import task_of
from autoanalyst_ext.chats.request import Origin
from autoanalyst_ext.offline.repairs import fix_task
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.events import CellFinished, CellProposed, StepStarted
from autoanalyst_ext.types.panel import FailedCell
from autoanalyst_ext.types.runs import Answer, EgressLevel
from tests.fakes.provider import FakeProvider

from .desk import Desk, at, at_desk, runs

OFFLINE = "offline:analyst"
OPENAI = "openai:gpt-4o-mini"
BELOW_ROWS: tuple[EgressLevel, ...] = ("names", "schema", "statistics", "masked")


def failed(source: str, ename: str, evalue: str) -> FailedCell:
    return FailedCell(cell_id="a1", source=source, ename=ename, evalue=evalue)


async def to_fix(desk: Desk, cell: FailedCell, *, model: str = OFFLINE, **more: Any) -> Answer:
    """Ask to fix a cell, as a panel does."""
    return await desk.ask("Fix this cell.", model=model, origin=Origin(fix=cell), **more)


FIXES = [
    (failed("sales['revenu'].sum()", "KeyError", "'revenu'"), "sales['revenue'].sum()", "231"),
    (failed("sales.City.nunique()", "AttributeError", "'DataFrame' object has no attribute 'City'"),
     "sales.city.nunique()", "2"),
    (failed("len(salse)", "NameError", "name 'salse' is not defined"), "len(sales)", "12"),
    (failed("np.max([1, 7])", "NameError", "name 'np' is not defined"),
     "import numpy as np\nnp.max([1, 7])", "7"),
    (failed("len(sales.head(3)", "SyntaxError", "'(' was never closed (1.py, line 1)"),
     "len(sales.head(3))", "3"),
    (failed("round(sales['revenue'].mean(), 1", "SyntaxError", "'(' was never closed (1.py, line 1)"),
     "round(sales['revenue'].mean(), 1)", "19.2"),
]  # fmt: skip


def test_offline_a_cell_is_fixed_and_run(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        for cell, corrected, figure in FIXES:
            answer = await to_fix(desk, cell)
            proposed = [event.source for event in desk.of(CellProposed)]
            assert proposed == [corrected], answer.answer
            assert [event.execution.status for event in desk.of(CellFinished)] == ["ok"]
            assert answer.status == "answered"
            assert f"The corrected cell ran. It gives {figure}" in answer.answer
            assert {claim.status for claim in answer.claims} <= {"verified"}

    at_desk(tmp_path, scene)


def test_offline_two_mistakes_are_fixed_one_after_the_other(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        cell = failed("sales['cty'].nunique() + sales['revenu'].sum()", "KeyError", "'revenu'")
        answer = await to_fix(desk, cell)
        assert answer.status == "failed"
        assert "`revenu` is not a column of `sales`; used `revenue`." in answer.answer
        assert "fails too, with `KeyError`" in answer.answer

        cell = failed("sales['Revenu'].sum() + len(salse)", "NameError", "name 'salse' is not defined")
        answer = await to_fix(desk, cell)
        assert answer.status == "answered"
        assert "There is no `salse`; used `sales`. `Revenu` is not a column" in answer.answer
        assert desk.of(CellProposed)[-1].source == "sales['revenue'].sum() + len(sales)"

    at_desk(tmp_path, scene)


def test_offline_what_is_not_certain_is_not_touched_and_a_choice_is_taken(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.value("sales.insert(1, 'revenues', 1)")
        answer = await to_fix(desk, failed("sales['revenu'].sum()", "KeyError", "'revenu'"))
        assert answer.status == "abstained"
        assert answer.suggestions == ("Use `revenue` for `revenu`", "Use `revenues` for `revenu`")
        assert not desk.of(CellProposed)
        answer = await desk.ask(answer.suggestions[0], model=OFFLINE)
        assert "231" in answer.answer
        assert answer.status == "answered"
        answer = await desk.ask("how many rows", model=OFFLINE)
        assert "12" in answer.answer, "what follows is a question like any other"

    at_desk(tmp_path, scene)


def test_offline_a_correction_that_may_not_run_is_shown_and_said(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        cell = failed("sales['revenu'].sum()", "KeyError", "'revenu'")
        answer = await to_fix(desk, cell, permissions=Permissions(mode="suggest"))
        assert "used `revenue`. The corrected cell has not been run." in answer.answer
        assert not desk.of(CellFinished)

    at_desk(tmp_path, scene)


def test_a_provider_is_asked_to_fix_it_and_reads_no_value_of_the_error(tmp_path: Path) -> None:
    def sent(fake: FakeProvider) -> str:
        return "\n".join(exchange.body.decode() for exchange in fake.exchanges)

    async def scene(desk: Desk, fake: FakeProvider) -> None:
        cell = failed(
            "sales['secret'].astype(float)", "ValueError", "could not convert string to float: 'canary-0'"
        )
        # The offline analyst is asked first: what it was told is in the history that the provider then reads.
        assert (await to_fix(desk, cell)).status == "abstained"
        answer = await to_fix(desk, cell, model=OPENAI)
        assert answer.answer == "It was text. 12"
        assert len(desk.of(StepStarted)) == 2
        asked = json.dumps(fake.exchanges[0].json()["messages"])
        assert "could not convert string to float: (withheld)" in asked
        assert "sales['secret'].astype(float)" in asked
        assert "canary" not in sent(fake)

    replies = [runs("len(sales['secret'])"), Reply(text="It was text. {{c1}}")]
    with FakeProvider(replies) as fake:
        at_desk(tmp_path, lambda desk: scene(desk, fake), **at(fake, "openai"))


def test_the_chat_shows_the_users_words_and_not_the_task(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await to_fix(desk, failed("sales['revenu'].sum()", "KeyError", "'revenu'"))
        page = await desk.engine.chats.messages(desk.engine.principal, desk.session.chat.id)
        assert page.messages[0].text == "Fix this cell."

    at_desk(tmp_path, scene)


VALUES = st.text(st.sampled_from("kqzxvw0123456789-"), min_size=4, max_size=12).filter(lambda v: v.strip("-"))
MESSAGES = [
    "'{}'",
    "could not convert string to float: '{}'",
    "\"['{}'] not in index\"",
    "name '{}' is not defined",
    "time data '{}' does not match format '%Y'",
    "{} owes 300 to somebody",
    "invalid literal for int() with base 10: '{}'",
    "'DataFrame' object has no attribute '{}'",
    'Unable to parse string "{}" at position 3',
    "{}",
]


@pytest.mark.parametrize("level", BELOW_ROWS)
@given(value=VALUES, message=st.sampled_from(MESSAGES), ename=st.sampled_from(["KeyError", "ValueError"]))
def test_a_value_that_is_no_word_of_the_code_is_never_in_the_task(
    level: EgressLevel, value: str, message: str, ename: str
) -> None:
    cell = failed("table['price'].astype(float)", ename, message.format(value))
    assert value not in task_of(cell, level)


@pytest.mark.parametrize("level", BELOW_ROWS)
def test_words_of_the_code_stay_so_that_it_can_be_repaired(level: EgressLevel) -> None:
    assert "KeyError: 'pricee'" in task_of(failed("table['pricee']", "KeyError", "'pricee'"), level)


def test_at_the_level_of_rows_the_error_is_whole() -> None:
    assert "canary-0" in task_of(failed("x", "ValueError", "bad: canary-0"), "rows")


@given(source=st.text(), evalue=st.text())
def test_every_task_can_be_read_back(source: str, evalue: str) -> None:
    task = fix_task.read(task_of(failed(source, "KeyError", evalue), "statistics"))
    assert task is not None
    assert task.source == source.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
