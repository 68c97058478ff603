"""The headless notebook with a real kernel: what a cell gives back."""

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autoanalyst_ext.errors import BadRequest, KernelGone, NotFound
from autoanalyst_ext.notebooks.headless import HeadlessNotebook
from autoanalyst_ext.types.cells import DisplayOutput, ErrorOutput, Output, ResultOutput, StreamOutput
from autoanalyst_ext.types.results import FigureResult, ScalarResult, TableResult

from .notebook_desk import Desk, executed


def texts(outputs: tuple[Output, ...]) -> list[tuple[str, str]]:
    return [(output.name, output.text) for output in outputs if isinstance(output, StreamOutput)]


def data(output: Output) -> dict[str, Any]:
    assert isinstance(output, DisplayOutput | ResultOutput)
    return output.data


def test_the_last_value_comes_back_as_data_and_as_an_output(desk: Desk) -> None:
    execution = desk.cell("2 ** 62")
    assert (execution.status, execution.result) == ("ok", ScalarResult(type="int", value=2**62))
    assert data(execution.outputs[0]) == {"text/plain": str(2**62)}


@pytest.mark.parametrize("source", ["x = 41", "x;", "None", "print(x)", "def f():\n    return 1"])
def test_a_cell_that_displays_no_value_has_no_result(desk: Desk, source: str) -> None:
    desk.cell("x = 1\nx")
    assert desk.cell(source).result is None


def test_tables_are_told_when_made_and_when_changed_and_not_otherwise(desk: Desk) -> None:
    made = desk.cell("import pandas as pd\nt1 = pd.DataFrame({'a': [1, 2, 3], 'b': list('xyz')})")
    assert [(table.name, table.rows) for table in made.tables] == [("t1", 3)]
    assert desk.cell("t1['a'].sum()").tables == ()
    changed = desk.cell("t1.loc[1, 'a'] = 20")
    assert [table.columns[0].maximum for table in changed.tables] == [20]
    assert [table.name for table in desk.cell("t2 = t1.copy()").tables] == ["t2"]
    assert {"t1", "t2"} <= {table.name for table in desk.run(desk.notebook.tables())}


def test_a_look_leaves_no_trace_in_the_kernel(desk: Desk) -> None:
    before = desk.cell("sorted(globals()), len(In), len(Out)").result
    names = desk.run(desk.notebook.names())
    desk.run(desk.notebook.tables())
    after = desk.cell("sorted(globals()), len(In), len(Out)").result
    assert not any("autoanalyst" in name or name.startswith("_") for name in names)
    assert before is not None
    assert after is not None
    assert _counts(after) == [count + 1 for count in _counts(before)]


def test_code_of_ours_is_evaluated_without_a_trace_and_what_fails_is_nothing(desk: Desk) -> None:
    before = desk.cell("numbers = [1, 2, 4]\nsorted(globals()), len(In), len(Out)").result
    ask = desk.notebook.evaluate
    found = desk.run(ask("total = sum(numbers)\nnumbers = None\ntotal"))
    assert found == ScalarResult(type="int", value=7)
    assert [desk.run(ask(code)) for code in ("1 / 0", "nothing_of_this_name", "x = 1")] == [None] * 3
    after = desk.cell("sorted(globals()), len(In), len(Out)").result
    assert before is not None
    assert after is not None
    assert _counts(after) == [count + 1 for count in _counts(before)]
    assert desk.cell("len(numbers)").result == ScalarResult(type="int", value=3)


def _counts(result: Any) -> list[int]:
    return [value.value for value in result.values[1:]]


def test_names_tell_variables_modules_and_functions(desk: Desk) -> None:
    desk.cell("import math\ncount = 3\nopen = 5\ndef area(r):\n    return r")
    names = desk.run(desk.notebook.names())
    wanted = {"math": "module", "count": "int", "area": "function", "open": "int"}
    assert {name: names[name] for name in wanted} == wanted
    assert not {"In", "Out", "get_ipython", "exit"} & set(names)
    desk.cell("del open")


def test_only_the_kernels_reply_decides_about_failure(desk: Desk) -> None:
    source = "import sys\nprint('Error: Traceback')\nprint('ValueError', file=sys.stderr)"
    assert desk.cell(source).status == "ok"
    failed = desk.cell("{}['pricee']")
    assert (failed.status, failed.ename, failed.evalue) == ("error", "KeyError", "'pricee'")
    error = failed.outputs[-1]
    assert isinstance(error, ErrorOutput)
    assert "pricee" in error.traceback[-1]


