"""The headless notebook with a real kernel: every way in which a cell can end."""

import asyncio
import os
import resource
import signal
import time
from pathlib import Path

import pytest

from autoanalyst_ext.errors import KernelGone
from autoanalyst_ext.notebooks import request
from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.notebooks.outputs import OUTPUT_BYTES
from autoanalyst_ext.types.cells import Execution, StreamOutput
from autoanalyst_ext.types.results import ScalarResult

from .notebook_desk import Desk, executed

FOREVER = "import time\nprint('begun', flush=True)\nwhile True:\n    time.sleep(.01)"
STUBBORN = (
    "import time\nfor i in range({times}):\n    try:\n"
    "        print('try', flush=True)\n        time.sleep(60)\n"
    "    except KeyboardInterrupt:\n        pass\n"
)


async def stopped_once_begun(notebook: HeadlessNotebook, source: str) -> Execution:
    """Execute, interrupt at the first output, and read on to the end."""
    cell = await notebook.insert(source)
    interrupting = None
    async for change in notebook.execute(cell.id, seconds=60):
        if interrupting is None and not isinstance(change, Execution):
            interrupting = asyncio.create_task(notebook.interrupt())
    assert interrupting is not None
    await interrupting
    assert isinstance(change, Execution)
    return change


async def killed_once_begun(notebook: HeadlessNotebook) -> Execution:
    """Execute a cell that prints its process id and waits; kill that process; read on to the end."""
    cell = await notebook.insert("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)")
    async for change in notebook.execute(cell.id):
        if not isinstance(change, Execution):
            assert isinstance(change.output, StreamOutput)
            os.kill(int(change.output.text), signal.SIGKILL)
    assert isinstance(change, Execution)
    return change


def test_a_kernel_killed_under_a_cell_makes_it_died_at_once_and_cells_are_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            execution = await killed_once_begun(notebook)
            assert (execution.status, execution.ename) == ("died", "KernelDied")
            assert "signal 9" in str(execution.evalue)
            assert execution.seconds < 5
            assert len(execution.outputs) == 1
            with pytest.raises(KernelGone, match=r"has ended .*variables are lost.*kept"):
                await executed(notebook, "1")
            with pytest.raises(KernelGone):
                await notebook.tables()
            assert len(await notebook.cells()) == 2
            await notebook.save(tmp_path / "kept.ipynb")

    asyncio.run(asyncio.wait_for(work(), 60))


def test_code_that_ends_its_process_dies_also_with_exit_code_0(tmp_path: Path) -> None:
    async def work() -> Execution:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            return (await executed(notebook, "import os\nos._exit(0)"))[1]

    execution = asyncio.run(asyncio.wait_for(work(), 60))
    assert (execution.status, execution.ename) == ("died", "KernelDied")


def test_interrupt_stops_a_cell_and_keeps_the_kernel(desk: Desk) -> None:
    desk.cell("kept = 5")
    execution = desk.run(stopped_once_begun(desk.notebook, FOREVER))
    assert (execution.status, execution.ename) == ("interrupted", "KeyboardInterrupt")
    assert execution.seconds < 5
    assert desk.cell("kept").result == ScalarResult(type="int", value=5)


def test_code_that_swallows_an_interrupt_is_interrupted_again(desk: Desk) -> None:
    execution = desk.run(stopped_once_begun(desk.notebook, STUBBORN.format(times=2)))
    assert execution.status == "interrupted"
    assert execution.outputs[0] == StreamOutput(name="stdout", text="try\ntry\n")
    assert desk.cell("1").status == "ok"


def test_code_that_cannot_be_interrupted_loses_its_kernel_and_says_so(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            execution = await stopped_once_begun(notebook, STUBBORN.format(times=1_000))
            assert (execution.status, execution.ename) == ("interrupted", "KernelKilled")
            assert "variables are lost" in str(execution.evalue)
            assert execution.seconds < 10
            with pytest.raises(KernelGone):
                await executed(notebook, "1")

    asyncio.run(asyncio.wait_for(work(), 60))


def test_interrupt_without_a_running_cell_does_nothing(desk: Desk) -> None:
    desk.run(desk.notebook.interrupt())
    assert desk.cell("1").status == "ok"


def test_a_cell_that_runs_too_long_ends_as_timeout(desk: Desk) -> None:
    execution = desk.cell(FOREVER, seconds=0.3)
    assert (execution.status, execution.ename) == ("timeout", "CellTimeout")
    assert "longer than 0.3 s" in str(execution.evalue)
    assert desk.cell("1").status == "ok"


def test_leaving_the_iterator_early_interrupts_the_cell(desk: Desk) -> None:
    async def work() -> None:
        cell = await desk.notebook.insert(FOREVER)
        execution = desk.notebook.execute(cell.id)
        await anext(execution)
        await execution.aclose()

    begun = time.monotonic()
    desk.run(work())
    assert desk.cell("2").result == ScalarResult(type="int", value=2)
    assert time.monotonic() - begun < 5


def test_cancelling_the_reader_interrupts_the_cell(desk: Desk) -> None:
    async def work() -> None:
        begun = asyncio.Event()
        cell = await desk.notebook.insert(FOREVER)

        async def read() -> None:
            async for _ in desk.notebook.execute(cell.id):
                begun.set()

        reading = asyncio.create_task(read())
        await begun.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    desk.run(work())
    assert desk.cell("3").seconds < 5


def test_an_endless_print_is_stopped_and_what_fits_is_kept(desk: Desk) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    execution = desk.cell("while True:\n    print('x' * 9999)")
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 200 * 2**10
    assert (execution.status, execution.ename) == ("interrupted", "OutputFlood")
    first = execution.outputs[0]
    assert isinstance(first, StreamOutput)
    assert len(first.text) == OUTPUT_BYTES
    assert "10 MiB" in str(execution.evalue)
    assert desk.cell("1").status == "ok"


def test_a_kernel_that_never_says_how_it_ended_leaves_it_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "REPLY_SECONDS", 0.5)

    async def work() -> Execution:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            return (await executed(notebook, "get_ipython().payload_manager.read_payload = lambda: 1 / 0"))[1]

    execution = asyncio.run(asyncio.wait_for(work(), 60))
    assert (execution.status, execution.ename) == ("unknown", "ReplyLost")


async def until_gone(notebook: HeadlessNotebook) -> None:
    """Execute again and again: a kernel that goes down runs a cell, or dies under it, or is gone."""
    while True:
        await executed(notebook, "1")


def test_exit_ends_the_kernel_after_the_cell(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            assert (await executed(notebook, "exit()"))[1].status in {"ok", "died"}
            with pytest.raises(KernelGone):
                await until_gone(notebook)

    asyncio.run(asyncio.wait_for(work(), 30))
