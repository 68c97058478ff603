"""Answers by reference: `{{c1[0].price|,.2f}}` stands for a value of a cell's result, and is filled from it.

This file reads references, follows them into results and fills them in; how a value is written is in
`figures`. Nothing of a template is ever evaluated.

    {{c1}}                       the value; a table or series as a small table
    {{c1.mean}} {{c1['a b']}}    key of a dictionary, label of a series, column (or row label) of a table
    {{c1[3]}}                    a series labelled with whole numbers: the label 3; else position 3
    {{c1[0].price}}              a table: row by position, then column; negative positions count from the end
    {{c1.price[0]}}              a table: column, then position; or label: {{c1.price['yes']}}
    {{c1['yes', 'no']}}          several index levels
    {{c1.index[0]}}              label at a position; {{c1.values[0]}} value of a series at a position
    {{c1.$rows}} {{c1.$columns}} sizes
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import BadRequest
from ..policy.egress.execution_text import Schema, known_names
from ..types.cells import Execution
from ..types.claims import Claim
from ..types.profiles import TableProfile
from ..types.results import Leaf, Result, ScalarResult
from . import figures, markdown
from .paths import PathError, Step, follow, parse_steps

NO_VALUE = "(no such value)"

_LABEL = re.compile(r"\s*([^\W\d]\w*)")
_FORMAT = re.compile(r"\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")
_LONGEST = 400
"""Characters of the longest reference."""


class UnresolvedReference(BadRequest):
    """A reference that does not lead to a value; the message says what there is instead."""


@dataclass(frozen=True)
class Reference:
    """One reference as it stands in a template."""

    label: str
    steps: tuple[Step, ...]
    style: str
    path: str
    """Label and steps as written: `c1[0].area`."""

    @property
    def name(self) -> str:
        """What the value is called: the last name on the path."""
        names = [key for step in self.steps for key in step.keys if isinstance(key, str)]
        return names[-1] if names else ""


@dataclass(frozen=True)
class Filled:
    """A template with its references filled in."""

    text: str
    claims: tuple[Claim, ...]
    """One for each reference, in order."""
    problems: tuple[str, ...]
    """What is wrong with references, in words for the model; nothing in them is data."""
    inserted: tuple[tuple[int, int], ...] = ()
    """Where in `text` the filled values are."""


@dataclass(frozen=True)
class _Piece:
    text: str
    claim: Claim | None = None
    problem: str | None = None
    is_block: bool = False


def resolve(path: str, results: Mapping[str, Result]) -> Leaf | Result:
    """The value at `path` (`c1[0].area`); raises `UnresolvedReference`, which names what exists.

    The message may hold labels, which are data: it is for the user and not for a model.
    """
    label = _LABEL.match(path)
    steps, end = parse_steps(path, label.end()) if label else ((), 0)
    if label is None or end != len(path.rstrip()):
        raise UnresolvedReference(f"`{path}` is not a reference. References look like c1[0].price.")
    return _value(Reference(label[1], steps, "auto", path.strip()), results)


def fill(
    template: str,
    cells: Mapping[str, tuple[str, Execution]],
    *,
    tables: Sequence[TableProfile] = (),
) -> Filled:
    """Fill every reference of `template` outside code.

    `cells`: label to cell id and execution. `tables`: the user's tables; their names may stand in problems.
    A reference that leads nowhere becomes `NO_VALUE`, a claim that is contradicted and a problem.
    """
    pieces = list(_pieces(template, cells, tables))
    text, inserted, claims = "", [], []
    for piece in pieces:
        start = len(text)
        if piece.is_block:
            gap = "\n\n" if text and not text.endswith("\n\n") else ""
            text += f"{gap}{piece.text}\n\n"
        else:
            text += piece.text
        if piece.claim is not None:
            claims.append(piece.claim)
            inserted.append((start, len(text)))
    problems = dict.fromkeys(piece.problem for piece in pieces if piece.problem)
    return Filled(text, tuple(claims), tuple(problems), tuple(inserted))


def _pieces(
    template: str, cells: Mapping[str, tuple[str, Execution]], tables: Sequence[TableProfile]
) -> Iterator[_Piece]:
    code = markdown.code_spans(template)
    position = 0
    while (start := template.find("{{", position)) >= 0:
        inside = next((stop for begin, stop in code if begin <= start < stop), None)
        if inside is not None:
            yield _Piece(template[position:inside])
            position = inside
            continue
        yield _Piece(template[position:start])
        found = _read(template, start)
        if found is None:
            braces = len(template[start:]) - len(template[start:].lstrip("{"))
            yield _Piece("\\{" * braces, problem=_malformed(template, start))
            position = start + braces
            continue
        reference, position = found
        yield _filled(reference, cells, tables)
    yield _Piece(template[position:])


def _read(template: str, start: int) -> tuple[Reference, int] | None:
    """The reference that begins at `start`, and where it ends."""
    label = _LABEL.match(template, start + 2)
    if label is None:
        return None
    steps, end = parse_steps(template, label.end())
    closing = _FORMAT.match(template, end)
    if closing is None or closing.end() - start > _LONGEST:
        return None
    path = template[label.start(1) : end].strip()
    return Reference(label[1], steps, closing[1] or "auto", path), closing.end()


def _malformed(template: str, start: int) -> str:
    return (
        f"`{template[start : start + 60]}` is not a reference. References look like {{{{c1[0].price}}}}; "
        "write other double braces as code."
    )


def _filled(
    reference: Reference, cells: Mapping[str, tuple[str, Execution]], tables: Sequence[TableProfile]
) -> _Piece:
    proof = cells.get(reference.label)
    results = {label: cell.result for label, (_, cell) in cells.items() if cell.result is not None}
    if not figures.is_format(reference.style):
        problem = f"`{reference.style}` is not a format. Formats: ,.2f (or similar), int, pct, auto, table."
        return _contradicted(reference, proof, problem)
    try:
        value = _value(reference, results)
    except UnresolvedReference:
        return _contradicted(reference, proof, _problem(reference, cells, tables))
    text = figures.write(value, reference.style, name=reference.name)
    plain = value.value if isinstance(value, ScalarResult) else value
    is_leaf = isinstance(plain, Leaf)
    claim = Claim(
        text=text if is_leaf else f"{reference.path} as a whole",
        value=plain if is_leaf else None,
        cell=proof[0] if proof else None,
        path=reference.path,
        status="verified",
    )
    return _Piece(text, claim, is_block=text.startswith("| ") and not is_leaf)


def _contradicted(reference: Reference, proof: tuple[str, Execution] | None, problem: str) -> _Piece:
    cell = proof[0] if proof else None
    claim = Claim(text=NO_VALUE, value=None, cell=cell, path=reference.path, status="contradicted")
    return _Piece(NO_VALUE, claim, problem)


def _value(reference: Reference, results: Mapping[str, Result]) -> Leaf | Result:
    result = results.get(reference.label)
    if result is None:
        there = ", ".join(results) or "none"
        raise UnresolvedReference(f"There is no result named {reference.label}. Results: {there}.")
    try:
        return follow(result, reference.steps, reference.label)
    except PathError as missing:
        raise UnresolvedReference(str(missing)) from missing


def _problem(
    reference: Reference, cells: Mapping[str, tuple[str, Execution]], tables: Sequence[TableProfile]
) -> str:
    """What is wrong with a reference, without data: names appear only if the model knows them."""
    start = f"`{{{{{reference.path}}}}}`"
    if reference.label not in cells:
        return f"{start}: there is no cell {reference.label}. Cells: {', '.join(cells) or 'none'}."
    execution = cells[reference.label][1]
    if execution.result is None:
        return f"{start}: {reference.label} has no value. End a cell with the expression that you need."
    words = known_names(execution, Schema.of(tables))
    try:
        follow(execution.result, reference.steps, reference.label)
    except PathError as missing:
        return f"{start}: {missing.without_data(words)}"
    return f"{start} cannot be filled."
