"""`autoanalyst check` as a program: each kind of fault is planted for real, and found."""

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

from autoanalyst_ext import __version__

from .program import PROGRAM, Ran, environment, run

KEY = "sk-planted-for-a-test-0123456789"


def findings(ran: Ran) -> list[dict[str, Any]]:
    """What the program said with `--json`."""
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return found


def problem(ran: Ran, area: str, name: str) -> dict[str, Any]:
    """One finding that is a problem."""
    found = [each for each in findings(ran) if (each["area"], each["name"]) == (area, name)]
    assert [each["status"] for each in found] == ["problem"], findings(ran)
    return found[0]


def written(file: Path, content: object, *, mode: int = 0o600) -> Path:
    """Plant a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    file.chmod(mode)
    return file


def test_an_empty_home_is_fine_in_words_that_fit_a_terminal(tmp_path: Path) -> None:
    ran = run(tmp_path, "check", COLUMNS="80")
    assert (ran.code, ran.err) == (0, "")
    assert "Everything needed is there and works." in ran.out
    assert "\x1b" not in ran.out, "colours are for terminals"
    for area in ("Install", "Database", "Chats and sessions", "JupyterLab", "Kernels", "Models", "Trust"):
        assert f"\n{area}\n" in f"\n{ran.out}"
    too_long = [line for line in ran.out.splitlines() if len(line) > 80 and str(tmp_path) not in line]
    assert too_long == []
    assert not list(tmp_path.rglob("*.db")), "looking makes no database"


def test_an_install_of_two_halves_is_found(tmp_path: Path) -> None:
    info = "Metadata-Version: 2.4\nName: autoanalyst-ext\nVersion: 9.9\n"
    needs = "Requires-Dist: no-such-library>=2\nRequires-Dist: click<1\n"
    written(tmp_path / "old/autoanalyst_ext-9.9.dist-info/METADATA", info + needs)
    ran = run(tmp_path, "check", "--json", PYTHONPATH=str(tmp_path / "old"))
    assert ran.code == 1
    package = problem(ran, "Install", "package")
    assert f"the code is {__version__}, what Python knows of is 9.9" in package["words"]
    assert package["command"].endswith("pip install --force-reinstall autoanalyst-ext")
    libraries = problem(ran, "Install", "libraries")
    assert libraries["words"].startswith("no-such-library is missing; click is ")
    assert libraries["command"].endswith("pip install 'no-such-library>=2' 'click<1'")
    assert "is of version 9.9" in problem(ran, "Kernels", "python3")["words"], "its kernel has it as well"


def test_keys_are_said_to_be_there_and_never_shown(tmp_path: Path) -> None:
    file = written(tmp_path / ".local/share/jupyter/autoanalyst/keys.json", {"groq": KEY}, mode=0o644)
    keys = {"ANTHROPIC_API_KEY": f"{KEY}-a", "ADMIN_API_KEY": f"{KEY}-admin"}
    ran = run(tmp_path, "check", "--json", AUTOANALYST_MODEL="openai:gpt-4o", **keys)
    assert problem(ran, "Models", "key file")["command"] == f"chmod 600 {file}"
    model = problem(ran, "Models", "model")
    assert "there is no key for OpenAI" in model["words"]
    assert model["command"] == "autoanalyst key set openai"
    words = {each["words"] for each in findings(ran)}
    assert {"Anthropic: found in environment", "ADMIN_API_KEY is set"} <= words
    assert KEY not in ran.out + ran.err


def test_who_may_see_everybodys_usage_is_said_and_an_admin_key_that_cannot_be_used_is_found(
    tmp_path: Path,
) -> None:
    short = run(tmp_path, "check", "--json", ADMIN_API_KEY="too-short")
    assert problem(short, "Trust", "admin key")["command"] == "autoanalyst admin create-key"
    assert run(tmp_path, "admin", "create-key", "--name", "ann").code == 0
    ran = run(tmp_path, "check", "--json")
    assert "1 key made here: ann" in {each["words"] for each in findings(ran)}


def test_settings_that_cannot_be_used_are_found_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    written(tmp_path / ".jupyter/autoanalyst_config.py", "c.Engine.mode = ")
    code, seen = on_a_terminal(tmp_path, NO_COLOR="1")
    assert code == 1
    assert "autoanalyst_config.py cannot be used" in " ".join(seen.split())
    assert "PROBLEM  configuration" in seen
    assert "ok       python3" in seen
    assert "Traceback" not in seen
    assert "\x1b[" not in seen, "colours are not wanted"


def test_there_are_colours_on_a_terminal(tmp_path: Path) -> None:
    code, seen = on_a_terminal(tmp_path)
    assert code == 0
    assert "\x1b[32mok" in seen


def on_a_terminal(home: Path, **more: str) -> tuple[int, str]:
    """The exit code, and what the program shows there."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "check"], cwd=home, env=environment(home, TERM="xterm", **more), stdout=slave, stderr=slave
    )
    os.close(slave)
    seen = b""
    try:
        while chunk := os.read(master, 4096):
            seen += chunk
    except OSError:  # the other side is closed: the program has ended
        pass
    os.close(master)
    return process.wait(30), seen.decode()
