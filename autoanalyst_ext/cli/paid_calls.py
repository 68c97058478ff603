"""`autoanalyst admin paid-calls`: the switch that stops every model call that costs money, everywhere."""

from typing import Literal

import click

from .. import logs
from .ends import configured, run


@click.command("paid-calls")
@click.argument("position", type=click.Choice(("on", "off")))
@click.option("--reason", default="", help="Shown to everybody whose question is refused.")
def command(position: Literal["on", "off"], reason: str) -> None:
    """Switch paid model calls on or off, at once and for every server and kernel of this database.

    Off, questions that are being answered stop before their next paid call, and all they came to is kept. The
    offline analyst and models on one's own machine go on. The switch stays as it is after a restart.
    """
    run(_turn(position, reason))


async def _turn(position: Literal["on", "off"], reason: str) -> int:
    from ..types.budgets import PolicyChange
    from ..usage.budget_book import ADMIN

    async with configured() as engine:
        change = PolicyChange(paid_calls=position, reason=reason[:500])
        turned = await engine.budgets.set_policy(change, by=f"{ADMIN}{engine.principal.id}")
        logs.logger().info("paid_calls", position=turned.paid_calls, principal=engine.principal.id)
    click.echo(f"Paid model calls are {turned.paid_calls}.")
    return 0
