"""How a command of the command line ends: exit codes, and errors in one line."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import click

from ..errors import AnalystError
from ..types.runs import Answer

USAGE_ERROR, FAILED, STOPPED, INTERRUPTED = 2, 1, 4, 130


def run(work: Coroutine[Any, Any, int], *, as_json: bool = False) -> None:
    """Run a command to its exit code. A user's mistake is one line on stderr, never a stack trace.

    `as_json`: it is also an object on stdout, with the fields that an answer has.
    """
    try:
        code = asyncio.run(work)
    except AnalystError as error:
        click.echo(f"autoanalyst: {error}", err=True)
        if as_json:
            failed = Answer(status="failed", answer=str(error), run_id="", chat_id="", error=error.as_json())
            click.echo(failed.model_dump_json())
        code = USAGE_ERROR if error.status == 400 else FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = INTERRUPTED
    sys.exit(code)
