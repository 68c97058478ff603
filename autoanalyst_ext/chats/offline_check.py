"""`OfflineCheck`: the offline analyst's own answer to a question that a model answers, for no money.

It reads the question while the model thinks, computes the figure in the kernel without a cell, and says at
the end whether the model's cell came to the same. It says nothing where the offline analyst is not sure, and
nothing of answers that took more than one cell.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Self

from ..agents import references
from ..errors import AnalystError
from ..notebooks.base import Notebook
from ..types.cells import Execution
from ..types.profiles import TableProfile
from ..types.results import Leaf, MappingResult, Result, ScalarResult
from ..types.runs import Check

if TYPE_CHECKING:
    from ..offline.analyst import Planned
    from ..offline.near import Near

MOST_VALUES = 10**7
"""Of a table; larger ones would keep the kernel from the model's cell."""
PATIENCE_SECONDS = 1.0
"""How long an answer may wait for its check; a model takes longer."""
AGREES = "Offline check agrees."


def planned(question: str, tables: Sequence[TableProfile]) -> "Planned | None":
    """What the offline analyst is sure is asked. The first call loads it: call it in a thread."""
    from ..offline.analyst import Planned, refers_back, understand

    if refers_back(question):
        return None  # it may be about the answer before it
    found = understand(question, tables)
    return found if isinstance(found, Planned) else None


@dataclass(frozen=True)
class _Found:
    """What the offline analyst came to."""

    planned: "Planned"
    result: Result
    figure: Leaf

    @property
    def words(self) -> str:
        """As it would have answered."""
        from ..offline.analyst import answer

        cell = Execution(cell_id="", source=self.planned.code, status="ok", result=self.result)
        said = answer(self.planned.plan, self.result, "c1", gaps=False)
        return references.fill(said, {"c1": ("", cell)}).text

    @property
    def is_share(self) -> bool:
        """Whether the figure is a part of a whole, which others may give in per cent."""
        return isinstance(self.result, MappingResult)


class OfflineCheck:
    """The check of one question; it is made while the block lasts."""

    def __init__(self, question: str, tables: Sequence[TableProfile], notebook: Notebook) -> None:
        self._question, self._tables, self._notebook = question, tables, notebook

    async def __aenter__(self) -> Self:
        self._finding = asyncio.create_task(self._find())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._finding.cancel()
        await asyncio.wait([self._finding])

    async def of(self, cells: Mapping[str, Execution]) -> Check | None:
        """What there is to say of an answer that these cells prove; None where there is nothing."""
        await asyncio.wait([self._finding], timeout=PATIENCE_SECONDS)
        found = self._finding.result() if self._finding.done() else None
        if found is None or len(cells) != 1:
            return None
        (cell,) = cells.values()
        if cell.status != "ok" or not isinstance(cell.result, ScalarResult):
            return None
        if any(table.name == found.planned.plan.table for table in cell.tables):
            return None  # it changed what the question is about, maybe before the check
        theirs = cell.result.value
        if _same(found.figure, theirs) or (found.is_share and _is_percent_of(found.figure, theirs)):
            if _is_coarse(found.figure, theirs):
                return None  # so few digits are those of many figures
            return Check(agrees=True, text=AGREES)
        why = await self._why(found, theirs)
        return Check(agrees=False, text=f"Offline check differs. {found.words}{why}")

    async def _find(self) -> _Found | None:
        found = await asyncio.to_thread(planned, self._question, self._tables)
        if found is None or self._is_large(found):
            return None
        with suppress(AnalystError):  # the model's cell will tell what is wrong with the kernel
            result = await self._notebook.evaluate(found.code)
            figure = _figure(result)
            if result is not None and figure is not None:
                return _Found(found, result, figure)
        return None

    async def _why(self, found: _Found, theirs: Leaf) -> str:
        """What the model may have done instead, where just one thing that is near gives its figure."""
        said: set[str] = set()
        with suppress(AnalystError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                for near, source in await asyncio.to_thread(_near, found.planned, self._tables):
                    figure = _figure(await self._notebook.evaluate(source))
                    if figure is not None and _is_exactly(figure, theirs):
                        said.add(near.words)
                return f" It seems that the model {said.pop()}." if len(said) == 1 else ""
        return ""

    def _is_large(self, found: "Planned") -> bool:
        asked = (table for table in self._tables if table.name == found.plan.table)
        return any(table.rows * len(table.columns) > MOST_VALUES for table in asked)


def _same(ours: Leaf, theirs: Leaf) -> bool:
    """Whether two figures are one; the model may have rounded its own, or said yes and no as words."""
    if isinstance(ours, bool) or isinstance(theirs, bool) or isinstance(ours, str) or isinstance(theirs, str):
        return str(ours).casefold().strip() == str(theirs).casefold().strip()
    if ours is None or theirs is None:
        return ours is theirs
    return isclose(ours, theirs, rel_tol=1e-9) or round(ours, _decimals(theirs)) == theirs


def _figure(result: Result | None) -> Leaf:
    """The one figure of a result: a value, or a share beside what it is of."""
    match result:
        case ScalarResult(value=value):
            return value
        case MappingResult(keys=("share", *_), values=(ScalarResult(value=value), *_)):
            return value
        case _:
            return None


def _near(planned: "Planned", tables: Sequence[TableProfile]) -> "list[tuple[Near, str]]":
    """The plans near one, with their code."""
    from ..offline.analyst import write
    from ..offline.near import near_plans

    table = next(table for table in tables if table.name == planned.plan.table)
    return [(near, write(near.plan, tables, frozenset()).code) for near in near_plans(planned.plan, table)]


def _is_exactly(figure: Leaf, theirs: Leaf) -> bool:
    """Whether a figure explains another: to all of its digits, of which there must be some."""
    if isinstance(figure, bool | str) or isinstance(theirs, bool | str) or figure is None or theirs is None:
        return False
    return isclose(figure, theirs, rel_tol=1e-9) or (
        _decimals(theirs) > 0 and round(figure, _decimals(theirs)) == theirs
    )


def _is_percent_of(figure: Leaf, theirs: Leaf) -> bool:
    """Whether a share was given in per cent."""
    return isinstance(figure, float) and _same(figure * 100, theirs)


def _is_coarse(ours: Leaf, theirs: Leaf) -> bool:
    """Whether two figures are one only because the model's has a single digit left."""
    if isinstance(ours, bool | str) or isinstance(theirs, bool | str) or ours is None or theirs is None:
        return False
    digits = f"{abs(theirs):.{_decimals(theirs)}f}".replace(".", "").strip("0")
    return len(digits) < 2 and abs(theirs) < 10 and not isclose(ours, theirs, rel_tol=1e-9)


def _decimals(number: float) -> int:
    """Digits behind the point."""
    return len(repr(float(number)).partition(".")[2].rstrip("0")) if isinstance(number, float) else 0
