"""`Reader`: what reading a cell's code needs everywhere: findings, names, who may be changed.

The layers above it are `calls.py`, `expressions.py` and `statements.py`.
"""

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from ...types.effects import Effect, Finding
from . import denied, methods
from .catalog import ALIASES, BUILTINS, CLASSES, MODULES
from .scope import Scope
from .seen import PLAIN, TABULAR, UNKNOWN, Kind, LocalFunction, Seen, join

_CLASS_TYPES = frozenset({"type", "ABCMeta", "function"})
_KINDS: dict[Kind, frozenset[str]] = {
    "table": methods.TABLE_TYPES,
    "column": methods.COLUMN_TYPES,
    "array": methods.ARRAY_TYPES,
}
_TYPES = methods.PLAIN_TYPES | methods.DATA_TYPES | frozenset(CLASSES) | frozenset().union(*_KINDS.values())
"""Types whose values are data: what their listed methods do is known."""
_MOST_STEPS = 50_000


class TooLong(Exception):
    """The code is too long or too deep to be read."""


@dataclass(frozen=True)
class NamesBefore:
    """The names a cell finds in the kernel before it runs."""

    existing: Mapping[str, str] = field(default_factory=dict)
    """Names in the kernel, to the names of their types."""
    fresh: frozenset[str] = frozenset()
    """Names that an earlier cell of this run made and nobody rebound since."""
    owned: bool = False
    """The run started the kernel itself, so every name is its own."""
    folder: PurePath | None = None
    """The notebook's folder, absolute."""
    known: Mapping[str, Seen] = field(default_factory=dict)
    """What `effects.names_after` saw of the fresh names. A fresh name without it counts as a new value."""


