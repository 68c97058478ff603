"""`%analyst usage`: what the user's questions took and cost, and what it would be with another model.

Everything is summed up and priced by the engine; here it becomes a table.
"""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.error import UsageError

from . import wording
from .verbs import Asks, Listing
from .wording import count, money

PERIODS = {"chat": "this chat", "today": "today", "week": "this week", "month": "this month", "all": "all"}
BY = ("day", "chat", "notebook", "agent", "model")
OPTIONS = {
    "--days": "a number of days, such as --days 7",
    "--by": f"one of {', '.join(BY)}",
    "--as": "a model, such as --as openai:gpt-5-mini",
}
MOST_DAYS = 400
MOST_ROWS = 20
COLUMNS = ("requests", "tokens in", "tokens out", "cost")


def usage(client: Asks, written: str = "") -> Listing:
    """Sums by period; with `--by` those of each day, chat, notebook, agent or model; with `--as` the bill."""
    wanted = parsed(written)
    if "days" in wanted and "by" not in wanted:
        wanted["by"] = "model"
    found = client.query("usage", **wanted)
    if "by" in wanted:
        shown = [(row["title"], *_used(row["usage"])) for row in found["rows"]]
        total = (f"last {count(int(wanted['days']), 'day')}" if "days" in wanted else "all", *_used(found))
        first, rows = str(wanted["by"]), (*shown[:MOST_ROWS], total)
        left = len(shown) - MOST_ROWS
    else:
        first, left = "", 0
        rows = tuple((words, *_used(found[period])) for period, words in PERIODS.items())
    notes = (*_notes(found, left), *_bill(found.get("bill")))
    return Listing((first, *COLUMNS), tuple(rows), notes, numbers=frozenset({1, 2, 3, 4}))


def parsed(written: str) -> dict[str, Any]:
    """The options; raises `UsageError` with one sentence."""
    try:
        words = iter(shlex.split(written.replace("=", " ")))
    except ValueError:
        raise UsageError("%analyst usage: a quotation mark is missing.") from None
    found: dict[str, Any] = {}
    for name in words:
        if name not in OPTIONS:
            raise UsageError(f"%analyst usage knows {', '.join(OPTIONS)}, not {name!r}.")
        value = next(words, "")
        if not _makes_sense(name, value):
            raise UsageError(f"{name} needs {OPTIONS[name]}.")
        found[name.removeprefix("--")] = int(value) if name == "--days" else value
    return found


def _makes_sense(name: str, value: str) -> bool:
    match name:
        case "--days":
            return value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_DAYS
        case "--by":
            return value in BY
        case _:
            provider, _, model = value.partition(":")
            return bool(provider and model)


def _used(used: Mapping[str, Any]) -> tuple[str, str, str, str]:
    tokens = used["tokens"]
    figures = (used["requests"], tokens["input_tokens"], tokens["output_tokens"])
    requests, read, written = (f"{figure:,}" for figure in figures)
    return requests, read, written, wording.cost(used)


def _notes(found: Mapping[str, Any], left: int) -> Iterator[str]:
    if left > 0:
        yield f"{left:,} more not shown; the sum has them."
    if unpriced := found.get("unpriced_requests"):
        yield f"{count(unpriced, 'request')} without a known price; the cost leaves them out."
    if estimated := found.get("estimated_requests"):
        yield f"{count(estimated, 'request')} with estimated tokens."


def _bill(bill: Mapping[str, Any] | None) -> Iterator[str]:
    """The what-if bill in sentences."""
    if bill is None:
        return
    if bill["cost_usd"] is not None:
        asked = count(bill["repriced_requests"], "request")
        real = "at unknown prices" if bill["real_usd"] is None else f"for {money(bill['real_usd'])}"
        yield f"With {bill['model']}: {money(bill['cost_usd'])} instead of {asked} {real}."
    if bill["offline_questions"]:
        answered = count(bill["offline_questions"], "question")
        saved = "" if bill["saved_usd"] is None else f", which saved {money(bill['saved_usd'])}"
        yield f"The offline analyst answered {answered}{saved}."
    yield bill["basis"]
