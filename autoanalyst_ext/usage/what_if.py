"""The what-if bill: what one's own tokens would have cost with another model, and what offline answers saved.

Call by call, since long inputs may have another price, at the price of now: it is for who thinks of changing
the model. Other models count and write other tokens; nothing is made up for that, but said.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from ..store.own_usage import RealCall
from ..types.own_usage import Bill
from ..types.usage import TokenUsage, usd

CostOf = Callable[[TokenUsage], int]
"""Pico-USD of one call's tokens with the other model."""


def bill(
    model: str, calls: Sequence[RealCall], by_models: Collection[str], offline: int, cost_of: CostOf | None
) -> Bill:
    """The bill; `by_models`: the runs that models answered. `cost_of` is None where no price is known."""
    counted = [call for call in calls if call.tokens is not None]
    real = [call.cost_pusd for call in counted if call.cost_pusd is not None]
    costs = [(call.run, cost_of(call.tokens)) for call in counted if call.tokens and cost_of]
    saved = _saved(costs, by_models, offline) if cost_of else None
    left_out = len(calls) - len(counted)
    return Bill(
        model=model,
        cost_usd=None if cost_of is None else usd(sum(cost for _, cost in costs)),
        real_usd=None if counted and not real else usd(sum(real)),
        repriced_requests=len(counted),
        left_out_requests=left_out,
        offline_questions=offline,
        saved_usd=None if saved is None else usd(saved),
        basis=" ".join(
            _basis(model, cost_of is not None, len(counted) - len(real), left_out, saved is not None, offline)
        ),
    )


def _saved(costs: Sequence[tuple[str | None, int]], by_models: Collection[str], offline: int) -> int | None:
    """As many answers at the average of those that models gave; rounded half to even."""
    if not offline:
        return 0
    if not by_models:
        return None
    spent = sum(cost for run, cost in costs if run in by_models)
    whole, rest = divmod(spent * offline, len(by_models))
    return whole + (2 * rest > len(by_models) or (2 * rest == len(by_models) and whole % 2))


def _basis(
    model: str, has_price: bool, unpriced: int, left_out: int, has_saved: bool, offline: int
) -> Iterator[str]:
    if not has_price:
        yield f"No price is known for {model}."
    else:
        yield f"The same tokens, call by call, at today's price of {model}."
        yield "That model would count the same text a little otherwise."
    if unpriced:
        yield f"What was really paid leaves out {_requests(unpriced)} without a known price."
    if left_out:
        yield f"{_requests(left_out)} whose tokens nobody counted cannot be repriced."
    if offline and has_saved:
        yield "Offline answers are taken to cost what your answers by models would on average."
    elif offline and has_price:
        yield "What offline answers saved is not known: no answer of yours came from a model."


def _requests(count: int) -> str:
    return "1 request" if count == 1 else f"{count:,} requests"
