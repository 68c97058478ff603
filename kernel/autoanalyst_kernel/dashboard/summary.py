"""What stays of a dashboard where no kernel runs: a plain table of figures, with the time they are of.

A saved notebook, its export and its preview show this. Where the dashboard lives, its page hides it. Names
of people are not in it.
"""

import html
from datetime import datetime
from typing import Any

from ..wording import harmless
from . import tables
from .figures import tiles
from .watched import length

# Next to a living dashboard the summary is hidden, and beside a summary, what stands for a dead one.
STYLE = (
    "<style>.jp-OutputArea:has(.aa-board) .aa-summary{display:none}"
    ".jp-OutputArea-child:has(+.jp-OutputArea-child .aa-summary):not(:has(.aa-board)){display:none}"
    ".aa-summary td+td{text-align:right;font-variant-numeric:tabular-nums}</style>"
)
WAITING = "The dashboard's figures are not here yet."


def bundle(view: dict[str, Any] | None) -> dict[str, str]:
    """The figures for whatever shows notebooks."""
    if view is None:
        inside = f"<p>{WAITING}</p>"
        return {"text/html": _root(inside), "text/markdown": WAITING, "text/plain": WAITING}
    heading, head, rows = _heading(view), *_rows(view)
    return {
        "text/html": _root(f"<p>{html.escape(heading)}</p>{_html(head, rows)}"),
        "text/markdown": f"{heading}\n\n{_markdown(head, rows)}",
        "text/plain": "\n".join([heading, *(f"{row[0]}: {row[1]}" for row in rows)]),
    }


def _heading(view: dict[str, Any]) -> str:
    whose = "Everyone's usage" if view["scope"] == "everyone" else "Your usage"
    of = datetime.fromisoformat(view["as_of"]).strftime("%Y-%m-%d %H:%M UTC")
    period = f"{length(view)} days to {view['end']}"
    return f"{whose}, {period}, as of {of}. Run the cell to see the live dashboard."


def _rows(view: dict[str, Any]) -> tuple[list[str], list[tuple[str, str, str]]]:
    rows = [(tile["label"], tile["value"], _change(tile["sign"], tile["change"])) for tile in tiles(view)]
    rows += [(row[0].text, row[1].text, f"{row[2].text} requests") for row in tables.models(view).rows]
    return ["Figure", "Value", "Change, or requests"], rows


def _change(sign: str, change: str) -> str:
    return f"{sign} {change}" if sign else change


def _root(inside: str) -> str:
    return f'{STYLE}<div class="aa-summary mathjax_ignore tex2jax_ignore">{inside}</div>'


def _html(head: list[str], rows: list[tuple[str, str, str]]) -> str:
    top = "".join(f'<th scope="col">{each}</th>' for each in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(harmless(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _markdown(head: list[str], rows: list[tuple[str, str, str]]) -> str:
    lines = [head, ["---"] * len(head), *([_escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, a name of somebody's own making included."""
    quiet = harmless(text).replace("\n", " ")
    return "".join(f"\\{each}" if each in "\\`*_{}[]()<>#+!|$~&" else each for each in quiet)
