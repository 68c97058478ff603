"""Reads from a cell's syntax tree what kind of thing its last expression is, without running anything.

The reading is default-deny: a name, call or operator that is not understood gives `WITHHELD`, and so does
every name that is bound inside a loop, a function or a branch. The kernel's values are never consulted.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...types.profiles import TableProfile
from . import aggregates as allowed
from .grouped_calls import Arguments, aggregated, names_in, pivoted
from .verdicts import (
    NUMBER,
    VALUES,
    WITHHELD,
    Accessor,
    Column,
    Figures,
    Flags,
    Groups,
    Labels,
    Listing,
    Literal,
    Named,
    Number,
    Rows,
    Verdict,
    rows_of,
)
from .vocabulary import UNREADABLE

_NUMERIC_BUILTINS = frozenset({"round", "abs", "float", "int"})
_ARRAY_LIBRARIES = frozenset({"np", "numpy"})
_TEST_LIBRARIES = frozenset({"stats", "ss"})
_LIBRARIES = _ARRAY_LIBRARIES | _TEST_LIBRARIES | {"pd", "pandas"}
_NUMBER_FUNCTIONS = frozenset({"round", "sqrt", "log", "log10", "exp", "abs", "float64"})
_TESTS = frozenset(
    {
        "pearsonr",
        "spearmanr",
        "kendalltau",
        "ttest_ind",
        "ttest_1samp",
        "ttest_rel",
        "mannwhitneyu",
        "f_oneway",
    }
    | {"kruskal", "shapiro", "normaltest", "levene", "chi2_contingency", "linregress", "wilcoxon", "bartlett"}
)
_TEXT_TESTS = frozenset({"contains", "startswith", "endswith", "match", "fullmatch", "isdigit"})
_RENAMING = frozenset({"names", "inplace", "level", "axis"})
"""Arguments that give keys another name, or turn the direction of an aggregate."""

_BINDERS = frozenset({"exec", "eval", "globals", "locals", "vars", "get_ipython"})
_TEST_RESULTS = frozenset(
    {"statistic", "pvalue", "correlation", "slope", "intercept", "rvalue", "stderr", "dof"}
)


def read(source: str, tables: Mapping[str, TableProfile]) -> Verdict:
    """The verdict on the last expression of `source`, given the tables in the kernel."""
    try:
        tree = ast.parse(source)
    except UNREADABLE:
        return WITHHELD
    body = tree.body
    if not body or not isinstance(body[-1], ast.Expr) or _is_unreadable(tree):
        return WITHHELD
    reader = _Reader({name: rows_of(table) for name, table in tables.items()})
    for statement in body[:-1]:
        reader.follow(statement)
    return reader.verdict(body[-1].value)


def _is_unreadable(tree: ast.Module) -> bool:
    """Whether names may be bound where the statements do not show it."""
    return any(
        isinstance(node, ast.NamedExpr | ast.Global) or (isinstance(node, ast.Name) and node.id in _BINDERS)
        for node in ast.walk(tree)
    )


class _Reader:
    """The names of one cell and what is known of them, statement by statement."""

    def __init__(self, names: dict[str, Verdict]) -> None:
        self.names = names
        self.rebound: set[str] = set()

    def follow(self, statement: ast.stmt) -> None:
        """Take in a statement before the last expression."""
        match statement:
            case ast.Assign(targets=[target], value=value):
                self.bind(target, self.verdict(value))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.verdict(value))
            case ast.Expr() | ast.Pass():
                pass
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                for alias in aliases:
                    self._forget(alias.asname or alias.name.split(".")[0], imported=True)
            case _:
                self._forget_all(statement)

    def bind(self, target: ast.expr, verdict: Verdict) -> None:
        """Give a target its verdict."""
        match target:
            case ast.Name(id=name):
                self.names[name] = verdict
                self.rebound.add(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for position, part in enumerate(parts):
                    self.bind(part, self._part(verdict, position))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(column))):
                self.names[name] = self._with_column(self.names.get(name, WITHHELD), column, verdict)
            case _:
                # A part of something changes in a way that is not followed: nothing is known of it any more.
                for inner in ast.walk(target):
                    if isinstance(inner, ast.Name):
                        self._forget(inner.id)

    def _with_column(self, held: Verdict, name: str, verdict: Verdict) -> Verdict:
        """What is known of a table after `table["name"] = ...`."""
        if isinstance(held, Figures):
            safe = isinstance(verdict, Figures | Number) and name not in (*held.keys, *held.denied)
            refused = verdict.denied if isinstance(verdict, Figures) else frozenset()
            return held if safe and not refused else WITHHELD
        if not isinstance(held, Rows):
            return WITHHELD
        others = tuple(column for column in held.columns if column.name != name)
        match verdict:
            case Column():
                return Rows((*others, replace(verdict, name=name)))
            case Flags(frame=False) | Number() | Literal(value=int() | float()):
                return Rows((*others, Column(name, numeric=True, identifier=False)))
            case _:
                return Rows(others)

    def _part(self, verdict: Verdict, position: int) -> Verdict:
        if isinstance(verdict, Listing) and position < len(verdict.items):
            return verdict.items[position]
        of_columns = isinstance(verdict, Figures) and verdict.by_column and not verdict.denied
        return NUMBER if of_columns else WITHHELD

    def _forget(self, name: str, *, imported: bool = False) -> None:
        self.names.pop(name, None)
        if not imported:
            self.rebound.add(name)

    def _forget_all(self, node: ast.AST) -> None:
        for inner in ast.walk(node):
            match inner:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    self._forget(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self._forget(name)
                case ast.AsyncFunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                    self._forget(name)
                case ast.alias(name=name, asname=other):
                    self._forget(other or name)
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                    self._forget(name)
                case _:
                    pass

    def verdict(self, node: ast.expr) -> Verdict:
        """The verdict on an expression."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name, WITHHELD)
            case ast.Constant(value=value):
                return Literal(value)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self._listing(parts)
            case ast.Dict(keys=keys, values=values):
                return self._named(keys, values)
            case ast.Attribute(value=of, attr=name):
                return self._attribute(self.verdict(of), name)
            case ast.Subscript(value=of, slice=key):
                return self._item(self.verdict(of), key)
            case ast.BinOp(left=left, right=right):
                return allowed.combined(self.verdict(left), self.verdict(right))
            case ast.UnaryOp(operand=operand):
                return self.verdict(operand)
            case ast.Compare(left=left, comparators=others):
                return self._comparison([left, *others])
            case ast.Call():
                return self._call(node)
            case _:
                return WITHHELD

    def _listing(self, parts: Sequence[ast.expr]) -> Verdict:
        items = tuple(self.verdict(part) for part in parts)
        if items and all(isinstance(item, Literal) for item in items):
            return Literal([item.value for item in items if isinstance(item, Literal)])
        return Listing(items)

    def _named(self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr]) -> Verdict:
        items: list[tuple[str, Verdict]] = []
        for key, value in zip(keys, values, strict=True):
            if not isinstance(key, ast.Constant):
                return WITHHELD
            items.append((str(key.value), self.verdict(value)))
        return Named(tuple(items))

    def _comparison(self, sides: Sequence[ast.expr]) -> Verdict:
        verdicts = [self.verdict(side) for side in sides]
        if any(isinstance(verdict, Column | Flags | Rows) for verdict in verdicts):
            return Flags()
        return NUMBER if all(isinstance(verdict, Number | Literal) for verdict in verdicts) else WITHHELD

    def _attribute(self, of: Verdict, name: str) -> Verdict:
        match of:
            case Column() | Rows() if name in ("size", "ndim"):
                return NUMBER
            case Column() | Rows() | Figures() if name == "shape":
                return Listing((NUMBER, NUMBER) if not isinstance(of, Column) else (NUMBER,))
            case Rows() | Figures() if name == "loc":
                return Accessor(name, of)
            case Column() if name in ("loc", "str"):
                return Accessor(name, of)
            case Rows():
                return of.column(name) or WITHHELD
            case Groups():
                return self._chosen(of, [name])
            case Figures(by_column=True) if name in _TEST_RESULTS:
                return NUMBER
            case Figures() if name in of.keys:
                return Labels(name)
            case _:
                return WITHHELD

    def _item(self, of: Verdict, key: ast.expr) -> Verdict:
        chosen = self.verdict(key)
        match of, chosen:
            case (Accessor(name="loc", of=inner), _):
                return self._located(inner, key, chosen)
            case (Rows(), Literal(value=str(name))):
                return of.column(name) or WITHHELD
            case (Rows(), Literal(value=list(names))):
                return of.only(names)
            case ((Rows() | Column()), Flags(frame=False)):
                return of
            case (Groups(), Literal(value=name)):
                return self._chosen(of, name if isinstance(name, list) else [name])
            case (Figures(by_column=True), Literal(value=str(name))) if name not in of.denied:
                return Figures(by_column=True)
            case (Figures(), Literal(value=name)):
                return self._figure_item(of, name)
            case (Listing(items=items), Literal(value=int(position))) if position < len(items):
                return items[position]
            case (Named(items=pairs), Literal(value=name)):
                return dict(pairs).get(str(name), WITHHELD)
            case _:
                return WITHHELD

    def _figure_item(self, of: Figures, name: object) -> Verdict:
        if name in of.keys:
            return Labels(str(name))
        return WITHHELD if isinstance(name, str) and name in of.denied else of

    def _located(self, of: Verdict, key: ast.expr, chosen: Verdict) -> Verdict:
        if isinstance(of, Figures):
            return self._figure_item(of, chosen.value) if isinstance(chosen, Literal) else WITHHELD
        if isinstance(of, Rows | Column) and isinstance(chosen, Flags):
            return of
        if isinstance(of, Rows) and isinstance(key, ast.Tuple) and len(key.elts) == 2:
            rows, columns = key.elts
            everything = isinstance(rows, ast.Slice) and rows.lower is None and rows.upper is None
            if everything or isinstance(self.verdict(rows), Flags):
                return self._item(of, columns)
        return WITHHELD

    def _chosen(self, of: Groups, names: Sequence[object]) -> Verdict:
        rows = of.rows.only(list(names))
        return Groups(rows, of.keys) if len(rows.columns) == len(names) else WITHHELD

    def _bound(self) -> set[str]:
        return self.names.keys() | self.rebound

    def _call(self, node: ast.Call) -> Verdict:
        match node.func:
            case ast.Name(id=name) if name not in self._bound():
                return self._function(name, node)
            case ast.Attribute(value=ast.Name(id=library), attr=name) if (
                library in _LIBRARIES - self._bound()
            ):
                return self._library(library, name, node)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="scipy"), attr="stats"), attr=name):
                return self._test(node) if name in _TESTS else WITHHELD
            case ast.Attribute(value=of, attr=name):
                return self._method(self.verdict(of), name, node)
            case _:
                return WITHHELD

    def _function(self, name: str, node: ast.Call) -> Verdict:
        if name == "dict" and not node.args:
            return Named(
                tuple((str(word.arg), self.verdict(word.value)) for word in node.keywords if word.arg)
            )
        if name in _TESTS:
            return self._test(node)
        if not node.args or node.keywords:
            return WITHHELD
        first = self.verdict(node.args[0])
        if name == "len":
            return allowed.size_of(first)
        if name in _NUMERIC_BUILTINS and isinstance(first, Number | Figures):
            return first
        if name == "sum" and isinstance(first, Flags | Column):
            return allowed.aggregate(first, "sum")
        return WITHHELD

    def _library(self, library: str, name: str, node: ast.Call) -> Verdict:
        if library in _TEST_LIBRARIES:
            return self._test(node) if name in _TESTS else WITHHELD
        if not node.args:
            return WITHHELD
        first = self.verdict(node.args[0])
        if library in _ARRAY_LIBRARIES:
            if name in _NUMBER_FUNCTIONS and isinstance(first, Number | Figures):
                return first
            return allowed.aggregate(first, name) if isinstance(first, Column | Flags) else WITHHELD
        if name == "crosstab" and len(node.args) == 2:
            second = self.verdict(node.args[1])
            if isinstance(first, Column) and isinstance(second, Column) and self._plain(node, skip=2):
                return Figures(keys=(first.name,), pivot=second.name)
        return WITHHELD

    def _test(self, node: ast.Call) -> Verdict:
        """A statistical test: its figures describe whole columns."""
        given = [self.verdict(argument) for argument in node.args]
        known = all(isinstance(verdict, Column | Figures | Literal) for verdict in given)
        return Figures(by_column=True) if given and known else WITHHELD

    def _plain(self, node: ast.Call, *, skip: int = 0) -> bool:
        """Whether every argument is harmless: no row data and nothing unknown comes in through it."""
        arguments = [*node.args[skip:], *(word.value for word in node.keywords)]
        return all(
            isinstance(self.verdict(argument), Literal | Number | Figures | Flags | Labels)
            for argument in arguments
        )

    def _arguments(self, node: ast.Call) -> Arguments:
        named = {str(word.arg): self.verdict(word.value) for word in node.keywords}
        return Arguments(tuple(self.verdict(argument) for argument in node.args), named)

    def _method(self, of: Verdict, name: str, node: ast.Call) -> Verdict:
        if of == WITHHELD:
            return WITHHELD
        if name in ("agg", "aggregate"):
            return aggregated(of, self._arguments(node))
        if name in ("corr", "cov") and isinstance(of, Column):
            other = self.verdict(node.args[0]) if node.args else WITHHELD
            both = isinstance(other, Column) and allowed.combined(of, other) != WITHHELD
            return NUMBER if both else WITHHELD
        if name == "groupby" and isinstance(of, Rows | Column):
            return self._grouped(of, node)
        renames = any(word.arg in _RENAMING for word in node.keywords)
        if renames or not self._plain(node):
            return WITHHELD
        match of:
            case Rows() | Column():
                return self._row_method(of, name, node)
            case Groups() if name == "value_counts" and len(of.rows.columns) == 1:
                return Figures(keys=(*of.keys, of.rows.columns[0].name))
            case Figures():
                return self._figures_method(of, name)
            case Accessor(name="str") if name in _TEXT_TESTS:
                return Flags()
            case Number() if name in ("round", "item"):
                return of
            case _:
                return allowed.aggregate(of, name)

    def _row_method(self, of: Rows | Column, name: str, node: ast.Call) -> Verdict:
        if name in allowed.TESTING:
            return Flags(frame=isinstance(of, Rows) and name != "duplicated")
        if name in ("unique", "tolist", "to_frame"):
            return VALUES
        if name in allowed.PICKS:
            count = next((word.value for word in node.keywords if word.arg == "n"), None)
            count = count or (node.args[0] if node.args else None)
            enough = allowed.enough_picked(name, self.verdict(count) if count else None)
            return of if enough else WITHHELD
        if name in allowed.KEEPING:
            return of
        if name == "value_counts":
            columns = of.columns if isinstance(of, Rows) else (of,)
            return Figures(keys=tuple(column.name for column in columns))
        if name == "pivot_table" and isinstance(of, Rows):
            return pivoted(of, self._arguments(node))
        return allowed.aggregate(of, name)

    def _figures_method(self, of: Figures, name: str) -> Verdict:
        if name == "unstack" and of.keys and not of.by_column:
            return Figures(of.keys[:-1], of.keys[-1], of.denied)
        kept = allowed.kept_figures(of, name)
        return kept if kept != WITHHELD else allowed.of_figures(of, name)

    def _grouped(self, of: Rows | Column, node: ast.Call) -> Verdict:
        by = node.args[0] if node.args else next((w.value for w in node.keywords if w.arg == "by"), None)
        keys = self._keys(of, by) if by is not None else None
        if not keys:
            return WITHHELD
        rows = of if isinstance(of, Rows) else Rows((of,))
        return Groups(Rows(tuple(c for c in rows.columns if c.name not in keys)), keys)

    def _keys(self, of: Rows | Column, by: ast.expr) -> tuple[str, ...] | None:
        match self.verdict(by):
            case Literal(value=str() | list()) as literal if isinstance(of, Rows):
                names = names_in(literal)
                return names if all(of.column(name) for name in names) else None
            case Column(name=name) if name:
                return (name,)
            case Listing(items=items) if all(isinstance(item, Column) for item in items):
                return tuple(item.name for item in items if isinstance(item, Column))
            case _:
                return None
