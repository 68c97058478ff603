"""Words that a model already knows: names of the schema, and identifiers and literals of code it sent.

Such a word may appear in a text that leaves; every other word in an error, a label or a heading may be data.
"""

import ast
import re
from collections.abc import Iterable

from ...types.profiles import TableProfile

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"""'([^'\\\n]*)'|"([^"\\\n]*)\"""")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser raises for text that is no code, or code that is too deep."""

_READERS = ("read_", "scan_", "load_", "fetch_")


def schema_words(tables: Iterable[TableProfile]) -> frozenset[str]:
    """Names of tables, columns and indexes."""
    words: set[str] = set()
    for table in tables:
        words.add(table.name)
        words.update(column.name for column in table.columns)
        if table.index is not None:
            words.add(table.index)
    return frozenset(words)


def source_words(source: str) -> frozenset[str]:
    """Identifiers and literals of `source`, and words in them. Code that does not parse is read by words."""
    try:
        tree = ast.parse(source)
    except UNREADABLE:
        return frozenset(_IDENTIFIER.findall(source)) | {a or b for a, b in _QUOTED.findall(source)}
    words: set[str] = set()
    for node in ast.walk(tree):
        words.update(_words_of(node))
    return frozenset(words)


def tables_read(source: str) -> frozenset[str]:
    """Variables that `source` fills straight from a reader (`orders = pd.read_csv(...)`).

    The columns of such a table are a schema; the columns of any other table that code makes may be data
    (a pivot's are).
    """
    try:
        tree = ast.parse(source)
    except UNREADABLE:
        return frozenset()
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_reader(node.value):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(names)


def _is_reader(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = (
        called.attr
        if isinstance(called, ast.Attribute)
        else called.id
        if isinstance(called, ast.Name)
        else ""
    )
    return name.startswith(_READERS)


def _words_of(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
            return (word,)
        case ast.keyword(arg=str(word)) | ast.FunctionDef(name=word) | ast.ClassDef(name=word):
            return (word,)
        case ast.alias(name=word, asname=other):
            return (*word.split("."), word, *([other] if other else []))
        case ast.ImportFrom(module=str(word)):
            return (word, *word.split("."))
        case ast.Constant(value=str(word)):
            return (word, *_IDENTIFIER.findall(word))
        case ast.Constant(value=bool() | None):
            return ()
        case ast.Constant(value=int(number) | float(number)):
            return (str(number),)
        case _:
            return ()
