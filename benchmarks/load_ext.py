"""`%load_ext autoanalyst_kernel`, beside an empty extension and Jupyter AI's magics, in one run.

A fresh interpreter for each measurement, all taking turns, so that a busy machine slows all. The peers
(jupyter-ai-magics of Jupyter AI 2, jupyter-ai-magic-commands of Jupyter AI 3) live in an environment of
their own, made once in `build/peers`. Goals: at most 25 ms, at most 60 new modules, at most 1/50 of each.

    python benchmarks/load_ext.py [RUNS]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

GOAL_MS, GOAL_MODULES, GOAL_TIMES = 25.0, 60, 50
PEERS = ("jupyter_ai_magics", "jupyter_ai_magic_commands")
REQUIRED = ("jupyter-ai-magics==2.31.7", "jupyter-ai-magic-commands==0.0.4")
HOME = Path(__file__).parent.parent / "build" / "peers"

MEASURE = """
import json, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
begun = time.perf_counter()
shell.run_line_magic("load_ext", sys.argv[1])
spent = (time.perf_counter() - begun) * 1e3
print(json.dumps([spent, len(set(sys.modules) - before), sys.argv[1] in shell.extension_manager.loaded]))
"""


def peer() -> str:
    """The Python that has the peers; its environment is made where it is missing."""
    python, ready = HOME / "bin" / "python", HOME / "ready"
    if not ready.exists():
        venv.create(HOME, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIRED]
        subprocess.run(command, check=True)
        ready.touch()
    return str(python)


def measure(python: str, extension: str, folder: str) -> tuple[float, int]:
    """Milliseconds and new modules of loading one extension in a fresh interpreter."""
    environment = {**os.environ, "PYTHONPATH": folder, "IPYTHONDIR": folder}
    run = subprocess.run(
        [python, "-c", MEASURE, extension], capture_output=True, text=True, check=True, env=environment
    )
    spent, modules, loaded = json.loads(run.stdout.splitlines()[-1])
    assert loaded, f"{extension} did not load: {run.stderr[-500:]}"
    return spent, modules


def main(runs: int) -> int:
    """Print the medians; the exit code says whether the goals are held."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "empty_extension.py").write_text("def load_ipython_extension(shell): pass\n")
        tried = {
            "empty_extension": sys.executable,
            "autoanalyst_kernel": sys.executable,
            **dict.fromkeys(PEERS, peer()),
        }
        rounds = [
            {name: measure(python, name, folder) for name, python in tried.items()} for _ in range(runs)
        ]
    medians = {
        name: [statistics.median(each[name][column] for each in rounds) for column in (0, 1)]
        for name in tried
    }
    for name, (spent, modules) in medians.items():
        print(f"{name:26} {spent:8.1f} ms {modules:6.0f} modules")
    ours, modules = medians["autoanalyst_kernel"]
    times = [medians[name][0] / ours for name in PEERS]
    print(f"ours is 1/{times[0]:.0f} and 1/{times[1]:.0f} of theirs", end=" ")
    print(f"(goals: {GOAL_MS:g} ms, {GOAL_MODULES} modules, 1/{GOAL_TIMES})")
    return 0 if ours <= GOAL_MS and modules <= GOAL_MODULES and min(times) >= GOAL_TIMES else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
