"""What `%analyst agents`, `models`, `datasets`, `usage`, `history`, `cancel` and `help` show.

Each returns a `Listing`, which shows itself as HTML or as text. What the engine knows is asked through
the client; what is in the kernel is looked at here.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from IPython.core.error import UsageError

from .arguments import OPTIONS
from .wording import count, harmless, prose

FILES = (".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".json")
VERBS = {
    "agents": "who can answer",
    "models": "which models answer, and which need a key",
    "datasets": "tables in this kernel",
    "usage": "tokens and cost; `--days N`, `--by chat|notebook|agent|model|day`, `--as PROVIDER:MODEL`",
    "history": "recent chats",
    "plain [PATH]": "write a copy of this notebook that runs without AutoAnalyst",
    "cancel": "stop what is running",
    "help": "this text",
}
EXAMPLES = (
    "%%analyst",
    "average price by city",
    "",
    "%%analyst @data_viz_agent --data orders --as answer",
    "orders per month as a line chart",
    "",
    "answer = %analyst top 10 houses by area",
    "answer.table",
)


class Asks(Protocol):
    """The part of the client that is used here."""

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Listing:
    """A small table with a sentence or two; empty without rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences below the table."""
    numbers: frozenset[int] = frozenset()
    """Columns that hold numbers."""
    code: str = ""
    """Lines below everything, as they are."""

    def __repr__(self) -> str:
        return harmless("\n".join([*self._lines(), *self.notes, *([self.code] if self.code else [])]))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _lines(self) -> Iterator[str]:
        if not self.rows:
            return
        table = [self.columns, *self.rows]
        widths = [max(len(row[at]) for row in table) for at in range(len(self.columns))]
        for row in table:
            cells = [
                text.rjust(width) if at in self.numbers else text.ljust(width)
                for at, (text, width) in enumerate(zip(row, widths, strict=True))
            ]
            yield "  ".join(cells).rstrip()

    def _html(self) -> str:
        from .page import root

        def line(tag: str, row: Sequence[str]) -> str:
            cells = [
                f"<{tag}{' style=text-align:right' if at in self.numbers else ''}>{prose(text)}</{tag}>"
                for at, text in enumerate(row)
            ]
            return f"<tr>{''.join(cells)}</tr>"

        head, body = line("th", self.columns), "".join(line("td", row) for row in self.rows)
        table = f"<table><thead>{head}</thead><tbody>{body}</tbody></table>" if self.rows else ""
        notes = "".join(f"<p>{prose(note)}</p>" for note in self.notes)
        code = f"<pre>{html.escape(harmless(self.code))}</pre>" if self.code else ""
        return root(f'<div class="aa-answer">{table}{notes}{code}</div>')


def agents(client: Asks) -> Listing:
    """Who can be asked by `@name`."""
    found = client.query("agents")["agents"]
    rows = tuple((f"@{agent['name']}", agent["description"]) for agent in found)
    return Listing(("agent", "what it does"), rows, ("Without a name the planner chooses.",))


def models(client: Asks) -> Listing:
    """Which models are ready, and what the others need."""
    found = client.query("models")["models"]
    rows = tuple((_model_name(model), model["title"], _ready(model)) for model in found)
    notes: tuple[str, ...] = ("Choose one: `%%analyst --model NAME`.",)
    if not all(model["ready"] for model in found):
        notes += ("Give a key in a terminal: `autoanalyst key set NAME`.",)
    return Listing(("model", "provider", "state"), rows, notes)


def _model_name(model: Mapping[str, Any]) -> str:
    return f"{model['name']} (default)" if model.get("default") else str(model["name"])


def _ready(model: Mapping[str, Any]) -> str:
    if not model["ready"]:
        return str(model.get("why") or "not ready")
    return "ready, on this machine" if model.get("local") else "ready"


def datasets(namespace: Mapping[str, Any], folder: Path) -> Listing:
    """The tables of the kernel; without any, how to load one."""
    from . import frames

    profiles = frames.tables(namespace)
    if not profiles:
        return Listing(notes=tuple(loading(folder)))
    rows = tuple(
        (p["name"], p["library"], f"{p['rows']:,}", f"{len(p['columns']):,}", _columns(p["columns"]))
        for p in profiles
    )
    return Listing(("table", "library", "rows", "columns", "first columns"), rows, numbers=frozenset({2, 3}))


def _columns(columns: Sequence[Mapping[str, Any]]) -> str:
    names = ", ".join(str(column["name"]) for column in columns[:5])
    return f"{names} and {len(columns) - 5:,} more" if len(columns) > 5 else names


def loading(folder: Path) -> Iterator[str]:
    """How to load a table; data files of the folder are named."""
    yield "No tables in this kernel."
    try:
        files = sorted(each.name for each in folder.iterdir() if _is_data(each))
    except OSError:  # the folder is gone, or not ours to read
        files = []
    name = files[0] if files else "data.csv"
    kind = {".xlsx": "excel", ".xls": "excel", ".parquet": "parquet", ".json": "json"}
    reader = kind.get(Path(name).suffix.lower(), "csv")
    separator = r', sep="\t"' if name.lower().endswith(".tsv") else ""
    yield f"Load one in a cell: `import pandas as pd; df = pd.read_{reader}({name!r}{separator})`"
    if files:
        more = f" and {len(files) - 10} more" if len(files) > 10 else ""
        yield f"Data files in this folder: {', '.join(files[:10])}{more}."


def _is_data(path: Path) -> bool:
    return path.suffix.lower() in FILES and path.is_file()


def history(client: Asks) -> Listing:
    """Recent chats."""
    found = client.query("history")["chats"]
    if not found:
        return Listing(notes=("No chats yet.",))
    rows = tuple((chat["title"] or "untitled", _when(chat["active_at"])) for chat in found)
    return Listing(("chat", "last asked"), rows)


def _when(moment: str) -> str:
    """A moment in UTC as this machine's clock shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def cancel(client: Asks) -> Listing:
    """Stop what is running."""
    stopped = int(client.query("cancel")["stopped"])
    return Listing(notes=(f"Stopped {count(stopped, 'question')}." if stopped else "Nothing is running.",))


def plain(target: str, notebook: Path | None) -> Listing:
    """Write a copy of the notebook that runs without us."""
    from .plain import write_plain

    if notebook is None:
        # Not every front end tells which notebook this is, and none tells of another name.
        notebook, target = Path(target), ""
        if notebook.suffix != ".ipynb" or not notebook.is_file():
            raise UsageError("Which notebook? Save it, and say its name: %analyst plain NOTEBOOK.ipynb")
    return Listing(notes=(str(write_plain(notebook, Path(target) if target else None)),))


def helps() -> Listing:
    """Options, verbs, examples."""
    rows = [("@NAME", "an agent; `%analyst agents` lists them")]
    for option, words in OPTIONS.items():
        value, gap, meaning = words.partition("  ")
        rows.append((f"{option} {value}" if gap else option, meaning if gap else words))
    rows += [(f"%analyst {verb}", meaning) for verb, meaning in VERBS.items()]
    notes = ("Write the question below `%%analyst`, or behind `%analyst`.",)
    return Listing(("write", "means"), tuple(rows), notes, code="\n".join(EXAMPLES))
