"""What a question may cost before it is asked: earlier answers, replayed with what this one would send.

Pure arithmetic on whole tokens and pico-USD. Which answers are alike, and what the chat holds by now, is
found in `store/past_calls.py`; `chats/estimating.py` puts both together.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..types.usage import TokenUsage
from .prices import Price, cost

BYTES_PER_TOKEN = 4
"""Of a question, which no provider has counted yet."""
ENOUGH = 5
"""Fewer earlier answers than this say too little."""
OPENING = 4_000
"""Input tokens of a first call (instructions, tools, a look at the data) where none was ever counted."""

_SHORT = ((0, 200), (500, 100))
_USUAL = ((0, 300), (800, 300), (1_600, 200))
_LONG = ((0, 600), (1_500, 600), (3_000, 600), (4_500, 600), (6_000, 600), (7_500, 400))
ASSUMED = tuple(
    tuple(TokenUsage(input_tokens=more, output_tokens=output) for more, output in calls)
    for calls in (_SHORT, _USUAL, _LONG)
)
"""Answers of two, three and six calls, where there are none to learn from: what each call's input has more
than the first's, and its output."""


class Spread(NamedTuple):
    """Quartiles of a cost, in pico-USD."""

    low: int
    typical: int
    high: int


def question_tokens(length: int) -> int:
    """Tokens of a question of so many characters, rounded up."""
    return -(-length // BYTES_PER_TOKEN)


def middle(values: Sequence[int]) -> int:
    """The median, the lower one of two; raises IndexError where there is none."""
    return sorted(values)[(len(values) - 1) // 2]


def spread(price: Price, answers: Sequence[Sequence[TokenUsage]], context: int) -> Spread:
    """What answers like these cost at this price, if their first call sends `context` tokens.

    Raises IndexError where there is no answer to go by.
    """
    costs = sorted(sum(cost(price, call) for call in replayed(calls, context)) for calls in answers)
    last = len(costs) - 1
    # Between two answers the cheaper one is low, and the dearer one high: a range is not to promise much.
    return Spread(costs[last // 4], costs[last // 2], costs[-(-3 * last // 4)])


def replayed(calls: Sequence[TokenUsage], context: int) -> tuple[TokenUsage, ...]:
    """The calls of an answer, with another beginning: what they added and said stays.

    Each keeps the share of its input that came from the provider's cache. A call with less input than the
    first did not carry the chat (an agent that a plan gave a part of the work): it stays as it was.
    """
    first = calls[0].input_tokens
    return tuple(_moved(call, context - first) if call.input_tokens >= first else call for call in calls)


def _moved(call: TokenUsage, more: int) -> TokenUsage:
    before, now = call.input_tokens, call.input_tokens + more
    cached = ("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens")
    parts = {name: getattr(call, name) * now // before if before else 0 for name in cached}
    return call.model_copy(update={"input_tokens": now, **parts})
