"""Whether each Python kernel that Jupyter knows here starts, runs a cell and has what answers need.

They are tried for real, two at a time. What a kernel lacks is its own Python's to install.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from traitlets import TraitError

from ... import __version__
from ...engine import Engine
from ...errors import AnalystError
from ...notebooks.headless import HeadlessNotebook
from ...types.cells import Execution, StreamOutput
from .finding import Finding, count, fine, note, problem

USUAL = "python3"
"""The kernel that the command line starts, and that most notebooks name."""
SECONDS = 30.0
"""Longest time for a kernel to start and run the cell."""
AT_ONCE = 2
PROBE = """
import importlib, json, sys
from importlib import metadata
from importlib.util import find_spec
found = {"python": "%d.%d.%d" % sys.version_info[:3], "executable": sys.executable}
for name in ("pandas", "plotly"):
    try:
        found[name] = importlib.import_module(name).__version__
    except Exception as error:
        found[name + "_error"] = f"{type(error).__name__}: {error}"
if find_spec("autoanalyst_kernel") is not None:
    try:
        found["ours"] = metadata.version("autoanalyst-ext")
    except metadata.PackageNotFoundError:
        found["ours"] = "unknown"
print(json.dumps(found))
"""


async def look(engine: Engine) -> list[Finding]:
    """All kernels, by name."""
    manager = KernelSpecManager()
    names = sorted(await asyncio.to_thread(manager.find_kernel_specs))
    findings: list[Finding] = []
    tried, others = [], 0
    for name in names:
        try:
            spec = manager.get_kernel_spec(name)
        except (NoSuchKernel, TraitError, TypeError, ValueError, OSError) as error:
            said = f"its kernel.json cannot be used ({type(error).__name__})."
            findings.append(problem(name, said, "Correct it, or remove it:", _remove(name)))
            continue
        if spec.language.lower() == "python":
            tried.append((name, spec.argv[0] if spec.argv else "nothing"))
        else:
            others += 1
    few = asyncio.Semaphore(AT_ONCE)
    for found in await asyncio.gather(*(_tried(engine, name, program, few) for name, program in tried)):
        findings += found
    if not tried:
        findings.append(problem("kernels", "There is no Python kernel.", command="pip install ipykernel"))
    if others:
        findings.append(note("others", f"{count(others, 'kernel')} of other languages; answers need Python."))
    return findings


async def _tried(engine: Engine, name: str, program: str, few: asyncio.Semaphore) -> list[Finding]:
    remedy = f"It is started with {program}. Correct its kernel.json, or remove it:"
    async with few:
        try:
            async with asyncio.timeout(SECONDS):
                found = await _probe(engine, name)
        except TimeoutError:
            words = f"It did not start and run a cell within {SECONDS:g} s."
            return [problem(name, words, remedy, _remove(name))]
        except AnalystError as error:
            return [problem(name, str(error), remedy, _remove(name))]
    return list(_judged(name, found))


async def _probe(engine: Engine, name: str) -> Mapping[str, Any]:
    """What a kernel says of itself. Raises `AnalystError`."""
    with tempfile.TemporaryDirectory() as folder:
        scrub = engine.scrubbed()
        async with HeadlessNotebook.start(Path(folder), kernel_name=name, scrub=scrub) as notebook:
            cell = await notebook.insert(PROBE)
            async for event in notebook.execute(cell.id, seconds=SECONDS):
                if isinstance(event, Execution):
                    return _said(event)
    raise AssertionError("an execution ends")


def _said(cell: Execution) -> Mapping[str, Any]:
    text = "".join(
        each.text for each in cell.outputs if isinstance(each, StreamOutput) and each.name == "stdout"
    )
    if cell.status != "ok":
        raise AnalystError(f"It started, but a cell failed: {cell.ename}: {cell.evalue}.")
    # What a startup file of the user prints comes before.
    found: Mapping[str, Any] = json.loads(text.splitlines()[-1])
    return found


def _judged(name: str, found: Mapping[str, Any]) -> Iterator[Finding]:
    pip = f"{found['executable']} -m pip install"
    wanting = [library for library in ("pandas", "plotly") if library not in found]
    if wanting:
        # Without these no answer comes from it. Only the usual one must be able to; others may be for else.
        words = "; ".join(f"{library} does not load ({found[library + '_error']})" for library in wanting)
        make = problem if name == USUAL else note
        yield make(name, f"It runs, but {words}.", command=f"{pip} {' '.join(wanting)}")
        return
    words = f"runs a cell; Python {found['python']}, pandas {found['pandas']}, plotly {found['plotly']}"
    if found.get("ours") is None:
        words += ". The magic %%analyst is not there; the panel works"
        yield note(name, f"{words}.", command=f"{pip} autoanalyst-ext")
    elif found["ours"] != __version__:
        words += f". Its %%analyst is of version {found['ours']}, this program is {__version__}"
        yield problem(name, f"{words}.", command=f"{pip} autoanalyst-ext=={__version__}")
    else:
        yield fine(name, words)


def _remove(name: str) -> str:
    return f"jupyter kernelspec remove {name}"
