"""`autoanalyst db`: the database of chats and usage."""

from pathlib import Path

import click

from ..store.backup import backup as copy_database
from .ends import configured, run


@click.group("db")
def command() -> None:
    """Bring the database up to date, or copy it."""


@command.command("upgrade")
def upgrade() -> None:
    """Make the tables this version needs. It also happens by itself, at the first question."""
    run(_upgrade())


@command.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def backup(target: Path) -> None:
    """Copy the database to TARGET while it is in use."""
    run(_backup(target))


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
