"""Hearing and asking a kernel that somebody else owns."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoanalyst_ext.errors import KernelGone, LimitReached
from autoanalyst_ext.notebooks import witnesses
from autoanalyst_ext.notebooks.channels import Message
from autoanalyst_ext.notebooks.witnesses import Witnesses
from autoanalyst_ext.types.cells import StreamOutput
from tests.server.jupyter import running

from .rest_house import RestHouse
from .tab_stage import Stage, play

ROOT = Path(__file__).parents[3]
OLD_KERNEL = """
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

class OldKernel(IPythonKernel):
    "One that has no subshells, as before ipykernel 7."
    def _supports(self):
        return False
    _supports_kernel_subshells = property(_supports)

IPKernelApp.launch_instance(kernel_class=OldKernel)
"""
THREADED = """
import threading, time
def say():
    for at in range(20):
        print(at, flush=True)
        time.sleep(0.1)
thread = threading.Thread(target=say)
thread.start()
for _ in range(20):
    time.sleep(0.1)
thread.join()
"""


def kernel_spec(folder: Path, name: str, argv: list[str], language: str = "python") -> None:
    place = folder / "data" / "kernels" / name
    place.mkdir(parents=True)
    spec = {"argv": argv, "display_name": name, "language": language}
    (place / "kernel.json").write_text(json.dumps(spec))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestHouse]:
    folder = tmp_path_factory.mktemp("server")
    kernel_spec(folder, "old", [sys.executable, "-c", OLD_KERNEL, "-f", "{connection_file}"])
    with running(folder) as server:
        yield RestHouse(server)


async def heard(stage: Stage, source: str) -> asyncio.Task[object]:
    """Start a cell of the user's; return when it has printed."""
    witness = await stage.witnesses.get(stage.kernel_id)
    await witness.begin()
    printed = asyncio.Event()
    deaf = witness.listen(lambda m, _: printed.set() if m["header"]["msg_type"] == "stream" else None)
    cell: asyncio.Task[object] = asyncio.create_task(stage.page.run(source))
    await printed.wait()
    deaf()
    return cell


