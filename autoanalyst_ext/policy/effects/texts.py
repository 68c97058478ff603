"""Small languages inside texts: format strings, `DataFrame.query`, model formulas.

Each is run by the library that gets it and can reach further than it looks: a field of a format string
reads attributes, a formula is evaluated as Python. Only plain ones are safe.
"""

import ast
import re
import string

_QUERY_NODES = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Not,
    ast.UnaryOp,
    ast.USub,
    ast.Invert,
    ast.BinOp,
    ast.operator,
    ast.Compare,
    ast.cmpop,
    ast.Name,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Load,
)
_FORMULA_CALLS = frozenset({"C", "I", "Q", "np.log", "np.log1p", "np.log2", "np.log10", "np.sqrt", "np.exp"})


def is_plain_format(text: str) -> bool:
    """Every field of the format string takes a whole value: `{}`, `{0:.2f}`, `{name}`."""
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(
        name is None or (re.fullmatch(r"\w*", name) is not None and is_plain_format(spec or ""))
        for _, name, spec, _ in fields
    )


def is_plain_query(text: str) -> bool:
    """The query compares and combines columns, constants and variables, and calls nothing."""
    columns = re.sub(r"`[^`]*`", "column", text)
    tree = _expression(re.sub(r"@(?=[A-Za-z])", "", columns))
    return tree is not None and all(
        isinstance(node, _QUERY_NODES) and not (isinstance(node, ast.Name) and node.id.startswith("_"))
        for node in ast.walk(tree)
    )


def is_plain_formula(text: str) -> bool:
    """The formula names columns, and calls only well-known transformations of them."""
    return all(_is_plain_side(side.replace(":", "*")) for side in text.split("~"))


def _is_plain_side(side: str) -> bool:
    tree = _expression(side)
    if tree is None:
        return False
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {id(part) for call in called for part in ast.walk(call.func)}
    return all(ast.unparse(call.func) in _FORMULA_CALLS and not call.keywords for call in called) and all(
        id(node) in names or isinstance(node, (*_QUERY_NODES, ast.Call)) for node in ast.walk(tree)
    )


def _expression(text: str) -> ast.Expression | None:
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
