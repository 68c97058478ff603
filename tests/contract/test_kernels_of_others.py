"""The panel beside kernels that know nothing of us: another environment with pandas, another language."""

import asyncio
import json
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import cast

import pytest

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.errors import KernelGone
from autoanalyst_ext.notebooks.witnesses import Witnesses
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.providers.scripted import ScriptedModel
from tests.server.chats.desk import TABLE, OneModel, runs
from tests.server.chats.local_house import LocalHouse
from tests.server.chats.panel_stage import BOOK, PanelStage
from tests.server.jupyter import JupyterServer, running
from tests.server.notebooks.rest_house import RestHouse

from .test_bare_kernel import needed

OURS = ("autoanalyst_kernel", "autoanalyst_ext", "plotly")
HAS_NONE = f"from importlib.util import find_spec\nassert not [name for name in {OURS!r} if find_spec(name)]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """A server with a kernel of an environment that holds ipykernel and pandas, and nothing of ours."""
    folder = tmp_path_factory.mktemp("others")
    packages = folder / "packages"
    packages.mkdir()
    for name in needed("ipykernel", needed("pandas", set())):
        tops = {file.parts[0] for file in metadata.files(name) or ()}
        home = Path(str(metadata.distribution(name).locate_file("")))
        for top in tops - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(home / top)
    start = f"import sys; sys.path.append({str(packages)!r}); from ipykernel import kernelapp"
    # -S: without the packages of the environment that the tests run in.
    command = [sys.executable, "-S", "-c", f"{start}; kernelapp.launch_new_instance()"]
    spec = {"argv": [*command, "-f", "{connection_file}"], "display_name": "Other", "language": "python"}
    place = folder / "data" / "kernels" / "other"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec))
    with running(folder) as started:
        yield started


def test_a_panels_run_works_in_an_environment_with_only_pandas(server: JupyterServer, tmp_path: Path) -> None:
    replies = [runs("sales['revenue'].sum()"), Reply(text="The total is {{c1}}.")]

    async def scene() -> None:
        house = RestHouse(server)
        kernel = house.start("other")
        home = {"data_dir": str(tmp_path / "data"), "database_url": f"sqlite:///{tmp_path}/data/test.db"}
        async with Engine(**home) as engine:
            engine.house = house
            model = ScriptedModel(replies)
            engine.providers.add(OneModel(model))
            stage = PanelStage(engine, cast("LocalHouse", house), kernel, model)
            try:
                page = stage.open()
                assert (await page.hands.run(HAS_NONE))["status"] == "ok"
                assert (await page.hands.run(TABLE))["status"] == "ok"
                told = await stage.ask("What is the total revenue?", page, mode="auto")
                seen = await engine.data.surroundings(BOOK, kernel)
            finally:
                await stage.close()
                await house.end(kernel)
        answer = told[-1]["event"]["answer"]
        assert answer["status"] == "answered", answer
        assert answer["answer"] == "The total is 231."
        assert [table.name for table in seen.tables] == ["sales"]

    asyncio.run(asyncio.wait_for(scene(), 60))


def test_another_language_is_refused_in_one_clear_sentence(server: JupyterServer) -> None:
    async def scene() -> str:
        house = RestHouse(server)
        kernel = house.start("other")
        house = RestHouse(server, {kernel: "r"})
        witnesses = Witnesses(house)
        try:
            with pytest.raises(KernelGone) as refused:
                await (await witnesses.get(kernel)).look()
        finally:
            await witnesses.close()
            await house.end(kernel)
        return str(refused.value)

    said = asyncio.run(asyncio.wait_for(scene(), 60))
    assert "Python" in said
    assert said.count(". ") <= 1
    assert "Traceback" not in said
