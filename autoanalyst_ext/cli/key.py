"""`autoanalyst key`: keep or forget the key of a model provider. A key is never shown."""

import sys

import click
from pydantic import SecretStr

from .ends import configured, run


@click.group("key")
def command() -> None:
    """Keep or forget the key of a model provider."""


@command.command("set")
@click.argument("provider")
def set_key(provider: str) -> None:
    """Keep the key of PROVIDER, in the system keyring or in a file only you can read.

    The key is asked for without echo, or read from stdin in a pipe. It is never an argument: those
    are visible to others and stay in the shell's history.
    """
    if sys.stdin.isatty():
        key = click.prompt(f"Key for {provider}", hide_input=True)
    else:
        key = sys.stdin.readline().strip()
    run(_set(provider, SecretStr(key)))


@command.command("remove")
@click.argument("provider")
def remove_key(provider: str) -> None:
    """Forget the key of PROVIDER."""
    run(_remove(provider))


async def _set(provider: str, key: SecretStr) -> int:
    providers = configured().providers
    kept = providers.keys.set(providers.provider(provider), key)
    file = f"{providers.keys.path}, which only you can read"
    click.echo(f"The key for {provider} is kept in {'the system keyring' if kept == 'keyring' else file}.")
    return 0


async def _remove(provider: str) -> int:
    providers = configured().providers
    removed = providers.keys.remove(providers.provider(provider))
    click.echo(
        f"The key for {provider} is forgotten." if removed else f"There was no stored key for {provider}."
    )
    return 0
