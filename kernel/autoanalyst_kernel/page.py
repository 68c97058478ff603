"""A question and its answer as HTML, for any front end that shows HTML.

Everything that comes from a model, from data or from an error is escaped here; only the answer's own HTML,
which the engine made, is put in as it is. Colours are the front end's, so it is right in dark and light.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import wording
from .finished import Finished, Shown
from .progress import Attempt, Progress, Step
from .wording import count, prose

OUTPUT_CHARACTERS = 20_000
"""Most of a cell's text output that the details show."""
FIGURES = {
    "application/vnd.plotly.v1+json": "chart (plotly)",
    "application/vnd.jupyter.widget-view+json": "widget",
    "image/png": "picture (PNG)",
    "image/svg+xml": "picture (SVG)",
}

# What a progress bar wrote and then wrote over.
_REWRITTEN = re.compile(r"[^\n]*\r(?!\n)")

_style: list[str] = []


def root(body: str, *, status: bool = False) -> str:
    """A whole output. Dollar amounts must not become formulas, so MathJax is told to stay away."""
    if not _style:
        _style.append((Path(__file__).parent / "static" / "answer.css").read_text(encoding="utf-8"))
    live = ' role="status" aria-live="polite"' if status else ""
    classes = "aa-analyst mathjax_ignore tex2jax_ignore"
    return f'<style>{_style[0]}</style><div class="{classes}"{live}>{body}</div>'


def going(progress: Progress, waiting: str = "") -> str:
    """A run that goes on: plan, steps, the words of the present step."""
    live = None if waiting else progress.steps[-1] if progress.steps else None
    parts = [_plan(progress), _quiet_lines([*progress.tables, *progress.notices])]
    if progress.steps:
        parts.append(_steps(progress.steps, live))
    elif not waiting:
        parts.append('<p class="aa-quiet">thinking</p>')
    parts += [_failed(progress), _stream(progress.words)]
    parts += [_asked(attempt) for attempt in progress.attempts if attempt.state == "waiting"]
    if waiting:
        parts.append(f'<p class="aa-status">{prose(waiting)}</p>')
    return root("".join(parts), status=True)


def answer(shown: Finished) -> str:
    """A finished question: the answer first, how it came about folded below."""
    parts = []
    if shown.status:
        parts.append(f'<p class="aa-status">{shown.status}</p>')
    parts.append(f'<div class="aa-answer">{wording.harmless(shown.html) or _stream(shown.text)}</div>')
    if suggestions := shown.suggestions:
        items = "".join(f"<li>{_copied(each)}</li>" for each in suggestions)
        title = f"<p>{wording.CAN_BE}</p>" if shown.needs_title else ""
        parts.append(f"{title}<ul>{items}</ul>")
    if shown.command:
        parts.append(f"<p>{wording.HAND_OVER}</p>{_pre(shown.command, 'aa-code aa-pick')}")
    parts.append(_doubts(shown.answer))
    parts += [_not_run(attempt) for attempt in shown.progress.not_run]
    parts += [_quiet_lines(shown.progress.notices), _details(shown)]
    exact = (shown.answer.get("usage") or {}).get("cost_usd")
    title = f' title="${html.escape(exact)}"' if exact and not shown.replayed else ""
    parts.append(f'<footer class="aa-quiet"{title}>{html.escape(wording.harmless(shown.footer))}</footer>')
    return root("".join(parts))


def _plan(progress: Progress) -> str:
    return "".join(f'<p class="aa-plan">{prose(line)}</p>' for line in progress.plan)


def _steps(steps: Sequence[Step], live: Step | None) -> str:
    items = []
    for step in steps:
        marked = ' class="aa-live" aria-current="step"' if step is live else ""
        sign = "▸ " if step is live else ""
        items.append(f"<li{marked}>{sign}{prose(step.line(live=step is live))}</li>")
    return f'<ul class="aa-steps aa-quiet">{"".join(items)}</ul>'


def _stream(text: str) -> str:
    return f'<div class="aa-stream">{html.escape(wording.harmless(text))}</div>' if text.strip() else ""


def _quiet_lines(lines: Iterable[str]) -> str:
    return "".join(f'<p class="aa-quiet">{prose(line)}</p>' for line in lines)


