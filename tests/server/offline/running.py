"""Runs generated cells the way a kernel does: statements, then the value of the last expression."""

import ast
from typing import Any

from .tables import FRAMES


def run(code: str, frames: dict[str, Any] | None = None) -> Any:
    """The value of the cell's last expression; fails if the cell rebinds or changes what was there."""
    before = {name: frame.copy(deep=True) for name, frame in (frames or FRAMES).items()}
    namespace = dict(frames or FRAMES)
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "a cell ends with an expression"
    exec(compile(tree, "cell", "exec"), namespace)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
    for name, frame in (frames or FRAMES).items():
        assert namespace[name] is frame, f"{name} was rebound"
        assert frame.equals(before[name]), f"{name} was changed"
    return value
