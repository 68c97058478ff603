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
    assert len(new) <= 36, new


SERVER = """
import json, sys
from jupyter_server.serverapp import ServerApp
off = [f"--ServerApp.jpserver_extensions={name}=False" for name in ("jupyterlab", "jupyter_lsp")]
app = ServerApp()
app.initialize(argv=["--no-browser", "--ServerApp.port=0", *off])
assert app.extension_manager.extension_apps["autoanalyst_ext"]
print(json.dumps(sorted(sys.modules)))
"""


def test_a_server_with_all_our_routes_has_loaded_nothing_heavy(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SERVER], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(json.loads(run.stdout.splitlines()[-1]))
    assert "autoanalyst_ext.handlers.routes" in loaded
    assert not HEAVY & loaded
    assert not [
        name for name in loaded if name.startswith(("autoanalyst_ext.types", "autoanalyst_ext.store"))
    ]


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


def test_what_is_wrong_with_the_settings_is_said_where_one_asks(tmp_path: Path) -> None:
    with running(tmp_path, "--Engine.rules={'modls': 1}") as server, kernel_of(server) as kernel:
        assert "Engine.rules makes no sense: modls" in kernel.connect()["note"]
        kernel.run("client.close()")
    assert "AutoAnalyst cannot be asked: Engine.rules makes no sense" in server.log()
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
