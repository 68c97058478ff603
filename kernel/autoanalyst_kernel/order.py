"""`Order`: which question stands before which, as far as a kernel can know.

A follow-up ("and by city?") means another thing when the question before it is another. The kernel does not
see the notebook; it sees which cells asked one after the other. A cell that was first asked after this one
is taken to stand below it, so that asking an earlier cell again does not put it behind the later ones.
"""

Cell = str
"""The id of a notebook's cell; where no front end tells one, the question itself."""


class Order:
    """The questions of one conversation."""

    def __init__(self) -> None:
        self._questions: dict[Cell, str] = {}
        """What each cell asked last."""
        self._before: dict[Cell, Cell | None] = {}
        """The cell that each was asked after, the first time."""
        self._last: Cell | None = None

    def before(self, cell: Cell) -> str | None:
        """The question before this cell's; None where there is none."""
        found = self._cell_before(cell)
        return None if found is None else self._questions[found]

    def note(self, cell: Cell, question: str) -> None:
        """A cell has been asked."""
        self._before[cell] = self._cell_before(cell)
        self._questions[cell] = question
        self._last = cell

    def _cell_before(self, cell: Cell) -> Cell | None:
        return self._before.get(cell) if self._stands_below(self._last, cell) else self._last

    def _stands_below(self, lower: Cell | None, upper: Cell) -> bool:
        """Whether a chain of questions leads from one cell up to the other, or they are the same."""
        seen: set[Cell] = set()
        while lower is not None and lower not in seen:
            if lower == upper:
                return True
            seen.add(lower)
            lower = self._before.get(lower)
        return False
