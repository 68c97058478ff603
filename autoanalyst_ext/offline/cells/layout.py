"""How long statements are laid out: on one line where they fit, else the way formatters break them."""

from collections.abc import Sequence

WIDEST = 100
"""Letters of a line of code."""


def assigned(name: str, *links: str) -> str:
    """`name = ` a chain of calls, each link on a line of its own where it would be too long for one."""
    line = f"{name} = {''.join(links)}"
    if len(line) <= WIDEST or len(links) < 2 or "\n" in line:
        return line
    return "\n".join([f"{name} = (", f"    {links[0]}", *(f"    {link}" for link in links[1:]), ")"])


def call(function: str, arguments: Sequence[str], before: int = 0) -> str:
    """A call, with an argument a line where it and `before` letters would be too long for one."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) + before <= WIDEST:
        return line
    return "\n".join([f"{function}(", *(f"    {argument}," for argument in arguments), ")"])
