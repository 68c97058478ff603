"""Figures in an answer, each with the output that proves it."""

from typing import Literal

from .results import Leaf
from .value import Value

ClaimStatus = Literal["verified", "unverified", "contradicted"]
"""`verified`: filled from an output, or an output shows it. `unverified`: no output shows it.
`contradicted`: the answer refers to an output that does not exist."""


class Claim(Value):
    """One figure of an answer."""

    text: str
    """The figure as the answer shows it."""
    value: Leaf
    """The figure itself, unrounded where it was filled from an output."""
    cell: str | None
    """Id of the cell whose output proves it."""
    path: str | None
    """Where in that output, as a reference writes it (`c1[0].area`); `None` for a figure in free text."""
    status: ClaimStatus
