"""Named answers in words: where each comes from."""

from ..plan import Combined, Entry, Limit, Literally, Pick, Report, Several, Source, Verdict
from .finding_text import finding_text
from .phrases import condition_text, listed, number_text, quoted, value_text


def report_text(report: Report) -> str:
    """Where the named answers of a report come from."""
    return "; ".join(map(_entry_text, report.entries))


def _entry_text(entry: Entry) -> str:
    return f"{entry.name}: {source_text(entry.source)}"


def source_text(source: Source) -> str:
    """Where a named answer comes from."""
    match source:
        case Pick():
            return pick_text(source)
        case Verdict(cases=cases, otherwise=otherwise):
            rules = [f"“{case.text}” where {' and '.join(map(_limit_text, case.limits))}" for case in cases]
            return f"{', '.join(rules)}, else “{otherwise}”"
        case Combined(operator="percent_change", left=left, right=right):
            return f"change in per cent from the {pick_text(right)} to the {pick_text(left)}"
        case Combined(operator=operator, left=left, right=right):
            return f"{pick_text(left)} {operator} {pick_text(right)}"
        case Several(parts=parts):
            return listed([pick_text(part) for part in parts])
        case Literally(value=value):
            return value_text(value)


def _limit_text(limit: Limit) -> str:
    size = "the size of " if limit.absolute else ""
    return f"{size}{pick_text(limit.of)} {limit.operator} {number_text(limit.value)}"


def pick_text(pick: Pick) -> str:
    """A part of a finding."""
    text = finding_text(pick.finding, "table")
    part = _PARTS.get(pick.part, pick.part.replace("_", " "))
    text = f"{part} of the {text}" if part else text
    if pick.column is not None:
        text += f" for {quoted(pick.column)}"
    if pick.where is not None:
        text += f" where {condition_text(pick.where)}"
    if pick.by:
        text += f" by {listed([quoted(column) for column in pick.by])}"
    if pick.largest is not None:
        text += f", {'largest' if pick.largest else 'smallest'} first"
    if pick.steps is not None:
        text += " before all steps" if pick.steps == 0 else f" after step {pick.steps}"
    return text


_PARTS = {"value": "", "r": "", "p_value": "p-value", "r_squared": "R²", "label": "name of the first"}
