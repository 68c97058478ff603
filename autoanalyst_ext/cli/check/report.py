"""How findings are shown: in lines that fit a terminal, or as one JSON object.

A command stands on a line of its own, never broken, so that it can be copied. Without a terminal there are
no colours.
"""

import json
import textwrap
from dataclasses import asdict

import click

from ... import __version__
from .finding import Finding, Status, count

MARKS: dict[Status, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "note": ("note", "cyan"),
    "fixed": ("fixed", "green"),
    "problem": ("PROBLEM", "red"),
}
NAMES = 14
"""Width of their column; a longer one pushes its words."""
WIDEST = 100
"""Longer lines are hard to read."""


class Report:
    """Shows findings as they come, and how it all stands at the end."""

    def __init__(self, *, width: int, as_json: bool = False) -> None:
        self._width = min(width, WIDEST)
        self._as_json = as_json
        self._found: list[tuple[str, Finding]] = []
        self._area = ""

    @property
    def failed(self) -> bool:
        """Whether there was a problem."""
        return any(finding.status == "problem" for _, finding in self._found)

    def add(self, area: str, finding: Finding) -> None:
        """Show one finding."""
        self._found.append((area, finding))
        if self._as_json:
            return
        if area != self._area:
            click.echo(("\n" if self._area else "") + click.style(area, bold=True))
            self._area = area
        word, colour = MARKS[finding.status]
        mark = click.style(f"{word:<7}", fg=colour, bold=True if finding.status == "problem" else None)
        first, *more = self._wrapped(finding.words)
        click.echo(f"  {mark}  {finding.name:<{NAMES}}  {first}")
        for line in (*more, *(self._wrapped(finding.remedy) if finding.remedy else ())):
            click.echo(_under(line))
        if finding.command:
            click.echo(_under(click.style(finding.command, bold=True)))

    def end(self) -> None:
        """Say how it all stands."""
        counts = {status: sum(each.status == status for _, each in self._found) for status in MARKS}
        if self._as_json:
            findings = [{"area": area, **asdict(finding)} for area, finding in self._found]
            whole = {"version": __version__, "ok": not self.failed, "counts": counts, "findings": findings}
            click.echo(json.dumps(whole, indent=2, ensure_ascii=False))
            return
        said = (
            [count(counts["problem"], "problem")] if self.failed else ["Everything needed is there and works"]
        )
        said += [f"{counts['fixed']} fixed"] if counts["fixed"] else []
        said += [count(counts["note"], "note")] if counts["note"] else []
        click.echo(f"\n{', '.join(said)}.")

    def _wrapped(self, text: str) -> list[str]:
        # Whole words only: paths and addresses are there to be copied.
        width = max(self._width - len(_under("")), 30)
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _under(line: str) -> str:
    """A further line of a finding, under its words."""
    return " " * (2 + 7 + 2 + NAMES + 2) + line
