"""`autoanalyst admin`: keys that let an administrator see everyone's usage. A key is shown once.

What administrators set about money is in files of its own, beside this one.
"""

import click

from .. import logs
from ..engine import Engine
from ..policy.admin import HEADER, VARIABLE, digest, is_usable, new_key
from ..store.admin_keys import AdminKey
from . import budget, paid_calls, price, refund
from .ends import configured, run

SHOWN_ONCE = "It is shown this once. Give it to the dashboard's field, or send it in the header {header}."


@click.group("admin")
def command() -> None:
    """Make and end the keys of administrators; set budgets and the switch for paid model calls.

    With a key one sees what everybody used and what it cost: figures, never questions or code. Two keys can
    be good at a time, so that one can take the other's place.
    """


command.add_command(budget.command)
command.add_command(paid_calls.command)
command.add_command(price.command)
command.add_command(refund.command)


@command.command("create-key")
@click.option("--name", help="What to call it in lists and logs.")
def create_key(name: str | None) -> None:
    """Make a key. It alone goes to stdout; only its digest is kept."""
    run(_make(name, replace=False))


@command.command("rotate-key")
@click.option("--name", help="What to call the new key.")
def rotate_key(name: str | None) -> None:
    """Make a key beside the one in use. Where there are two, the older one ends."""
    run(_make(name, replace=True))


@command.command("keys")
def keys() -> None:
    """List the keys that are good now, never the keys themselves."""
    run(_list())


@command.command("revoke-key")
@click.argument("name")
def revoke_key(name: str) -> None:
    """End the key NAME, at once, in every running server."""
    run(_revoke(name))


async def _make(name: str | None, *, replace: bool) -> int:
    async with configured() as engine:
        key = new_key()
        made, ended = await engine.admin_keys.add(
            digest(key), made_by=engine.principal.id, name=name, replace=replace
        )
        _log("admin_key_made", made.name, engine)
        if ended is not None:
            _log("admin_key_ended", ended.name, engine)
            click.echo(f"The key {ended.name!r} has ended.", err=True)
        others = [other.name for other in await engine.admin_keys.all() if other.name != made.name]
    click.echo(f"The admin key {made.name!r}. {SHOWN_ONCE.format(header=HEADER)}", err=True)
    click.echo(key)
    for other in others:
        click.echo(
            f"The key {other!r} is still good. End it when nobody needs it: "
            f"autoanalyst admin revoke-key {other}",
            err=True,
        )
    return 0


async def _list() -> int:
    async with configured() as engine:
        found = await engine.admin_keys.all()
        for key in found:
            click.echo(_line(key))
        if engine.admin_api_key:
            fits = "" if is_usable(engine.admin_api_key.strip()) else "; too short, so it is not used"
            click.echo(f"{VARIABLE}, from the configuration or the environment{fits}")
        elif not found:
            click.echo("There is no admin key. Make one: autoanalyst admin create-key")
    return 0


async def _revoke(name: str) -> int:
    async with configured() as engine:
        await engine.admin_keys.remove(name)
        _log("admin_key_ended", name, engine)
    click.echo(f"The key {name!r} has ended. Whoever came in by it sees everyone's usage no longer.")
    return 0


def _line(key: AdminKey) -> str:
    return f"{key.name}  made {key.created_at:%Y-%m-%d %H:%M} UTC by {key.made_by.partition(':')[2]}"


def _log(event: str, name: str, engine: Engine) -> None:
    logs.logger().info(event, name=name, principal=engine.principal.id)
