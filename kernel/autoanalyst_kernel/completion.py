"""Tab in `%%analyst` cells and `%analyst` lines: agents, tables, columns, models, options, verbs.

A matcher of IPython's completer. What only the engine knows is asked once, in a thread, and a Tab waits for
it a moment at most; the next Tab has it.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

WAIT = 1.5
"""Seconds that a Tab waits for the engine."""
RETRY = 30.0
"""Seconds until an engine that could not be reached is asked again."""
MAX_COLUMNS = 2_000
"""Columns of one table that are offered."""

# Texts: `re` compiles each at its first use, which a notebook without a Tab never has.
_LINE = r"(?s)^\s*(?:\w+\s*=\s*)?%analyst\s(.*)$"
_OPTION = r"(?:^|\s)(--[a-z]+)(?:\s+|=)(\S*)$"
_AGENT = r"(?:^|[\s(])@(\w*)$"
_FLAG = r"(?:^|\s)(--[a-z-]*)$"
_WORD = r"\w*$"


class Asks(Protocol):
    """The part of the client that is used here."""

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]: ...


class Known:
    """Names that the engine knows, asked for once."""

    def __init__(self, connect: Callable[[], Asks]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._asking: threading.Thread | None = None
        self._failed_at: float | None = None
        self._names: dict[str, list[str]] = {}

    def names(self, what: str) -> list[str]:
        """Names of `agents` or `models`; empty while nobody knows them."""
        with self._lock:
            failed = self._failed_at is not None and time.monotonic() - self._failed_at < RETRY
            if not self._names and self._asking is None and not failed:
                self._asking = threading.Thread(target=self._ask, name="analyst-completion", daemon=True)
                self._asking.start()
            asking = self._asking
        if asking is not None:
            asking.join(WAIT)
        return self._names.get(what, [])

    def _ask(self) -> None:
        from IPython.core.error import UsageError

        from .client import Gone, NoHome, Refusal

        found: dict[str, list[str]] = {}
        try:
            client = self._connect()
            agents = client.query("agents")["agents"]
            found["agents"] = [agent["name"] for agent in agents]
            found["agents"] += [alias for agent in agents for alias in agent.get("aliases", ())]
            found["models"] = [model["name"] for model in client.query("models")["models"]]
        except (UsageError, NoHome, Gone, Refusal, OSError, TimeoutError):
            found = {}  # a question says what is missing; Tab only has nothing to offer
        with self._lock:
            self._names, self._asking = found, None
            self._failed_at = None if found else time.monotonic()


class _Nothing(list[Any]):
    """No completions that still keep Python's away: IPython heeds `suppress` only beside a completion."""

    def __len__(self) -> int:
        return 1


def install(shell: Any, connect: Callable[[], Asks]) -> Callable[[], None]:
    """Complete in analyst cells; returns what takes it away again. Does nothing before IPython 8.6."""
    from IPython.core import completer

    matcher_of = getattr(completer, "context_matcher", None)
    if matcher_of is None or getattr(shell, "Completer", None) is None:
        return lambda: None
    known = Known(connect)

    def match(context: Any) -> dict[str, Any]:
        text, line, before = context.full_text, context.cursor_line, context.text_until_cursor
        found = complete(text, line, before, shell.user_ns, known)
        if found is None:
            return {"completions": [], "suppress": False}
        fragment, words = found
        simple = [completer.SimpleCompletion(text=word, type="analyst") for word in words]
        return {
            "completions": simple or _Nothing(),
            "matched_fragment": fragment,
            "suppress": True,
            "ordered": True,
        }

    matcher = matcher_of(identifier="analyst", priority=1000)(match)
    shell.Completer.custom_matchers.append(matcher)
    return lambda: shell.Completer.custom_matchers.remove(matcher)


def complete(
    text: str, at_line: int, before: str, namespace: Mapping[str, Any], known: Known
) -> tuple[str, list[str]] | None:
    """The part of a word before the cursor and what it may become; `None` where code is not ours."""
    if text.lstrip().startswith("%%analyst"):
        first = not "".join(text.split("\n")[:at_line]).strip()
        if first and not before.lstrip().startswith("%%analyst "):
            return None  # the magic's own name is IPython's to complete
        return _fitting(*_wanted(before, namespace, known, in_first_line=first))
    if line := re.match(_LINE, before):
        from .arguments import VERBS

        written = line[1]
        if re.fullmatch(r"\w+", written) or not written.strip():
            return _fitting(written.strip(), [*VERBS, *_frames(namespace)])
        return _fitting(*_wanted(before, namespace, known, in_first_line=True))
    return None


def _wanted(
    before: str, namespace: Mapping[str, Any], known: Known, *, in_first_line: bool
) -> tuple[str, Iterable[str]]:
    """The fragment at the cursor, and all that could stand in its place."""
    from .arguments import FLAGS, OPTIONS

    if agent := re.search(_AGENT, before):
        return agent[1], [*known.names("agents"), *_frames(namespace)]
    if in_first_line:
        if (option := re.search(_OPTION, before)) and option[1] in OPTIONS.keys() - FLAGS:
            return _value_of(option[1], option[2], namespace, known)
        if flag := re.search(_FLAG, before):
            return flag[1], OPTIONS
    word = re.search(_WORD, before)
    fragment = word[0] if word else ""
    return fragment, [*_frames(namespace), *_columns(namespace)] if fragment else []


def _value_of(
    option: str, written: str, namespace: Mapping[str, Any], known: Known
) -> tuple[str, Iterable[str]]:
    from .arguments import MODES

    match option:
        case "--model":
            return written, known.names("models")
        case "--mode":
            return written, MODES
        case "--data":
            given, _, fragment = written.rpartition(",")
            return fragment, [name for name in _frames(namespace) if name not in given.split(",")]
        case _:
            return written, []


def _fitting(fragment: str, words: Iterable[str]) -> tuple[str, list[str]]:
    start = fragment.lower()
    return fragment, [word for word in dict.fromkeys(words) if word.lower().startswith(start)]


def _frames(namespace: Mapping[str, Any]) -> list[str]:
    return [name for name, _ in _tables(namespace)]


def _columns(namespace: Mapping[str, Any]) -> Iterator[str]:
    from .results import is_a

    for _, table in _tables(namespace):
        labels = table.column_names if is_a(table, "pyarrow", "Table") else table.columns
        yield from (label for label in labels[:MAX_COLUMNS] if isinstance(label, str))


def _tables(namespace: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Data frames by name. Only their types are looked at, so this is quick however large they are."""
    from .frames import TABLES
    from .results import is_a

    return [
        (name, value)
        for name, value in dict(namespace).items()
        if not name.startswith("_") and any(is_a(value, *kind) for kind in TABLES)
    ]
