"""The dashboard in a real kernel: what its cell puts out, what it tells the page, and when it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from .admin_server import SECONDS, AdminServer, admin_server, usage_view
from .kernel_program import KernelProgram
from .magic_kernel import empty_home

SHOW = "from autoanalyst_kernel.dashboard import Dashboard\nDashboard()"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def server() -> Iterator[AdminServer]:
    with admin_server() as started:
        yield started


@pytest.fixture
def kernel(server: AdminServer, tmp_path: Path) -> Iterator[KernelProgram]:
    """A kernel that this server seems to have started."""
    manager = KernelManager()
    secret = {"AUTOANALYST_URL": server.url, "AUTOANALYST_KERNEL_SECRET": "kernel-1.code"}
    manager.start_kernel(env={**empty_home(tmp_path), **secret}, cwd=str(tmp_path))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield KernelProgram(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def displays(kernel: KernelProgram, source: str = SHOW) -> list[dict[str, Any]]:
    """What a cell displays, as MIME bundles."""
    ran = kernel.run(source, metadata={"cellId": "cell-1"})
    assert ran.status == "ok", ran.reply
    assert ran.text("stderr") == ""
    return [content["data"] for kind, content in ran.messages if kind == "display_data"]


def test_the_cell_shows_the_widgets_and_a_summary_for_when_there_is_no_kernel(
    kernel: KernelProgram, server: AdminServer
) -> None:
    kernel.run("import plotly.graph_objects, ipywidgets, anywidget")
    server.on_watch = lambda connection, watch: server.view(connection, usage_view())
    live, summary = displays(kernel)
    assert WIDGET_VIEW in live
    assert "Spend: $4.25" in summary["text/plain"]
    assert "Run the cell to see the live dashboard" in summary["text/markdown"]


def test_running_the_cell_again_ends_the_first_connection(kernel: KernelProgram, server: AdminServer) -> None:
    server.on_watch = lambda connection, watch: server.view(connection, usage_view())
    displays(kernel)
    displays(kernel)
    assert server.left.get(timeout=SECONDS) == 1
    assert server.connected == 1


def test_closing_it_and_the_end_of_the_kernel_end_the_connection(
    kernel: KernelProgram, server: AdminServer
) -> None:
    server.on_watch = lambda connection, watch: server.view(connection, usage_view())
    displays(kernel, f"{SHOW.removesuffix('Dashboard()')}shown = Dashboard()\nshown")
    kernel.run("shown.close()")
    assert server.left.get(timeout=SECONDS) == 1
    displays(kernel)
    kernel.manager.shutdown_kernel(now=True)
    assert server.left.get(timeout=SECONDS) == 2


def test_changes_put_nothing_out_and_keep_the_kernel_free(kernel: KernelProgram, server: AdminServer) -> None:
    server.on_watch = lambda connection, watch: server.view(connection, usage_view())
    displays(kernel)
    for requests in range(200, 230):
        server.view(1, usage_view(requests=requests))
    # A cell runs in between, and the kernel takes the newest when it is free.
    read = "from autoanalyst_kernel.dashboard import dashboard as d\n(board,) = d._shown.values()"
    value = "board._tiles.tiles[1]['value']"
    kernel.run(read)
    seen: list[str] = []
    while not seen or "229" not in seen[-1]:
        seen.append(kernel.run(value).seen())
    assert not any("stream" in each for each in seen)


def test_where_there_is_no_server_the_cell_says_what_it_needs(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "IPython", "-c", SHOW],
        env=empty_home(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0
    assert "run `autoanalyst lab`, open this notebook there" in ran.stdout
    assert ran.stderr == ""


def test_where_widgets_are_missing_the_cell_names_the_command(
    kernel: KernelProgram, server: AdminServer
) -> None:
    # As in an environment that never had them: what would find them finds nothing.
    paths = "import importlib.machinery as m\nfound = m.PathFinder.find_spec\n"
    forget = (
        "m.PathFinder.find_spec = classmethod(lambda c, n, p=None, t=None: "
        "None if n in ('ipywidgets', 'anywidget') else found(n, p, t))\n"
    )
    ran = kernel.run(f"{paths}{forget}{SHOW}")
    assert ran.status == "ok"
    assert "run `%pip install ipywidgets anywidget`, then the cell again" in ran.text()
    assert server.opened == 0


def test_an_executed_notebook_ends_well_and_says_what_it_needs(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "notebooks" / "admin_dashboard.ipynb"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--execute",
            "--to=notebook",
            f"--output-dir={tmp_path}",
            shipped,
        ],
        env={**empty_home(tmp_path), "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=100,
    )
    text = (tmp_path / shipped.name).read_text()
    (output,) = json.loads(text)["cells"][1]["outputs"]
    assert "run `autoanalyst lab`" in "".join(output["text"])
    assert os.fspath(tmp_path) not in text


def test_loading_the_magic_does_not_load_the_dashboard(tmp_path: Path) -> None:
    code = (
        "import sys, autoanalyst_kernel.magics\n"
        "print({'ipywidgets', 'anywidget', 'plotly', 'autoanalyst_kernel.dashboard'} & set(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=empty_home(tmp_path), capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "set()"
