"""A cell that an answer runs under `%%analyst`, against a bare jupyter_client execute of the same code.

The hands' time is the engine's own: from its request over the pipe to the reply, outputs and value read
back. Goal: at most 1.5 times the bare execute. The whole is what the user waits for a cell: a question whose
answer runs 50 cells less one whose answer runs none, divided by 50; it adds the checks of the code, the two
durable records of the call, and the progress shown. One kernel does all in turns, so that a busy machine
slows all.

    python benchmarks/magic_cell.py [ROUNDS]
"""

import ast
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

CELLS, GOAL = 50, 1.5

LISTEN = """
from autoanalyst_kernel import display
_times, _event = [], display.View.event
def _listening(view, event):
    if event["kind"] == "cell_finished":
        _times.append(event["execution"]["seconds"] * 1e3)
    _event(view, event)
display.View.event = _listening
"""
"""Keeps how long each cell took by the engine's clock."""


def timed(client: BlockingKernelClient, code: str) -> float:
    """Milliseconds of one execute, as a front end sees it."""
    begun = time.perf_counter()
    reply = client.execute_interactive(code, allow_stdin=False, output_hook=lambda message: None, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
    return (time.perf_counter() - begun) * 1e3


def told(client: BlockingKernelClient) -> list[float]:
    """What the engine said of the cells so far, in milliseconds."""
    reply = client.execute("", user_expressions={"times": "_times"}, reply=True, timeout=60)["content"]
    found: list[float] = ast.literal_eval(reply["user_expressions"]["times"]["data"]["text/plain"])
    return found


def script(folder: str, name: str, cells: int) -> str:
    """The cell that asks a model whose answer runs this many cells."""
    calls = [{"name": "run_cell", "args": {"code": "1"}}] * cells
    work = [{"tool_calls": calls, "match": {"has_tool_result": False}}] if cells else []
    path = Path(folder, f"{name}.json")
    path.write_text(json.dumps({"replies": [*work, {"text": "Done.", "match": {}}]}))
    return f"%%analyst --fresh --model scripted:{path} --chat {name}\none"


def main(rounds: int) -> int:
    """Print the medians; the exit code says whether the goal is held."""
    with tempfile.TemporaryDirectory() as folder:
        many, none = script(folder, "many", CELLS), script(folder, "none", 0)
        manager, client = start_new_kernel(extra_arguments=["--HistoryManager.enabled=False"])
        try:
            for code in ("%load_ext autoanalyst_kernel", many, none, LISTEN):
                timed(client, code)
            whole, bare = [], []
            for _ in range(rounds):
                whole.append((timed(client, many) - timed(client, none)) / CELLS)
                bare.append(statistics.median(timed(client, "1") for _ in range(CELLS)))
            hands = told(client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    first, second, third = (statistics.median(times) for times in (bare, hands, whole))
    print(f"bare {first:.2f} ms, hands {second:.2f} ms, ratio {second / first:.2f} (goal {GOAL})")
    print(f"whole {third:.2f} ms a cell")
    return 0 if second / first <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