def test_a_syntax_error_is_an_error_and_the_next_cell_runs(desk: Desk) -> None:
    assert desk.cell("for").ename == "SyntaxError"
    assert desk.cell("1").status == "ok"


def test_a_value_that_cannot_be_described_does_not_fail_the_cell(desk: Desk) -> None:
    source = (
        "class Odd:\n    def __getattr__(self, name):\n        raise RuntimeError(name)\n"
        "    def __repr__(self):\n        return 'odd'\nOdd()"
    )
    execution = desk.cell(source)
    assert execution.status == "ok"
    assert execution.result is not None
    assert execution.result.model_dump() == {"kind": "other", "type": "Odd"}


def test_a_cell_that_removes_our_module_still_runs(desk: Desk) -> None:
    ours = "{n: sys.modules.pop(n) for n in list(sys.modules) if n.startswith('_autoanalyst')}"
    execution = desk.cell(f"import sys\nours = {ours}\n5")
    assert (execution.status, execution.result) == ("ok", None)
    assert desk.cell("sys.modules.update(ours)\ndel ours\n6").result == ScalarResult(type="int", value=6)


def test_input_fails_at_once(desk: Desk) -> None:
    assert desk.cell("input('name? ')").ename == "StdinNotImplementedError"


def test_sys_exit_is_an_error_that_the_kernel_survives(desk: Desk) -> None:
    assert desk.cell("kept = 7\nimport sys\nsys.exit(3)").ename == "SystemExit"
    assert desk.cell("kept").result == ScalarResult(type="int", value=7)


def test_prints_to_both_streams_keep_their_order(desk: Desk) -> None:
    execution = desk.cell("import sys\nfor i in range(3):\n    print(i)\n    print(-i, file=sys.stderr)")
    said = [(name, text.strip()) for name, text in texts(execution.outputs)]
    assert said == [
        (name, text) for i in range(3) for name, text in (("stdout", str(i)), ("stderr", str(-i)))
    ]


def test_no_output_of_thousands_is_lost(desk: Desk) -> None:
    source = "from IPython.display import display\nfor i in range(3000):\n    display(i)\nprint('end')"
    outputs = desk.cell(source).outputs
    assert [data(output)["text/plain"] for output in outputs[:-1]] == [str(i) for i in range(3000)]
    assert texts(outputs) == [("stdout", "end\n")]


def test_a_long_line_and_any_character_arrive_uncut(desk: Desk) -> None:
    execution = desk.cell("print('价é🙂\\x00\\x1b[1m' * 300_000, end='')")
    assert texts(execution.outputs) == [("stdout", "价é🙂\x00\x1b[1m" * 300_000)]


def test_displays_are_updated_and_cleared_also_by_a_later_cell(desk: Desk) -> None:
    first = desk.run(
        executed(
            desk.notebook,
            "import sys\nfrom IPython.display import display, clear_output\n"
            "n = sys.stdout.write('gone\\n')\nclear_output(wait=True)\n"
            "h = display('a', display_id=True)\nh.update('b')",
        )
    )
    changes, execution = first
    assert [change.op for change in changes] == ["append", "clear", "append", "replace"]
    assert [data(output)["text/plain"] for output in execution.outputs] == ["'b'"]
    desk.cell("h.update('c')")
    path = desk.run(desk.notebook.save(desk.notebook.folder / "updated.ipynb"))
    cell = next(cell for cell in nbformat.read(path, 4).cells if cell.id == execution.cell_id)
    assert cell.outputs[0].data["text/plain"] == "'c'"


def test_charts_and_tables_come_back_as_their_mime_types(desk: Desk) -> None:
    shown = desk.cell("import plotly.graph_objects as go\nfig = go.Figure(go.Bar(y=[1, 2, 3]))\nfig")
    assert "application/vnd.plotly.v1+json" in data(shown.outputs[0])
    assert shown.result == FigureResult(library="plotly", traces=("bar",), points=3)
    assert "application/vnd.plotly.v1+json" in data(desk.cell("fig.show()").outputs[0])
    drawn = desk.cell(
        "import matplotlib.pyplot as plt\nax = plt.subplot()\nax.set_title('T')\nax.plot([1, 2])"
    )
    assert "image/png" in data(drawn.outputs[-1])
    assert drawn.result == FigureResult(library="matplotlib", title="T")
    table = desk.cell("import pandas as pd\npd.DataFrame({'a': [1.5, None]})")
    assert "text/html" in data(table.outputs[0])
    assert isinstance(table.result, TableResult)
    assert table.result.rows == ((1.5,), (None,))


