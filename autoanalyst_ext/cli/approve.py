"""Asking the person at the terminal whether a cell may run."""

import asyncio
import sys

from rich.console import Console

from ..types.events import ApprovalNeeded


async def ask_person(event: ApprovalNeeded, console: Console) -> bool:
    """Show what the code would do and wait for a yes or no; anything but `y` or `yes` is a no.

    The code itself is on the screen already. Waiting does not block the loop, so Ctrl-C works.
    """
    console.print(event.reason, style="yellow", markup=False)
    console.print("Run this cell? [y/N] ", end="", markup=False)
    reply = await _line()
    return reply.strip().lower() in ("y", "yes")


async def _line() -> str:
    """One line from the terminal."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not ready.done():
            ready.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin, read)
    try:
        return await ready
    finally:
        loop.remove_reader(sys.stdin)
