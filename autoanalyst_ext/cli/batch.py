"""`autoanalyst ask --jsonl`: many questions in one process, each on a fresh kernel from a warm pool."""

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path

import click
from pydantic import ValidationError

from ..engine import Engine
from ..errors import AnalystError, BadRequest
from ..notebooks.pool import WarmKernels
from ..tools.turn import Permissions
from ..types.events import RunFinished
from ..types.runs import Answer, Choices
from ..types.value import Value
from .paper import Paper

WARM = 2
"""Kernels that are kept ready."""


class Line(Value):
    """One line of input."""

    id: str | int
    data: tuple[str, ...] = ()
    question: str


async def answer_lines(
    engine: Engine, *, agents: Sequence[str], choices: Choices, permissions: Permissions
) -> int:
    """Read one object a line from stdin and write one result a line, in the order asked.

    A line that cannot be read or answered gives a result with an `error`; the others go on.
    """
    async with engine, WarmKernels(WARM, scrub=engine.scrubbed(), imports=("pandas",)) as kernels:
        await engine.warm_up()
        async for text in _lines():
            result = await _result(engine, kernels, text, agents, choices, permissions)
            click.echo(json.dumps(result))
    return 0


async def _lines() -> AsyncIterator[str]:
    """Lines of stdin. The thread that reads ends with the program, so Ctrl-C need not wait for a line."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        while line := sys.stdin.readline():
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, "")

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while line := await queue.get():
        if line.strip():
            yield line


async def _result(
    engine: Engine,
    kernels: WarmKernels,
    text: str,
    agents: Sequence[str],
    choices: Choices,
    permissions: Permissions,
) -> dict[str, object]:
    try:
        line = Line.model_validate_json(text)
    except ValidationError as error:
        wrong = BadRequest(f"This line is not an {{id, data, question}} object: {error.errors()[0]['msg']}.")
        return {"id": None, "status": "failed", "error": wrong.as_json()}
    try:
        answer = await _answer(engine, kernels, line, agents, choices, permissions)
    except AnalystError as error:
        return {"id": line.id, "status": "failed", "answer": str(error), "error": error.as_json()}
    return {"id": line.id, **answer.model_dump(mode="json")}


async def _answer(
    engine: Engine,
    kernels: WarmKernels,
    line: Line,
    agents: Sequence[str],
    choices: Choices,
    permissions: Permissions,
) -> Answer:
    async with kernels.notebook(Path.cwd()) as notebook:
        paper = Paper(notebook, target=None)
        await paper.load(line.data)
        session = await paper.session(engine, line.question)
        asking = session.ask(line.question, agents=agents, choices=choices, permissions=permissions)
        async with aclosing(asking) as events:
            async for event in events:
                if isinstance(event, RunFinished):
                    return event.answer
    raise BadRequest("The question ended without an answer.")
