"""`autoanalyst lab`: JupyterLab with the panel open, three lines, and an end by one Ctrl-C."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import psutil

from autoanalyst_ext.cli.lab import address

from .program import PROGRAM, environment, run

NO_KEY = "No model key found: the offline analyst answers. Add a key: Settings > AutoAnalyst"


class Lab:
    """A running JupyterLab, and what it has said."""

    def __init__(self, process: "subprocess.Popen[str]", lines: int) -> None:
        self.process = process
        assert process.stdout is not None
        self.lines = [process.stdout.readline().rstrip("\n") for _ in range(lines)]
        assert self.lines[0].startswith("AutoAnalyst: http"), process.communicate(timeout=30)
        self.address = self.lines[0].removeprefix("AutoAnalyst: ")

    @property
    def port(self) -> int:
        return int(re.findall(r":(\d+)/", self.address)[0])

    def page_config(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.address, timeout=60) as reply:
            text = reply.read().decode()
        found = re.search(r'id="jupyter-config-data" type="application/json">(.*?)</script>', text, re.DOTALL)
        assert found is not None, text
        config: dict[str, Any] = json.loads(found[1])
        return config

    def call(self, method: str, path: str, body: Any = None) -> Any:
        token = self.address.rpartition("token=")[2]
        request = urllib.request.Request(
            f"http://localhost:{self.port}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.loads(reply.read())


@contextmanager
def lab(home: Path, *arguments: str, lines: int = 3, **more: str) -> Iterator[Lab]:
    process = subprocess.Popen(
        [PROGRAM, "lab", "--no-browser", *arguments],
        cwd=home,
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Lab(process, lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            rest = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, *rest) == (0, "", "")


def data_of(home: Path) -> Path:
    return home / ".local" / "share" / "jupyter" / "autoanalyst"


def test_it_opens_the_quickstart_with_the_panel_and_stops_by_one_interrupt(tmp_path: Path) -> None:
    with lab(tmp_path, "--port", "0") as started:
        assert started.lines[1:] == [f"Data:        {data_of(tmp_path) / 'autoanalyst.db'}", NO_KEY]
        assert (data_of(tmp_path) / "autoanalyst.db").exists()
        assert "/lab/tree/quickstart.ipynb?token=" in started.address
        config = started.page_config()
        assert (config["autoanalyst_open"], config["treePath"]) == ("true", "quickstart.ipynb")
        assert started.call("GET", "autoanalyst/api/v1/health")["status"] == "ok"
        kernel = started.call("POST", "api/kernels", {"name": "python3"})
        assert kernel["id"]
        children = psutil.Process(started.process.pid).children()
        assert children
    assert psutil.wait_procs(children, timeout=30)[1] == []
    log = data_of(tmp_path) / "lab.log"
    assert "Shutting down" in log.read_text()
    assert (log.stat().st_mode & 0o777) == 0o600
    assert not (data_of(tmp_path) / "autoanalyst.db-wal").exists(), "the database was not closed"


def test_the_quickstart_is_a_sound_notebook_and_is_opened_again_as_it_was_left(tmp_path: Path) -> None:
    with lab(tmp_path, "--port", "0"):
        pass
    notebook = nbformat.read(tmp_path / "quickstart.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert "`housing.csv`" in notebook.cells[0].source
    notebook.cells.append(nbformat.v4.new_code_cell("mine = 1"))
    nbformat.write(notebook, tmp_path / "quickstart.ipynb")
    with lab(tmp_path, "--port", "0") as again:
        assert "/lab/tree/quickstart.ipynb?token=" in again.address
    assert nbformat.read(tmp_path / "quickstart.ipynb", as_version=4).cells[-1].source == "mine = 1"


def test_a_folder_with_a_notebook_is_opened_as_it_is(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "mine.ipynb")
    before = (tmp_path / "mine.ipynb").read_bytes()
    with lab(tmp_path, "--port", "0", "--verbose", lines=4) as started:
        assert "/lab?token=" in started.address
        assert started.lines[3] == f"Log:         {data_of(tmp_path) / 'lab.log'}"
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == ["mine.ipynb"]
    assert (tmp_path / "mine.ipynb").read_bytes() == before


def test_other_data_by_the_samples_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "housing.csv").write_text("street,rent\nA,1\n")
    with lab(tmp_path, "--port", "0"):
        pass
    assert (tmp_path / "housing.csv").read_text() == "street,rent\nA,1\n"
    assert "housing_sample.csv" in (tmp_path / "quickstart.ipynb").read_text()


def test_a_named_notebook_is_opened_and_options_are_passed_on(tmp_path: Path) -> None:
    (tmp_path / "deep er").mkdir()
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "deep er" / "1 ä.ipynb")
    options = ("--", "--ServerApp.base_url=/there/", "--Engine.model=openai:gpt-5")
    with lab(tmp_path, "--port", "0", "deep er/1 ä.ipynb", *options) as started:
        assert "/there/lab/tree/deep%20er/1%20%C3%A4.ipynb?token=" in started.address
        assert started.page_config()["treePath"] == "deep er/1 ä.ipynb"
        assert started.lines[2] == "Model:       openai:gpt-5 answers"
    assert not (tmp_path / "quickstart.ipynb").exists()


def test_where_the_port_is_taken_the_address_names_the_one_that_is_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with lab(tmp_path, "--port", str(port)) as started:
            assert started.port != port
            assert started.call("GET", "autoanalyst/api/v1/me")["model"] == "offline:analyst"


def test_what_keeps_it_from_starting_is_said(tmp_path: Path) -> None:
    missing = run(tmp_path, "lab", "nothing.ipynb")
    assert missing.code == 2
    assert missing.err == (
        "autoanalyst: There is no notebook nothing.ipynb. Without a name, the quickstart is opened.\n"
    )
    wrong = run(tmp_path, "lab", "--no-browser", "--", "--ServerApp.port=abc")
    assert wrong.code == 1
    assert wrong.err.startswith("autoanalyst: JupyterLab did not start. Its log (")
    assert "expected an int, not the str 'abc'" in wrong.err
    nowhere = run(tmp_path, "lab", "--no-browser", AUTOANALYST_DATABASE_URL="sqlite:////proc/x.db")
    assert (nowhere.code, nowhere.out) == (1, "")
    assert nowhere.err.startswith("autoanalyst: The database /proc/x.db cannot be made or opened")


def test_without_jupyterlab_the_command_to_install_it_is_said(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['jupyterlab'] = None\n"
        "from autoanalyst_ext.cli import group\n"
        "group(['lab', '--no-browser'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    words = "autoanalyst: JupyterLab is not installed here. Install it: "
    assert (done.returncode, done.stderr) == (2, f"{words}{sys.executable} -m pip install jupyterlab\n")


def test_a_token_that_the_server_keeps_to_itself_is_no_part_of_the_address() -> None:
    assert address("http://localhost:8888/lab?token=...") == "http://localhost:8888/lab"
    assert address("http://localhost:8888/lab?token=ab") == "http://localhost:8888/lab?token=ab"
