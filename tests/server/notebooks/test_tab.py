"""A run's cells in a page of the browser: run by the page, heard from the kernel itself."""

import asyncio
from collections.abc import Iterator

import pytest

from autoanalyst_ext.errors import BadRequest, NotFound
from autoanalyst_ext.types.cells import ErrorOutput, ResultOutput, StreamOutput
from autoanalyst_ext.types.results import ScalarResult
from autoanalyst_ext.types.tab import TabExecute
from tests.server.jupyter import running

from .rest_house import RestHouse
from .tab_stage import Stage, play


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestHouse]:
    with running(tmp_path_factory.mktemp("server")) as server:
        yield RestHouse(server)


def test_outputs_are_complete_and_in_order_and_the_value_and_tables_come_too(house: RestHouse) -> None:
    source = """
import pandas as pd
from IPython.display import display
for at in range(300):
    print(at)
    display(at)
table = pd.DataFrame({"price": [1.0, 2.0]})
table.price.mean()
"""

    async def scene(stage: Stage) -> None:
        changes, execution = await stage.run(source)
        assert execution.status == "ok"
        assert len(execution.outputs) == 601
        said = [each.text for each in execution.outputs if isinstance(each, StreamOutput)]
        assert said == [f"{at}\n" for at in range(300)]
        assert isinstance(execution.outputs[-1], ResultOutput)
        assert len(changes) >= 601
        assert execution.result is not None
        assert execution.result.kind == "scalar"
        assert [table.name for table in execution.tables] == ["table"]
        assert execution.execution_count == 1
        assert await stage.notebook.made() >= {"table", "pd"}

    play(house, scene)


