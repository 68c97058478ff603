"""What importing the packages costs: nothing heavy before the first question."""

import subprocess
import sys

HEAVY = (
    "openai",
    "anthropic",
    "groq",
    "pydantic_ai",
    "pandas",
    "plotly",
    "sqlalchemy",
    "alembic",
    "genai_prices",
    "keyring",
)


def loaded(statement: str) -> set[str]:
    """The heavy packages that are loaded after `statement`, in a process of its own."""
    code = f"{statement}\nimport sys\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(eval(run.stdout))


def test_the_packages_load_nothing_heavy() -> None:
    assert loaded("import autoanalyst_ext, autoanalyst_kernel") == set()


def test_the_command_line_shows_its_help_without_anything_heavy() -> None:
    program = (
        "import contextlib, io\n"
        "from autoanalyst_ext.cli import group\n"
        "with contextlib.redirect_stdout(io.StringIO()) as shown:\n"
        "    group(['--help'], standalone_mode=False)\n"
        "assert 'Ask a question about data' in shown.getvalue()"
    )
    assert loaded(program) == set()


def test_the_offline_analyst_needs_no_library_of_the_data_or_the_models() -> None:
    assert loaded("import autoanalyst_ext.offline.analyst") == set()
