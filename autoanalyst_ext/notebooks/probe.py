"""What we ask a kernel without a cell: silent expressions, and how their replies are read.

The answers are computed by `autoanalyst_kernel.frames`. Its source text goes to the kernel as a
private module, because a kernel's environment may lack our package; the engine never imports it.
Nothing appears in the user's namespace, and `In`, `Out` and the count of executions stay as they are.
"""

import ast
import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter

from ..errors import KernelGone
from ..types.profiles import TableProfile
from ..types.results import Result
from ..types.value import Value

log = logging.getLogger(__name__)

_INSTALL = """
import sys, types
for part, source in sources.items():
    full = name + part
    if full not in sys.modules:
        module = sys.modules[full] = types.ModuleType(full)
        module.__package__, module.__path__ = name, []
        exec(compile(source, f"<{full}>", "exec"), module.__dict__)
"""

_FAITHFUL = """
import sys, zmq
from IPython import get_ipython
thread = getattr(getattr(get_ipython(), "kernel", None), "iopub_thread", None)
if thread is not None:
    thread.schedule(lambda: thread.socket.set(zmq.SNDHWM, 0))
last = [sys.stdout]
def keep_order(stream, other):
    write, pending = stream.write, [0]
    def ordered(text):
        if last[0] is not stream:
            last[0] = stream
            other.flush()
        written = write(text)
        pending[0] += len(text)
        if pending[0] > 65536:
            pending[0] = 0
            stream.flush()
        return written
    stream.write = ordered
keep_order(sys.stdout, sys.stderr)
keep_order(sys.stderr, sys.stdout)
"""
"""Nothing lost, nothing out of order, and a flood in small pieces. By itself the kernel's publisher drops
what exceeds a queue of 1,000 messages, buffers the two streams apart from each other, and sends what an
endless loop printed in 0.2 s, hundreds of megabytes, as one message."""


_RESULT: TypeAdapter[Result | None] = TypeAdapter(Result | None)


class Report(Value):
    """What a cell left behind besides its outputs."""

    result: Result | None = None
    tables: tuple[TableProfile, ...] = ()


class Look(Value):
    """What is in a kernel's namespace."""

    tables: tuple[TableProfile, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    made: tuple[str, ...] = ()
    """Those of the names that runs made and nobody rebound since; a kernel of ours is not asked for them."""


class Left(Look):
    """The same after a cell of a run, and what that cell came to."""

    changed: tuple[str, ...] = ()
    """Names of the tables that it made or changed."""
    result: Result | None = None


def installing(*, faithful: bool = True) -> str:
    """The expression that puts our module into the kernel. Safe to evaluate again.

    `faithful`, for kernels of ours, also changes how the kernel publishes.
    """
    name, sources = _module()
    scope = f"{{'name': {name!r}, 'sources': {sources!r}}}"
    install = f"exec({_INSTALL!r}, {scope})"
    return f"({install}, exec({_FAITHFUL!r}, {{}}))[0]" if faithful else install


def reporting() -> str:
    """The expression that tells the value and the tables of the cell just executed."""
    return f"__import__('sys').modules[{_module()[0] + '.frames'!r}].report()"


def looking() -> str:
    """The expression that tells the tables and names of the namespace."""
    return f"__import__('sys').modules[{_module()[0] + '.frames'!r}].look()"


def evaluating(code: str) -> str:
    """The expression that tells what code of ours comes to, which changes nothing."""
    return f"__import__('sys').modules[{_module()[0] + '.frames'!r}].evaluate({code!r})"


def witnessing(running: Mapping[str, Any] | None = None) -> str:
    """The expression that looks, also while the cell of the message with the header `running` runs."""
    return _of_witness(f"look({json.loads(json.dumps(running, default=str))!r})")


def beginning() -> str:
    """The expression that remembers what is there before a cell of a run."""
    return _of_witness("begin()")


def leaving(count: int, *, alone: bool) -> str:
    """The expression that tells what cell number `count` left, and is there now."""
    return _of_witness(f"report({count}, alone={alone})")


def moving(folder: Path) -> str:
    """The expression that changes the kernel's working folder."""
    return f"__import__('os').chdir({str(folder)!r})"


def importing(module: str) -> str:
    """The expression that loads a module without giving it a name."""
    return f"(__import__({module!r}), None)[1]"


def read_report(reply: Mapping[str, Any] | None) -> Report:
    """The report in an expression's reply. A cell whose value cannot be told is still a finished cell."""
    text = _text(reply)
    if text is None:
        log.info("the kernel did not report on a cell: %s", (reply or {}).get("ename", "no reply"))
        return Report()
    try:
        return Report.model_validate_json(text)
    except ValueError as error:
        log.warning("the kernel's report on a cell does not fit: %s", type(error).__name__)
        return Report()


def read_look(reply: Mapping[str, Any] | None) -> Look:
    """The look in an expression's reply; raises `KernelGone` where the kernel cannot tell."""
    return Look.model_validate_json(_told(reply))


def read_evaluated(reply: Mapping[str, Any] | None) -> Result | None:
    """What code of ours came to; raises `KernelGone` where the kernel cannot tell."""
    return _RESULT.validate_json(_told(reply))


def read_left(reply: Mapping[str, Any] | None) -> Left | None:
    """What a cell left; None where the kernel cannot tell. It is still a finished cell."""
    text = _text(reply)
    if text is None:
        log.info("the kernel did not report on a cell: %s", (reply or {}).get("ename", "no reply"))
        return None
    try:
        return Left.model_validate_json(text)
    except ValueError as error:
        log.warning("the kernel's report on a cell does not fit: %s", type(error).__name__)
        return None


def is_missing(reply: Mapping[str, Any]) -> bool:
    """Whether an expression failed because our module is not in the kernel (any more)."""
    return reply.get("status") == "error" and _module()[0] in str(reply.get("evalue"))


def _of_witness(call: str) -> str:
    return f"__import__('sys').modules[{_module()[0] + '.witnessed'!r}].{call}"


def _told(reply: Mapping[str, Any] | None) -> str:
    text = _text(reply)
    if text is None:
        reason = (reply or {}).get("ename", "no reply")
        raise KernelGone(f"The kernel could not be asked for its tables ({reason}). Its cells are kept.")
    return text


def _text(reply: Mapping[str, Any] | None) -> str | None:
    """The string that an expression evaluated to; the kernel sends its `repr`."""
    if reply is None or reply.get("status") != "ok":
        return None
    try:
        value = ast.literal_eval(reply["data"]["text/plain"])
    except (ValueError, SyntaxError):  # the user gave strings another way to print
        return None
    return value if isinstance(value, str) else None


@cache
def _module() -> tuple[str, dict[str, str]]:
    """Name of the private package in the kernel, made from its content, and its modules' sources."""
    spec = find_spec("autoanalyst_kernel")  # finds the top-level package without executing it
    if spec is None or spec.origin is None:
        raise KernelGone("The package autoanalyst_kernel is missing. Install autoanalyst-ext again.")
    folder = Path(spec.origin).parent
    sources = {"": ""}
    for part in ("results", "frames", "made", "witnessed"):
        sources[f".{part}"] = (folder / f"{part}.py").read_text(encoding="utf-8")
    digest = hashlib.blake2b("".join(sources.values()).encode(), digest_size=6).hexdigest()
    return f"_autoanalyst_{digest}", sources
