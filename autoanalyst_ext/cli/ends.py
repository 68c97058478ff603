"""How a command of the command line begins and ends: the engine, exit codes, and errors in one line."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click

from ..config import explained, load_config
from ..engine import Engine
from ..errors import AnalystError
from ..types.runs import Answer

USAGE_ERROR, FAILED, STOPPED, INTERRUPTED = 2, 1, 4, 130


def configured() -> Engine:
    """The engine as Jupyter's configuration has it; raises `BadRequest` for a setting that makes no sense."""
    with explained():
        engine = Engine(config=load_config())
        _ = engine.providers  # settings of keys and addresses are read here
        return engine


def run(work: Coroutine[Any, Any, int], *, as_json: bool = False) -> None:
    """Run a command to its exit code. A user's mistake is one line on stderr, never a stack trace.

    `as_json`: it is also an object on stdout, with the fields that an answer has.
    """
    try:
        code = asyncio.run(work)
    except AnalystError as error:
        code = failed(error, as_json=as_json)
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = INTERRUPTED
    sys.exit(code)


def failed(error: AnalystError, *, as_json: bool = False) -> int:
    """Say why the command failed; the exit code."""
    click.echo(f"autoanalyst: {error}", err=True)
    if as_json:
        answer = Answer(status="failed", answer=str(error), run_id="", chat_id="", error=error.as_json())
        click.echo(answer.model_dump_json())
    return USAGE_ERROR if error.status == 400 else FAILED
