"""`autoanalyst admin budget`: limits of money, for everybody, a group or a person."""

from typing import get_args

import click

from .. import logs
from ..types.budgets import BudgetScope, BudgetState, NewBudget, PeriodKind
from .ends import configured, run


@click.group("budget")
def command() -> None:
    """Set, list and end budgets.

    A model call that could cost more than a budget has left is not sent. On a machine of one's own this
    guards against accidents; in a team, where the server runs under another account, it is enforced.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, as `GET admin/budgets` gives it.")
def listed(as_json: bool) -> None:
    """List the budgets that hold, and how they stand."""
    run(_list(as_json=as_json))


@command.command("set")
@click.argument("dollars")
@click.option("--period", type=click.Choice(get_args(PeriodKind)), default="month", show_default=True)
@click.option("--user", help="Whose calls count: an id such as hub:ann, or a name. Default: everybody's.")
@click.option("--group", help="Only calls of this group of the configuration (c.Engine.groups).")
@click.option("--notebook", help="Only calls in the notebook of this path.")
@click.option("--chat", help="Only calls in the chat of this id.")
@click.option("--agent", help="Only calls of this agent.")
@click.option("--model", help="Only calls of this model: provider:model, or provider:*.")
@click.option("--zone", help="IANA time zone of the period. Default: this machine's.")
@click.option("--warn", type=click.IntRange(1, 100), default=80, show_default=True, help="Warn at this %.")
def set_budget(
    dollars: str, period: PeriodKind, user: str | None, zone: str | None, warn: int, **narrower: str | None
) -> None:
    """Set a budget of DOLLARS, such as 5 or 0.50. One for the same calls and period gets this limit."""
    given = [(scope, name) for scope, name in narrower.items() if name is not None]
    if len(given) > 1:
        raise click.UsageError(f"Give one of {' and '.join(f'--{scope}' for scope, _ in given)}, not both.")
    run(_set(dollars, period, user, zone, warn, given[0] if given else ("everything", "")))


@command.command("end")
@click.argument("budget_id", metavar="ID")
def end(budget_id: str) -> None:
    """End the budget ID at once, in every running server. What was booked to it stays."""
    run(_end(budget_id))


async def _list(*, as_json: bool) -> int:
    async with configured() as engine:
        found = await engine.budgets.all()
    if as_json:
        click.echo(found.model_dump_json())
        return 0
    for state in found.budgets:
        click.echo(line(state))
    if not found.budgets:
        click.echo("There is no budget. Set one: autoanalyst admin budget set 5 --period month")
    if not found.paid_calls.on:
        click.echo("Paid model calls are off. Switch them on: autoanalyst admin paid-calls on")
    return 0


async def _set(
    dollars: str, period: PeriodKind, user: str | None, zone: str | None, warn: int, which: tuple[str, str]
) -> int:
    # Here and not above: the zone's database and the money's words are for this command alone.
    from pydantic import TypeAdapter, ValidationError

    from ..errors import BadRequest
    from ..usage.budget_book import ADMIN
    from ..usage.periods import local_zone

    scope, name = which
    try:
        new = NewBudget(
            principal=user,
            scope=TypeAdapter(BudgetScope).validate_python(scope),
            name=name,
            period=period,
            zone=zone or local_zone(),
            limit_usd=dollars.removeprefix("$"),
            warn_percent=warn,
        )
    except ValidationError:
        raise BadRequest(
            f"{dollars!r} is no limit. Write dollars from 0 to 999999, such as 5 or 0.50."
        ) from None
    async with configured() as engine:
        made = await engine.budgets.create(new, made_by=f"{ADMIN}{engine.principal.id}")
        logs.logger().info("budget_set", budget=made.budget.id, principal=engine.principal.id)
    click.echo(line(made))
    return 0


async def _end(budget_id: str) -> int:
    from ..usage.budget_book import ADMIN

    async with configured() as engine:
        await engine.budgets.end(budget_id, by=f"{ADMIN}{engine.principal.id}")
        logs.logger().info("budget_ended", budget=budget_id, principal=engine.principal.id)
    click.echo(f"The budget {budget_id} has ended. What was booked to it stays.")
    return 0


def line(state: BudgetState) -> str:
    """A budget and how it stands, in one line."""
    from zoneinfo import ZoneInfo

    budget = state.budget
    until = state.end.astimezone(ZoneInfo(budget.zone))
    return (
        f"{budget.id}  {state.words}: ${state.spent_usd} of ${budget.limit_usd} spent, ${state.held_usd} set "
        f"aside, ${state.left_usd} left until {until:%Y-%m-%d %H:%M} ({budget.zone})"
    )
