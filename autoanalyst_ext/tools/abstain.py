"""`abstain`: the way to say that a question cannot be answered well. Wrong is worse than silent."""

from collections.abc import AsyncGenerator

from ..types.events import RunEvent
from .base import Abstention, Tool, ToolCall, ToolOutcome
from .turn import Turn


class Abstain(Tool):
    """Ends the run without an answer."""

    name = "abstain"
    description = (
        "Say that the data cannot answer the question, or that you are not sure what it means. "
        "Use it instead of guessing. It ends the run."
    )
    parameters = Abstention

    async def run(
        self, call: ToolCall, arguments: Abstention, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """End the run."""
        yield ToolOutcome(facts={"notice": "The run ended here, without an answer."}, abstention=arguments)
