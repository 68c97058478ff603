"""`autoanalyst lab`: JupyterLab with the analyst's panel open, and three lines that say what one needs.

JupyterLab runs in this process. What it logs goes to a file, so that the lines are what one sees.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import click

from ..config import explained, load_config
from ..engine import OFFLINE, Engine
from ..errors import AnalystError, BadRequest
from .ends import FAILED, USAGE_ERROR
from .lab_log import LabLog
from .quickstart import first_notebook

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

NO_KEY = "No model key found: the offline analyst answers. Add a key: Settings > AutoAnalyst"
NEWS = "@jupyterlab/apputils-extension:announcements"
NOT_INSTALLED = f"JupyterLab is not installed here. Install it: {sys.executable} -m pip install jupyterlab"


@click.command("lab")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; when it is taken, the next.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--verbose", is_flag=True, help="Say where JupyterLab's own log is.")
@click.argument("notebook", required=False, type=click.Path(path_type=Path))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def command(
    port: int | None, no_browser: bool, verbose: bool, notebook: Path | None, options: tuple[str, ...]
) -> None:
    """Open NOTEBOOK in JupyterLab with the analyst's panel; further OPTIONS after -- are JupyterLab's.

    Without NOTEBOOK the current folder is opened, and where that has no notebook yet, a quickstart with
    sample data. Ctrl-C stops JupyterLab and its kernels.
    """
    # After `--`, the first option looks like the notebook.
    if notebook is not None and str(notebook).startswith("-"):
        notebook, options = None, (str(notebook), *options)
    given = [f"--ServerApp.port={port}"] if port is not None else []
    given += ["--no-browser"] if no_browser else []
    try:
        sys.exit(_run(notebook, [*given, *options], verbose=verbose))
    except AnalystError as error:
        click.echo(f"autoanalyst: {error}", err=True)
        sys.exit(USAGE_ERROR if error.status == 400 else FAILED)


def _run(notebook: Path | None, options: list[str], *, verbose: bool) -> int:
    """Run JupyterLab to its end; the exit code."""
    try:
        import jupyterlab.labapp  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as error:
        raise BadRequest(NOT_INSTALLED) from error
    folder = Path.cwd()
    opened = first_notebook(folder, notebook)
    with explained():
        log = LabLog(Path(Engine(config=load_config()).data_dir) / "lab.log")
    failed = False
    with log.taken():
        try:
            Lab(log, verbose=verbose).run([*_settings(folder, opened), *options])
        except SystemExit as ended:  # how JupyterLab says that it cannot start
            failed = bool(ended.code)
    if failed:
        click.echo(f"autoanalyst: JupyterLab did not start. Its log ({log.path}) ends with:", err=True)
        click.echo(log.end(), err=True)
    return FAILED if failed else 0


def _settings(folder: Path, opened: Path | None) -> list[str]:
    """JupyterLab in this folder, or where the notebook is outside of it, in the notebook's."""
    if opened is not None and not opened.is_relative_to(folder):
        folder = opened.parent
    page = "/lab" if opened is None else f"/lab/tree/{quote(opened.relative_to(folder).as_posix())}"
    settings = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url={page}",
        "--ServerApp.jpserver_extensions=autoanalyst_ext=True",
        "--AutoAnalystExtension.open_panel=True",
    ]
    # JupyterLab refuses to start as root, who in a container is all there is.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*settings, "--ServerApp.allow_root=True"] if is_root else settings


class Lab:
    """One run of JupyterLab."""

    def __init__(self, log: LabLog, *, verbose: bool) -> None:
        self._log = log
        self._verbose = verbose

    def run(self, options: list[str]) -> None:
        """Run until it is stopped. Raises `SystemExit` when it cannot start, or an error of ours."""
        from jupyterlab.labapp import LabApp

        app = LabApp.initialize_server(argv=options)
        _stop_on_signals(app)
        app.web_app.settings["page_config_hook"] = _without_news
        app.io_loop.add_callback(self._begin, app)
        app.start()
        if self._greeting.done() and not self._greeting.cancelled():
            self._greeting.result()

    def _begin(self, app: "ServerApp") -> None:
        """The server listens now. Whatever goes wrong with our part ends it."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and task.exception() is not None:
                app.stop()

        self._greeting = asyncio.create_task(self._greet(app))
        self._greeting.add_done_callback(ended)

    async def _greet(self, app: "ServerApp") -> None:
        """Bring the database up to date, and say where everything is."""
        with explained():
            engine = Engine(config=app.config)
        where, model = await _prepared(engine)
        self._log.say(f"AutoAnalyst: {address(app.public_url)}")
        self._log.say(f"Data:        {where}")
        self._log.say(NO_KEY if model == OFFLINE and not engine.model else f"Model:       {model} answers")
        if self._verbose:
            self._log.say(f"Log:         {self._log.path}")


def _without_news(_: object, page: dict[str, Any]) -> dict[str, Any]:
    """JupyterLab's question about its news would stand in front of the composer. No setting is changed."""
    # JupyterLab's own way of disabling plugins is a list by now; what it read from files is in it.
    return {**page, "disabledExtensions": [*page.get("disabledExtensions", ()), NEWS]}


def _stop_on_signals(app: "ServerApp") -> None:
    """Ctrl-C and a closed terminal stop it in good order, without asking; a second one at once.

    JupyterLab asks, and where nobody can be asked it leaves its kernels behind.
    """

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler)
        app.stop(from_signal=True)

    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


async def _prepared(engine: Engine) -> tuple[str, str]:
    """Where the data lives, and the model that answers. Not as the engine's owner: the server has another."""
    try:
        await asyncio.to_thread(lambda: engine.database)
        await engine.database.open()
        return engine.database.where, await engine.chosen_model()
    finally:
        await engine.database.close()


def address(url: str) -> str:
    """The address as one can follow it: a token that the server keeps to itself is left out."""
    parts = urlsplit(url)
    return parts._replace(query="").geturl() if parts.query == "token=..." else url
