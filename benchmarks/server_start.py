"""What a server extension adds to a JupyterLab server until its first request: ours and those of others.

Servers start in turns, without and with each assistant's extensions, so that a busy machine slows all. Time
is the processor's (user and system) from the start of the process until it listens, memory its resident size
then. The others live in an environment of their own, made once in `build/servers`; what they add is taken
against a bare JupyterLab of that environment. Goals for ours: at most 50 ms and 8 MiB more.

    python benchmarks/server_start.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

import psutil

GOAL_MS, GOAL_MIB = 50, 8
HOME = Path(__file__).parent.parent / "build" / "servers"
REQUIRED = ("jupyterlab==4.6.6", "jupyter-ai==3.2.0", "notebook-intelligence==6.2.0")
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "autoanalyst": ("autoanalyst_ext",),
    "jupyter-ai": (
        "jupyter_ai_acp_client",
        "jupyter_ai_chat_commands",
        "jupyter_ai_persona_manager",
        "jupyter_ai_router",
        "jupyter_ai_tools",
        "jupyter_live_content",
        "jupyter_server_mcp",
        "jupyterlab_chat",
        "jupyterlab_commands_toolkit",
    ),
    "notebook-intelligence": ("notebook_intelligence",),
}
"""The server extensions of each, as they switch themselves on; a server has those of one assistant only."""

READY = """
def _jupyter_server_extension_points():
    return [{"module": "tells_when_ready"}]

def _load_jupyter_server_extension(server):
    pass

async def _start_jupyter_server_extension(server):
    print("ready", flush=True)
"""

Start = tuple[float, float]
"""Milliseconds of processor time until a server listens, and its MiB then."""


def others() -> str:
    """The Python that has the other assistants; its environment is made where it is missing."""
    python, ready = HOME / "bin" / "python", HOME / "ready"
    if not ready.exists():
        venv.create(HOME, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIRED]
        subprocess.run(command, check=True)
        ready.touch()
    return str(python)


def started(python: str, folder: Path, extensions: Sequence[str] = ()) -> Start:
    """Start a JupyterLab with these extensions and no other of its environment."""
    on = ["tells_when_ready", "jupyterlab", *extensions]
    off = [each for names in EXTENSIONS.values() for each in names if each not in extensions]
    chosen = ", ".join([*(f"'{each}': True" for each in on), *(f"'{each}': False" for each in off)])
    (folder / "jupyter_server_config.py").write_text(f"c.ServerApp.jpserver_extensions = {{{chosen}}}\n")
    process = subprocess.Popen(
        [python, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ServerApp.port=0"],
        env={**os.environ, "HOME": str(folder), "PYTHONPATH": str(folder), "JUPYTER_CONFIG_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        text=True,
    )
    try:
        assert process.stdout is not None
        while process.stdout.readline() != "ready\n":
            assert process.poll() is None, "The server ended while it started."
        seen = psutil.Process(process.pid)
        times, memory = seen.cpu_times(), seen.memory_info()
        return (times.user + times.system) * 1e3, memory.rss / 2**20
    finally:
        process.terminate()
        process.communicate(timeout=30)


def added(bare: Sequence[Start], full: Sequence[Start]) -> Start:
    """What is added, the median of the turns."""
    milliseconds, memory = (
        statistics.median(two[index] - one[index] for one, two in zip(bare, full, strict=True))
        for index in (0, 1)
    )
    return milliseconds, memory


def main(rounds: int) -> None:
    """Measure, print, and fail where a goal of ours is missed."""
    pythons = dict.fromkeys(EXTENSIONS, others()) | {"autoanalyst": sys.executable}
    bare: dict[str, list[Start]] = {python: [] for python in pythons.values()}
    full: dict[str, list[Start]] = {name: [] for name in EXTENSIONS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tells_when_ready.py").write_text(READY)
        for turn in range(rounds + 1):
            for python, times in bare.items():
                times.append(started(python, folder))
            for name, names in EXTENSIONS.items():
                full[name].append(started(pythons[name], folder, names))
            if turn == 0:  # it filled the caches of the disk
                for times in (*bare.values(), *full.values()):
                    times.clear()
    for name, times in full.items():
        before = bare[pythons[name]]
        own = statistics.median(milliseconds for milliseconds, _ in before)
        milliseconds, memory = added(before, times)
        print(f"{name:>21}: {milliseconds:+7.1f} ms, {memory:+6.1f} MiB (JupyterLab alone {own:.0f} ms)")
    milliseconds, memory = added(bare[sys.executable], full["autoanalyst"])
    if milliseconds > GOAL_MS or memory > GOAL_MIB:
        sys.exit(f"missed: goals are {GOAL_MS} ms and {GOAL_MIB} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
