"""A live notebook for the tests of a module; tests that end their kernel start their own."""

import asyncio
from collections.abc import Iterator

import pytest

from autoanalyst_ext.notebooks.headless import HeadlessNotebook

from .notebook_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("notebook")
    with asyncio.Runner() as runner:
        starting = HeadlessNotebook.start(folder)
        notebook = runner.run(starting.__aenter__())
        yield Desk(runner, notebook)
        runner.run(starting.__aexit__(None, None, None))
