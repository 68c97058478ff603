"""A browser and a JupyterLab for each file of tests. Without a browser they are left out; the end says so."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .browser import FLAGS, INSTALL, executable
from .lab import SECONDS, Lab, abandon, begin, open_page, running_lab, shot


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a browser where there is none; where CI says so, that is a failure."""
    if executable() is not None or os.environ.get("CI") == "true":
        return
    reason = f"no Chromium or Chrome here; install one: {INSTALL}"
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's browser.

    It ends with its file: while it is open, its event loop counts as running, and whatever other tests this
    process has after these could not run one of their own.
    """
    path = executable()
    assert path is not None, f"There is no Chromium or Chrome. Install one: {INSTALL}"
    expect.set_options(timeout=SECONDS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab for the tests of one file."""
    with running_lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture(scope="module")
def opened(browser: Browser, lab: Lab) -> Iterator[Page]:
    """The page of a file of tests. JupyterLab takes seconds to load, a notebook in it does not."""
    page = open_page(browser, lab)
    yield page
    page.context.close()


@pytest.fixture
def page(opened: Page, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Page]:
    """That page with a notebook of the test's own, in which the file's `CELLS` have run, and a new chat."""
    name = re.sub(r"\W+", "_", request.node.name.removeprefix("test_"))[-40:].strip("_")
    cells: tuple[str, ...] = getattr(request.module, "CELLS", ())
    yield begin(opened, lab, f"{name}.ipynb", *cells)
    shot(opened, f"{request.module.__name__.rpartition('.test_')[2]}_{name}")
    abandon(opened, lab)
