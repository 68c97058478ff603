"""What the server extension adds to the start of a Jupyter server, until somebody asks it something.

A fresh server for each measurement, with and without us in turns, so that a busy machine slows both. Only
processor time counts, and the garbage collector is off: whether one of its long runs falls into the start
depends on how many objects all extensions together have made. Goals: at most 50 ms and 8 MiB more.

    python benchmarks/extension_start.py [RUNS]
"""

import json
import statistics
import subprocess
import sys
import tempfile

GOAL_MS, GOAL_MIB = 50.0, 8.0

MEASURE = """
import gc, json, sys, time
import psutil
from jupyter_server.serverapp import ServerApp
gc.disable()
begun = time.process_time()
ServerApp().initialize(argv=[
    "--no-browser", "--ServerApp.port=0", "--ServerApp.log_level=CRITICAL",
    "--ServerApp.jpserver_extensions=jupyterlab=False", "--ServerApp.jpserver_extensions=jupyter_lsp=False",
    f"--ServerApp.jpserver_extensions=autoanalyst_ext={sys.argv[1]}",
])
spent = (time.process_time() - begun) * 1e3
print(json.dumps([spent, psutil.Process().memory_info().rss / 2**20, "autoanalyst_ext" in sys.modules]))
"""


def measure(folder: str, *, ours: bool) -> tuple[float, float]:
    """Milliseconds of processor time, and MiB, of a server that is ready to listen."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(ours)], cwd=folder, capture_output=True, text=True, check=True
    )
    spent, size, loaded = json.loads(run.stdout.splitlines()[-1])
    assert loaded is ours, run.stderr[-500:]
    return spent, size


def main(runs: int) -> int:
    """Print the medians; the exit code says whether the goals are held."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [(measure(folder, ours=False), measure(folder, ours=True)) for _ in range(runs)]
    (ms, mib), (our_ms, our_mib) = (
        [statistics.median(each[who][column] for each in rounds) for column in (0, 1)] for who in (0, 1)
    )
    print(f"without us {ms:8.1f} ms {mib:8.1f} MiB")
    print(f"with us    {our_ms:8.1f} ms {our_mib:8.1f} MiB")
    print(
        f"more       {our_ms - ms:8.1f} ms {our_mib - mib:8.1f} MiB (goals: {GOAL_MS:g} ms, {GOAL_MIB:g} MiB)"
    )
    return 0 if our_ms - ms <= GOAL_MS and our_mib - mib <= GOAL_MIB else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
