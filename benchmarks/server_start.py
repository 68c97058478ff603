"""What our server extension adds to a JupyterLab server until its first request.

Servers start in turns, without and with the extension, so that a busy machine slows both. Time is the
processor's (user and system) from the start of the process until it listens, memory its resident size then.
Goal: at most 50 ms and 8 MiB more.

    python benchmarks/server_start.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

GOAL_MS, GOAL_MIB = 50, 8

READY = """
def _jupyter_server_extension_points():
    return [{"module": "tells_when_ready"}]

def _load_jupyter_server_extension(server):
    pass

async def _start_jupyter_server_extension(server):
    print("ready", flush=True)
"""


def started(folder: Path, *, ours: bool) -> tuple[float, float]:
    """Milliseconds of processor time until the server listens, and its MiB then."""
    extensions = ["tells_when_ready=True", "jupyterlab=True", f"autoanalyst_ext={ours}"]
    options = [f"--ServerApp.jpserver_extensions={each}" for each in extensions]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyter",
            "server",
            "--no-browser",
            "--allow-root",
            "--ServerApp.port=0",
            *options,
        ],
        env={**os.environ, "HOME": str(folder), "PYTHONPATH": str(folder), "JUPYTER_CONFIG_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        seen = psutil.Process(process.pid)
        times, memory = seen.cpu_times(), seen.memory_info()
        return (times.user + times.system) * 1e3, memory.rss / 2**20
    finally:
        process.terminate()
        process.communicate(timeout=30)


def main(rounds: int) -> None:
    """Measure, print, and fail where a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tells_when_ready.py").write_text(READY)
        started(folder, ours=True)  # fills the caches of the disk
        pairs = [(started(folder, ours=False), started(folder, ours=True)) for _ in range(rounds)]
    for index, unit, goal in ((0, "ms", GOAL_MS), (1, "MiB", GOAL_MIB)):
        bare, full = (statistics.median(pair[side][index] for pair in pairs) for side in (0, 1))
        added = statistics.median(pair[1][index] - pair[0][index] for pair in pairs)
        print(f"bare {bare:.1f} {unit}, with the extension {full:.1f}, added {added:+.1f} (goal {goal})")
        if added > goal:
            sys.exit(f"missed: {added:.1f} {unit}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
