"""`autoanalyst admin refund`: gives back what a question cost, to the person and to the budgets."""

import click

from .. import logs
from ..types.usage import usd
from .ends import configured, run


@click.command("refund")
@click.argument("run_id")
@click.option("--reason", default="", help="For the log.")
def command(run_id: str, reason: str) -> None:
    """Give back what the question RUN_ID cost: its budgets have that much room again.

    Usage stays as it was, since the provider is owed it all the same. RUN_ID is the `run_id` of
    `autoanalyst ask --json` and of the answer's receipt.
    """
    run(_refund(run_id, reason))


async def _refund(run_id: str, reason: str) -> int:
    from ..usage.refunds import Refunds

    async with configured() as engine:
        given = await Refunds(engine.database).give_run(run_id)
        logs.logger().info(
            "refund", run_id=run_id, usd=usd(given), reason=reason, principal=engine.principal.id
        )
    click.echo(f"${usd(given)} was given back for {run_id}.")
    return 0
