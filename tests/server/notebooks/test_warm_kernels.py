"""Kernels that are ready before they are asked for."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from autoanalyst_ext.errors import KernelGone
from autoanalyst_ext.notebooks.pool import WarmKernels
from autoanalyst_ext.types.results import ScalarResult

from .notebook_desk import executed


def test_each_notebook_gets_a_fresh_kernel_in_its_folder(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]

    async def work() -> set[object]:
        pids = set()
        async with WarmKernels(1, imports=("colorsys", "no_such_module")) as pool:
            for folder in folders:
                folder.mkdir()
                async with pool.notebook(folder) as notebook:
                    source = "import os, sys\n[os.getcwd(), os.getpid(), 'colorsys' in sys.modules]"
                    execution = (await executed(notebook, source))[1]
                    where, pid, loaded = (leaf.value for leaf in execution.result.values)  # type: ignore[union-attr]
                    assert (where, loaded) == (str(folder), True)
                    assert set(await notebook.names()) == {"os", "sys"}
                    pids.add(pid)
        return pids

    pids = asyncio.run(asyncio.wait_for(work(), 60))
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(str(pid)), 0)


def test_a_kernel_that_died_while_waiting_is_not_handed_out(tmp_path: Path) -> None:
    async def work() -> None:
        async with WarmKernels(1) as pool:
            waiting = await asyncio.shield(pool._starting[0])
            pid = await waiting.ask("__import__('os').getpid()")
            assert pid is not None
            os.kill(int(pid["data"]["text/plain"]), signal.SIGKILL)
            await waiting.gone
            async with pool.notebook(tmp_path) as notebook:
                assert (await executed(notebook, "1"))[1].result == ScalarResult(type="int", value=1)

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    async def work() -> None:
        async with WarmKernels(1) as pool, pool.notebook(tmp_path / "nowhere"):
            raise AssertionError("it moved")

    with pytest.raises(KernelGone, match="nowhere"):
        asyncio.run(asyncio.wait_for(work(), 60))
