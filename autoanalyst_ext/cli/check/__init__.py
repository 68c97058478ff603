"""`autoanalyst check`: is everything there, does it work, and who is trusted with what.

One file for each thing that is looked at; each says in a line what it found, and what to do. Nothing is
changed without `--fix`, but for what opening a database does: others' rights go, one row is written.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator

import click
from traitlets.config import Config

from ...config import explained, load_config
from ...engine import Engine
from ...errors import BadRequest
from ..ends import FAILED, run
from .finding import Finding, Scene, problem
from .report import Report


@click.command("check")
@click.option("--fix", is_flag=True, help="Mend what is safely mended, and say what was done.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(fix: bool, as_json: bool) -> None:
    """Look whether everything this needs is there and works. Exit code 1 when something does not.

    Keys are never shown. Without --fix nothing is changed.
    """
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False
    report = Report(width=shutil.get_terminal_size().columns, as_json=as_json)
    run(_check(report, fix=fix), as_json=as_json)


async def _check(report: Report, *, fix: bool) -> int:
    engine, broken = _engine()
    async with engine:
        for finding in broken:
            report.add("Settings", finding)
        async for area, finding in _look(Scene(engine, fix=fix)):
            report.add(area, finding)
    report.end()
    return FAILED if report.failed else 0


def _engine() -> tuple[Engine, list[Finding]]:
    """The engine as it is configured; where the settings are broken, one without, and what is wrong."""
    try:
        with explained():
            engine = Engine(config=load_config())
            _ = engine.providers
        return engine, []
    except BadRequest as error:
        remedy = "All that follows was looked at without your settings."
        return Engine(config=Config()), [problem("configuration", str(error), remedy)]


async def _look(scene: Scene) -> AsyncIterator[tuple[str, Finding]]:
    """Everything that is looked at, one after the other. Kernels take longest, so they start first."""
    from . import chats, database, front_end, install, kernels, keys, money, server, trust

    trying = asyncio.create_task(kernels.look(scene.engine))
    try:
        for finding in install.look():
            yield "Install", finding
        async for finding in database.look(scene):
            yield "Database", finding
        async for finding in chats.look(scene):
            yield "Chats and sessions", finding
        for finding in await front_end.look(scene.engine):
            yield "JupyterLab", finding
        for finding in await server.look():
            yield "Running server", finding
        for finding in await trying:
            yield "Kernels", finding
        for finding in await asyncio.to_thread(lambda: list(keys.look(scene))):
            yield "Models", finding
        async for finding in money.look(scene):
            yield "Money", finding
        async for finding in trust.look(scene):
            yield "Trust", finding
    finally:
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
