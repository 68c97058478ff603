"""What a run leaves: the tables that its code reads, its cells, its references."""

import json
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.chats.reading import read
from autoanalyst_ext.chats.receipts import labels_in, relabelled
from autoanalyst_ext.providers.script import Reply, ScriptedCall
from autoanalyst_ext.store.receipts import Receipts
from autoanalyst_ext.types.events import ReceiptMade, RunFinished
from autoanalyst_ext.types.receipts import Receipt

from .desk import Desk, at_desk, runs
from .recorded import SUM, TOTAL, ask, receipt, run


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["top = sales.head()\ntop"], {"sales"}),
        (["top = top.head()"], {"top"}),
        (["top = sales.head()", "top.mean()"], {"sales"}),
        (["top += 1"], {"top"}),
        (["sales['a'] = 1"], {"sales"}),
        (["del top"], {"top"}),
        (["if top.empty:\n    sales = 1\nsales"], {"top", "sales"}),
        (["for n in range(3):\n    top = n\n    print(top)"], set()),
        (["for n in range(3):\n    top = n\ntop"], {"top"}),
        (["with open('f') as top:\n    sales = top\nsales"], set()),
        (["try:\n    1\nexcept ValueError:\n    print(sales)"], {"sales"}),
        (["def total(top=sales):\n    return other"], {"sales", "other"}),
        (["f'{sales.size} rows'"], {"sales"}),
        (["match 1:\n    case 1:\n        sales"], {"sales"}),
        (["import sales\nsales"], set()),
        (["top, *other = 1, 2\ntop, other"], set()),
    ],
)
def test_code_reads_what_it_does_not_make(sources: list[str], names: set[str]) -> None:
    reading = read(sources)
    assert reading is not None
    assert reading.names & {"sales", "top", "other"} == names


def test_words_of_texts_count_because_queries_name_tables_in_them() -> None:
    reading = read(["duckdb.sql('select * from sales')"])
    assert reading is not None
    assert "sales" in reading.words


@pytest.mark.parametrize("source", ["%time x", "eval('sales')", "globals()['sa' + 'les']", "(" * 500])
def test_what_hides_its_reading_reads_anything(source: str) -> None:
    assert read([source]) is None


def test_labels_are_found_and_changed_outside_code() -> None:
    template = "{{c1}} of {{ c2[0].area|,.1f }}, not `{{c3}}`, {{{c1}}} and {{c10}}"
    assert labels_in(template) == {"c1", "c2", "c10"}
    moved = relabelled(template, {"c1": "c2", "c2": "c1", "c3": "c9"})
    assert moved == "{{c2}} of {{ c1[0].area|,.1f }}, not `{{c3}}`, {{{c2}}} and {{c10}}"


def test_a_receipt_says_how_the_answer_was_come_by(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await ask(desk, agents=["planner"], scope=["sales"])
        made = receipt(desk)
        assert (made.question, made.agents, made.model) == (TOTAL, ("planner",), "scripted:test")
        assert (made.scope, made.follows, made.every_table) == (("sales",), None, False)
        (table,) = made.data
        assert (table.name, table.rows, table.columns) == ("sales", 12, 3)
        (cell,) = made.cells
        assert (cell.label, cell.purpose, cell.source) == ("c1", "adds up", SUM)
        assert cell.id == answer.cells[0].id
        assert (made.template, made.answer) == ("It is {{c1}}.", "It is 231.")
        assert (made.answered_by, made.run_id) == ("scripted:test", answer.run_id)
        assert isinstance(desk.events[-2], ReceiptMade)
        assert isinstance(desk.events[-1], RunFinished)
        assert Receipt.model_validate(json.loads(made.model_dump_json())) == made
        assert "canary" not in made.model_dump_json()

    call = ScriptedCall(name="run_cell", args={"code": SUM, "purpose": "adds up"})
    at_desk(tmp_path, scene, [Reply(tool_calls=(call,)), Reply(text="It is {{c1}}.")])


def test_a_repaired_cell_is_recorded_as_it_was_repaired(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        assert [(cell.label, cell.source) for cell in receipt(desk).cells] == [("c1", SUM)]

    at_desk(tmp_path, scene, [runs("sales['nope'].sum()"), runs(SUM), Reply(text="{{c1}}")])


def test_an_answer_without_code_depends_on_all_tables_but_those_that_answers_made(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        assert [table.name for table in receipt(desk).data] == ["sales"]
        await ask(desk, "hello")
        made = receipt(desk)
        assert made.every_table
        assert [table.name for table in made.data] == ["sales"]
        await run(desk, "other = pd.DataFrame({'a': [1]})")
        await ask(desk, "hello")
        assert receipt(desk).answer == "Again."

    replies = [
        runs("top = sales.head(3)\ntop"),
        Reply(text="There."),
        Reply(text="Hi."),
        Reply(text="Again."),
    ]
    at_desk(tmp_path, scene, replies)


def test_code_that_reads_a_variable_depends_on_all_tables(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await run(desk, "limit = 3\nother = pd.DataFrame({'a': [1]})")
        await ask(desk)
        assert {table.name for table in receipt(desk).data} == {"sales", "other"}

    at_desk(tmp_path, scene, [runs("(sales['revenue'] > limit).sum()"), Reply(text="{{c1}}")])


@pytest.mark.parametrize("replies", [[runs("1 / 0")] * 3, [runs("!ls"), Reply(text="No.")]])
def test_a_run_that_did_not_answer_leaves_none(replies: list[Any], tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await ask(desk)
        assert answer.status == "stopped"
        assert not desk.of(ReceiptMade)
        assert await Receipts(desk.engine.database).find(desk.engine.principal.id, TOTAL) == ()

    at_desk(tmp_path, scene, replies)


def test_an_answer_too_long_for_a_notebook_leaves_none(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        assert (await ask(desk)).status == "answered"
        assert not desk.of(ReceiptMade)

    at_desk(tmp_path, scene, [Reply(text="long " * 300_000)])