def test_an_error_is_the_kernels_own(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        execution = await stage.cell("print('before')\n1 / 0")
        assert (execution.status, execution.ename) == ("error", "ZeroDivisionError")
        assert execution.evalue == "division by zero"
        assert isinstance(execution.outputs[-1], ErrorOutput)
        assert (await stage.cell("2 + 2")).status == "ok"

    play(house, scene)


def test_cells_go_below_each_other_and_say_whose_they_are(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        stage.page.cells = {"a": "1", "b": "2"}
        stage.notebook = stage.new_notebook(after="a")
        first = await stage.notebook.insert("x = 1", metadata={"autoanalyst": {"label": "c1"}})
        second = await stage.notebook.insert("# done", cell_type="markdown")
        assert list(stage.page.cells) == ["a", first.id, second.id, "b"]
        assert first.metadata == {"autoanalyst": {"label": "c1", "run": "r1"}}
        await stage.notebook.replace(first.id, "x = 2", expected="x = 1")
        await stage.notebook.remove(second.id)
        assert stage.page.cells == {"a": "1", first.id: "x = 2", "b": "2"}
        assert [left.expected for left in stage.notebook.cells_as_left()] == ["x = 2"]

    play(house, scene)


def test_a_cell_that_the_user_changed_is_not_run(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert("x = 1")
        stage.page.cells[cell.id] = "x = 'mine'"
        with pytest.raises(BadRequest, match="changed meanwhile"):
            await stage.execute(cell.id)
        assert "x" not in await stage.notebook.names()

    play(house, scene)


def test_a_cell_that_runs_too_long_is_interrupted(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        execution = await stage.cell("import time\nprint('on', flush=True)\ntime.sleep(50)", seconds=1)
        assert (execution.status, execution.ename) == ("timeout", "CellTimeout")
        assert stage.house.interrupts == before + 1
        assert isinstance(execution.outputs[0], StreamOutput)

    before = house.interrupts
    play(house, scene)


def test_stop_interrupts_the_kernel(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        running = asyncio.create_task(stage.cell("import time\ntime.sleep(50)"))
        wanted = await stage.page.asked(TabExecute)
        assert wanted.run == "r1"
        await stage.notebook.interrupt()
        assert (await running).status == "interrupted"

    play(house, scene)


def test_the_users_own_interrupt_counts_as_one(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert("import time\nprint('on', flush=True)\ntime.sleep(50)")
        items = stage.notebook.execute(cell.id)
        await anext(items)  # it has begun
        await stage.house.interrupt(stage.kernel_id)
        *_, execution = [item async for item in items]
        assert execution.status == "interrupted"

    play(house, scene)


def test_a_cell_behind_one_of_the_users_waits_and_says_so(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("ours = 1")
        own = await stage.began("import time\nprint('on', flush=True)\ntime.sleep(2)\nmine = 1")
        execution = await stage.cell("also_ours = 2")
        assert (await own)["status"] == "ok"
        assert execution.status == "ok"
        assert stage.told == ["kernel_busy", "resumed"]
        assert await stage.notebook.made() == {"ours", "also_ours"}

    play(house, scene)


def test_a_failing_cell_of_the_user_does_not_take_ours_along(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        own = await stage.began("import time\nprint('on', flush=True)\ntime.sleep(1)\n1 / 0")
        assert (await stage.cell("1 + 1")).status == "ok"
        assert (await own)["status"] == "error"

    play(house, scene)


def test_a_cell_that_the_kernel_drops_after_a_failure_was_not_run(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        stage.page.runs_first = "import time\ntime.sleep(1)\n1 / 0"
        with pytest.raises(BadRequest, match="An earlier cell failed"):
            await stage.cell("dropped = 1")
        stage.page.runs_first = ""
        assert "dropped" not in await stage.notebook.names()
        assert (await stage.cell("kept = 1")).status == "ok"

    play(house, scene)


def test_stop_does_not_interrupt_the_users_cell_that_ours_waits_behind(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        stage.page.runs_first = "import time\ntime.sleep(4)\nmine = 1"
        before = stage.house.interrupts
        running = asyncio.create_task(stage.cell("import time\nours = 1\ntime.sleep(50)"))
        await stage.was_told("kernel_busy")
        await stage.notebook.interrupt()
        assert (await running).status == "interrupted"
        assert stage.house.interrupts == before
        names = await stage.notebook.names()  # and ours is stopped when it begins
        while "ours" not in names:
            names = await stage.notebook.names()
        assert "mine" in names
        await stage.notebook.tables()
        assert (await stage.cell("1 + 1")).status == "ok"
        assert stage.house.interrupts == before + 1

    play(house, scene)


def test_a_flood_of_outputs_is_stopped_and_its_beginning_kept(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        execution = await stage.cell("while True:\n    print('x' * 1_000)")
        assert (execution.status, execution.ename) == ("interrupted", "OutputFlood")
        assert (await stage.cell("1 + 1")).status == "ok"

    play(house, scene)


def test_thousands_of_outputs_at_once_all_arrive(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        execution = await stage.cell("for at in range(5000):\n    display(at)")
        assert len(execution.outputs) == 5000

    play(house, scene)


def test_what_the_user_runs_in_between_is_seen_at_the_next_look(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        assert "mine" not in await stage.notebook.names()
        await stage.page.run("mine = 1")
        await stage.notebook.settle()
        assert "mine" in await stage.notebook.names()

    play(house, scene)


def test_code_of_ours_is_evaluated_without_a_cell(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("numbers = [1, 2, 4]")
        before = await stage.notebook.cells()
        found = await stage.notebook.evaluate("total = sum(numbers)\ntotal")
        assert found == ScalarResult(type="int", value=7)
        assert await stage.notebook.evaluate("1 / 0") is None
        assert "total" not in await stage.notebook.names()
        assert await stage.notebook.cells() == before

    play(house, scene)


def test_looks_are_not_repeated_when_nothing_has_run(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("x = 1")
        witness = await stage.witnesses.get(stage.kernel_id)
        first = await witness.look()
        await stage.notebook.tables()
        assert await witness.look() is first
        await stage.page.run("y = 1")
        await witness.settle()
        assert await witness.look() is not first

    play(house, scene)


def test_a_scope_that_names_no_table_says_which_there_are(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.page.run("import pandas as pd\na = pd.DataFrame({'x': [1]})\nb = a.copy()")
        stage.notebook = stage.new_notebook(scope=("a",))
        assert [table.name for table in await stage.notebook.tables()] == ["a"]
        stage.notebook = stage.new_notebook(scope=("c",))
        with pytest.raises(BadRequest, match=r"no table named c. There are: a, b\."):
            await stage.notebook.tables()
        with pytest.raises(NotFound):
            await stage.notebook.remove("nowhere")

    play(house, scene)
