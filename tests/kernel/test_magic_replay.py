"""Asked once: a question whose receipt is found is answered without a model, as long as nothing changed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autoanalyst_ext.providers.script import Reply, ScriptedCall
from tests.fakes.dialects.base import ModelRequest
from tests.fakes.provider import FakeProvider

from .magic_kernel import TABLE, MagicKernel, Shown, empty_home, magic_kernel

MEAN = "by_city = sales.groupby('city')['revenue'].mean()\nby_city"
ASKED = "average revenue by city"
COUNT = """count = 0
def add(info):
    global count
    count += "by_city =" in info.raw_cell
get_ipython().events.register("pre_run_cell", add)
"""
"""Counts how often the code runs."""


def analyst(request: ModelRequest) -> Reply:
    """Looks up the mean by city, then answers with it."""
    if not request.asked.tool_results:
        return Reply(tool_calls=(ScriptedCall(name="run_cell", args={"code": MEAN}),))
    (label,) = re.findall(r"\bc\d+\b", request.asked.tool_results[-1])[:1]
    answer = "Bern has {{LABEL.Bern|.1f}}, Basel {{LABEL.Basel|.1f}}."
    return Reply(text=answer.replace("LABEL", label))


class Desk:
    """Kernels that share a folder, a database and a provider that counts."""

    def __init__(self, folder: Path, fake: FakeProvider) -> None:
        self.folder, self.fake = folder, fake
        self.environment = empty_home(folder, fake)

    @property
    def requests(self) -> int:
        return len(self.fake.exchanges)

    def kernel(self, table: str = TABLE) -> Any:
        return magic_kernel(self.folder, self.environment, table=table)

    def empty_database(self) -> None:
        """As on a colleague's machine."""
        shutil.rmtree(self.folder / "home" / "data")


def with_desk(scene: Callable[[Desk], None], folder: Path) -> None:
    with FakeProvider(analyst) as fake:
        scene(Desk(folder, fake))


def held(found: Shown, **more: Any) -> dict[str, Any]:
    """The metadata of a cell whose front end keeps receipts."""
    return {"autoanalyst": {"receipt": found.receipt, **more}}


