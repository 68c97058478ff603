"""Renames in code that leave everything else as it is written: spaces, quotes, comments."""

import ast
from collections.abc import Mapping

Renamed = ast.Constant | ast.Attribute | ast.Name


def renamed(source: str, tree: ast.Module, names: Mapping[Renamed, str]) -> str | None:
    """`source` with these nodes of its `tree` renamed; `None` where that changes anything else.

    The nodes of `tree` are renamed too.
    """
    lines = [line.encode() for line in source.split("\n")]
    for node in sorted(
        names, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0), reverse=True
    ):
        if node.end_lineno is None or node.end_col_offset is None:
            return None
        old = _name(node)
        line, end = lines[node.end_lineno - 1], node.end_col_offset
        start = node.col_offset if isinstance(node, ast.Constant) else end - len(old.encode())
        text = _written(line[start:end].decode(errors="replace"), node, names[node])
        lines[node.end_lineno - 1] = line[:start] + text.encode() + line[end:]
        _rename(node, names[node])
    changed = b"\n".join(lines).decode(errors="replace")
    try:
        # The places of names inside f-strings are not reliable: what came out is compared as a whole.
        return changed if ast.dump(ast.parse(changed)) == ast.dump(tree) else None
    except (SyntaxError, ValueError):
        return None


def _name(node: Renamed) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=value):
            return str(value)


def _rename(node: Renamed, name: str) -> None:
    match node:
        case ast.Name():
            node.id = name
        case ast.Attribute():
            node.attr = name
        case ast.Constant():
            node.value = name


def _written(before: str, node: Renamed, name: str) -> str:
    """The new name as code, in the quotes that stood there."""
    if not isinstance(node, ast.Constant):
        return name
    quote = before[:1]
    simple = quote in ("'", '"') and name.isprintable() and quote not in name and "\\" not in name
    return f"{quote}{name}{quote}" if simple else repr(name)