class Reader:
    """Collects the findings of one cell."""

    def __init__(self, before: NamesBefore) -> None:
        self.before = before
        self.scope = Scope()
        self.found: dict[Finding, None] = {}
        self.pending: dict[ast.AST, LocalFunction] = {}
        """Functions whose bodies are read at the end, when all meanings of outer names are known."""
        self.denied_imports: dict[str, Finding] = {}
        """Imports of modules that are not on the list; what is used of them says more."""
        self.used: set[str] = set()
        """Modules of which more than the import was reported."""
        self.muted = 0
        self.weak = 0
        """Inside a loop or `try`, where an assignment may not be the last one to happen."""
        self.mixed = False
        """A container of our own was given a value that is not ours."""
        self.mixed_tables = False
        """The same of a table or array, which may hold objects."""
        self.retold = False
        """A container of our own was given another text."""
        self.steps = 0

    def report(self, effect: Effect, node: ast.AST, words: str, *, fails: bool = False) -> Seen:
        """Note a finding; gives `UNKNOWN` for the value."""
        if not self.muted:
            line = getattr(node, "lineno", 1)
            self.found[Finding(effect=effect, line=line, words=words, fails=fails)] = None
        return UNKNOWN

    def report_path(self, node: ast.AST, path: str) -> Seen:
        """Note the use of a function or module that is not on the list."""
        effect, words = denied.of_path(path)
        if not self.muted:
            self.used.add(path.partition(".")[0])
        self.report(effect, node, words)
        return Seen("unknown", path=path)

    def step(self) -> None:
        """Count the work, so that no code can keep the reader busy."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooLong

    # names

    def name(self, node: ast.Name) -> Seen:
        """What a name means where it is read."""
        seen = self.scope.find(node.id)
        if seen is not None:
            return self._unless_mixed(seen)
        if node.id in self.before.fresh and node.id in self.before.known:
            return self._carried(node, self.before.known[node.id])
        if node.id in self.before.existing or node.id in self.before.fresh:
            return self._existing(node)
        return self._builtin(node)

    def _unless_mixed(self, seen: Seen) -> Seen:
        if seen.kind in TABULAR:
            return replace(seen, held=False) if self.mixed_tables else seen
        if seen.kind != "data" or not (self.mixed or self.retold):
            return seen
        return replace(seen, held=seen.held and not self.mixed, texts=None if self.retold else seen.texts)

    def _carried(self, node: ast.Name, seen: Seen) -> Seen:
        """A name that an earlier cell of the run made."""
        if seen.kind == "unknown" and self.before.existing.get(node.id, "") not in _TYPES:
            return self.report("unknown", node, f"uses `{node.id}`, and what it can do is not known")
        if seen.kind == "unknown":
            return self._existing(node)
        return seen

    def _existing(self, node: ast.Name) -> Seen:
        """A name of the kernel, known by the name of its type."""
        name, owned = node.id, self.before.owned or node.id in self.before.fresh
        type_name = self.before.existing.get(name, "").rpartition(".")[2]
        if type_name in methods.PLAIN_TYPES:
            return PLAIN
        for kind, types in _KINDS.items():
            if type_name in types:
                path = "groups" if "Group" in type_name else ""
                return Seen(kind, own=owned, held=self.before.owned, path=path, whose=name)
        if type_name in _TYPES or (not type_name and owned):
            return Seen(own=owned, held=self.before.owned, whose=name)
        if type_name == "module" and ALIASES.get(name, name) in MODULES:
            return Seen("module", path=ALIASES.get(name, name))
        if type_name in _CLASS_TYPES and name in CLASSES:
            return Seen("function", own=True, held=True, path=CLASSES[name])
        if type_name == "module":
            return Seen("unknown", path=name)
        return self.report("unknown", node, f"uses `{name}` ({type_name}), and what it can do is not known")

    def _builtin(self, node: ast.Name) -> Seen:
        """A name that neither this code nor the kernel has."""
        name = node.id
        if f"builtins.{name}" in BUILTINS:
            return Seen("function", own=True, held=True, path=f"builtins.{name}")
        if name in denied.BUILTINS:
            return self.report(denied.BUILTINS[name][0], node, denied.BUILTINS[name][1])
        if name in ALIASES:
            return Seen("module", path=ALIASES[name])
        if name == "__name__":
            return PLAIN
        if name.startswith("__"):
            return self.report("reflect", node, f"reaches around the check (`{name}`)")
        if hasattr(builtins, name):
            return self.report("unknown", node, f"uses `{name}`, and what it can do is not known")
        # IPython runs a lone `rm -rf *x` as a command as long as nothing is called `rm`.
        # The kernel does not list names with an underscore, so one of those may exist all the same.
        words = f"uses `{name}`, which does not exist before this cell"
        return self.report("unknown", node, words, fails=not name.startswith("_"))

    def bind(self, node: ast.AST, name: str, seen: Seen, *, surely: bool = True) -> None:
        """Give a name a value; `surely` is False where it may not come to that."""
        scope = self.scope
        if scope.kind == "cell" and self._protected(name):
            self.report("rebind", node, f"gives the existing name `{name}` another value")
        if self.weak or not surely:
            old = self.meaning(name)
            seen = seen if old is None else join(old, seen)
        scope.put(name, seen)

    def meaning(self, name: str) -> Seen | None:
        """What a name means now, without a finding; `None` when nothing has it."""
        self.muted += 1
        seen = self.name(ast.Name(name, ast.Load()))
        self.muted -= 1
        if seen == UNKNOWN and name not in denied.BUILTINS and self.scope.find(name) is None:
            return None
        return seen

    def _protected(self, name: str) -> bool:
        before = self.before
        return name in before.existing and name not in before.fresh and not before.owned and name != "_"

    # changes

    def change(self, node: ast.expr, seen: Seen) -> None:
        """Note that a value is changed in place, unless it is the run's own."""
        if seen.own or self.before.owned or seen.kind == "unknown":
            return
        words = short(node)
        whose = f", which may belong to `{seen.whose}`" if seen.whose and seen.whose != words else ""
        self.report("change", node, f"changes `{words}` in place{whose}")

    def store_in(self, holder: Seen, *stored: Seen) -> None:
        """A container gets these; from then on its elements may be somebody's, or other texts."""
        foreign = not all(value.deep for value in stored)
        if holder.kind in TABULAR:
            self.mixed_tables = self.mixed_tables or foreign
            return
        self.mixed = self.mixed or foreign
        self.retold = self.retold or any(value.texts != frozenset() for value in stored)


def short(node: ast.AST) -> str:
    """The code of a node, cut to what fits a sentence."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:57] + "..."
