"""Closes what code leaves open: a bracket at the end of a line, the colon of a block.

Only where one place is possible and the code then parses. What an open bracket should hold is not guessed:
`max(a, b + 1` could end before the sum or after it, `table.groupby(key.mean()` before the mean.
"""

import ast
import io
import tokenize
from dataclasses import dataclass
from keyword import iskeyword

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_SKIPPED = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
_WITHOUT_METHODS = frozenset({"print", "display", "len"})
"""Functions whose results have no methods, so that a chain of calls belongs into their brackets."""


@dataclass(frozen=True)
class Closed:
    """Code that parses again."""

    source: str
    what: str
    """What was missing, as "A colon" with its sign."""


def closed(source: str) -> Closed | None:
    """The code with what is missing at the end of one line; `None` where that is not certain."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return _with_colon(source, error) if error.msg == "expected ':'" else _with_brackets(source)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _with_colon(source: str, error: SyntaxError) -> Closed | None:
    if error.lineno is None:
        return None
    changed = _with(source, error.lineno, ":")
    return Closed(changed, "A `:`") if _tree(changed) is not None else None


def _with_brackets(source: str) -> Closed | None:
    """Close the open brackets at the end of the one line where that is possible."""
    opened = _open_brackets(source)
    if not opened:
        return None
    closers = "".join(_PAIRS[bracket] for bracket, _ in reversed(opened))
    lines = range(opened[-1][1], len(source.split("\n")) + 1)
    found = []
    for line in lines:
        changed = _with(source, line, closers)
        tree = _tree(changed)
        if tree is not None and changed != source:
            found.append((line, changed, tree))
    if len({ast.dump(tree) for _, _, tree in found}) != 1 or not _is_plain(found[0][2], found[0][0]):
        return None
    return Closed(found[0][1], f"{'A' if len(closers) == 1 else 'The'} closing `{closers}`")


def _open_brackets(source: str) -> list[tuple[str, int]]:
    """The brackets that are never closed, with their lines; none where the nesting is wrong or unclear."""
    opened: list[tuple[str, int, bool]] = []
    before = ""
    for token in _tokens(source):
        if token.type == tokenize.OP and token.string in _PAIRS:
            # A bracket that only groups leaves no trace in the tree, so its end cannot be checked.
            called = before in (")", "]") or (before.isidentifier() and not iskeyword(before))
            opened.append((token.string, token.start[0], token.string == "(" and not called))
        closes = token.type == tokenize.OP and token.string in _PAIRS.values()
        if closes and (not opened or _PAIRS[opened.pop()[0]] != token.string):
            return []
        before = token.string if token.type not in _SKIPPED else ""
    return [] if any(grouping for *_, grouping in opened) else [(text, line) for text, line, _ in opened]


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    """The tokens up to where the code cannot be read on."""
    found: list[tokenize.TokenInfo] = []
    try:
        found.extend(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return found
    return found


def _with(source: str, line: int, text: str) -> str:
    """The code with `text` after the last token of a line, before its comment."""
    ends = [token.end[1] for token in _tokens(source) if token.end[0] == line and token.type not in _SKIPPED]
    if not ends:
        return source
    lines = source.split("\n")
    code = lines[line - 1]
    lines[line - 1] = code[: max(ends)] + text + code[max(ends) :]
    return "\n".join(lines)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_plain(tree: ast.Module, line: int) -> bool:
    """Whether nothing that ends on this line could as well have ended before its last part."""
    return all(_fits(node) for node in ast.walk(tree) if getattr(node, "end_lineno", None) == line)


def _fits(node: ast.AST) -> bool:
    """Whether the last thing in the bracket that ends `node` belongs there beyond doubt."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _WITHOUT_METHODS:
            return all(_is_operand(part) or _is_chain(part) for part in _last(node))
        case ast.Call():
            return all(map(_is_operand, _last(node)))
        case ast.Subscript(slice=ast.Slice()):
            return True
        case ast.Subscript(slice=part):
            return isinstance(part, ast.Constant | ast.Name | ast.List | ast.Tuple)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return all(_is_operand(part) or _is_chain(part) for part in parts[-1:])
        case ast.Dict(values=parts):
            return all(_is_operand(part) or _is_chain(part) for part in parts[-1:])
        case _:
            return True


def _last(call: ast.Call) -> list[ast.expr]:
    parts = [*call.args, *(word.value for word in call.keywords)]
    return sorted(parts, key=lambda part: (part.end_lineno or 0, part.end_col_offset or 0))[-1:]


def _is_operand(part: ast.expr) -> bool:
    """Whether an expression is one thing: a name, a literal, a call by name, a column."""
    match part:
        case (
            ast.Name()
            | ast.Constant()
            | ast.List()
            | ast.Tuple()
            | ast.Dict()
            | ast.Set()
            | ast.Call(func=ast.Name())
        ):
            return True
        case ast.Attribute(value=ast.Name()) | ast.Subscript(value=ast.Name()):
            return True
        case _:
            return False


def _is_chain(part: ast.expr) -> bool:
    """Whether an expression is a chain of calls on a name, as `housing["price"].mean()`."""
    match part:
        case (
            ast.Call(func=ast.Attribute(value=value))
            | ast.Attribute(value=value)
            | ast.Subscript(value=value)
        ):
            return _is_chain(value)
        case _:
            return isinstance(part, ast.Name)
