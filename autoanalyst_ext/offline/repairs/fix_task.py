"""`FixTask`: the words in which a model is asked to fix a cell, and their reading by the offline analyst.

The form is fixed, so that what was written is read back exactly, whatever is in the code or in the error.
What of an error may stand in it is decided by whoever writes it.
"""

import re
from dataclasses import dataclass

ORDER = (
    "This cell of mine failed. Find out why, and run a corrected cell that does what this one was meant to "
    "do. Change no more of it than is needed, and say in a sentence what was wrong."
)
ENDED = "It ended with:"

_FORM = re.compile(
    rf"{re.escape(ORDER)}\n\n"
    r"(?P<fence>`{3,})python\n(?P<source>.*?)\n(?P=fence)\n\n"
    rf"{re.escape(ENDED)}\n\n"
    r"(?P=fence)text\n(?P<error>.*?)\n(?P=fence)",
    re.DOTALL,
)


@dataclass(frozen=True)
class FixTask:
    """A cell that is to be fixed."""

    source: str
    error: str
    """Class and text of the exception, as `KeyError: 'pricee'`; maybe more lines."""

    def text(self) -> str:
        """The task in words."""
        # Longer than any run of backticks inside, so that nothing in the code can end the block.
        runs = (len(run) for run in re.findall("`+", f"{self.source}\n{self.error}"))
        fence = "`" * max(3, *(length + 1 for length in runs), 0)
        code, error = f"{fence}python\n{self.source}\n{fence}", f"{fence}text\n{self.error}\n{fence}"
        return f"{ORDER}\n\n{code}\n\n{ENDED}\n\n{error}"


def read(text: str) -> FixTask | None:
    """The task that `text` is; `None` when it is something else."""
    found = _FORM.fullmatch(text)
    return FixTask(found["source"], found["error"]) if found else None
