"""`Expressions`: what every kind of expression gives."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

from . import denied, methods, texts
from .calls import GUARDED, Calls
from .catalog import FUNCTIONS, MODULES
from .reader import TooLong, short
from .scope import Scope
from .seen import PLAIN, TABULAR, UNKNOWN, Kind, LocalFunction, Seen, join

_DEEPEST = 6
_PLAIN_DUNDERS = frozenset({"__name__", "__version__", "__doc__"})


class Expressions(Calls):
    """Reads expressions."""

    def value(self, node: ast.expr) -> Seen:
        """What an expression gives, when nothing more follows on it."""
        seen = self.chain(node)
        if seen.kind == "unknown" and seen.path and isinstance(node, ast.Attribute | ast.Name):
            return self.report_path(node, seen.path)
        if seen.kind == "module":
            return self.report("reflect", node, f"hands over the module `{seen.path}`")
        if seen.kind == "function" and seen.path in GUARDED:
            words = f"hands over `{seen.path}`, which is only safe to call"
            return self.report("unknown", node, words)
        return seen

    def chain(self, node: ast.expr, *, called: bool = False) -> Seen:
        """What an expression gives, when more may follow on it; `called`: a call does."""
        self.step()
        if isinstance(node, ast.Attribute):
            return self._attribute(self.chain(node.value), node, called=called)
        read = _EXPRESSIONS.get(type(node))
        if read is None:
            return self.report(
                "unknown", node, f"uses `{type(node).__name__.lower()}`, which is not read here"
            )
        return read(self, node)

    # attributes

    def _attribute(self, base: Seen, node: ast.Attribute, *, called: bool) -> Seen:
        name = node.attr
        if name.startswith("_"):
            if name in _PLAIN_DUNDERS:
                return PLAIN
            return self.report("reflect", node, f"reaches around the check (`{short(node)}`)")
        if base.kind in ("module", "function") or (base.kind == "unknown" and base.path):
            return self._leaf(base, f"{base.path}.{name}", node)
        if base.kind == "unknown":
            return UNKNOWN
        if base.kind == "method" and base.receiver is not None:
            # `df.plot.bar`, `s.hist.plot`: an accessor that can also be called.
            base = base.receiver
        if called:
            return Seen("method", path=name, receiver=base)
        return self._part(base, node)

    def _leaf(self, base: Seen, path: str, node: ast.Attribute) -> Seen:
        if base.kind == "module" and path in MODULES:
            return Seen("module", path=path)
        if path in FUNCTIONS:
            return Seen("function", own=True, held=True, path=path)
        if path.startswith("plotly.express.colors.") and path.count(".") <= 4:
            return PLAIN
        if base.kind == "module" and path == "plotly.express.colors":
            return Seen("module", path=path)
        return Seen("unknown", path=path)

    def _part(self, base: Seen, node: ast.Attribute) -> Seen:
        """An attribute of a value that is not called: a view, a method to hand over, or a column."""
        name = node.attr
        if name in methods.ARRAYS:
            return Seen("array", own=base.own, held=base.held, whose=base.whose)
        if name in methods.ATTRIBUTES_THAT_ARE_THE_VALUE:
            return base.view()
        if name == "style":
            return self.report("unknown", node, f"shows raw HTML of the cells (`{short(node)}`)")
        if (
            name == "format"
            and base.kind == "text"
            and all(map(texts.is_plain_format, base.texts or ("{0.a}",)))
        ):
            return Seen("method", path="upper", receiver=base)
        if name in methods.GUARDED:
            words = f"hands over `{short(node)}`, which is only safe to call"
            return self.report("unknown", node, words)
        if name in methods.SAFE:
            return Seen("method", path=name, receiver=base)
        if name in methods.NOT_COLUMNS:
            effect, words = denied.of_method(name, short(node))
            return self.report(effect, node, words)
        return base.element()

    # simple expressions

    def _constant(self, node: ast.Constant) -> Seen:
        if isinstance(node.value, str):
            if "://" in node.value:
                # A picture or map in a chart is fetched by the browser, with what the address says.
                self.report("network", node, f"names the address `{node.value[:60]}`")
            return Seen("text", own=True, held=True, texts=frozenset({node.value}))
        return Seen(own=True, held=True, texts=frozenset())

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> Seen:
        return _container([self._entry(element) for element in node.elts])

    def _entry(self, node: ast.expr) -> Seen:
        return self.value(node.value).element() if isinstance(node, ast.Starred) else self.value(node)

    def _dict(self, node: ast.Dict) -> Seen:
        values = []
        for key, value in zip(node.keys, node.values, strict=True):
            seen = self.value(value)
            values.append(seen.element() if key is None else seen)
            if key is not None:
                self.value(key)
        return _container(values)

    def _binary(self, node: ast.BinOp) -> Seen:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add) and left.kind == right.kind == "text" and left.texts and right.texts:
            both = frozenset(first + second for first in left.texts for second in right.texts)
            return Seen("text", own=True, held=True, texts=both if len(both) <= 64 else None)
        kinds = {left.kind, right.kind}
        kind: Kind = next((kind for kind in TABULAR if kind in kinds), "data")
        return Seen(kind, own=True, held=left.deep and right.deep)

    def _unary(self, node: ast.UnaryOp) -> Seen:
        seen = self.value(node.operand)
        return Seen(seen.view().kind, own=True, held=True)

    def _compare(self, node: ast.Compare) -> Seen:
        parts = [self.value(part) for part in (node.left, *node.comparators)]
        kind: Kind = next((part.kind for part in parts if part.kind in TABULAR), "data")
        return Seen(kind, own=True, held=True)

    def _either(self, values: Iterable[ast.expr]) -> Seen:
        return reduce(join, [self.value(value) for value in values])

    def _conditional(self, node: ast.IfExp) -> Seen:
        self.value(node.test)
        return self._either((node.body, node.orelse))

    def _f_string(self, node: ast.JoinedStr) -> Seen:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.value(part.value)
                if part.format_spec is not None:
                    self.value(part.format_spec)
        return Seen("text", own=True, held=True)

    def _slice(self, node: ast.Slice) -> Seen:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.value(part)
        return PLAIN

    def _subscript(self, node: ast.Subscript) -> Seen:
        base = self.chain(node.value)
        if base.kind == "module" or (base.kind == "unknown" and base.path):
            return self.report_path(node, base.path)
        self.value(node.slice)
        if base.kind == "unknown":
            return UNKNOWN
        if _takes_rows(node, base):
            return Seen(base.view().kind, own=True, whose=base.whose)
        if isinstance(node.slice, ast.Slice):
            return base.view()
        element = base.element()
        return replace(element, kind="data") if element.kind == "column" and _is_cell(node) else element

    def _walrus(self, node: ast.NamedExpr) -> Seen:
        seen = self.value(node.value)
        inner, self.scope = self.scope, self.scope.frame
        self.bind(node, node.target.id, seen, surely=False)
        self.scope = inner
        return seen

    def _starred(self, node: ast.Starred) -> Seen:
        return self.value(node.value).element()

    # comprehensions and functions

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Seen:
        outer = self.scope
        # The first source is looked at here and now; the rest of a generator runs when it is used.
        inner = Scope(outer, "comprehension", late=isinstance(node, ast.GeneratorExp))
        for number, generator in enumerate(node.generators):
            if generator.is_async:
                self.report("unknown", node, "waits for something (`async for`)")
            self.scope = inner if number else outer
            parts = self.each(generator.target, generator.iter)
            self.scope = inner
            for target, seen in parts:
                self.assign(target, seen)
            for condition in generator.ifs:
                self.value(condition)
        if isinstance(node, ast.DictComp):
            self.value(node.key)
        item = self.value(node.value if isinstance(node, ast.DictComp) else node.elt)
        self.scope = outer
        return _container([item])

    def each(self, target: ast.expr, source: ast.expr) -> list[tuple[ast.expr, Seen]]:
        """What a loop over the source gives its target, or the parts of it."""
        whole = self.value(source)
        if not isinstance(target, ast.Tuple) or any(isinstance(part, ast.Starred) for part in target.elts):
            return [(target, whole.element())]
        name = source.func.id if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) else ""
        path = f"builtins.{name}"
        if isinstance(source, ast.Call) and name in ("zip", "enumerate") and not source.keywords:
            parts = [PLAIN] if name == "enumerate" else []
            parts += [self._again(argument).element() for argument in source.args]
            builtin = self.meaning(name)
            starred = any(isinstance(argument, ast.Starred) for argument in source.args)
            if (
                builtin is not None
                and builtin.path == path
                and len(parts) == len(target.elts)
                and not starred
            ):
                return list(zip(target.elts, parts, strict=True))
        if whole.kind == "table" and len(target.elts) == 2:
            # (label, group), (label, row) or (label, column)
            rows = isinstance(source, ast.Call) and ast.unparse(source.func).endswith((".iterrows", ".items"))
            part = Seen("column" if rows else "table", own=False, whose=whole.whose)
            return [(target.elts[0], Seen(whose=whole.whose)), (target.elts[1], part)]
        return [(target, whole.element())]

    def assign(self, target: ast.expr, seen: Seen) -> None:
        """Store a value where the target says."""
        match target:
            case ast.Name():
                self.bind(target, target.id, seen)
            case ast.Tuple() | ast.List():
                for part in target.elts:
                    inner = part.value if isinstance(part, ast.Starred) else part
                    kept = Seen(own=True, held=seen.held) if isinstance(part, ast.Starred) else seen.element()
                    self.assign(inner, kept)
            case ast.Subscript():
                base = self.chain(target.value)
                self.value(target.slice)
                self.store(target, target.value, base, seen)
            case ast.Attribute():
                base = self.chain(target.value)
                if target.attr.startswith("_"):
                    self.report("reflect", target, f"reaches around the check (`{short(target)}`)")
                self.store(target, target.value, base, seen)
            case _:
                self.report("unknown", target, f"assigns to `{short(target)}`")

    def store(self, target: ast.expr, holder: ast.expr, base: Seen, seen: Seen) -> None:
        """Put a value into another one: an item or an attribute."""
        if base.kind in ("module", "function", "unknown", "local", "method"):
            if base.path:
                self.report_path(target, base.path)
            self.report("change", target, f"changes `{short(target)}`")
            return
        self.change(holder, base)
        self.store_in(base, seen)

    def function(self, node: ast.FunctionDef | ast.Lambda) -> Seen:
        """A function that the code defines: its defaults now, its body when it may run."""
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.value(default)
        if self.scope.depth >= _DEEPEST:
            return self.report("unknown", node, "nests functions too deeply to be read")
        local = self.pending.get(node)
        if local is None or local.scope is not self.scope or self.muted:
            local = LocalFunction(node, self.scope)
        if not self.muted:
            self.pending[node] = local
        self.muted += 1
        local.result = None
        local.result = self.body(local)
        self.muted -= 1
        return Seen("local", own=True, function=local)

    def summary(self, function: LocalFunction) -> Seen:
        """What a call gives back; not the caller's own while that is being worked out."""
        return function.result or Seen()

    def body(self, local: LocalFunction) -> Seen:
        """Read the body of a function whose arguments can be anybody's."""
        node, outer, weak = local.node, self.scope, self.weak
        self.scope, self.weak = Scope(local.scope, "function"), 0
        arguments = node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self.scope.put(argument.arg, Seen(whose=argument.arg))
        for gathered in (arguments.vararg, arguments.kwarg):
            if gathered is not None:
                self.scope.put(gathered.arg, Seen(own=True, whose=gathered.arg))
        result = self.value(node.body) if isinstance(node, ast.Lambda) else self.statements(node)
        self.scope, self.weak = outer, weak
        return result

    def statements(self, node: ast.FunctionDef) -> Seen:
        """The body of a function; the layer above reads it."""
        raise TooLong


