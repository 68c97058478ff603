"""Formulas that a task writes out: `Margin = (Income - Cost) / Income`, over names that are columns."""

import re

from ..plan.expressions import Arithmetic, Constant, Expression, Of
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.mentions import Marked

_FORMULA = re.compile(r"=\s*([^=\n.;]+(?:\.\d+[^=\n.;]*)*)")


def marked_of(text: Marked, mark: str) -> Expression:
    return Of(column=column_of(text.column(mark)))


def pair_of(operator: str, left: Expression, right: Expression) -> Expression:
    return Arithmetic.model_validate({"operator": operator, "left": left, "right": right})


def formula(name: str, text: Marked) -> Expression | None:
    """`Margin = (Income - Cost) / Income`, over names that are columns."""
    for match in _FORMULA.finditer(text.text):
        source = re.sub(rf"({M})\s+(?:price|value|column)s?\b", r"\1", match[1], flags=re.IGNORECASE)
        value = _Parser(source, text).whole()
        if value is not None and not isinstance(value, (Of, Constant)):
            return value
    return None


class _Parser:
    """Sums and products of columns and numbers, with brackets."""

    def __init__(self, source: str, text: Marked) -> None:
        self._parts = re.findall(rf"{M}|\d+(?:\.\d+)?|[-+*/()]|\S", source)
        self._text = text

    def whole(self) -> Expression | None:
        try:
            value = self._sum()
        except (IndexError, ValueError):
            return None
        return value if not self._parts else None

    def _sum(self) -> Expression:
        value = self._product()
        while self._parts and self._parts[0] in "+-":
            value = pair_of(self._parts.pop(0), value, self._product())
        return value

    def _product(self) -> Expression:
        value = self._atom()
        while self._parts and self._parts[0] in "*/":
            value = pair_of(self._parts.pop(0), value, self._atom())
        return value

    def _atom(self) -> Expression:
        part = self._parts.pop(0)
        if part == "(":
            value = self._sum()
            if self._parts.pop(0) != ")":
                raise ValueError("a bracket stays open")
            return value
        if len(part) == 1 and self._text.is_mark(part):
            return marked_of(self._text, part)
        return Constant(value=float(part))
