"""`autoanalyst db`: the database of chats and usage."""

from pathlib import Path

import click

from ..store.backup import backup as copy_database
from ..store.rebuilding import rebuild
from .ends import configured, run


@click.group("db")
def command() -> None:
    """Bring the database up to date, copy it, or make its sums anew."""


@command.command("upgrade")
def upgrade() -> None:
    """Make the tables this version needs. It also happens by itself, at the first question."""
    run(_upgrade())


@command.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(target: Path) -> None:
    """Copy the database to TARGET while it is in use."""
    run(_backup(target))


@command.command("rebuild-rollups")
def rebuild_rollups() -> None:
    """Make the sums that dashboards read anew from the model calls and runs; says what was wrong."""
    run(_rebuild())


async def _upgrade() -> int:
    async with configured() as engine:
        await engine.database.open()
        click.echo(f"{engine.database.where} is up to date.")
    return 0


async def _backup(target: Path) -> int:
    async with configured() as engine:
        await copy_database(engine.database, target)
        click.echo(f"Copied {engine.database.where} to {target}.")
    return 0


async def _rebuild() -> int:
    async with configured() as engine:
        found = await engine.database.write(rebuild)
        if found.total == 0:
            click.echo("The sums of usage are right: they agree with every model call and run.")
            return 0
        parts = (("model calls", found.calls), ("runs", found.runs), ("durations", found.durations))
        wrong = ", ".join(f"{count:,} of {name}" for name, count in parts if count)
        click.echo(f"Made anew what did not agree with the rows: {wrong}. The rows are as they were.")
    return 0
