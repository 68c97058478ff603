"""A kernel from another environment: pandas is there, our package and plotly are not."""

import json
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from tests.contract.test_bare_kernel import needed
from tests.server.jupyter import running

from .rest_house import RestHouse
from .tab_stage import Stage, play


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds ipykernel and pandas with what they need."""
    folder = tmp_path_factory.mktemp("packages")
    for name in needed("pandas", needed("ipykernel", set())):
        home = Path(str(metadata.distribution(name).locate_file("")))
        for top in {file.parts[0] for file in metadata.files(name) or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(home / top)
    return folder


@pytest.fixture(scope="module")
def house(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestHouse]:
    folder = tmp_path_factory.mktemp("server")
    start = f"import sys; sys.path.append({str(packages)!r}); from ipykernel import kernelapp"
    command = [sys.executable, "-S", "-c", f"{start}; kernelapp.launch_new_instance()"]
    spec = {"argv": [*command, "-f", "{connection_file}"], "display_name": "Other", "language": "python"}
    place = folder / "data" / "kernels" / "other"
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps(spec))
    with running(folder) as server:
        yield RestHouse(server)


def test_tables_values_and_names_are_told_there_too(house: RestHouse) -> None:
    async def scene(stage: Stage) -> None:
        there = await stage.cell(
            "from importlib.util import find_spec\n"
            "[name for name in ('autoanalyst_kernel', 'autoanalyst_ext', 'plotly') if find_spec(name)]"
        )
        assert there.result is not None
        assert there.result.kind == "sequence"
        assert there.result.length == 0
        execution = await stage.cell(
            "import pandas as pd\nhouses = pd.DataFrame({'area': [3, 1, 2]})\nhouses.nlargest(2, 'area')"
        )
        assert execution.result is not None
        assert execution.result.kind == "table"
        assert [table.name for table in execution.tables] == ["houses"]
        assert "houses" in await stage.notebook.made()
        assert "houses" in await stage.notebook.names()

    play(house, scene, "other")
