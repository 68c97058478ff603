"""The notebooks of the repository run from top to bottom, as a reader runs them."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autoanalyst_ext.providers.script import Match, Reply, ScriptedCall

from .magic_kernel import empty_home, script

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NAMES = ("01-quickstart.ipynb", "02-magic.ipynb")


def opened(folder: Path, name: str) -> Path:
    """A copy of a notebook and its data in an empty folder."""
    shutil.copyfile(NOTEBOOKS / "housing.csv", folder / "housing.csv")
    return Path(shutil.copyfile(NOTEBOOKS / name, folder / name))


def executed(path: Path, environment: dict[str, str]) -> NotebookNode:
    """The notebook after *Run All*, saved."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="python3", resources=place).execute(env=environment)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    return notebook


def shown(notebook: NotebookNode, beginning: str) -> str:
    """What the first code cell with this in it shows, as text."""
    cell = next(cell for cell in notebook.cells if beginning in cell.source and "outputs" in cell)
    return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)


def errors(notebook: NotebookNode) -> list[str]:
    found = [o for cell in notebook.cells for o in cell.get("outputs", ()) if o.output_type == "error"]
    return [error.evalue for error in found]


def test_the_notebooks_are_kept_without_outputs() -> None:
    for name in NAMES:
        notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
        nbformat.validate(notebook)
        assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_table_of_the_notebooks_is_the_bundled_sample() -> None:
    bundled = NOTEBOOKS.parent / "autoanalyst_ext" / "data" / "housing.csv"
    assert (NOTEBOOKS / "housing.csv").read_bytes() == bundled.read_bytes()


def test_the_quickstart_answers_offline_and_is_replayed(tmp_path: Path) -> None:
    environment = empty_home(tmp_path)
    path = opened(tmp_path, NAMES[0])
    notebook = executed(path, environment)
    assert errors(notebook) == []
    assert "15,880" in shown(notebook, "List top 10 houses by area")
    assert "4,230,517.43" in shown(notebook, "@statistical_analyst_agent")
    assert "furnished (4,538,219.51)" in shown(notebook, "average price by furnishingstatus")
    assert "Not answered" in shown(notebook, "Why are some houses cheaper?")
    chart = next(cell for cell in notebook.cells if "scatter plot" in cell.source)
    assert "application/vnd.plotly.v1+json" in chart.outputs[-1].data
    again = executed(path, environment)
    for beginning in ("List top 10", "@statistical_analyst_agent", "scatter plot", "Why are some"):
        assert "replayed from" in shown(again, beginning)


def test_the_tour_of_the_magic_runs_offline(tmp_path: Path) -> None:
    notebook = executed(opened(tmp_path, NAMES[1]), empty_home(tmp_path))
    assert errors(notebook) == []
    assert "semi-furnished" in shown(notebook, "by_status.table")
    assert "4,230,517 0.00 answered" in shown(notebook, "average.value")
    assert "large" in shown(notebook, "%analyst datasets")
    assert "mode `suggest`" in shown(notebook, "--mode suggest")
    assert "replayed from" in shown(notebook, "%%analyst --data housing\naverage price")
    assert "this chat" in shown(notebook, "%analyst usage")


def calls(code: str, question: str) -> tuple[Reply, Reply]:
    """The replies of a model that answers a question with one cell."""
    call = ScriptedCall(name="run_cell", args={"code": code, "purpose": "look it up"})
    answer = Reply(text="That is it.", match=Match(user=question, has_tool_result=True))
    return Reply(tool_calls=(call,), match=Match(user=question, has_tool_result=False)), answer


@pytest.mark.parametrize("name", NAMES)
def test_the_notebooks_run_with_a_model(tmp_path: Path, name: str) -> None:
    code = "housing['price'].mean()"
    looks = [reply for word in ("house", "price", "prices") for reply in calls(code, word)]
    abstention = Reply(text="I cannot know that from this table.", match=Match(user="Why"))
    model = script(tmp_path, abstention, *looks)
    notebook = executed(opened(tmp_path, name), empty_home(tmp_path, AUTOANALYST_MODEL=model))
    assert errors(notebook) == []
    assert "That is it." in shown(notebook, "average price by furnishingstatus")
