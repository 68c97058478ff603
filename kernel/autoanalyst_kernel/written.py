"""How a question may be written where IPython reads the same line in another way.

`answer = %analyst How many?` ends like a call for help, and `%%analyst How many?` with nothing below it is
no cell to IPython. Both mean a question, so they are made one before IPython looks at them.
"""

import re
from collections.abc import Callable
from typing import Any

# Texts: `re` compiles each at its first use.
_LINE = r"^(\s*(?:[\w.,\[\]'\" ]+=\s*)?)%analyst[ \t]+(.*\?)\s*$"
_CELL = r"^%%analyst\s+\S"


def understand(lines: list[str]) -> list[str]:
    """The lines of a cell, with questions as IPython takes them."""
    if lines and re.match(_CELL, lines[0]) and not "".join(lines[1:]).strip():
        return [lines[0].rstrip("\n") + "\n", "\n"]
    if lines and lines[0].startswith("%%"):
        return lines
    return [_called(line) for line in lines]


def install(shell: Any) -> Callable[[], None]:
    """Read questions so from now on; returns what ends it."""
    shell.input_transformers_cleanup.append(understand)
    return lambda: shell.input_transformers_cleanup.remove(understand)


def _called(line: str) -> str:
    """A question that ends with a question mark as a call of the magic; any other line as it is."""
    found = re.match(_LINE, line)
    if found is None:
        return line
    return f"{found[1]}get_ipython().run_line_magic('analyst', {found[2]!r})\n"
