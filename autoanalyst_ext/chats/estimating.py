"""`Estimating`: what the next question of a chat may cost, and from what that is concluded.

The context is what the chat's last call sent and got, as its provider counted it; how many calls follow and
what they say is learnt from earlier answers. The arithmetic is in `usage/estimates.py`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ..store.past_calls import PastAnswer, PastCalls
from ..types.estimates import Estimate, EstimateOrder
from ..types.runs import Choices
from ..types.usage import TokenUsage, usd
from ..usage.estimates import ASSUMED, ENOUGH, OPENING, middle, question_tokens, spread
from .services import Defaults, Services
from .settling import PLANNER


class _Known(NamedTuple):
    """Something that a figure is from, and how to say that."""

    what: int
    words: str


class Estimating:
    """Estimates questions before they are asked. Nothing is sent, held or booked."""

    def __init__(self, services: Services, defaults: Defaults) -> None:
        self._services, self._defaults = services, defaults
        self._past = PastCalls(services.chats.database)

    async def next_question(self, principal: str, order: EstimateOrder) -> Estimate:
        """What it may cost; raises `NotFound` for a chat of somebody else, `UnknownModel`, `StoreError`."""
        if order.chat is not None:
            await self._services.chats.get(principal, order.chat)
        name = await self._model(principal, order)
        provider, model = self._services.providers.split(name)
        price = await self._services.ledger.price(provider.name, model, datetime.now(UTC))
        if price is not None and price.is_free:
            return Estimate(model=name, kind="free", basis=f"{provider.title} costs nothing here.")
        if price is None:
            return Estimate(model=name, kind="unpriced", basis=f"The price of {name} is not known here.")
        own = await self._past.answers(provider.name, model, principal)
        everyones = own if len(own) >= ENOUGH else await self._past.answers(provider.name, model)
        context = await self._context(principal, order, name, own, everyones)
        answers, words = _like(self._agents(order), own, everyones)
        found = spread(price, answers, context.what + question_tokens(order.length))
        return Estimate(
            model=name,
            kind="priced",
            low_usd=usd(found.low),
            typical_usd=usd(found.typical),
            high_usd=usd(found.high),
            basis=f"{words} {context.words}",
        )

    async def _model(self, principal: str, order: EstimateOrder) -> str:
        """The model that would answer: the order's over the chat's, over the person's, over the default."""
        store, chosen = self._services.choices, Choices(model=order.model)
        if order.chat is not None:
            chosen = chosen.over(await store.of_chat(principal, order.chat))
        return chosen.over(await store.of_principal(principal)).model or await self._defaults.model()

    def _agents(self, order: EstimateOrder) -> tuple[str, ...]:
        """Who would answer."""
        registry = self._services.agents
        named = [registry.get(name).name for name in order.agents if registry.knows(name)]
        return tuple(dict.fromkeys(named)) or (PLANNER,)

    async def _context(
        self,
        principal: str,
        order: EstimateOrder,
        model: str,
        own: Sequence[PastAnswer],
        everyones: Sequence[PastAnswer],
    ) -> _Known:
        """Input tokens of the first call without the question."""
        last = None if order.chat is None else await self._past.last_of_chat(principal, order.chat)
        if last is not None:
            asked, tokens = last
            so_far = tokens.input_tokens + tokens.output_tokens
            by = "" if asked == model else f", as {asked} counted them"
            return _Known(so_far, f"The chat holds {so_far:,} tokens so far{by}.")
        here = [one for one in own if one.opened and order.notebook and one.notebook == order.notebook]
        if here:
            # The tables are the same, so the newest first call is the nearest, and not the median.
            tokens = here[0].calls[0]
            return _Known(tokens.input_tokens, f"A chat here began with {tokens.input_tokens:,} tokens.")
        opened = [one.calls[0].input_tokens for one in everyones if one.opened]
        if opened:
            usual = middle(opened)
            return _Known(usual, f"Chats begin with {usual:,} tokens.")
        return _Known(OPENING, f"A new chat is taken to begin with {OPENING:,} tokens.")


def _like(
    agents: tuple[str, ...], own: Sequence[PastAnswer], everyones: Sequence[PastAnswer]
) -> tuple[Sequence[Sequence[TokenUsage]], str]:
    """Answers to learn from, and whose they are: one's own, else everyone's, else assumed ones."""
    for found, words in ((own, "your last {} answers"), (everyones, "the last {} answers on this server")):
        calls = [one.calls for one in found if one.agents == agents]
        if len(calls) >= ENOUGH:
            return calls, f"From {words.format(len(calls))} of this model."
    return ASSUMED, "Too few answers of this model to learn from: two to six calls are assumed."
