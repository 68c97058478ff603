"""What a notebook has to ask about: tables of a real kernel, files beside it, the sample; loading cells."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from autoanalyst_ext.chats.data import BUSY, DataDesk
from autoanalyst_ext.datasets.beside import SAMPLE_STARTERS
from autoanalyst_ext.errors import BadRequest, DataUnreadable, KernelGone
from autoanalyst_ext.notebooks.witnesses import Witnesses
from autoanalyst_ext.offline.analyst import Planned, understand
from autoanalyst_ext.types.panel import LoadOrder, Surroundings

SALES = "date,region,revenue\n2026-01-01,north,5\n2026-01-02,south,7\n"
SOON = 30.0
"""Seconds, on a slow machine."""
NOTEBOOK = "work/notebook.ipynb"


class Here:
    """A `House` with one kernel, and the folder of its notebook."""

    def __init__(self, folder: Path, kernel: AsyncKernelManager | None, language: str = "python") -> None:
        self._folder, self._kernel, self._language = folder, kernel, language
        self.is_on_disk = True

    def connection(self, kernel_id: str) -> Mapping[str, Any] | None:
        if self._kernel is None or kernel_id != "k1":
            return None
        found: dict[str, Any] = json.loads(Path(self._kernel.connection_file).read_text())
        return found

    def language(self, kernel_id: str) -> str:
        return self._language

    async def interrupt(self, kernel_id: str) -> None:
        assert self._kernel is not None
        await self._kernel.interrupt_kernel()

    def folder(self, notebook: str) -> Path | None:
        assert notebook == NOTEBOOK
        return self._folder if self.is_on_disk else None


class Desk:
    """A desk over a house, and a client as a page has one."""

    def __init__(self, house: Here, client: AsyncKernelClient | None) -> None:
        self.house, self._client = house, client
        self.witnesses = Witnesses(house)
        self.data = DataDesk(house, self.witnesses)

    async def run(self, code: str) -> None:
        """Execute code as the user would."""
        assert self._client is not None
        reply = await self._client.execute(code, reply=True, timeout=60)
        assert reply["content"]["status"] == "ok", reply["content"]

    def begin(self, code: str) -> None:
        """Send code and do not wait for its end."""
        assert self._client is not None
        self._client.execute(code)

    async def surroundings(self, kernel: str | None = "k1") -> Surroundings:
        return await self.data.surroundings(NOTEBOOK, kernel)


def without_kernel(folder: Path, scene: Callable[[Desk], Awaitable[None]], language: str = "python") -> None:
    async def play() -> None:
        desk = Desk(Here(folder, None, language), None)
        await scene(desk)
        await desk.witnesses.close()

    asyncio.run(play())


def with_kernel(folder: Path, scene: Callable[[Desk], Awaitable[None]]) -> None:
    async def play() -> None:
        kernel = AsyncKernelManager(connection_file=str(folder / "kernel.json"))
        (folder / "work").mkdir()
        await kernel.start_kernel(cwd=str(folder / "work"))
        client = kernel.client()
        client.start_channels()
        desk = Desk(Here(folder / "work", kernel), client)
        try:
            await client.wait_for_ready(timeout=60)
            await scene(desk)
        finally:
            await desk.witnesses.close()
            client.stop_channels()
            await kernel.shutdown_kernel(now=True)

    asyncio.run(play())


def test_a_fresh_notebook_is_offered_the_sample_with_questions_about_it(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        seen = await desk.surroundings(None)
        assert seen == Surroundings(sample=True, starters=SAMPLE_STARTERS)
        await desk.data.loading(LoadOrder(notebook=NOTEBOOK))
        again = await desk.surroundings(None)
        assert [file.name for file in again.files] == ["housing.csv"]
        assert (again.sample, again.starters) == (True, SAMPLE_STARTERS)

    without_kernel(tmp_path, scene)


def test_files_beside_are_told_and_then_nothing_is_said_of_the_sample(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES)

    async def scene(desk: Desk) -> None:
        seen = await desk.surroundings(None)
        (file,) = seen.files
        assert (file.name, file.path, file.bytes) == ("sales.csv", "sales.csv", len(SALES))
        assert (seen.sample, seen.starters, seen.problem) == (False, (), "")

    without_kernel(tmp_path, scene)


def test_tables_come_newest_first_with_questions_that_the_offline_analyst_can_plan(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.run(
            "import pandas as pd\n"
            "old = pd.DataFrame({'city': ['Oslo', 'Rome'] * 6, 'price': range(12), 'area': range(12, 24)})\n"
            "new = pd.DataFrame({'kind': list('abab'), 'weight': [1.5, 2.5, 3.5, 4.0]})"
        )
        seen = await desk.surroundings()
        assert [(table.name, table.rows, table.columns) for table in seen.tables] == [
            ("new", 4, ("kind", "weight")),
            ("old", 12, ("city", "price", "area")),
        ]
        assert (seen.sample, seen.starters, seen.problem) == (False, (), "")
        look = await (await desk.witnesses.get("k1")).look()
        for table in seen.tables:
            assert len(set(table.starters)) == 4
            for question in table.starters:
                planned = understand(question, look.tables)
                assert isinstance(planned, Planned), question
                assert planned.plan.table == table.name
        assert await desk.surroundings() == seen

    with_kernel(tmp_path, scene)


def test_questions_follow_the_table_when_its_values_change(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.run("import pandas as pd\nt = pd.DataFrame({'a': [1.5, 2.5], 'b': [1.5, 2.5]})")
        before = (await desk.surroundings()).tables[0].starters
        await desk.run("t = pd.DataFrame({'weight': [1.5, 2.5, 4.0]})")
        # What is known of the kernel holds until it is heard that something ran: in a moment, not at once.
        async with asyncio.timeout(SOON):
            while (after := (await desk.surroundings()).tables[0]).columns != ("weight",):
                pass
        assert after.starters != before
        assert any("weight" in question for question in after.starters)

    with_kernel(tmp_path, scene)


def test_a_loading_cell_takes_no_name_of_the_kernel_and_runs_there(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        (tmp_path / "work" / "sales.csv").write_text(SALES)
        await desk.run("sales = 'mine'")
        order = LoadOrder(notebook=NOTEBOOK, kernel="k1", path="sales.csv")
        cell = await desk.data.loading(order)
        assert cell.name == "sales_2"
        await desk.run(cell.source)
        await desk.run("assert sales == 'mine' and len(sales_2) == 2")
        (table,) = (await desk.surroundings()).tables
        assert table.name == "sales_2"
        sample = await desk.data.loading(LoadOrder(notebook=NOTEBOOK, kernel="k1"))
        await desk.run(sample.source)
        await desk.run("assert len(housing) == 545")

    with_kernel(tmp_path, scene)


def test_a_busy_kernel_is_no_error_whatever_it_can_tell_meanwhile(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.run("import pandas as pd, time, pathlib\nt = pd.DataFrame({'a': [1.5, 2.5]})")
        assert len((await desk.surroundings()).tables) == 1
        desk.begin("while not pathlib.Path('go').exists(): time.sleep(0.01)")
        seen = await desk.surroundings()
        # With subshells it answers in mid-cell, without them it says why not.
        assert (seen.problem, len(seen.tables)) in (("", 1), (BUSY, 0))
        assert not seen.sample
        (tmp_path / "work" / "go").touch()
        await desk.run("pass")
        assert len((await desk.surroundings()).tables) == 1

    with_kernel(tmp_path, scene)


def test_a_kernel_of_another_language_gets_one_clear_sentence(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        seen = await desk.surroundings()
        assert (seen.tables, seen.sample, seen.starters) == ((), False, ())
        assert "Python" in seen.problem
        with pytest.raises(KernelGone, match="Python"):
            await desk.data.loading(LoadOrder(notebook=NOTEBOOK, kernel="k1"))

    without_kernel(tmp_path, scene, language="r")
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_that_is_gone_is_named_beside_the_files(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES)

    async def scene(desk: Desk) -> None:
        seen = await desk.surroundings("another")
        assert seen.problem
        assert [file.name for file in seen.files] == ["sales.csv"]

    without_kernel(tmp_path, scene)


def test_a_notebook_that_is_no_file_has_no_files_beside_it(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        desk.house.is_on_disk = False
        assert await desk.surroundings(None) == Surroundings()
        with pytest.raises(BadRequest, match="not on this computer"):
            await desk.data.loading(LoadOrder(notebook=NOTEBOOK))

    without_kernel(tmp_path, scene)


def test_a_path_that_leads_nowhere_names_what_is_near(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES)

    async def scene(desk: Desk) -> None:
        with pytest.raises(DataUnreadable, match=r"Did you mean sales\.csv"):
            await desk.data.loading(LoadOrder(notebook=NOTEBOOK, path="sale.csv"))
        absolute = await desk.data.loading(LoadOrder(notebook=NOTEBOOK, path=str(tmp_path / "sales.csv")))
        assert 'pd.read_csv("sales.csv"' in absolute.source

    without_kernel(tmp_path, scene)
