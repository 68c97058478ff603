"""`autoanalyst check`: is everything there, does it work, and who is trusted with what."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import click

from .. import __version__
from ..config import load_config
from ..engine import OFFLINE, Engine
from ..errors import AnalystError
from ..notebooks.headless import HeadlessNotebook
from ..types.cells import Execution
from .ends import FAILED, run

TRUST = (
    "laptop: this program and the kernel are the same account. Keys, prices and limits guard against "
    "accidents, not against the account's owner."
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    words: str


@click.command("check")
def command() -> None:
    """Look whether everything this needs is there and works. Exit code 1 when something does not."""
    run(_check())


async def _check() -> int:
    failed = False
    async with Engine(config=load_config()) as engine:
        async for finding in look(engine):
            failed |= not finding.ok
            click.echo(f"{'ok     ' if finding.ok else 'PROBLEM'}  {finding.name}: {finding.words}")
    return FAILED if failed else 0


async def look(engine: Engine) -> AsyncIterator[Finding]:
    """Everything that is looked at, one after the other."""
    yield Finding("version", True, __version__)
    yield Finding("principal", True, f"{engine.principal.name} ({engine.principal.source})")
    yield await _database(engine)
    yield await _kernel(engine)
    for finding in _models(engine):
        yield finding
    yield Finding("what a provider sees", True, f"level '{engine.egress_level}' of the data")
    yield Finding("trust", True, TRUST)


async def _database(engine: Engine) -> Finding:
    from ..store.database import LIBRARY

    try:
        await engine.database.open()
        recovered = await engine.ledger.recover()
        problem = await engine.ledger.paid_calls_possible()
    except AnalystError as error:
        return Finding("database", False, str(error))
    if problem:
        return Finding("database", False, problem)
    closed = f", {recovered} model calls of processes that are gone were closed" if recovered else ""
    return Finding("database", True, f"{engine.database.where}, SQLite {LIBRARY.sqlite_version}{closed}")


async def _kernel(engine: Engine) -> Finding:
    with tempfile.TemporaryDirectory() as folder:
        try:
            async with HeadlessNotebook.start(Path(folder), scrub=engine.scrubbed()) as notebook:
                cell = await notebook.insert("import pandas, plotly; pandas.__version__")
                async for event in notebook.execute(cell.id, seconds=60):
                    if isinstance(event, Execution) and event.status != "ok":
                        return Finding(
                            "kernel", False, f"pandas and plotly do not load there: {event.evalue}"
                        )
        except AnalystError as error:
            return Finding("kernel", False, str(error))
    return Finding("kernel", True, "starts and runs a cell")


def _models(engine: Engine) -> list[Finding]:
    findings = []
    for model in engine.providers.known():
        if not model.is_default or model.is_local:
            continue
        if model.problem:
            findings.append(Finding(f"key of {model.title}", False, model.problem))
        else:
            words = f"found in {model.key_source}" if model.key_source else "none"
            findings.append(Finding(f"key of {model.title}", True, words))
    chosen = engine.default_model()
    why = ", without a key" if chosen == OFFLINE else "; its key is not tested here"
    return [*findings, Finding("model", True, f"{chosen} would answer{why}")]
