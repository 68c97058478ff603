"""What recorded code reads of what was there before it: names that it does not make itself.

Read from the syntax tree, and generous: a table too many only means that a question is asked anew
once more than needed, a table too few would replay an answer to other data.
"""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

_ANYTHING = frozenset({"globals", "locals", "vars", "eval", "exec", "get_ipython"})
"""Ways to a table that do not name it."""
_BODIES = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Reading:
    """What cells read."""

    names: frozenset[str]
    """Names that they read before they make them."""
    words: frozenset[str]
    """Words of the texts in them: a query names tables so."""
    made: frozenset[str] = frozenset()
    """Names that they surely make."""


def read(sources: Sequence[str]) -> Reading | None:
    """What the cells read, one after the other; `None` when that cannot be told."""
    reader = _Reader()
    for source in sources:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # e.g. an invalid escape in a text; it is not our code
                tree = ast.parse(source)
            reader.statements(tree.body, reader.made)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if reader.read & _ANYTHING:
        return None
    words = {word for text in reader.texts for word in re.findall(r"\w+", text)}
    return Reading(frozenset(reader.read), frozenset(words), frozenset(reader.made))


class _Reader:
    """Follows names through statements."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.read: set[str] = set()
        self.texts: list[str] = []
        """Text in the code: queries name tables in it."""

    def statements(self, body: Sequence[ast.stmt], made: set[str]) -> None:
        """Read statements in order; what one of them surely binds is no read further down."""
        for statement in body:
            self._statement(statement, made)

    def _statement(self, statement: ast.stmt, made: set[str]) -> None:
        bodies = [part for name in _BODIES if isinstance(part := getattr(statement, name, None), list)]
        bodies += [part.body for name in ("handlers", "cases") for part in getattr(statement, name, ())]
        inner = {id(node) for body in bodies for node in body}
        self._loads(statement, inner, made)
        made |= _bound(statement)
        for body in bodies:
            # What a branch, a loop or a function binds is not surely bound after it; a `with` runs once.
            self.statements(body, made if isinstance(statement, ast.With) else set(made))

    def _loads(self, node: ast.AST, inner: set[int], made: set[str]) -> None:
        """Names and texts of a statement, without the statements inside it."""
        for child in ast.iter_child_nodes(node):
            if id(child) in inner:
                continue
            if isinstance(child, ast.Name) and child.id not in made and _reads(child, node):
                self.read.add(child.id)
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                self.texts.append(child.value)
            self._loads(child, inner, made)


def _reads(name: ast.Name, parent: ast.AST) -> bool:
    return not isinstance(name.ctx, ast.Store) or isinstance(parent, ast.AugAssign)


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds whatever happens."""
    match statement:
        case ast.Assign():
            return {name for target in statement.targets for name in _targets(target)}
        case ast.AnnAssign() if statement.value is not None:
            return _targets(statement.target)
        case ast.With():
            return {n for item in statement.items if item.optional_vars for n in _targets(item.optional_vars)}
        case ast.FunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Import() | ast.ImportFrom():
            return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    return set()


def _targets(target: ast.expr) -> set[str]:
    match target:
        case ast.Name():
            return {target.id}
        case ast.Tuple() | ast.List():
            return {name for element in target.elts for name in _targets(element)}
        case ast.Starred():
            return _targets(target.value)
    return set()
