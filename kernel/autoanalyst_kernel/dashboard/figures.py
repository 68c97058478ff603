"""The five figures of a dashboard's first row: how they read, and how they changed. No widgets.

Money stays the exact decimal that the server sends; it is shown with as many digits as it takes to be seen.
"""

from decimal import Decimal
from typing import Any, TypedDict

from ..wording import count, duration, money, tokens
from .watched import length


class Tile(TypedDict):
    """One figure as it is shown."""

    key: str
    label: str
    value: str
    exact: str
    """For the tooltip."""
    sign: str
    """`up`, `down`, or empty where it did not change or cannot be compared."""
    change: str
    note: str


def tiles(view: dict[str, Any]) -> list[Tile]:
    """The first row."""
    now, before, days = view["now"], view["before"], length(view)
    return [
        _spend(now["usage"], before["usage"], days),
        _requests(now["usage"], before["usage"], days),
        _users(now, before, days),
        _success(now, before, days),
        _seconds(now, before, days),
    ]


def spent(usage: dict[str, Any]) -> str:
    """What was spent; says when that is unknown (`unpriced`) or an estimate (`~`)."""
    if usage["cost_usd"] is None:
        return "unpriced"
    return f"{'~' if usage['estimated_requests'] else ''}{money(usage['cost_usd'])}"


def exactly(usage: dict[str, Any]) -> str:
    """The exact amount, with what it leaves out."""
    parts = [f"${usage['cost_usd']} exactly"] if usage["cost_usd"] is not None else []
    if usage["estimated_requests"]:
        parts.append(f"{count(usage['estimated_requests'], 'request')} estimated")
    if usage["unpriced_requests"]:
        parts.append(f"{count(usage['unpriced_requests'], 'request')} without a known price, left out")
    return ", ".join(parts)


def _spend(now: dict[str, Any], before: dict[str, Any], days: int) -> Tile:
    notes = []
    if now["cost_usd"] is not None and now["unpriced_requests"]:
        notes.append(f"+ {now['unpriced_requests']:,} unpriced")
    if now["estimated_requests"]:
        notes.append(f"{now['estimated_requests']:,} estimated")
    pair = (now["cost_usd"], before["cost_usd"])
    sign, change = (
        ("", f"unpriced in the {days} days before")
        if pair[1] is None
        else _grown(Decimal(pair[0]), Decimal(pair[1]), money(pair[1]), days)
        if pair[0] is not None
        else ("", f"from {money(pair[1])}")
    )
    return _tile("spend", "Spend", spent(now), exactly(now), sign, change, ", ".join(notes))


def _requests(now: dict[str, Any], before: dict[str, Any], days: int) -> Tile:
    number, earlier = now["requests"], before["requests"]
    sign, change = _grown(Decimal(number), Decimal(earlier), f"{earlier:,}", days)
    used = tokens(now)
    exact = f"{count(number, 'request')} to models, {count(used, 'token')}"
    return _tile("requests", "Requests", f"{number:,}", exact, sign, change, f"{short(used)} tokens")


def _users(now: dict[str, Any], before: dict[str, Any], days: int) -> Tile:
    number, earlier = now["users"], before["users"]
    sign, change = _moved(number - earlier, f"{abs(number - earlier):,}", f"{earlier:,}", days)
    return _tile("users", "Active users", f"{number:,}", count(number, "person"), sign, change, "")


def _success(now: dict[str, Any], before: dict[str, Any], days: int) -> Tile:
    rate, earlier = now["success_rate"], before["success_rate"]
    exact = f"{now['answered']:,} answered, {now['abstained']:,} not answered, {now['failed']:,} failed"
    value = "–" if rate is None else percent(rate)
    sign, change = "", f"none in the {days} days before"
    if rate is not None and earlier is not None:
        points = round((rate - earlier) * 100)
        sign, change = _moved(points, count(abs(points), "point"), percent(earlier), days)
    elif earlier is not None:
        change = f"from {percent(earlier)}"
    return _tile("success", "Success rate", value, exact, sign, change, count(now["questions"], "question"))


def _seconds(now: dict[str, Any], before: dict[str, Any], days: int) -> Tile:
    median, earlier = now["seconds"], before["seconds"]
    value = "–" if median is None else duration(median)
    exact = "No answer yet" if median is None else f"{median:.3f} s, half of the answers came sooner"
    sign, change = "", f"none in the {days} days before"
    if median is not None and earlier is not None:
        more = median - earlier
        same = duration(median) == duration(earlier)
        sign, change = _moved(0 if same else more, duration(abs(more)), duration(earlier), days)
    elif earlier is not None:
        change = f"from {duration(earlier)}"
    return _tile("seconds", "Median time to answer", value, exact, sign, change, "")


def _tile(key: str, label: str, value: str, exact: str, sign: str, change: str, note: str) -> Tile:
    return Tile(key=key, label=label, value=value, exact=exact, sign=sign, change=change, note=note)


def _grown(now: Decimal, before: Decimal, earlier: str, days: int) -> tuple[str, str]:
    """A change as a share of what was before."""
    if not before:
        return "", f"none in the {days} days before" if now else f"as in the {days} days before"
    ratio = now / before
    much = f"{ratio:,.0f}×" if ratio >= 10 else f"{abs(ratio - 1) * 100:.0f} %"
    return _moved(0 if much == "0 %" else now - before, much, earlier, days)


def _moved(by: Decimal | float, much: str, earlier: str, days: int) -> tuple[str, str]:
    if not by:
        return "", f"as in the {days} days before"
    return ("up" if by > 0 else "down"), f"{much} from {earlier}"


def percent(rate: float) -> str:
    """`97 %`. All and nothing are said of nothing else."""
    return f"{min(max(round(rate * 100), 0 if rate == 0 else 1), 100 if rate == 1 else 99)} %"


def short(number: int) -> str:
    """`999`, `1.2k`, `3.4M`."""
    if number < 1000:
        return str(number)
    unit, sign = (1000, "k") if number < 999_500 else (1_000_000, "M")
    return f"{number / unit:.{1 if number / unit < 9.95 else 0}f}".removesuffix(".0") + sign
