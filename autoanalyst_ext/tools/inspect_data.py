"""`inspect_data`: look at the tables in the kernel, without a cell."""

from collections.abc import AsyncGenerator
from typing import Any

from ..datasets.context import rank
from ..types.events import RunEvent, TablesSeen
from ..types.profiles import TableProfile
from ..types.value import Value
from .base import Tool, ToolCall, ToolOutcome
from .turn import Turn


class Inspection(Value):
    """Which tables to look at."""

    tables: tuple[str, ...] = ()
    """Names of variables; empty means all tables."""


class InspectData(Tool):
    """Profiles the kernel's tables: names, shapes, columns, types, gaps."""

    name = "inspect_data"
    description = (
        "See which tables the kernel holds now: names, shapes, columns, types, missing values, and "
        "statistics as far as you may see them. Look again after a cell has made new tables."
    )
    parameters = Inspection

    async def run(
        self, call: ToolCall, arguments: Inspection, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Look, and remember what was seen."""
        await look(turn)
        wanted = [table for table in turn.tables if not arguments.tables or table.name in arguments.tables]
        yield TablesSeen(tables=tuple(wanted))
        missing = sorted(set(arguments.tables) - {table.name for table in turn.tables})
        facts = table_facts(wanted, turn)
        if missing:
            facts["notice"] = f"There is no table named {', '.join(missing)}."
        yield ToolOutcome(facts=facts)


async def look(turn: Turn, question: str = "") -> None:
    """Profile the tables that a question can mean, most likely first, into `turn.tables`."""
    turn.tables = rank(await turn.notebook.tables(), question)


def table_facts(tables: list[TableProfile] | tuple[TableProfile, ...], turn: Turn) -> dict[str, Any]:
    """The facts of a look: profiles, which tables answers made, and names that new code must not take."""
    return {
        "tables": [table.model_dump(mode="json") for table in tables],
        "made": sorted(turn.made),
        "names": sorted({*turn.names.existing, *turn.names.fresh}),
    }
