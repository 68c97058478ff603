"""Repairs code that failed, where one correction is certain, from the error and the tables' profiles.

A misspelt column or variable, a missing import, a bracket or a colon that is not there, and nothing else:
where two corrections are possible, both are named and none is made.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ...types.profiles import ColumnProfile, TableProfile
from ..answers.phrases import printable
from ..words.tokens import singular
from .closing import closed
from .column_uses import ColumnUse, column_uses
from .edits import Renamed, renamed
from .misspelling import Meant, meant

IMPORTS = {
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "px": "import plotly.express as px",
    "plt": "import matplotlib.pyplot as plt",
}
_FUNCTIONS = frozenset(
    {"print", "range", "round", "sorted", "enumerate", "display", "float", "isinstance", "reversed", "tuple"}
)
"""Functions that a misspelt name may be corrected to; short ones are too near to other words."""
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"'DataFrame' object has no attribute '(\w+)'")


@dataclass(frozen=True)
class Failure:
    """Code that failed, and how."""

    source: str
    ename: str
    evalue: str


@dataclass(frozen=True)
class Repair:
    """Code that is corrected, and what was wrong in a sentence."""

    source: str
    said: str


@dataclass(frozen=True)
class Unclear:
    """Code that cannot be corrected for certain; `wrong` may stand for any of `names`."""

    wrong: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known beside the code."""

    tables: Sequence[TableProfile]
    names: Collection[str]
    """Variables, modules and functions of the kernel."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What the user said that a name stands for."""

    def meant(self, wrong: str, names: Collection[str], rivals: Collection[str] = ()) -> Meant:
        """What a name stands for: what the user chose, or what is certain."""
        chosen = self.chosen.get(wrong)
        return Meant(chosen) if chosen in names else meant(wrong, names, rivals)


def repaired(failure: Failure, known: Known) -> Repair | Unclear:
    """The one correction of a failure that is certain."""
    if failure.ename in ("SyntaxError", "_IncompleteInputError"):
        found = closed(failure.source)
        return Repair(found.source, f"{found.what} was missing; added.") if found else Unclear()
    attempts: dict[str, Callable[[Failure, ast.Module, Known], Repair | Unclear]] = {
        "KeyError": _key,
        "AttributeError": _attribute,
        "NameError": _name,
    }
    attempt = attempts.get(failure.ename)
    try:
        tree = ast.parse(failure.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Unclear()
    return attempt(failure, tree, known) if attempt else Unclear()


def _key(failure: Failure, tree: ast.Module, known: Known) -> Repair | Unclear:
    """Columns that a table does not have, named by their text."""
    uses = [use for use in _missing(tree, known) if isinstance(use.node, ast.Constant)]
    return _columns(failure, tree, [use for use in uses if _tells(failure.evalue, use.name)], known)


def _attribute(failure: Failure, tree: ast.Module, known: Known) -> Repair | Unclear:
    """A column that a table does not have, named as an attribute."""
    found = _NO_ATTRIBUTE.match(failure.evalue)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    uses = [use for use in _missing(tree, known) if isinstance(use.node, ast.Attribute)]
    wanted = [use for use in uses if found and use.name == found[1] and use.node not in called]
    return _columns(failure, tree, wanted, known)


def _missing(tree: ast.Module, known: Known) -> list[ColumnUse]:
    """Uses of columns that their table does not have."""
    tables = {table.name: table for table in known.tables if table.library == "pandas"}
    return [use for use in column_uses(tree, tables) if tables[use.table].column(use.name) is None]


def _tells(evalue: str, name: str) -> bool:
    """Whether an error's text names a column."""
    return repr(name) in evalue or name == evalue.strip("'\"") or evalue.endswith(f": {name}")


def _columns(failure: Failure, tree: ast.Module, uses: list[ColumnUse], known: Known) -> Repair | Unclear:
    """Correct all of these uses, or none."""
    if not uses or any(use.stored for use in uses):
        return Unclear()
    edits: dict[Renamed, str] = {}
    said: dict[str, None] = {}
    for use in uses:
        table = next(table for table in known.tables if table.name == use.table)
        found = known.meant(use.name, _names_of(table, use), _rivals(tree, use.name))
        if found.name is None:
            return Unclear(use.name, found.close)
        edits[use.node] = found.name
        wrong, right = printable(use.name), printable(found.name)
        said[f"`{wrong}` is not a column of `{printable(use.table)}`; used `{right}`."] = None
    source = renamed(failure.source, tree, edits)
    return Unclear() if source is None else Repair(source, " ".join(said))


def _names_of(table: TableProfile, use: ColumnUse) -> list[str]:
    """The columns that can stand in this place."""
    counted = Counter(column.name for column in table.columns)

    def fits(column: ColumnProfile) -> bool:
        plain = isinstance(use.node, ast.Constant) or column.name.isidentifier()
        return column.name_is_text and counted[column.name] == 1 and plain

    return [column.name for column in table.columns if fits(column)]


def _rivals(tree: ast.Module, wrong: str) -> set[str]:
    """Names that the code itself may give to a column: its other texts and keywords."""
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return (texts | {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}) - {
        wrong
    }


def _name(failure: Failure, tree: ast.Module, known: Known) -> Repair | Unclear:
    """A name that does not exist: its import is missing, or it is misspelt."""
    found = _UNDEFINED.match(failure.evalue)
    wrong = found[1] if found else ""
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == wrong]
    if not uses or not all(isinstance(use.ctx, ast.Load) for use in uses):
        return Unclear()
    if wrong in IMPORTS and wrong not in known.names:
        return _with_import(failure.source, tree, wrong)
    bound = _bound(tree, before=min(use.lineno for use in uses))
    names = {*known.names, *bound, *_FUNCTIONS}
    meaning = known.meant(wrong, names, _all_bound(tree))
    # `house` beside `houses` may be one of them: for a variable the number tells two things apart.
    number = meaning.name is not None and singular(meaning.name.lower()) == singular(wrong.lower())
    if meaning.name is None or (
        number and meaning.name.lower() != wrong.lower() and wrong not in known.chosen
    ):
        return Unclear(wrong, meaning.close)
    source = renamed(failure.source, tree, dict.fromkeys(uses, meaning.name))
    said = f"There is no `{wrong}`; used `{meaning.name}`."
    return Unclear() if source is None else Repair(source, said)


def _with_import(source: str, tree: ast.Module, name: str) -> Repair | Unclear:
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body):
        return Unclear()
    return Repair(f"{IMPORTS[name]}\n{source}", f"`{name}` was not imported; added `{IMPORTS[name]}`.")


def _bound(tree: ast.Module, *, before: int) -> set[str]:
    """Names that the code's own top level has bound before a line."""
    earlier = ast.Module([node for node in tree.body if (node.end_lineno or 0) < before], [])
    plain = [node for node in earlier.body if isinstance(node, ast.Assign | ast.Import | ast.ImportFrom)]
    functions = {node.name for node in earlier.body if isinstance(node, ast.FunctionDef)}
    return functions | _all_bound(ast.Module([*plain], []))


def _all_bound(tree: ast.Module) -> set[str]:
    """All names that code binds, wherever they hold."""
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    aliases = {n.asname or n.name for n in ast.walk(tree) if isinstance(n, ast.alias)}
    return names | aliases | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
