"""What a client may ask besides questions: who there is to ask, what it cost, which chats there are."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from ..errors import BadRequest
from ..policy.principal import Principal
from ..types.receipts import Receipt
from ..types.results import Result
from ..types.usage import TokenUsage, Usage, pico, usd
from .desk import Desk

if TYPE_CHECKING:
    from ..providers.base import ModelInfo

CHATS_SHOWN = 20

_RESULTS: TypeAdapter[dict[str, Result]] = TypeAdapter(dict[str, Result])


async def answer(
    what: str, args: Mapping[str, Any], *, desk: Desk, principal: Principal, runs: Sequence[str]
) -> dict[str, Any]:
    """The body of the answer; `runs` are those of the client. Raises `BadRequest`, `StoreError`."""
    match what:
        case "agents":
            return {"agents": [_agent(agent.model_dump(mode="json")) for agent in desk.agents.all()]}
        case "models":
            return await _models(desk)
        case "usage":
            return await _usage(desk, principal, runs, args)
        case "history":
            return await _history(desk, principal, args)
        case "refill":
            return await _refill(desk, args)
    raise BadRequest(f"Nobody here can answer '{what}'.")


def _agent(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: spec[name] for name in ("name", "title", "description", "aliases")}


async def _models(desk: Desk) -> dict[str, Any]:
    await desk.warm_up()
    chosen = await desk.chosen_model()
    # Keys may be in a keyring, which takes its time.
    known = await asyncio.to_thread(desk.providers.known)
    return {"models": [_model(info, chosen) for info in known]}


def _model(info: "ModelInfo", chosen: str) -> dict[str, Any]:
    why = ""
    if not info.ready:
        no_key = info.needs_key and info.key_source is None
        why = info.problem or ("no key" if no_key else "no address")
    return {
        "name": info.name,
        "title": info.title,
        "ready": info.ready,
        "why": why,
        "default": info.name == chosen,
        "local": info.is_local,
    }


async def _usage(
    desk: Desk, principal: Principal, runs: Sequence[str], args: Mapping[str, Any]
) -> dict[str, Any]:
    """The reply of `GET usage`, and `chat`: what the client's own runs used."""
    await desk.warm_up()
    from ..usage.own import order_of
    from ..usage.periods import local_zone

    order = order_of({"zone": local_zone(), **args})
    own = await desk.own_usage.of(principal.id, order)
    chat = total([await desk.ledger.usage_of_run(run) for run in runs])
    return {"chat": chat.model_dump(mode="json"), **own.model_dump(mode="json")}


def total(usages: Sequence[Usage]) -> Usage:
    """What several runs used together. The cost is unknown where no request of theirs had a price."""
    priced = [pico(usage.cost_usd) for usage in usages if usage.requests and usage.cost_usd is not None]
    unpriced = sum(usage.unpriced_requests for usage in usages)
    return Usage(
        requests=sum(usage.requests for usage in usages),
        tokens=sum((usage.tokens for usage in usages), TokenUsage()),
        cost_usd=None if unpriced and not priced else usd(sum(priced)),
        unpriced_requests=unpriced,
        estimated_requests=sum(usage.estimated_requests for usage in usages),
    )


async def _history(desk: Desk, principal: Principal, args: Mapping[str, Any]) -> dict[str, Any]:
    from ..store.chats import Chats

    limit = args.get("limit", CHATS_SHOWN)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise BadRequest("The number of chats must be a whole number above 0.")
    await desk.warm_up()
    found, _ = await Chats(desk.database).list(principal.id, limit=limit)
    return {"chats": [chat.model_dump(mode="json", include={"id", "title", "active_at"}) for chat in found]}


async def _refill(desk: Desk, args: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of a receipt with the figures of these results."""
    await desk.warm_up()
    from .rendering import to_html
    from .replay import refill

    try:
        receipt = Receipt.model_validate(args.get("receipt"))
        results = _RESULTS.validate_python(args.get("results"))
    except ValidationError as error:
        raise BadRequest("This is not a receipt with results of its cells.") from error
    text, claims = refill(receipt, results)
    found = [claim.model_dump(mode="json") for claim in claims]
    return {"text": text, "html": to_html(text), "claims": found}
