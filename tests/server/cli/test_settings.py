"""A setting that makes no sense is said in one line, by each command that reads settings."""

import json
from pathlib import Path

import pytest

from .program import Ran, run

LEVEL = "c.Engine.egress_level = 'nmes'"
KEYS = "c.KeyRing.keys = 'sk-1'"


def with_setting(home: Path, line: str, *arguments: str) -> Ran:
    """Run the program with this line in its configuration."""
    folder = home / ".jupyter"
    folder.mkdir()
    (folder / "jupyter_server_config.py").write_text(line)
    return run(home, *arguments, stdin="sk-key\n")


@pytest.mark.parametrize(
    ("line", "arguments", "named"),
    [
        (LEVEL, ("ask", "How many houses?"), "egress_level"),
        (KEYS, ("ask", "How many houses?"), "keys"),
        ("c.Engine.rules = {'x': 1}", ("ask", "How many houses?"), "Engine.rules"),
        (LEVEL, ("key", "set", "openai"), "egress_level"),
        (LEVEL, ("db", "upgrade"), "egress_level"),
        (LEVEL, ("admin", "keys"), "egress_level"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, line: str, arguments: tuple[str, ...], named: str
) -> None:
    ran = with_setting(tmp_path, line, *arguments)
    (said,) = ran.err.splitlines()
    assert said.startswith("autoanalyst: ")
    assert named in said
    assert (ran.code, ran.out) == (2, "")


def test_programs_get_it_as_an_answer_that_failed(tmp_path: Path) -> None:
    ran = with_setting(tmp_path, LEVEL, "ask", "--json", "How many houses?")
    assert ran.code == 2
    assert json.loads(ran.out)["status"] == "failed"
    assert "egress_level" in ran.answer["answer"]


def test_a_key_is_kept_where_it_says(tmp_path: Path) -> None:
    ran = run(
        tmp_path, "key", "set", "openai", stdin="sk-key-of-mine\n", JUPYTER_DATA_DIR=str(tmp_path / "d")
    )
    file = tmp_path / "d" / "autoanalyst" / "keys.json"
    assert ran.out == f"The key for openai is kept in {file}, which only you can read.\n"
    assert "sk-key-of-mine" in file.read_text()
