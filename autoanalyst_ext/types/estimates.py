"""What the next question may cost: what a page asks, and what it is told."""

from typing import Literal

from pydantic import Field

from .value import Value


class EstimateOrder(Value):
    """A question that is still being written: the body of `POST estimate`."""

    length: int = Field(ge=0, le=100_000)
    """Its characters so far."""
    chat: str | None = Field(default=None, max_length=36)
    """Id of the chat; `None`: it begins one."""
    notebook: str | None = Field(default=None, max_length=4_096)
    """Path of the notebook that it is about."""
    model: str | None = Field(default=None, max_length=255)
    """`provider:model`; `None`: the one that would answer if it were asked so."""
    agents: tuple[str, ...] = Field(default=(), max_length=20)
    """Names that it has after an `@`; those of no agent are passed over."""


class Estimate(Value):
    """What the next question may cost: the reply of `POST estimate`. Every figure is an estimate."""

    model: str
    """`provider:model` that would answer."""
    kind: Literal["free", "priced", "unpriced"]
    """`unpriced`: nobody here knows this model's price, so there are no figures."""
    low_usd: str | None = None
    """Exact decimal string of dollars: a quarter of such questions cost less."""
    typical_usd: str | None = None
    """Half of such questions cost less."""
    high_usd: str | None = None
    """A quarter of such questions cost more."""
    basis: str
    """What the figures are from, in one or two sentences."""
