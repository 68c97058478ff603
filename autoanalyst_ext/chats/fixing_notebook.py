"""`FixingNotebook`: a page's notebook in which a failed cell of the user's is to be fixed.

What corrects that cell, and ran well, takes its place, so that the notebook still runs from top to bottom.
Until then, and where the user has changed it meanwhile, the failed cell stays as it is.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from ..errors import BadRequest
from ..notebooks.tab import TabNotebook
from ..types.cells import Execution, OutputChange
from ..types.events import CellReplaced, RunEvent
from ..types.panel import FailedCell
from ..types.tab import FormerCell

KEPT = 0.7
"""How much of the failed code a corrected cell has at least; one that only looks around has less."""
LONG = 2_000
"""What differs and is longer is compared line by line, not by characters."""


class FixingNotebook(TabNotebook):
    """A notebook that knows which cell is to be fixed; without one it is any other."""

    def __init__(
        self, *args: Any, failed: FailedCell | None, tell: Callable[[RunEvent], None], **more: Any
    ) -> None:
        super().__init__(*args, tell=tell, **more)
        self._failed, self._say = failed, tell

    async def execute(
        self, cell_id: str, *, seconds: float | None = None, ours: bool = True
    ) -> AsyncGenerator[OutputChange | Execution, None]:
        """As always; a corrected cell has taken its place before its `Execution` is told."""
        async with aclosing(super().execute(cell_id, seconds=seconds, ours=ours)) as items:
            async for item in items:
                if isinstance(item, Execution) and item.status == "ok":
                    await self._put_right(item)
                yield item

    async def _put_right(self, execution: Execution) -> None:
        failed = self._failed
        if failed is None or not corrects(execution.source, failed.source):
            return
        self._failed = None
        try:
            former = FormerCell(cell_id=failed.cell_id, source=failed.source)
            await self.take_place(execution.cell_id, former)
        except BadRequest:
            return  # somebody changed or removed the failed cell meanwhile: it is theirs now
        self._say(CellReplaced(cell_id=execution.cell_id, former=failed.cell_id, source=failed.source))


def corrects(source: str, failed: str) -> bool:
    """Whether this is the failed code with a correction: most of what the user wrote is still there."""
    new, old = source.strip(), failed.strip()
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    kept = start + end + _in_common(old[start : len(old) - end], new[start : len(new) - end])
    return bool(old) and kept >= KEPT * len(old)


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _in_common(old: str, new: str) -> int:
    """How many characters of `old` stand in `new`, in their order."""
    parts: tuple[Sequence[str], Sequence[str]] = (old, new)
    if len(old) + len(new) > LONG:
        parts = old.splitlines(keepends=True), new.splitlines(keepends=True)
    blocks = SequenceMatcher(None, *parts, autojunk=False).get_matching_blocks()
    return sum(len("".join(parts[0][block.a : block.a + block.size])) for block in blocks)