def test_run_all_twice_asks_once(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            first = kernel.answers(ASKED, cell="a")
            assert "Bern has 35.0, Basel 3.5." in first.plain
            assert desk.requests == 2
            again = kernel.answers(ASKED, cell="a", **held(first))
        assert desk.requests == 2
        assert "Bern has 35.0, Basel 3.5." in again.plain
        assert "replayed from" in again.plain
        assert "$0.00" in again.plain
        assert again.receipt["at"] == first.receipt["at"]

    with_desk(scene, tmp_path)


def test_a_new_kernel_finds_it_in_the_store(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            kernel.answers(ASKED)
        with desk.kernel() as kernel:
            assert "replayed from" in kernel.answers(ASKED).plain
            assert kernel.value("by_city.to_dict()") == {"Basel": 3.5, "Bern": 35.0}
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_a_colleague_has_it_with_the_notebook(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            metadata = held(kernel.answers(ASKED))
        desk.empty_database()
        desk.environment = empty_home(desk.folder)  # without a key
        with desk.kernel() as kernel:
            found = kernel.answers(ASKED, **metadata)
            assert "Bern has 35.0" in found.plain
            assert "replayed from" in found.plain
        assert desk.requests == 2

    with_desk(scene, tmp_path)


CHANGES = [
    ("average revenue by city, please", "", "pass", "the question has changed"),
    (ASKED, "", "sales.loc[0, 'revenue'] = 11", "the table `sales` has changed"),
    (ASKED, "", "sales = pd.concat([sales, sales.tail(1)])", "(12 rows then, 13 now)"),
    (ASKED, "--model openai:gpt-4o", "pass", "another model is asked for"),
    (ASKED, "--data sales", "pass", "the tables it is limited to have changed"),
    (ASKED, "@data_viz_agent", "pass", "the agents have changed"),
    (ASKED, "--fresh", "pass", "--fresh"),
]


@pytest.mark.parametrize(("asked", "options", "change", "why"), CHANGES, ids=[each[-1] for each in CHANGES])
def test_what_changed_is_said_and_asked_anew(
    tmp_path: Path, asked: str, options: str, change: str, why: str
) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            first = kernel.answers(ASKED, cell="a")
            assert kernel.run(change).status == "ok"
            found = kernel.answers(asked, options, cell="a", **held(first))
        assert why in found.plain
        assert "replayed" not in found.plain
        assert desk.requests > 2

    with_desk(scene, tmp_path)


def test_a_table_that_the_code_does_not_read_may_change(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            kernel.run("other = pd.DataFrame({'x': [1, 2]})")
            first = kernel.answers(ASKED, cell="a")
            kernel.run("other = pd.DataFrame({'x': [3]})")
            assert "replayed from" in kernel.answers(ASKED, cell="a", **held(first)).plain

    with_desk(scene, tmp_path)


def test_cells_that_stand_below_are_not_run_by_the_question_and_its_figures_follow_them(
    tmp_path: Path,
) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            first = kernel.answers(ASKED, cell="a")
        with desk.kernel() as kernel:
            kernel.run(COUNT)
            found = kernel.answers(ASKED, cell="a", **held(first, standing=True))
            assert "Bern has 35.0" in found.plain
            assert "until" in found.plain
            assert "unverified" in found.plain
            assert kernel.value("'by_city' in globals()") is False
            below = kernel.run(MEAN)
            for kind, content in below.messages:
                found.take(kind, content)
            assert "Bern has 35.0" in found.outputs[0]["data"]["text/plain"]
            assert "until" not in found.outputs[0]["data"]["text/plain"]
            assert "unverified" not in found.outputs[0]["data"]["text/plain"]
            assert kernel.value("count") == 1
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_figures_of_a_standing_answer_are_of_the_values_that_are_there(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            first = kernel.answers(ASKED, cell="a")
            found = kernel.answers(ASKED, cell="a", **held(first, standing=True))
            assert "Bern has 35.0" in found.plain
            assert "until" not in found.plain
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_an_edited_cell_below_is_kept_and_the_recorded_code_runs(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            first = kernel.answers(ASKED, cell="a")
            found = kernel.answers(ASKED, cell="a", **held(first, standing=False))
            assert "replayed from" in found.plain
            assert kernel.run(MEAN.replace("mean", "median")).status == "ok"
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_another_question_before_it_is_a_change(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            kernel.answers("hello", cell="a")
            second = kernel.answers(ASKED, cell="b")
            count = desk.requests
            assert "replayed" in kernel.answers(ASKED, cell="b", **held(second)).plain
            kernel.answers("good evening", cell="a")
            count = desk.requests - count
            anew = kernel.answers(ASKED, cell="b", **held(second))
            assert "the question before it has changed" in anew.plain

    with_desk(scene, tmp_path)


def test_code_of_a_strangers_receipt_is_checked_like_a_models(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            receipt = kernel.answers(ASKED, cell="a").receipt
            receipt["cells"][0]["source"] = "import os\nos.remove('precious.csv')\n'gone'"
            (desk.folder / "precious.csv").write_text("a")
            ran, found = kernel.question(ASKED, cell="a", autoanalyst={"receipt": receipt})
            assert ran.status == "error"
            assert "Nobody can be asked here" in found.plain
            assert (desk.folder / "precious.csv").exists()

    with_desk(scene, tmp_path)


# --- under nbclient, which sends no metadata --------------------------------------------------------


def notebook(*questions: str) -> nbformat.NotebookNode:
    cells = ["%load_ext autoanalyst_kernel", TABLE, *(f"%%analyst\n{each}" for each in questions)]
    return new_notebook(cells=[new_code_cell(each) for each in cells])


def executed(desk: Desk, path: Path) -> nbformat.NotebookNode:
    """Run a notebook's file from top to bottom and save it."""
    found = nbformat.read(path, as_version=4)
    NotebookClient(found, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute(
        env=desk.environment
    )
    nbformat.write(found, path)
    return found


def texts(found: nbformat.NotebookNode) -> list[str]:
    return ["\n".join(o.get("data", {}).get("text/plain", "") for o in cell.outputs) for cell in found.cells]


def test_a_file_that_was_executed_is_replayed_without_database_and_key(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        path = tmp_path / "work" / "report.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook(ASKED), path)
        first = texts(executed(desk, path))[-1]
        assert "Bern has 35.0" in first
        assert desk.requests == 2
        desk.empty_database()
        desk.environment = empty_home(desk.folder)
        second = texts(executed(desk, path))[-1]
        assert "replayed from" in second
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_an_edited_question_in_a_file_is_asked_anew(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        path = tmp_path / "work" / "report.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook(ASKED), path)
        found = executed(desk, path)
        found.cells[-1].source = "%%analyst\naverage revenue for each city"
        nbformat.write(found, path)
        desk.empty_database()
        assert "the question has changed" in texts(executed(desk, path))[-1]
        assert desk.requests == 4

    with_desk(scene, tmp_path)


def test_cells_below_in_a_file_are_executed_once(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        path = tmp_path / "work" / "report.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook(ASKED), path)
        found = executed(desk, path)
        found.cells.append(new_code_cell(MEAN))
        found.cells.insert(0, new_code_cell(COUNT))
        found.cells.append(new_code_cell("count"))
        nbformat.write(found, path)
        again = texts(executed(desk, path))
        assert again[-1] == "1"
        assert "Bern has 35.0" in again[-3]
        assert "until" not in again[-3]
        assert desk.requests == 2

    with_desk(scene, tmp_path)


def test_garbage_in_metadata_and_files_is_no_receipt(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        for name, text in {"a": "{", "b": "[]", "c": '{"cells": [{"source": 3}]}', "d": "[" * 10_000}.items():
            (desk.folder / f"{name}.ipynb").write_text(f"{text} autoanalyst")
        with desk.kernel() as kernel:
            for garbage in (
                {"receipt": {"cells": []}},
                {"receipt": "x"},
                {"receipt": {"cells": [1]}},
                "x",
                [1],
            ):
                ran, found = kernel.question(ASKED, "--fresh", autoanalyst=garbage)
                assert ran.status == "ok", found.plain

    with_desk(scene, tmp_path)


def test_the_panel_gets_the_cells_and_the_output_keeps_none(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            open_comm(kernel)
            ran, found = kernel.question(ASKED, cell="a")
            inserted = [c["data"]["insert"] for kind, c in ran.messages if kind == "comm_msg"]
            assert [(i["after"], [c["source"] for c in i["cells"]]) for i in inserted] == [("a", [MEAN])]
            assert inserted[0]["receipt"] == found.receipt
            assert [o["output_type"] for o in inserted[0]["cells"][0]["outputs"]] == ["execute_result"]
            assert len(found.outputs) == 1

    with_desk(scene, tmp_path)


def open_comm(kernel: MagicKernel) -> None:
    """Be a front end that can insert cells."""
    content = {"comm_id": "front", "target_name": "autoanalyst.notebook", "data": {"hands": 1}}
    kernel.client.shell_channel.send(kernel.client.session.msg("comm_open", content))


def test_an_edited_question_is_known_by_its_cell_though_nobody_saved_it(tmp_path: Path) -> None:
    def scene(desk: Desk) -> None:
        with desk.kernel() as kernel:
            kernel.answers(ASKED, cell="a")
            assert "the question has changed" in kernel.answers("average revenue per city", cell="a").plain

    with_desk(scene, tmp_path)
