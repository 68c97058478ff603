"""`Statements`: reads the statements of a cell or function in order, branch by branch."""

import ast
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from ...types.effects import Finding
from . import denied
from .catalog import ALIASES, FUNCTIONS, MODULES
from .expressions import Expressions
from .reader import short
from .seen import PLAIN, TABULAR, Seen, join

_MOST_ROUNDS = 8
_Body = Sequence[ast.stmt]


class Statements(Expressions):
    """Reads statements."""

    def read(self, tree: ast.Module) -> None:
        """Read a whole cell, and last the functions it defines."""
        self.returned: list[Seen] = []
        self.run(tree.body)
        done: set[ast.AST] = set()
        while waiting := [local for node, local in self.pending.items() if node not in done]:
            for local in waiting:
                done.add(local.node)
                self.body(local)
        for root, finding in self.denied_imports.items():
            if root not in self.used:
                self.found[finding] = None

    def run(self, body: _Body) -> None:
        """Read statements one after the other."""
        for statement in body:
            self.step()
            read = _STATEMENTS.get(type(statement))
            if read is None:
                words = f"uses `{short(statement).split(chr(10))[0]}`, a kind of statement that is not read"
                self.report("unknown", statement, words)
            else:
                read(self, statement)

    def statements(self, node: ast.FunctionDef) -> Seen:
        """The body of a function; gives what it may return."""
        outer, self.returned = self.returned, []
        self.run(node.body)
        result = reduce(join, self.returned) if self.returned else PLAIN
        self.returned = outer
        return result

    # control flow

    def _branches(self, *bodies: _Body) -> None:
        """Only one of the bodies is run: a name means afterwards what it may mean after any of them."""
        scope = self.scope
        before = dict(scope.names)
        ends = []
        for body in bodies:
            scope.names = dict(before)
            self.run(body)
            ends.append(scope.names)
        scope.names = dict(before)
        for name in {name for end in ends for name in end}:
            old = self.meaning(name) if any(name not in end for end in ends) else None
            seen = [end[name] for end in ends if name in end] + ([old] if old is not None else [])
            scope.names[name] = reduce(join, seen)

    def _repeat(self, prepare: Callable[[], None], body: _Body, otherwise: _Body) -> None:
        """Read a loop's body until nothing new is learned about its names."""
        self.weak += 1
        for _ in range(_MOST_ROUNDS):
            before = self._known()
            prepare()
            self._branches(body, ())
            if before == self._known():
                break
        else:
            self.scope.names = {name: Seen(whose=name) for name in self.scope.names}
        self._branches(otherwise, ())
        self.weak -= 1

    def _known(self) -> tuple[object, ...]:
        return dict(self.scope.names), self.mixed, self.mixed_tables, self.retold

    def _for(self, node: ast.For) -> None:
        self._repeat(lambda: self._next(node), node.body, node.orelse)

    def _next(self, node: ast.For) -> None:
        for target, seen in self.each(node.target, node.iter):
            self.assign(target, seen)

    def _while(self, node: ast.While) -> None:
        self._repeat(lambda: _drop(self.value(node.test)), node.body, node.orelse)

    def _if(self, node: ast.If) -> None:
        self.value(node.test)
        self._branches(node.body, node.orelse)

    def _try(self, node: ast.Try) -> None:
        self.weak += 1
        self._branches(node.body, ())
        for handler in node.handlers:
            if handler.type is not None:
                self.value(handler.type)
            if handler.name:
                # An `AttributeError` has the value it is about.
                self.bind(handler, handler.name, Seen())
        self._branches((), *(handler.body for handler in node.handlers), node.orelse)
        self.weak -= 1
        self.run(node.finalbody)

    def _with(self, node: ast.With) -> None:
        for item in node.items:
            seen = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, seen.view())
        self.weak += 1
        self.run(node.body)
        self.weak -= 1

    def _match(self, node: ast.Match) -> None:
        subject = self.value(node.subject)
        for case in node.cases:
            self._pattern(case.pattern, subject)
            if case.guard is not None:
                self.value(case.guard)
        self._branches(*(case.body for case in node.cases), ())

    def _pattern(self, pattern: ast.pattern, subject: Seen) -> None:
        self.weak += 1
        for part in ast.walk(pattern):
            match part:
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self.bind(part, name, join(subject, subject.element()))
                case ast.MatchMapping(rest=str(name)):
                    self.bind(part, name, join(subject, subject.element()))
                case ast.MatchValue(value=value):
                    self.value(value)
                case ast.MatchClass(cls=cls):
                    self.report("unknown", part, f"takes apart a `{short(cls)}`")
        self.weak -= 1

    # simple statements

    def _expression(self, node: ast.Expr) -> None:
        self.value(node.value)

    def _assign(self, node: ast.Assign) -> None:
        value = node.value
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and _pairs(target, value):
                for part, seen in zip(target.elts, [self.value(entry) for entry in value.elts], strict=True):
                    self.assign(part, seen)
            else:
                self.assign(target, self.value(value))

    def _annotated(self, node: ast.AnnAssign) -> None:
        self.value(node.annotation)
        if node.value is not None:
            self.assign(node.target, self.value(node.value))
        elif not isinstance(node.target, ast.Name):
            self.assign(node.target, PLAIN)

    def _augmented(self, node: ast.AugAssign) -> None:
        added = self.value(node.value)
        old = self.chain(_loaded(node.target))
        holder = node.target.value if isinstance(node.target, ast.Subscript | ast.Attribute) else None
        in_table = holder is not None and self.chain(holder).kind in TABULAR
        if not in_table:
            self.change(_loaded(node.target), old)
        self.assign(node.target, Seen(old.view().kind, own=True, held=old.deep and added.deep))
        if old.kind == "data":
            self.store_in(old, added)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for part in target.elts if isinstance(target, ast.Tuple | ast.List) else (target,):
                self._delete_one(part)

    def _delete_one(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if self.scope.kind == "cell" and self._protected(target.id):
                self.report("delete", target, f"deletes the name `{target.id}`")
            old = self.scope.names.pop(target.id, None)
            outer = self.meaning(target.id)
            if old is not None and outer is not None:
                self.scope.put(target.id, join(old, outer))
        elif isinstance(target, ast.Subscript | ast.Attribute):
            base = self.chain(target.value)
            if isinstance(target, ast.Subscript):
                self.value(target.slice)
            self.store(target, target.value, base, PLAIN)
        else:
            self.report("unknown", target, f"deletes `{short(target)}`")

    def _return(self, node: ast.Return) -> None:
        self.returned.append(self.value(node.value) if node.value is not None else PLAIN)

    def _raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.value(part)

    def _assert(self, node: ast.Assert) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.value(node.msg)

    def _outer(self, node: ast.Global | ast.Nonlocal) -> None:
        for name in node.names:
            self.report("rebind", node, f"changes the outer name `{name}` from inside a function")

    def _define(self, node: ast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self.report("unknown", decorator, f"wraps a function in `{short(decorator)}`")
        arguments = node.args
        every = (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            arguments.vararg,
            arguments.kwarg,
        )
        for annotation in [entry.annotation for entry in every if entry is not None] + [node.returns]:
            if annotation is not None:
                self.value(annotation)
        # Bound first, so that a function that calls itself finds itself.
        self.bind(node, node.name, Seen("local", own=True))
        self.bind(node, node.name, self.function(node))

    # imports

    def _import(self, node: ast.Import) -> None:
        for entry in node.names:
            bound = entry.asname or entry.name.partition(".")[0]
            path = entry.name if entry.asname else bound
            if entry.name in MODULES:
                self._bind_import(node, bound, Seen("module", path=path))
            else:
                self._import_denied(node, entry.name, bound, path)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for entry in node.names:
            path, bound = f"{node.module}.{entry.name}", entry.asname or entry.name
            if node.level or node.module is None or entry.name == "*":
                self.report("unknown", node, f"imports with `{short(node)}`")
            elif node.module == "__future__":
                continue
            elif path in MODULES:
                self._bind_import(node, bound, Seen("module", path=path))
            elif path in FUNCTIONS:
                self._bind_import(node, bound, Seen("function", own=True, held=True, path=path))
            elif node.module in MODULES:
                self.bind(node, bound, self.report_path(node, path))
            else:
                self._import_denied(node, node.module, bound, path)

    def _import_denied(self, node: ast.stmt, module: str, bound: str, path: str) -> None:
        effect, words = denied.of_import(module)
        self.bind(node, bound, Seen("unknown", path=path))
        if not self.muted:
            finding = Finding(effect=effect, line=node.lineno, words=words)
            self.denied_imports.setdefault(module.partition(".")[0], finding)

    def _bind_import(self, node: ast.stmt, name: str, seen: Seen) -> None:
        usual = ALIASES.get(name)
        if usual is not None and seen.kind == "module" and seen.path != usual:
            self.report("unknown", node, f"imports `{seen.path}` as `{name}`, which means `{usual}`")
        before = self.before
        known = before.existing.get(name, "")
        again = known == "module" and (usual or name) == seen.path
        again = again or (
            known in ("type", "ABCMeta") and seen.kind == "function" and seen.path.endswith(f".{name}")
        )
        if again and self.scope.kind == "cell":
            self.scope.put(name, seen)
        else:
            self.bind(node, name, seen)


def _pairs(target: ast.Tuple, value: ast.Tuple) -> bool:
    """`x, y = 1, 2`: every name gets its own value."""
    starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts))
    return len(target.elts) == len(value.elts) and not starred


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an assignment as the expression that reads it."""
    match target:
        case ast.Name(id=name):
            loaded: ast.expr = ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=attr):
            loaded = ast.Attribute(value, attr, ast.Load())
        case ast.Subscript(value=value, slice=index):
            loaded = ast.Subscript(value, index, ast.Load())
        case _:
            return target
    return ast.copy_location(loaded, target)


def _drop(seen: Seen) -> None:
    """A condition's value is not used."""


def _nothing(reader: Statements, node: ast.stmt) -> None:
    """`pass`, `break`, `continue`: nothing to read."""


_STATEMENTS: dict[type[ast.stmt], Callable[[Statements, Any], None]] = {
    ast.AnnAssign: Statements._annotated,
    ast.Assert: Statements._assert,
    ast.Assign: Statements._assign,
    ast.AugAssign: Statements._augmented,
    ast.Break: _nothing,
    ast.Continue: _nothing,
    ast.Delete: Statements._delete,
    ast.Expr: Statements._expression,
    ast.For: Statements._for,
    ast.FunctionDef: Statements._define,
    ast.Global: Statements._outer,
    ast.If: Statements._if,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    ast.Match: Statements._match,
    ast.Nonlocal: Statements._outer,
    ast.Pass: _nothing,
    ast.Raise: Statements._raise,
    ast.Return: Statements._return,
    ast.Try: Statements._try,
    ast.While: Statements._while,
    ast.With: Statements._with,
}
"""What is not here (classes, `async`, `except*`) is not read, so it is a finding."""
