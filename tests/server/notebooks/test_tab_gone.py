"""Pages that are reloaded, closed or cut off in mid-run: nothing is lost, and nothing runs twice."""

import asyncio
from collections.abc import Iterator

import pytest

from autoanalyst_ext.errors import KernelGone, NotFound, Refused
from autoanalyst_ext.notebooks import seat
from autoanalyst_ext.types.cells import StreamOutput
from autoanalyst_ext.types.tab import CellAsLeft, TabExecute, TabInsert, TabRestore
from tests.server.jupyter import running

from .rest_house import RestHouse
from .scripted_page import ME, PATH
from .tab_stage import Stage, play

COUNTED = """
import time
runs = globals().get("runs", 0) + 1
for at in range(4):
    print(at, flush=True)
    time.sleep(0.5)
"""
"""Prints 0 to 3 in two seconds, and counts how often it was run."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestHouse]:
    with running(tmp_path_factory.mktemp("server")) as server:
        yield RestHouse(server)


async def runs(stage: Stage) -> str:
    """How often the counted cell has run."""
    execution = await stage.cell("runs")
    assert execution.result is not None
    assert execution.result.kind == "scalar"
    return str(execution.result.value)


def test_a_page_that_goes_in_mid_cell_loses_nothing_and_the_next_one_gets_all_of_it(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        items = stage.notebook.execute(cell.id)
        await anext(items)
        await stage.page.close()
        fresh = stage.new_page().connect()
        assert [each.cell_id for each in fresh.restored[0].cells] == [cell.id]
        *_, execution = [item async for item in items]
        whole = (StreamOutput(name="stdout", text="0\n1\n2\n3\n"),)
        assert execution.outputs == whole
        assert fresh.restored[-1].cells[0].outputs == whole
        assert fresh.restored[-1].cells[0].execution_count == 1
        assert not [wanted for wanted in fresh.wanted if isinstance(wanted.do, TabExecute)]
        assert await runs(stage) == "1"
        assert next(iter(fresh.cells)) == cell.id

    play(house, scene)


def test_a_cell_ends_though_no_page_is_left(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        items = stage.notebook.execute(cell.id)
        await anext(items)
        await stage.page.close()
        *_, execution = [item async for item in items]
        assert execution.status == "ok"
        inserting = asyncio.create_task(stage.notebook.insert("# and on"))
        await stage.was_told("notebook_closed")
        fresh = stage.new_page().connect()
        assert (await inserting).id in fresh.cells
        assert [type(wanted.do) for wanted in fresh.wanted] == [TabRestore, TabInsert]
        assert stage.told == ["notebook_closed", "resumed"]

    play(house, scene)


def test_what_a_run_left_in_a_closed_notebook_is_there_when_it_is_opened(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        items = stage.notebook.execute(cell.id)
        await anext(items)
        await stage.page.close()
        assert [item async for item in items]
        await stage.notebook.close()  # the run ends
        elsewhere = stage.new_page().connect("work/other.ipynb")
        others = stage.new_page().connect(principal="somebody else")
        assert not elsewhere.wanted
        assert not others.wanted
        fresh = stage.new_page().connect()
        (restored,) = fresh.restored
        assert restored.cells[0].outputs == (StreamOutput(name="stdout", text="0\n1\n2\n3\n"),)
        later = stage.new_page().connect()
        assert not later.wanted

    play(house, scene)


def test_a_page_that_goes_before_it_has_restored_a_notebook_leaves_that_to_the_next(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("x = 1")
        await stage.page.close()
        await stage.notebook.close()
        hasty = stage.new_page()
        hasty.holds = True
        hasty.connect()
        assert hasty.wanted
        hasty.disconnect()
        assert stage.new_page().connect().restored

    play(house, scene)


def test_a_page_that_only_looked_on_has_all_cells_before_it_goes_on(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        second = stage.new_page().connect()
        first = await stage.notebook.insert("x = 1")
        await stage.execute(first.id)
        assert not second.wanted
        await stage.page.close()
        execution = await stage.cell("x + 1")
        assert execution.status == "ok"
        assert [type(wanted.do) for wanted in second.wanted] == [TabRestore, TabInsert, TabExecute]
        assert list(second.cells.values()) == ["x = 1", "x + 1"]

    play(house, scene)


def test_a_page_that_only_looked_on_gets_what_the_run_left_when_the_other_has_gone(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        second = stage.new_page().connect()
        await stage.cell("x = 1")
        await stage.page.close()
        await stage.notebook.close()
        assert list(second.cells.values()) == ["x = 1"]

    play(house, scene)


def test_a_cell_that_the_kernel_never_got_goes_out_again_under_another_id(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        stage.page.holds = True
        running = asyncio.create_task(stage.execute(cell.id))
        lost = await stage.page.asked(TabExecute)
        await stage.page.close()
        fresh = stage.new_page().connect()
        again = await fresh.asked(TabExecute)
        assert again.request != lost.request
        assert [type(wanted.do) for wanted in fresh.wanted] == [TabRestore, TabExecute]
        assert (await running)[1].status == "ok"
        assert await runs(stage) == "1"

    play(house, scene)


def test_a_cell_that_the_kernel_has_got_does_not_go_out_again(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        stage.page.holds = True
        running = asyncio.create_task(stage.execute(cell.id))
        await stage.page.asked(TabExecute)
        stage.page.start(COUNTED, cell.id)  # it is sent, and the page goes before it can say so
        stage.page.disconnect()
        fresh = stage.new_page().connect()
        assert (await running)[1].status == "ok"
        assert not [wanted for wanted in fresh.wanted if isinstance(wanted.do, TabExecute)]
        assert await runs(stage) == "1"

    play(house, scene)


def test_a_page_that_was_cut_off_gets_its_requests_again_under_the_same_id(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        stage.page.holds = True
        running = asyncio.create_task(stage.execute(cell.id))
        first = await stage.page.asked(TabExecute)
        stage.page.disconnect()
        stage.page.holds = False
        stage.page.connect()
        assert (await stage.page.asked(TabExecute, times=2)).request == first.request
        assert (await running)[1].status == "ok"
        assert await runs(stage) == "1"

    play(house, scene)


def test_a_page_that_was_cut_off_in_mid_cell_does_not_run_it_again(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        cell = await stage.notebook.insert(COUNTED)
        items = stage.notebook.execute(cell.id)
        await anext(items)
        stage.page.disconnect()
        stage.page.connect()
        *_, execution = [item async for item in items]
        assert execution.status == "ok"
        assert await runs(stage) == "1"
        assert stage.page.restored[-1].cells[0].outputs == execution.outputs

    play(house, scene)


def test_a_notebook_that_stays_closed_ends_the_run(house: RestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "CLOSED_SECONDS", 1)

    async def scene(stage: Stage) -> None:
        stage.page.opens("other.ipynb")
        with pytest.raises(KernelGone, match="so far are kept"):
            await stage.notebook.insert("1")
        assert stage.told == ["notebook_closed", "resumed"]

    play(house, scene)


def test_a_page_that_lost_the_notebook_says_so_and_another_one_is_asked(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        other = stage.new_page().connect()
        stage.page.opens("other.ipynb")
        assert (await stage.notebook.insert("1")).id in other.cells
        assert not stage.page.wanted

    play(house, scene)


def test_a_late_goodbye_of_an_old_connection_is_ignored(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        old = stage.page.line
        assert old is not None
        stage.page.connect()
        stage.tabs.disconnect(stage.page.tab, old)
        assert stage.tabs.has(ME, PATH)
        stage.page.disconnect()
        assert not stage.tabs.has(ME, PATH)

    play(house, scene)


def test_the_page_that_asked_comes_first(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        stage.new_page().connect()
        assert (await stage.notebook.insert("1")).id in stage.page.cells

    play(house, scene)


def test_pages_of_others_are_never_asked(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        stage.page.disconnect()
        other = stage.new_page().connect(principal="somebody else")
        inserting = asyncio.create_task(stage.notebook.insert("1"))
        await stage.was_told("notebook_closed")
        assert not other.wanted
        stage.page.connect()
        await inserting
        with pytest.raises(Refused):
            stage.new_page(tab=stage.page.tab).connect(principal="somebody else")

    play(house, scene)


def test_cells_are_taken_out_where_nobody_changed_them(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        kept, gone = await stage.notebook.insert("1"), await stage.notebook.insert("2")
        stage.page.cells[kept.id] = "mine"
        cells = stage.notebook.cells_as_left()
        assert cells[0] == CellAsLeft(cell_id=kept.id, expected="1")
        done = await stage.tabs.withdraw(ME, PATH, "r1", cells)
        assert (done.removed, done.kept) == ((gone.id,), (kept.id,))
        stage.page.disconnect()
        with pytest.raises(NotFound, match="not open"):
            await stage.tabs.withdraw(ME, PATH, "r1", cells)

    play(house, scene)
