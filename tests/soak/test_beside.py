"""Installed beside the other assistants of Jupyter, in one environment: nobody breaks anybody."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from ..server.jupyter import TOKEN, JupyterServer

ROOT = Path(__file__).parents[2]
OTHERS = (
    "jupyter-ai",
    "notebook-intelligence",
    "litellm>=1.108",  # the first that takes openai 3; pip would try the older ones one by one
)
LABEXTENSIONS = {"autoanalyst", "@jupyter-ai/persona-manager", "@plmbr/notebook-intelligence"}

pytestmark = pytest.mark.soak


def output(*command: str | Path) -> str:
    """What a program prints; it must end well."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with our wheel and the others' packages."""
    folder = tmp_path_factory.mktemp("beside")
    output(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    output(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    output(python, "-m", "pip", "install", "--quiet", wheel, *OTHERS)
    return python


@pytest.mark.timeout(1200)
def test_all_three_install_together_without_a_conflict(python: Path) -> None:
    assert "No broken requirements found" in output(python, "-m", "pip", "check")


@pytest.mark.timeout(300)
def test_all_three_load_in_one_server_and_their_panels_in_one_page(python: Path, tmp_path: Path) -> None:
    server = JupyterServer(tmp_path, "--ServerApp.jpserver_extensions=jupyterlab=True", python=str(python))
    try:
        request = urllib.request.Request(f"{server.url}lab", headers={"Authorization": f"token {TOKEN}"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            page = reply.read().decode()
        config = json.loads(page.split('id="jupyter-config-data"')[1].split(">", 1)[1].split("</script>")[0])
        assert {each["name"] for each in config["federated_extensions"]} >= LABEXTENSIONS
        assert "error" not in {
            line.split("|")[0].strip().lower() for line in server.log().splitlines() if "autoanalyst" in line
        }
        for name in ("autoanalyst_ext", "jupyter_ai_persona_manager", "notebook_intelligence"):
            assert f"{name} | extension was successfully loaded" in server.log(), server.log()
    finally:
        server.stop()
