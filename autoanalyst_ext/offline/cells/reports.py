"""Reports as code: named answers, computed with few repetitions and put into one dictionary.

The dictionary holds the answers under their names, and beside them the figures that a verdict stands on
(`evidence`), so that a word is never said over a figure that there is not.
"""

from collections.abc import Iterator

from ..plan import (
    Combined,
    Correlation,
    Entry,
    Limit,
    Literally,
    Pick,
    Plan,
    Report,
    Several,
    Source,
    Verdict,
)
from .draft import Draft
from .literals import literal
from .naming import slug
from .parts import Parts
from .steps import Prepared

_LISTS = frozenset({"values", "names", "ids", "rows", "sizes", "pair"})


def picks(source: Source) -> Iterator[Pick]:
    """The parts of findings that an answer is made from."""
    match source:
        case Pick():
            yield source
        case Verdict(cases=cases):
            yield from (limit.of for case in cases for limit in case.limits)
        case Combined(left=left, right=right):
            yield from (left, right)
        case Several(parts=parts):
            yield from parts
        case Literally():
            return


def kept_steps(report: Report) -> frozenset[int]:
    """After how many steps a frame is asked for later."""
    found = (pick.steps for entry in report.entries for pick in picks(entry.source))
    return frozenset(steps for steps in found if steps is not None)


def evidence(report: Report) -> dict[str, Pick]:
    """The figures that verdicts stand on and that are no answers themselves, by their keys."""
    answers = [entry.source for entry in report.entries]
    found: dict[str, Pick] = {}
    for entry in report.entries:
        if isinstance(entry.source, Verdict):
            for pick in dict.fromkeys(picks(entry.source)):
                if pick not in answers and pick not in found.values():
                    found[f"{entry.name}: {pick.part}"] = pick
    return found


def report_lines(plan: Plan, report: Report, prepared: Prepared, draft: Draft) -> str:
    """Write the answers; the name of the dictionary that has them all."""
    every = [pick for entry in report.entries for pick in picks(entry.source)]
    tested = frozenset(
        pick.finding for pick in every if isinstance(pick.finding, Correlation) and pick.part == "p_value"
    )
    writer = _Writer(Parts(plan, prepared, tested, draft), draft)
    items = [(entry.name, writer.answer(entry)) for entry in report.entries]
    items += [(key, writer.figure(pick)) for key, pick in evidence(report).items()]
    lines = [f"    {literal(key)}: {value}," for key, value in items]
    return draft.let("answers", "\n".join(["{", *lines, "}"]))


class _Writer:
    """Writes answers from parts."""

    def __init__(self, parts: Parts, draft: Draft) -> None:
        self._parts, self._draft = parts, draft

    def answer(self, entry: Entry) -> str:
        """The expression of one answer."""
        match entry.source:
            case Pick() as pick:
                return self._written(pick, entry)
            case Verdict() as verdict:
                return self._verdict(verdict, entry.name)
            case Combined() as combined:
                return _percent(self._combined(combined), entry)
            case Several(parts=parts):
                return f"[{', '.join(self._parts.expression(part) for part in parts)}]"
            case Literally(value=value):
                return literal(value)

    def figure(self, pick: Pick) -> str:
        """The name of a part: a new variable where it has none."""
        expression = self._parts.expression(pick)
        if expression.isidentifier():
            return expression
        wish = slug(f"{pick.part}") if pick.part != "value" else "figure"
        return self._draft.shared(wish, expression)

    def _written(self, pick: Pick, entry: Entry) -> str:
        expression = self._parts.expression(pick)
        if pick.part not in _LISTS and not expression.endswith(".tolist()"):
            return _percent(expression, entry)
        options = {"descending": ", reverse=True", "alphabetical": ", key=str"}
        if entry.order == "as_is":
            return expression
        return f"sorted({expression}{options.get(entry.order, '')})"

    def _combined(self, combined: Combined) -> str:
        left, right = self.figure(combined.left), self.figure(combined.right)
        if combined.operator == "percent_change":
            return f"({left} / {right} - 1) * 100"
        return f"{left} {combined.operator} {right}"

    def _verdict(self, verdict: Verdict, name: str) -> str:
        """A word by its conditions: one choice as an expression, several as statements."""
        conditions = [" and ".join(map(self._limit, case.limits)) for case in verdict.cases]
        words = [literal(case.text) for case in verdict.cases]
        otherwise = literal(verdict.otherwise)
        if len(words) == 1:
            return f"{words[0]} if {conditions[0]} else {otherwise}"
        variable = self._draft.names.new(name)
        for at, (condition, word) in enumerate(zip(conditions, words, strict=True)):
            self._draft.add(f"{'elif' if at else 'if'} {condition}:", f"    {variable} = {word}")
        self._draft.add("else:", f"    {variable} = {otherwise}")
        return variable

    def _limit(self, limit: Limit) -> str:
        figure = self.figure(limit.of)
        value = int(limit.value) if float(limit.value).is_integer() else limit.value
        return f"{f'abs({figure})' if limit.absolute else figure} {limit.operator} {literal(value)}"


def _percent(expression: str, entry: Entry) -> str:
    if not entry.percent:
        return expression
    return f"({expression}) * 100" if " " in expression else f"{expression} * 100"
