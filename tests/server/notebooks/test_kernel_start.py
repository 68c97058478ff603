"""How long a kernel may take to start, and what is said when it takes longer."""

import asyncio
import json
import os
import select
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.errors import KernelGone
from autoanalyst_ext.notebooks import kernel as kernels
from autoanalyst_ext.notebooks.kernel import Kernel
from autoanalyst_ext.notebooks.pool import WarmKernels

SILENT = "kept = open({pipe!r}, 'w'); import signal; signal.pause()"
"""A process that starts as a kernel and never answers; the pipe tells when it is gone."""


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes")
def test_a_kernel_that_never_answers_is_ended_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    spec = tmp_path / "kernels" / "silent"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-S", "-c", SILENT.format(pipe=pipe)]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Silent", "language": "x"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setattr(kernels, "START_SECONDS", 2.0)
    with pytest.raises(KernelGone, match=r"'silent' did not start within 2 s, so it was ended\. .*Try again"):
        asyncio.run(asyncio.wait_for(Kernel.start(tmp_path, name="silent"), 30))
    try:
        assert select.select([reading], [], [], 10)[0]
        assert os.read(reading, 1) == b""
    finally:
        os.close(reading)


def test_a_kernel_that_answers_later_than_it_is_asked_again_comes_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Kernel._answer

    def late(kernel: Kernel, message: Mapping[str, Any], size: int) -> None:
        asyncio.get_running_loop().call_later(0.1, answer, kernel, message, size)

    monkeypatch.setattr(Kernel, "_answer", late)
    monkeypatch.setattr(kernels, "KNOCK_SECONDS", 0.03)
    monkeypatch.setattr(kernels, "START_SECONDS", 20.0)

    async def work() -> None:
        kernel = await Kernel.start(tmp_path)
        await kernel.end()

    asyncio.run(asyncio.wait_for(work(), 30))


def test_a_start_is_bounded_as_a_whole_and_not_by_the_time_of_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "LOOK_SECONDS", 0.0)

    async def work() -> None:
        kernel = await Kernel.start(tmp_path)
        await kernel.end()

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_warm_kernel_whose_import_hangs_is_ended_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_module.py").write_text("import threading\nthreading.Event().wait()\n")
    monkeypatch.setattr(kernels, "LOOK_SECONDS", 0.3)

    async def work() -> None:
        pool = WarmKernels(1, environment={"PYTHONPATH": str(tmp_path)}, imports=("slow_module",))
        async with pool, pool.notebook(tmp_path):
            raise AssertionError("it was handed out")

    with pytest.raises(KernelGone, match="did not get ready"):
        asyncio.run(asyncio.wait_for(work(), 60))