def _container(items: list[Seen]) -> Seen:
    known: frozenset[str] | None = frozenset()
    for item in items:
        if item.kind in ("function", "local", "method", "array", "expression"):
            continue
        known = None if known is None or item.texts is None else known | item.texts
    return Seen(own=True, held=all(item.deep for item in items), texts=known, whose=_first(items))


def _first(items: list[Seen]) -> str:
    return next((item.whose for item in items if item.whose), "")


def _takes_rows(node: ast.Subscript, base: Seen) -> bool:
    """`df[['a', 'b']]` and `df[df.a > 3]` copy what they take."""
    index = node.slice
    if isinstance(index, ast.Tuple) and index.elts:
        index = index.elts[0]
    if isinstance(index, ast.List | ast.ListComp):
        return True
    return base.kind in ("table", "column", "array") and _is_mask(index)


def _is_cell(node: ast.Subscript) -> bool:
    """`df.loc[0, 'tags']`, `df.at[0, 'tags']`: one value out of a table."""
    by = node.value.attr if isinstance(node.value, ast.Attribute) else ""
    index = node.slice
    whole = (ast.Slice, ast.List, ast.ListComp)
    one = isinstance(index, ast.Tuple) and not any(isinstance(part, whole) for part in index.elts)
    return by in ("at", "iat") or (by in ("loc", "iloc") and one)