def test_a_look_in_mid_cell_is_quick_and_sees_what_is_there(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.page.run("import pandas as pd\nsales = pd.DataFrame({'price': range(1000)})")
        await stage.notebook.tables()
        cell = await heard(stage, "import time\nprint('on', flush=True)\ntime.sleep(2)")
        witness = await stage.witnesses.get(stage.kernel_id)
        assert witness.busy
        look = await witness.look(seconds=1)
        assert [table.name for table in look.tables] == ["sales"]
        assert not cell.done()
        await cell
        assert not stage.told

    play(house, scene)


def test_the_first_look_may_come_in_mid_cell(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.page.run("mine = 1")
        own = asyncio.create_task(stage.page.run("import time\ntime.sleep(3)"))
        assert "mine" in await stage.notebook.names()
        assert not own.done()
        await own

    play(house, scene)


def test_after_a_look_threads_of_the_cell_print_into_the_cell_again(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        witness = await stage.witnesses.get(stage.kernel_id)
        said: list[str] = []

        def take(message: Message, size: int) -> None:
            if message["parent_header"].get("session") == stage.page.session:
                said.append(message["content"].get("text", ""))

        cell = await heard(stage, THREADED)
        deaf = witness.listen(take)
        for _ in range(3):
            await witness.look()
        await cell
        await witness.settle()
        deaf()
        assert "".join(said).endswith("17\n18\n19\n")

    play(house, scene)


def test_what_makes_no_sense_on_iopub_is_left_out(house: RestHouse) -> None:
    source = """
shell = get_ipython()
shell.kernel.session.send(shell.kernel.iopub_socket, "stream", {"no": "name"}, parent=shell.parent_header)
print("still heard")
"""

    async def scene(stage: Stage) -> None:
        execution = await stage.cell(source)
        assert execution.outputs == (StreamOutput(name="stdout", text="still heard\n"),)

    play(house, scene)


def test_a_kernel_without_subshells_waits_and_says_so(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.page.run("mine = 1")
        own = asyncio.create_task(stage.page.run("import time\ntime.sleep(5)"))
        witness = await stage.witnesses.get(stage.kernel_id)
        with pytest.raises(LimitReached, match="busy with another cell"):
            await witness.look(seconds=0.2)
        assert "mine" in await stage.notebook.names()
        assert own.done()
        assert stage.told == ["kernel_busy", "resumed"]
        execution = await stage.cell("print(mine)\nmine")
        assert execution.outputs[0] == StreamOutput(name="stdout", text="1\n")
        assert execution.result is not None

    play(house, scene, "old")


def test_nothing_of_ours_is_seen_in_the_kernel(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.page.run("before = sorted(globals())")
        await stage.cell("x = 1")
        await stage.notebook.names()
        execution = await stage.cell("sorted(set(globals()) - set(before)), len(In)")
        assert execution.result is not None
        assert (
            execution.outputs[0]
            .model_dump()["data"]["text/plain"]
            .startswith("(['_i2', '_i3', 'before', 'x'], 4)")
        )

    play(house, scene)


def test_a_restart_in_mid_cell_ends_it_and_the_next_look_works(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("mine = 1")
        cell = await stage.notebook.insert("import time\nprint('on', flush=True)\ntime.sleep(50)")
        items = stage.notebook.execute(cell.id)
        await anext(items)
        await stage.house.restart(stage.kernel_id)
        *_, execution = [item async for item in items]
        assert (execution.status, execution.ename) == ("died", "KernelDied")
        assert execution.outputs[0] == StreamOutput(name="stdout", text="on\n")
        assert "mine" not in await stage.notebook.names()
        assert (await stage.cell("again = 1")).status == "ok"

    play(house, scene)


def test_a_kernel_that_dies_in_mid_cell_ends_it(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        execution = await stage.cell("import os\nprint('bye', flush=True)\nos._exit(1)")
        assert execution.status == "died"
        assert "mine" not in await stage.notebook.names()  # the server has started another process

    play(house, scene)


def test_a_kernel_that_is_shut_down_is_gone(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        await stage.cell("x = 1")
        await stage.house.end(stage.kernel_id)
        with pytest.raises(KernelGone):
            await stage.notebook.names()

    play(house, scene)


def test_another_language_is_refused_before_anything_is_sent() -> None:
    class House(RestHouse):
        def __init__(self) -> None:
            self.asked = 0

        def language(self, kernel_id: str) -> str:
            return "r"

    async def work() -> None:
        house = House()
        witnesses = Witnesses(house)
        with pytest.raises(KernelGone) as refusal:
            await witnesses.get("k1")
        assert str(refusal.value) == (
            "This notebook's kernel speaks R. The analyst works with Python kernels."
        )
        assert house.asked == 0

    asyncio.run(work())


def test_ten_runs_in_a_row_leave_no_sockets(house: RestHouse) -> None:
    def sockets() -> int:
        links = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
        return sum("socket" in link for link in links)

    async def scene(stage: Stage) -> None:
        await stage.cell("0")
        before = sockets()
        for at in range(10):
            await stage.notebook.close()
            stage.notebook = stage.new_notebook()
            await stage.cell(f"{at}")
        assert sockets() == before

    play(house, scene)


def test_a_witness_that_nobody_uses_lets_go(house: RestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witnesses, "KEPT_SECONDS", 0.1)

    async def scene(stage: Stage) -> None:
        await stage.notebook.names()
        first = await stage.witnesses.get(stage.kernel_id)
        await stage.notebook.close()
        await first.ended
        with pytest.raises(KernelGone):
            await first.settle()
        stage.notebook = stage.new_notebook()
        assert await stage.notebook.names() is not None
        assert await stage.witnesses.get(stage.kernel_id) is not first

    play(house, scene)
