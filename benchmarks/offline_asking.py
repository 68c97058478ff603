"""Asks the product's offline analyst about tables that lie in this process, without a server or a kernel.

Every step is the product's own: the loading cell, the profiles, the model's replies, the result as data and
the words of the answer. Only the cell itself runs here, in a namespace like a notebook's. Scoring is others'.
"""

import ast
import contextlib
import io
import signal
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic_ai.messages import TextPart, ToolCallPart

from autoanalyst_ext.chats.filling import fill
from autoanalyst_ext.datasets.files import loading_cell
from autoanalyst_ext.providers.offline import Situation, respond
from autoanalyst_ext.types.cells import Execution
from autoanalyst_ext.types.profiles import TableProfile
from autoanalyst_ext.types.results import Result
from autoanalyst_kernel import frames

CELL_SECONDS = 60
"""How long one cell may take."""

_TABLES = TypeAdapter(tuple[TableProfile, ...])
Kind = Literal["answered", "abstained", "failed"]


class TooLong(BaseException):
    """A cell took longer than it may; no code of a cell catches this."""


@dataclass(frozen=True)
class Reply:
    """What the analyst came to."""

    kind: Kind
    """`failed`: it wrote a cell that did not run, or whose result it could not put into words."""
    text: str
    """The answer as the user reads it, or why there is none."""
    sentence: str = ""
    """The plan in words."""
    code: str = ""
    result: Result | None = None
    seconds: float = 0.0
    """Of the understanding: from the question to the cell."""


def loaded(path: str | Path, folder: str | Path) -> dict[str, Any]:
    """A namespace in which the product's loading cell has loaded a file."""
    namespace: dict[str, Any] = {}
    with contextlib.chdir(folder):
        exec(loading_cell(path, folder=folder).source, namespace)
    return namespace


def ask(namespace: dict[str, Any], *questions: str) -> Reply:
    """Ask the last question, after the others; what its cell makes stays out of `namespace`."""
    begun = time.perf_counter()
    try:
        return _asked(namespace, questions)
    except Exception as error:  # noqa: BLE001 a fault of the analyst is a failed question, and is shown
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        return Reply("failed", text, seconds=time.perf_counter() - begun)


def _asked(namespace: dict[str, Any], questions: tuple[str, ...]) -> Reply:
    tables = _TABLES.validate_python(frames.tables(namespace))
    taken = frozenset(frames.names(namespace))
    tried: list[dict[str, Any]] = []

    def step() -> TextPart | ToolCallPart:
        part = respond(Situation(questions, tables, taken, frozenset(), tuple(tried), corrected=False))
        assert isinstance(part, TextPart | ToolCallPart)
        return part

    begun = time.perf_counter()
    part = step()
    seconds = time.perf_counter() - begun
    sentence, code, last = "", "", None
    while isinstance(part, ToolCallPart):
        arguments = part.args_as_dict()
        if part.tool_name == "abstain":
            return Reply("abstained", str(arguments["not_understood"]), seconds=seconds)
        sentence, code = str(arguments["purpose"]), str(arguments["code"])
        execution = run(code, namespace)
        last = execution.result
        tried.append({"execution": execution.model_dump(mode="json"), "label": f"c{len(tried) + 1}"})
        part = step()  # of a cell that stopped: an abstention with the reason, where there is one
        if execution.status != "ok" and isinstance(part, TextPart):
            reason = f"{execution.ename}: {execution.evalue}"
            return Reply("failed", reason, sentence, code, seconds=seconds)
    cells = {facts["label"]: Execution.model_validate(facts["execution"]) for facts in tried}
    filled = fill(part.content, question=questions[-1], cells=cells)
    return Reply("answered" if filled.fits else "failed", filled.text, sentence, code, last, seconds)


def run(code: str, namespace: dict[str, Any]) -> Execution:
    """Run a cell beside the variables of `namespace`, as a kernel does: an error is an outcome too."""
    beside = dict(namespace)
    status, value = "ok", None
    error: BaseException | None = None
    try:
        with _limited(CELL_SECONDS), contextlib.redirect_stdout(io.StringIO()):
            value = _value(code, beside)
    except TooLong as late:
        status, error = "timeout", late
    except Exception as raised:  # noqa: BLE001 a cell may raise anything, and the outcome says what
        status, error = "error", raised
    return Execution.model_validate(
        {
            "cell_id": "cell",
            "source": code,
            "status": status,
            "ename": type(error).__name__ if error else None,
            "evalue": str(error) if error else None,
            "result": frames.describe(value),
        }
    )


def _value(code: str, namespace: dict[str, Any]) -> Any:
    """The value of the cell's last expression; `None` where it ends with a statement."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in what takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
