"""Where code names a column of a table that is known: `housing["price"]`, `.groupby("price")`, `.price`.

Only places where the text can be nothing but a column are found: a row's label, a value that is compared
with, a title are left alone. What a table is after joins and other frames is not followed.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_KEEPING_NAMES = (
    "head tail sample copy query sort_values sort_index dropna drop_duplicates fillna nlargest nsmallest "
    "reset_index round abs where mask filter astype convert_dtypes infer_objects isna notna groupby"
)
_KEEPING = frozenset(_KEEPING_NAMES.split())
"""Methods whose result has the columns of the table (or is grouped, and is asked for them the same way)."""
_NAMING_NAMES = (
    "groupby sort_values set_index value_counts explode dropna drop_duplicates nlargest nsmallest "
    "pivot pivot_table melt boxplot hist"
)
_NAMING = frozenset(_NAMING_NAMES.split())
"""Methods whose texts are columns, alone or in a list."""
_NAMING_KEYWORDS = frozenset(
    {"by", "subset", "on", "columns", "column", "keys", "index", "values", "id_vars", "value_vars", "x", "y"}
)
_GROUPED = ("agg", "aggregate")


@dataclass(frozen=True)
class ColumnUse:
    """A column's name in code."""

    table: str
    name: str
    node: ast.Constant | ast.Attribute
    stored: bool = False
    """The code makes this column."""


def column_uses(tree: ast.Module, tables: Iterable[str]) -> list[ColumnUse]:
    """Every place where `tree` names a column of one of these tables, in the order of the code."""
    finder = _Finder(frozenset(tables), _assigned(tree))
    found = [use for node in ast.walk(tree) for use in finder.uses(node)]
    return sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset))


def _assigned(tree: ast.Module) -> dict[str, ast.expr | None]:
    """Names that the code binds; with the value where that is one plain assignment at its top level."""
    bound: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound.append(name)
            case ast.alias(name=name, asname=other):
                bound.append(other or name)
    values: dict[str, ast.expr | None] = dict.fromkeys(bound)
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if bound.count(name) == 1:
                values[name] = value
    return values


class _Finder:
    """Follows expressions to the table that they come from."""

    def __init__(self, tables: frozenset[str], bound: Mapping[str, ast.expr | None]) -> None:
        self._tables, self._bound = tables, bound

    def uses(self, node: ast.AST) -> Iterator[ColumnUse]:
        """What of `node` itself is the name of a column."""
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=owner, attr="loc" | "at"), slice=ast.Tuple(elts=[_, part])
            ):
                yield from self._named(owner, (part,), stored=isinstance(node.ctx, ast.Store))
            case ast.Subscript(value=owner, slice=part) if not isinstance(part, ast.Tuple):
                yield from self._named(owner, (part,), stored=isinstance(node.ctx, ast.Store))
            case ast.Attribute(value=owner, attr=name) if table := self.table(owner):
                yield ColumnUse(table, name, node, stored=isinstance(node.ctx, ast.Store))
            case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in _NAMING:
                named = (word.value for word in node.keywords if word.arg in _NAMING_KEYWORDS)
                yield from self._named(owner, (*node.args, *named))
            case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in _GROUPED:
                yield from self._named(owner, _aggregated(node))
            case ast.Call(func=ast.Attribute(value=owner, attr="drop")):
                yield from self._named(owner, (word.value for word in node.keywords if word.arg == "columns"))

    def _named(
        self, owner: ast.expr, parts: Iterable[ast.expr], *, stored: bool = False
    ) -> Iterator[ColumnUse]:
        table = self.table(owner)
        if table is None:
            return
        for part in parts:
            for text in _texts(part):
                yield ColumnUse(table, str(text.value), text, stored)

    def table(self, node: ast.expr) -> str | None:
        """The table whose columns `node` has; `None` where that is not certain."""
        match node:
            case ast.Name(id=name) if name in self._bound:
                return self._bound_table(name, self._bound[name])
            case ast.Name(id=name) if name in self._tables:
                return name
            case ast.Subscript(value=value, slice=part) if _chooses(part):
                return self.table(value)
            case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _KEEPING:
                return self.table(value)
            case _:
                return None

    def _bound_table(self, name: str, value: ast.expr | None) -> str | None:
        """The table of a name that the code itself binds."""
        if value is None:
            return None
        # Its value is read without it: in `df = df.head()` the second is the table that was there before.
        before = _Finder(self._tables, {key: item for key, item in self._bound.items() if key != name})
        # Where the value cannot be followed, the kernel has the table that the failed cell left.
        return before.table(value) or (name if name in self._tables else None)


def _chooses(part: ast.expr) -> bool:
    """Whether `table[part]` is the table with some of its rows or columns."""
    match part:
        case ast.List() | ast.Compare() | ast.UnaryOp(op=ast.Invert()):
            return True
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return True
        case _:
            return False


def _texts(part: ast.expr) -> Iterator[ast.Constant]:
    match part:
        case ast.Constant(value=str()):
            yield part
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            yield from (
                item for item in parts if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )


def _aggregated(call: ast.Call) -> Iterator[ast.expr]:
    """The columns of `agg({"price": "sum"})` and of `agg(total=("price", "sum"))`."""
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            yield from (key for key in argument.keys if key is not None)
    for word in call.keywords:
        if isinstance(word.value, ast.Tuple) and len(word.value.elts) == 2:
            yield word.value.elts[0]
