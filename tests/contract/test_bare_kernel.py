"""A kernel's environment that has nothing but ipykernel: the magic loads there, and asks in the server."""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

from tests.server.jupyter import kernel_of, running

KERNEL = Path(__file__).parents[2] / "kernel"
LOADED = """
import json, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "autoanalyst_kernel")
print(json.dumps(sorted(set(sys.modules) - before)))
"""
HEAVY = (
    "openai", "anthropic", "groq", "pydantic", "pydantic_ai", "pandas", "plotly", "sqlalchemy", "tornado"
)  # fmt: skip


def needed(name: str, found: set[str]) -> set[str]:
    """A distribution and all that it needs here."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return found
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # needed on another system, or by an extra
        return found
    found.add(key)
    for requirement in wanted:
        if "extra ==" not in requirement:
            needed(re.split(r"[^\w.-]", requirement)[0], found)
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds ipykernel with what it needs, and our kernel package."""
    folder = tmp_path_factory.mktemp("bare")
    for name in needed("ipykernel", set()):
        tops = {file.parts[0] for file in metadata.files(name) or ()}
        home = Path(str(metadata.distribution(name).locate_file("")))
        for top in tops - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(home / top)
    (folder / "autoanalyst_kernel").symlink_to(KERNEL / "autoanalyst_kernel")
    return folder


def run(bare: Path, program: str) -> str:
    start = f"import sys; sys.path.append({str(bare)!r})\n"
    command = [sys.executable, "-S", "-c", start + program]
    done = subprocess.run(
        command, stdout=PIPE, stderr=STDOUT, text=True, timeout=60, env={"HOME": str(bare)}, cwd=bare
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_it_has_nothing_else_of_ours(bare: Path) -> None:
    ours = ("autoanalyst_ext", *HEAVY[:8])
    there = run(bare, f"from importlib.util import find_spec\nprint([n for n in {ours!r} if find_spec(n)])")
    assert there == "[]\n"


def test_the_magic_loads_with_few_modules_and_nothing_heavy(bare: Path) -> None:
    loaded = json.loads(run(bare, LOADED).splitlines()[-1])
    assert len(loaded) <= 60
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)


def test_what_needs_no_engine_works_and_a_question_says_what_is_missing(bare: Path) -> None:
    said = run(
        bare,
        LOADED + "shell.run_cell('%analyst datasets')\nshell.run_cell('%analyst help')\n"
        "assert not shell.run_cell('%%analyst\\ntotal revenue').success",
    )
    assert "Load one in a cell" in said
    assert "--fresh" in said
    assert "The analyst's engine is not installed in this environment" in said
    assert "Traceback" not in said


def test_its_questions_are_answered_in_the_server(bare: Path, tmp_path: Path) -> None:
    start = f"import sys; sys.path.append({str(bare)!r}); from ipykernel import kernelapp"
    command = [sys.executable, "-S", "-c", f"{start}; kernelapp.launch_new_instance()"]
    spec = {"argv": [*command, "-f", "{connection_file}"], "display_name": "Bare", "language": "python"}
    place = tmp_path / "data" / "kernels" / "bare"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec))
    with running(tmp_path) as server, kernel_of(server, "bare") as kernel:
        kernel.run("get_ipython().run_line_magic('load_ext', 'autoanalyst_kernel')")
        kernel.run("a = get_ipython().run_line_magic('analyst', 'total revenue')")
        assert kernel.run("", "a.status") == "abstained"
        assert "no table" in kernel.run("", "a.text")
        assert kernel.run("", "'pandas' in __import__('sys').modules") is False
