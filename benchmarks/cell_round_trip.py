"""Insert, execute and read back a cell, against a bare jupyter_client execute of the same code.

Both kernels run side by side and take turns, so that a busy machine slows both. Goal: at most 1.5.

    python benchmarks/cell_round_trip.py [ROUNDS]
"""

import asyncio
import statistics
import sys
import tempfile
import time

from jupyter_client.manager import AsyncKernelManager

from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.types.cells import Execution

GOAL = 1.5


async def ours(notebook: HeadlessNotebook) -> float:
    """Milliseconds of one cell through the notebook, its result read back as data."""
    begun = time.perf_counter()
    cell = await notebook.insert("1")
    async for change in notebook.execute(cell.id):
        last = change
    spent = (time.perf_counter() - begun) * 1e3
    assert isinstance(last, Execution)
    assert last.result is not None
    assert last.result.model_dump() == {"kind": "scalar", "type": "int", "value": 1}
    return spent


async def bare(client: object) -> float:
    """Milliseconds of one execute with nothing but the client."""
    outputs: list[object] = []
    begun = time.perf_counter()
    await client.execute_interactive("1", allow_stdin=False, output_hook=outputs.append)  # type: ignore[attr-defined]
    spent = (time.perf_counter() - begun) * 1e3
    assert any(message["header"]["msg_type"] == "execute_result" for message in outputs)  # type: ignore[index]
    return spent


async def main(rounds: int) -> int:
    """Print both medians and their ratio; the exit code says whether the goal is held."""
    manager = AsyncKernelManager()
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=60)
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with HeadlessNotebook.start(folder) as notebook:
                times = [(await bare(client), await ours(notebook)) for _ in range(rounds + 10)][10:]
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
    first, second = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"bare {first:.2f} ms, headless {second:.2f} ms, ratio {second / first:.2f} (goal {GOAL})")
    return 0 if second / first <= GOAL else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))
