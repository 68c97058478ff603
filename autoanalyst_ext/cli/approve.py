"""Asking the person at the terminal: whether a cell may run, whether a model is to be asked."""

import asyncio
import sys

from rich.console import Console

from ..types.events import ApprovalNeeded


async def ask_person(event: ApprovalNeeded, console: Console, stopped: asyncio.Event) -> bool:
    """Show what the code would do and wait for a yes or no; anything but `y` or `yes` is a no.

    The code itself is on the screen already. `stopped` (Ctrl-C) ends the waiting with a no.
    """
    console.print(event.reason, style="yellow", markup=False)
    return await says_yes("Run this cell?", console, stopped)


async def says_yes(question: str, console: Console, stopped: asyncio.Event) -> bool:
    """Ask for a yes or no; anything but `y` or `yes` is a no, and so is a stop."""
    console.print(f"{question} [y/N] ", end="", markup=False, highlight=False)
    line, stop = asyncio.create_task(_line()), asyncio.create_task(stopped.wait())
    await asyncio.wait({line, stop}, return_when=asyncio.FIRST_COMPLETED)
    reply = line.result() if line.done() else ""
    for task in (line, stop):
        task.cancel()
    await asyncio.gather(line, stop, return_exceptions=True)
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
