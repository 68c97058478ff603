"""Whether paid model calls are on, and how the budgets stand that hold."""

from collections.abc import AsyncIterator

from ...errors import AnalystError
from .finding import Finding, Scene, count, fine, note, problem


async def look(scene: Scene) -> AsyncIterator[Finding]:
    """Nothing where there is no database of this program's yet."""
    if not scene.stored:
        return
    try:
        found = await scene.engine.budgets.all()
    except AnalystError as error:
        yield problem("budgets", str(error))
        return
    if found.paid_calls.on:
        yield fine("paid calls", "on")
    else:
        why = f": {found.paid_calls.reason}" if found.paid_calls.reason else ""
        yield note("paid calls", f"off{why}", "To switch them on:", "autoanalyst admin paid-calls on")
    used_up = [state.words for state in found.budgets if state.reached]
    if used_up:
        words = f"{count(len(used_up), 'budget')} used up: {', '.join(used_up)}"
        yield note("budgets", words, "To see all of them:", "autoanalyst admin budget list")
    elif found.budgets:
        yield fine("budgets", f"{count(len(found.budgets), 'budget')}, none used up")
    else:
        yield fine("budgets", "none")