def _copied(text: str) -> str:
    """Text that a click selects whole, to be copied and asked as it is: its backticks stay."""
    return f'<span class="aa-pick">{html.escape(text)}</span>'


def _doubts(answer: Mapping[str, Any]) -> str:
    items = ""
    for kind, sign, words in wording.doubts(answer):
        style = "aa-quiet" if kind in ("verified", "checked") else "aa-warn"
        items += f'<li class="{style}"><span aria-hidden="true">{sign}</span> {prose(words)}</li>'
    return f'<ul class="aa-claims">{items}</ul>' if items else ""


def _details(shown: Finished) -> str:
    """Plan, steps, code and failed attempts, behind one line."""
    progress = shown.progress
    below = " below" if shown.below else ""
    calls = sum(step.number > 0 for step in progress.steps)
    parts = [count(calls, "step")] if calls else []
    parts += [f"{count(len(shown.cells), 'cell')}{below}"] if shown.cells else []
    if not parts:
        return ""
    parts += [failures] if (failures := progress.failures()) else []
    inside = _plan(progress) + (_steps(progress.steps, None) if progress.steps else "")
    if not shown.below:
        inside += "".join(_cell(cell, shown, unfolded=len(shown.cells) == 1) for cell in shown.cells)
    inside += _failed(progress)
    return f'<details class="aa-quiet"><summary>{" · ".join(parts)}</summary>{inside}</details>'


def _cell(cell: Shown, shown: Finished, *, unfolded: bool) -> str:
    label = shown.label(cell)
    title = f"{label} {shown.purpose(label)}".strip() or "code"
    said = "".join(text_of(output) for output in cell.outputs)
    if len(said) > OUTPUT_CHARACTERS:
        left = len(said) - OUTPUT_CHARACTERS
        said = f"{said[:OUTPUT_CHARACTERS].rstrip()}\n({left:,} more characters are left out.)"
    output = _pre(said, "aa-output") if said.strip() else ""
    return _folded(title, _pre(cell.source) + output, unfolded=unfolded)


def text_of(output: Mapping[str, Any]) -> str:
    """An output as text, or what kind of picture it is."""
    match output["output_type"]:
        case "stream":
            return _REWRITTEN.sub("", _joined(output["text"]))
        case "error":
            lines = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
            return "\n".join(lines) + "\n"
        case _:
            data = output.get("data") or {}
            words = next((words for mime, words in FIGURES.items() if mime in data), "")
            return f"[{words}]\n" if words else f"{_joined(data.get('text/plain', ''))}\n"


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)


def _failed(progress: Progress) -> str:
    """Failed attempts, folded: what was tried and what was wrong with it."""
    inside = "".join(
        f"<p>{prose(attempt.title)}</p>{_pre(attempt.source)}<p>{prose(attempt.words)}</p>"
        for attempt in progress.repaired
    )
    return f'<div class="aa-quiet">{_folded(progress.failures(), inside)}</div>' if inside else ""


def _asked(attempt: Attempt) -> str:
    """Code that waits for a yes or no, unfolded, with what it could do."""
    return (
        f'<p class="aa-status">{prose(attempt.title)}: {prose(attempt.words)}</p>'
        f"{_findings(attempt)}{_pre(attempt.source)}"
    )


def _not_run(attempt: Attempt) -> str:
    title = f"Not run: {attempt.title}. {attempt.words}"
    return _folded(title, _findings(attempt) + _pre(attempt.source), unfolded=not attempt.cell_id)


def _findings(attempt: Attempt) -> str:
    items = "".join(
        f"<li>line {int(finding['line'])}: {prose(finding['words'])}</li>" for finding in attempt.findings
    )
    return f'<ul class="aa-claims aa-warn">{items}</ul>' if items else ""


def _folded(title: str, inside: str, *, unfolded: bool = False) -> str:
    return f"<details{' open' if unfolded else ''}><summary>{prose(title)}</summary>{inside}</details>"


def _pre(text: str, kind: str = "aa-code") -> str:
    return f'<pre class="{kind}" tabindex="0">{html.escape(wording.harmless(text).strip(chr(10)))}</pre>'
