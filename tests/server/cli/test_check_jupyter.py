"""What `autoanalyst check` says of kernels, the front end, a running server and keys, each fault planted."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext import __version__
from autoanalyst_ext.cli.check import front_end, kernels, keys, server
from autoanalyst_ext.cli.check.finding import Finding, Scene
from autoanalyst_ext.config import load_config
from autoanalyst_ext.engine import Engine
from tests.server.jupyter import TOKEN, JupyterServer
from tests.server.store.conftest import free_port

from .test_check import KEY, written

BROKEN_PANDAS = """
import sys
class Unloadable:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ImportError("numpy.core.multiarray failed to import")
sys.meta_path.insert(0, Unloadable())
"""
"""A `sitecustomize` that breaks pandas, as an upgrade of half of its libraries does."""


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where Jupyter looks for kernels and extensions first; its configuration is beside it."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    for name in ("ANTHROPIC", "OPENAI", "GROQ", "AZURE_OPENAI", "AUTOANALYST_COMPATIBLE"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
    return tmp_path / "share"


def engine() -> Engine:
    return Engine(config=load_config())


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def kernelspec(share: Path, name: str, **more: Any) -> None:
    """Plant a kernel."""
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": name, "language": "python", **more}
    written(share / "kernels" / name / "kernel.json", spec)


def test_broken_kernels_are_named_and_the_others_work(share: Path) -> None:
    kernelspec(share, "gone", argv=[str(share / "removed-venv/bin/python"), "-f", "{connection_file}"])
    kernelspec(share, "ends", argv=[sys.executable, "-c", "raise SystemExit('no module named ipykernel')"])
    broken = written(share / "library/sitecustomize.py", BROKEN_PANDAS).parent
    kernelspec(share, "half", env={"PYTHONPATH": str(broken)})
    kernelspec(share, "statistics", language="R")
    written(share / "kernels/torn/kernel.json", '{"argv": [')
    found = by_name(asyncio.run(kernels.look(engine())))
    states = {name: finding.status for name, finding in found.items()}
    assert states == {
        **{"gone": "problem", "ends": "problem", "torn": "problem"},
        **{"half": "note", "others": "note", "python3": "ok"},
    }
    assert "could not be started" in found["gone"].words
    assert "removed-venv/bin/python" in found["gone"].remedy
    assert found["gone"].command == "jupyter kernelspec remove gone"
    assert "no module named ipykernel" in found["ends"].words
    assert "kernel.json cannot be used" in found["torn"].words
    assert "numpy.core.multiarray failed to import" in found["half"].words
    assert found["half"].command == f"{sys.executable} -m pip install pandas"


def test_the_usual_kernel_without_pandas_is_a_problem(share: Path) -> None:
    broken = written(share / "library/sitecustomize.py", BROKEN_PANDAS).parent
    kernelspec(share, "python3", env={"PYTHONPATH": str(broken)})
    (found,) = asyncio.run(kernels.look(engine()))
    assert (found.name, found.status) == ("python3", "problem")
    assert "pandas does not load" in found.words


def test_a_kernel_that_never_answers_is_given_up(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "SECONDS", 1.0)
    kernelspec(share, "python3", argv=[sys.executable, "-c", "import time; time.sleep(1000)"])
    (found,) = asyncio.run(kernels.look(engine()))
    assert found.words == "It did not start and run a cell within 1 s."


def panel(share: Path, **more: Any) -> Path:
    """Plant a front end; the folder of its program."""
    built = {"load": "static/remoteEntry.js", "extension": "./extension"}
    package = {"name": "autoanalyst", "version": __version__, "jupyterlab": {"_build": built}, **more}
    return written(share / "labextensions/autoanalyst/package.json", package).with_name("static")


def test_a_panel_of_another_version_or_not_built_is_found(share: Path) -> None:
    program = panel(share)
    assert "not built" in by_name(asyncio.run(front_end.look(engine())))["panel"].words
    written(program / "remoteEntry.js", "")
    assert by_name(asyncio.run(front_end.look(engine())))["panel"].status == "ok"
    panel(share, version="9.9.0")
    found = by_name(asyncio.run(front_end.look(engine())))["panel"]
    assert found.words == f"The panel is of version 9.9.0, this program is {__version__}."
    assert found.command.endswith("pip install --force-reinstall autoanalyst-ext")
    written(share / "labextensions/other/package.json", "{")
    assert "cannot be read" in by_name(asyncio.run(front_end.look(engine())))["panel"].words


def test_a_front_end_that_is_turned_off_is_found(share: Path) -> None:
    off = {"ServerApp": {"jpserver_extensions": {"autoanalyst_ext": False}}}
    written(share.with_name("config") / "jupyter_server_config.json", off)
    disabled = {"disabledExtensions": {"autoanalyst:panel": True}}
    written(share.with_name("config") / "labconfig/page_config.json", disabled)
    found = by_name(asyncio.run(front_end.look(engine())))
    assert found["server"].command == "jupyter server extension enable autoanalyst_ext"
    assert found["plugins"].command == "jupyter labextension enable autoanalyst:panel"


def test_a_key_in_an_open_configuration_and_a_model_that_does_not_exist_are_found(share: Path) -> None:
    settings = {"KeyRing": {"keys": {"groq": KEY}}, "Engine": {"model": "grok:fast"}}
    file = written(share.with_name("config") / "autoanalyst_config.json", settings, mode=0o644)
    findings = list(keys.look(Scene(engine())))
    found = by_name(findings)
    assert found["key"].words == "Groq: found in config"
    assert (found["configuration"].status, found["configuration"].command) == ("note", f"chmod 600 {file}")
    assert found["model"].status == "problem"
    assert "No provider named 'grok'" in found["model"].words
    assert KEY not in repr(findings)


def test_the_rights_of_a_key_file_are_mended(share: Path) -> None:
    file = written(share.with_name("data") / "autoanalyst/keys.json", {"groq": KEY}, mode=0o644)
    found = by_name(list(keys.look(Scene(engine(), fix=True))))
    assert found["key file"].status == "fixed"
    assert found["key"].words == "Groq: found in file"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_file_is_found(share: Path) -> None:
    written(share.with_name("data") / "autoanalyst/keys.json", "{")
    troubles = [each for each in keys.look(Scene(engine())) if each.status == "problem"]
    assert "is damaged" in troubles[0].words


def test_a_running_server_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOANALYST_URL", raising=False)
    assert asyncio.run(server.look()) == []
    running = JupyterServer(tmp_path / "server")
    try:
        monkeypatch.setenv("AUTOANALYST_URL", running.url)
        (locked,) = asyncio.run(server.look())
        monkeypatch.setenv("JUPYTER_TOKEN", TOKEN)
        (there,) = asyncio.run(server.look())
        monkeypatch.setenv("AUTOANALYST_URL", f"{running.url}nowhere/")
        (other,) = asyncio.run(server.look())
    finally:
        running.stop()
    monkeypatch.setenv("AUTOANALYST_URL", f"http://127.0.0.1:{free_port()}/")
    (gone,) = asyncio.run(server.look())
    assert (locked.status, "wants a login" in locked.words) == ("note", True)
    assert (there.status, there.words) == ("ok", f"{running.url} answers, {__version__}")
    assert (other.status, "does not have the analyst" in other.words) == ("problem", True)
    assert (gone.status, "cannot be reached" in gone.words) == ("problem", True)
