"""A real JupyterLab in an empty home, for tests, and pages of a real browser on it."""

import json
import os
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, Page

from ..server.jupyter import TOKEN, JupyterServer

READY = "window.jupyterapp && window.jupyterapp.restored.then(() => true)"
CLEAN = "!new URLSearchParams(window.location.search).has('reset')"
"""JupyterLab clears a workspace beside everything else; then it takes the word out of the address."""
WORKSPACES: dict[Page, str] = {}
"""Names of the workspaces of this process's pages."""
IDLE = """path => {
    const widgets = [...window.jupyterapp.shell.widgets('main')];
    const panel = widgets.find(each => each.context && each.context.path === path);
    return panel?.context.isReady && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
SECONDS = 30_000
"""Longest wait for anything in a page, in milliseconds."""

LAB_OPTIONS = (
    "--ServerApp.jpserver_extensions=jupyterlab=True",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.news_url=",
    "--LanguageServerManager.autodetect=False",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
)


QUIET = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false"}}
"""JupyterLab's own question about its news would stand in front of the panel."""


class Lab(JupyterServer):
    """A running JupyterLab."""

    def notebook(self, name: str, *sources: str) -> str:
        """Write a notebook with these code cells into its folder; returns its path."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        book = nbformat.v4.new_notebook(cells=cells)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, self.folder / "work" / name)
        return name

    def read(self, path: str) -> Any:
        """A notebook as it is stored now."""
        return nbformat.read(self.folder / "work" / path, as_version=4)

    def ours(self, method: str, route: str, body: Any = None) -> Any:
        """A call of our own routes."""
        request = urllib.request.Request(
            f"{self.url}autoanalyst/api/v1/{route}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as reply:
            text = reply.read()
        return json.loads(text) if text else None


@contextmanager
def running_lab(folder: Path, *options: str, environment: dict[str, str] | None = None) -> Iterator[Lab]:
    """A JupyterLab with our extension. Everything it keeps is in `folder`; notebooks are in `folder/work`."""
    for name, values in QUIET.items():
        file = folder / "config" / "lab" / "user-settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    lab = Lab(folder, *LAB_OPTIONS, *options, environment=environment)
    try:
        yield lab
    finally:
        lab.stop()


def open_page(
    browser: Browser, lab: Lab, path: str | None = None, *, width: int = 1400, theme: str | None = None
) -> Page:
    """A page in a new profile with JupyterLab loaded, the notebook at `path` open and its kernel idle."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(SECONDS)
    load(page, lab, path)
    if theme is not None:
        run(page, "apputils:change-theme", {"theme": theme})
    return page


def load(page: Page, lab: Lab, path: str | None = None, *, reset: bool = True) -> None:
    """Load JupyterLab in a page, with a clean workspace unless it is to come back as it was.

    Each page has a workspace of its own: pages that share one write over each other's layout.
    """
    workspace = WORKSPACES.setdefault(page, f"page-{len(WORKSPACES)}")
    page.goto(f"{lab.url}lab/workspaces/{workspace}?token={TOKEN}{'&reset' if reset else ''}")
    page.wait_for_function("window.jupyterapp")
    page.evaluate(READY)
    page.wait_for_function(CLEAN)
    if path is not None:
        open_notebook(page, path)


def reload(page: Page, lab: Lab, *words: str) -> None:
    """Load the page again as it was, once JupyterLab has stored which chat it shows, and these words."""
    page.evaluate(
        """async words => {
            const { workspaces } = window.jupyterapp.serviceManager;
            const { workspace } = JSON.parse(document.getElementById('jupyter-config-data').textContent);
            for (;;) {
                const { data } = await workspaces.fetch(workspace);
                const stored = data['autoanalyst:panel'];
                if (stored?.chat && words.every(word => JSON.stringify(stored).includes(word))) {
                    return;
                }
            }
        }""",
        list(words),
    )
    load(page, lab, reset=False)


def open_notebook(page: Page, path: str) -> None:
    """Open a notebook as a double click does, and wait for its kernel."""
    run(page, "docmanager:open", {"path": path, "factory": "Notebook"})
    page.wait_for_function(IDLE, arg=path)


def run(page: Page, command: str, args: dict[str, Any] | None = None) -> None:
    """Run a command of JupyterLab and wait until it is done."""
    page.evaluate(
        "([id, args]) => Promise.resolve(window.jupyterapp.commands.execute(id, args)).then(() => null)",
        [command, args or {}],
    )


CELLS = """path => {
    const widgets = [...window.jupyterapp.shell.widgets('main')];
    const panel = widgets.find(each => each.context && (!path || each.context.path === path));
    return panel.context.model.sharedModel.cells.map(cell => cell.toJSON());
}"""


def cells(page: Page, path: str = "") -> list[dict[str, Any]]:
    """The cells of an open notebook as the page has them, outputs included."""
    found: list[dict[str, Any]] = page.evaluate(CELLS, path)
    return found


def sources(page: Page, path: str = "") -> Sequence[str]:
    """The sources of its code cells that are not empty."""
    return [
        cell["source"] for cell in cells(page, path) if cell["cell_type"] == "code" and cell["source"].strip()
    ]


def start(page: Page, command: str) -> None:
    """Begin a command that stays with a dialog, and do not wait for it."""
    page.evaluate("id => void window.jupyterapp.commands.execute(id)", command)


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page, where somebody wants to look (`AUTOANALYST_SHOTS` names a folder)."""
    folder = os.environ.get("AUTOANALYST_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def path_of(page: Page) -> str:
    """Path of the notebook in front; of the one behind it where something else is in front."""
    path: str = page.evaluate(
        """() => {
            const { shell } = window.jupyterapp;
            const books = [...shell.widgets('main')].filter(each => each.content?.activeCell);
            return (books.find(each => each === shell.currentWidget) ?? books[0]).context.path;
        }"""
    )
    return path


def begin(page: Page, lab: Lab, path: str, *before: str) -> Page:
    """Open a new notebook with these cells, run them, and begin a new chat beside it."""
    open_notebook(page, lab.notebook(path, *before))
    if before:
        run(page, "notebook:run-all-cells")
    run(page, "autoanalyst:new-chat")
    return page


def abandon(page: Page, lab: Lab) -> None:
    """Close what `begin` has opened, from wherever the page is and without saving, and end its kernel."""
    page.evaluate("[...window.jupyterapp.shell.widgets('main')].forEach(each => each.dispose())")
    for session in lab.call("GET", "sessions"):
        lab.call("DELETE", f"sessions/{session['id']}")
