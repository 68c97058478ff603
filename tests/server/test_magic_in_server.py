"""The notebooks' questions in kernels of a real Jupyter server that has us: the engine runs in the server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from .jupyter import JupyterServer, ServerKernel, kernel_of, running

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHILDREN = "[p.name() for p in __import__('psutil').Process().children()]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("server")
    with running(folder) as started:
        shutil.copyfile(NOTEBOOKS / "housing.csv", folder / "work" / "housing.csv")
        yield started


def sources(name: str) -> list[str]:
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def run_all(kernel: ServerKernel, name: str) -> list[str]:
    """Run a notebook's cells in order; how its questions were answered."""
    statuses = []
    for source in sources(name):
        kernel.run(source)
        if source.startswith("%%analyst"):
            statuses.append(kernel.run("", "[_analyst.status, _analyst.replayed]"))
    return statuses


def test_the_quickstart_is_answered_in_the_server_and_replayed_after_a_restart(server: JupyterServer) -> None:
    with kernel_of(server) as kernel:
        first = run_all(kernel, "01-quickstart.ipynb")
        assert first == [["answered", False]] * 4 + [["abstained", False]]
        assert kernel.run("", CHILDREN) == []
        kernel.restart()
        again = run_all(kernel, "01-quickstart.ipynb")
        assert again == [["answered", True]] * 4 + [["abstained", True]]
        assert kernel.run("", "_analyst.tokens") == 0


def test_the_tour_of_the_magic_runs_in_the_server(server: JupyterServer) -> None:
    with kernel_of(server) as kernel:
        run_all(kernel, "02-magic.ipynb")
        assert kernel.run("", "[by_status.status, round(average.value), str(average.cost)]") == [
            "answered",
            4230517,
            "0.00",
        ]


def test_a_server_that_ends_ends_its_kernels_and_the_database_is_whole(tmp_path: Path) -> None:
    with running(tmp_path) as ending:
        shutil.copyfile(NOTEBOOKS / "housing.csv", tmp_path / "work" / "housing.csv")
        kernel = ServerKernel(ending, "python3")
        try:
            run_all(kernel, "01-quickstart.ipynb")
            process = psutil.Process(kernel.run("import os", "os.getpid()"))
        finally:
            kernel._client.stop_channels()
    assert psutil.wait_procs([process], timeout=30)[1] == []
    with running(tmp_path) as again, kernel_of(again) as kernel:
        assert run_all(kernel, "01-quickstart.ipynb")[0] == ["answered", True]