def test_the_kernel_works_in_the_folder_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ["ADMIN_API_KEY", "SMTP_PASSWORD", "STRIPE_SECRET", "GOOGLE_CLIENT_SECRET", "OPENAI_API_KEY"]
    for name in secrets:
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("HARMLESS", "kept")

    async def work() -> Any:
        scrub = frozenset({"OPENAI_API_KEY"})
        async with HeadlessNotebook.start(tmp_path, environment={"MORE": "1"}, scrub=scrub) as notebook:
            source = (
                "import os\n[os.getcwd(), [k for k, v in os.environ.items() if 'canary' in v],"
                " os.environ['HARMLESS'] + os.environ['MORE']]"
            )
            return (await executed(notebook, source))[1].result

    result = asyncio.run(work())
    folder, leaked, others = result.values
    assert (folder.value, leaked.length, others.value) == (str(tmp_path), 0, "kept1")


def test_a_saved_notebook_is_valid_and_holds_cells_counts_and_outputs(desk: Desk) -> None:
    async def work() -> Path:
        await desk.notebook.insert("# Title", cell_type="markdown", metadata={"k": [1]})
        await executed(desk.notebook, "6 * 7")
        await desk.notebook.insert("never = 'run'")
        return await desk.notebook.save(desk.notebook.folder / "deep" / "out.ipynb")

    notebook = nbformat.read(desk.run(work()), as_version=4)
    nbformat.validate(notebook)
    title, ran, waiting = notebook.cells[-3:]
    assert (title.cell_type, title.metadata) == ("markdown", {"k": [1]})
    assert ran.outputs[0].data["text/plain"] == "42"
    assert ran.outputs[0].execution_count == ran.execution_count
    assert (waiting.execution_count, waiting.outputs) == (None, [])
    assert notebook.metadata.kernelspec.language == notebook.metadata.language_info.name == "python"


def test_a_cell_is_not_replaced_when_it_is_not_what_was_expected(desk: Desk) -> None:
    async def work() -> None:
        cell = await desk.notebook.insert("a = 1")
        with pytest.raises(BadRequest):
            await desk.notebook.replace(cell.id, "a = 2", expected="a = 0")
        assert (await desk.notebook.replace(cell.id, "a = 2", expected="a = 1")).source == "a = 2"
        await desk.notebook.remove(cell.id)
        with pytest.raises(NotFound):
            await anext(aiter(desk.notebook.execute(cell.id)))

    desk.run(work())


def test_two_executes_never_overlap(desk: Desk) -> None:
    source = "import time\nbegun = time.monotonic()\ntime.sleep(.05)\n[begun, time.monotonic()]"

    async def work() -> list[Any]:
        return list(await asyncio.gather(*(executed(desk.notebook, source) for _ in range(3))))

    spans = sorted([leaf.value for leaf in run[1].result.values] for run in desk.run(work()))
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_a_child_that_holds_stdout_does_not_hold_the_cell_and_ends_with_the_notebook(tmp_path: Path) -> None:
    async def work() -> int:
        async with HeadlessNotebook.start(tmp_path) as notebook:
            source = "import subprocess\nsubprocess.Popen(['sleep', '600']).pid"
            execution = (await executed(notebook, source))[1]
            assert execution.seconds < 10
            assert isinstance(execution.result, ScalarResult)
            return int(str(execution.result.value))

    stat = Path(f"/proc/{asyncio.run(work())}/stat")
    deadline = time.monotonic() + 10
    while stat.exists() and stat.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline


def test_a_forked_child_prints_through_the_cell(desk: Desk) -> None:
    source = (
        "import multiprocessing\nfork = multiprocessing.get_context('fork')\n"
        "work = fork.Process(target=print, args=('child',))\n"
        "work.start()\nwork.join()\nwork.exitcode"
    )
    assert desk.cell(source).result == ScalarResult(type="int", value=0)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path / "nowhere"):
            raise AssertionError("it started")

    with pytest.raises(KernelGone, match=r"no folder .*nowhere"):
        asyncio.run(work())


def test_an_unknown_kernel_says_which_there_are(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path, kernel_name="cobol"):
            raise AssertionError("it started")

    with pytest.raises(KernelGone, match=r"no kernel named 'cobol'.*python3"):
        asyncio.run(work())


def test_a_kernel_that_ends_while_starting_tells_why(tmp_path: Path) -> None:
    async def work() -> None:
        async with HeadlessNotebook.start(tmp_path, environment={"PYTHONHOME": "/nowhere"}):
            raise AssertionError("it started")

    with pytest.raises(KernelGone, match=r"ended while starting .*It said"):
        asyncio.run(work())
