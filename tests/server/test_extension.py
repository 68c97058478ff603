"""The extension in a Jupyter server: it is there by itself, and costs nothing until somebody asks."""

import json
import subprocess
import sys
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.config import ExtensionConfigManager

from .jupyter import kernel_of, running

NEW = """
import json, sys
import jupyter_server.serverapp
before = set(sys.modules)
import autoanalyst_ext
point, = autoanalyst_ext._jupyter_server_extension_points()
assert point["app"].name == "autoanalyst_ext"
print(json.dumps(sorted(set(sys.modules) - before)))
"""
HEAVY = {"pydantic", "sqlalchemy", "pydantic_ai", "openai", "pandas", "structlog", "autoanalyst_ext.engine"}


def test_loading_the_extension_loads_a_handful_of_small_modules() -> None:
    run = subprocess.run([sys.executable, "-c", NEW], capture_output=True, text=True, check=True, timeout=60)
    new = json.loads(run.stdout)
    assert not HEAVY & set(new)
    assert len(new) <= 20, new


def test_it_is_enabled_by_its_installation() -> None:
    found = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    assert found["autoanalyst_ext"] is True


def test_a_server_that_nobody_asks_makes_nothing_and_one_that_is_asked_closes_what_it_opened(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "data" / "autoanalyst"
    with running(tmp_path) as server:
        assert not kept.exists()
        with kernel_of(server) as kernel:
            assert [path.name for path in kept.iterdir()] == ["kernel-secret"]
            assert kernel.connect()["model"] == "offline:analyst"
            assert kernel.run("", "client.query('history')")["chats"] == []
    assert (kept / "autoanalyst.db").exists()
    assert not (kept / "autoanalyst.db-wal").exists(), "the database was not closed"
    assert "Traceback" not in server.log()


def test_the_settings_of_the_engine_are_the_servers(tmp_path: Path) -> None:
    with running(tmp_path, "--Engine.mode=suggest") as server, kernel_of(server) as kernel:
        assert kernel.connect()["mode"] == "suggest"
    assert "Traceback" not in server.log()


def test_the_next_server_knows_kernels_by_the_same_secret(tmp_path: Path) -> None:
    secret = tmp_path / "data" / "autoanalyst" / "kernel-secret"
    found = []
    for _ in range(2):
        with running(tmp_path) as server, kernel_of(server) as kernel:
            assert kernel.connect()["where"] == "in the Jupyter server"
            found.append(secret.read_bytes())
    assert found[0] == found[1]


def test_the_magic_is_also_loaded_by_the_name_of_the_distribution() -> None:
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_line_magic('load_ext', 'autoanalyst_ext')\n"
        "assert 'analyst' in shell.magics_manager.magics['cell']\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