def _is_mask(node: ast.expr) -> bool:
    """An expression that only makes sense as one yes or no per row."""
    match node:
        case ast.Compare():
            return any(isinstance(part, ast.Subscript | ast.Attribute | ast.Call) for part in ast.walk(node))
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return _is_mask(node.left) and _is_mask(node.right)
        case ast.UnaryOp(op=ast.Invert()):
            return _is_mask(node.operand)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in ("isin", "between", "notna", "isna", "notnull", "isnull", "contains", "duplicated")
    return False


_EXPRESSIONS: dict[type[ast.expr], Callable[[Expressions, Any], Seen]] = {
    ast.BinOp: Expressions._binary,
    ast.BoolOp: lambda reader, node: reader._either(node.values),
    ast.Call: Expressions.call,
    ast.Compare: Expressions._compare,
    ast.Constant: Expressions._constant,
    ast.Dict: Expressions._dict,
    ast.DictComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.IfExp: Expressions._conditional,
    ast.JoinedStr: Expressions._f_string,
    ast.Lambda: Expressions.function,
    ast.List: Expressions._display,
    ast.ListComp: Expressions._comprehension,
    ast.Name: Expressions.name,
    ast.NamedExpr: Expressions._walrus,
    ast.Set: Expressions._display,
    ast.SetComp: Expressions._comprehension,
    ast.Slice: Expressions._slice,
    ast.Starred: Expressions._starred,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._display,
    ast.UnaryOp: Expressions._unary,
}
"""What is not here (`await`, `yield`) is not read, so it is a finding."""
