"""What is left when our process is killed: the kernel ends by itself, its folder goes at the next start."""

import asyncio
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.notebooks.kernel import Kernel, remove_leftovers

from .notebook_desk import executed

HOST = """
import asyncio, signal, sys
from pathlib import Path
from autoanalyst_ext.notebooks.kernel import Kernel

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may be run where it is ignored

async def work():
    kernel = await Kernel.start(Path(sys.argv[1]))
    # Open for as long as the kernel lives, so the other end learns of its death.
    await kernel.ask("setattr(__import__('builtins'), 'kept', open('pipe', 'w'))")
    print(kernel._scratch.name, flush=True)
    await asyncio.Event().wait()

asyncio.run(work())
"""


def stands(folder: Path) -> bool:
    return folder.is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="signals and named pipes")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_kernel_ends_soon_after_our_process_and_its_folder_at_the_next_start(
    tmp_path: Path, how: signal.Signals
) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    host = subprocess.Popen(
        [sys.executable, "-c", HOST, str(tmp_path)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert host.stdout is not None
        folder = Path(host.stdout.readline().strip())
        assert folder.name.startswith(f"aa-{host.pid}-")
        assert folder.is_dir()
        host.send_signal(how)
        assert host.wait(10) == -how
        assert select.select([reading], [], [], 10)[0], "the kernel outlived its parent"
        assert os.read(reading, 1) == b""
    finally:
        host.kill()
        host.communicate()
        os.close(reading)

    async def next_start() -> None:
        async with HeadlessNotebook.start(tmp_path):
            assert not stands(folder)

    asyncio.run(asyncio.wait_for(next_start(), 60))


def test_a_kernel_that_ends_in_order_leaves_no_folder_and_a_living_one_keeps_its_own(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            other = await Kernel.start(tmp_path)
            folder = Path(other._scratch.name)
            remove_leftovers()
            assert stands(folder)
            await other.end()
            assert not stands(folder)
            assert (await executed(notebook, "1"))[1].status == "ok"

    asyncio.run(asyncio.wait_for(work(), 60))


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked there")
def test_only_folders_of_dead_processes_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("aa-1-dead", "aa-2-living", "aa-other", "aa--x", "xaa-1-dead", "target"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.json").write_text("{}")
    (tmp_path / "aa-3-file").write_text("kept")
    (tmp_path / "aa-4-link").symlink_to(tmp_path / "target")
    living = os.open(tmp_path / "aa-2-living", os.O_RDONLY)
    fcntl.flock(living, fcntl.LOCK_EX)
    before = {each.name for each in tmp_path.iterdir()}
    remove_leftovers()
    assert before - {each.name for each in tmp_path.iterdir()} == {"aa-1-dead"}
    assert (tmp_path / "target" / "kernel.json").exists()
    os.close(living)
    remove_leftovers()
    assert not (tmp_path / "aa-2-living").exists()


def test_folders_of_another_account_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "aa-1-theirs").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: (tmp_path / "aa-1-theirs").stat().st_uid + 1)
    remove_leftovers()
    assert (tmp_path / "aa-1-theirs").is_dir()
