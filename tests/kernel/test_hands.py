"""Cells of a run in the user's own kernel: what they leave, what they must not do."""

from collections.abc import Iterator

import pytest

from autoanalyst_ext.types.wire import LookReply

from .kernel_program import KernelProgram, kernel_program


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProgram]:
    with kernel_program(tmp_path_factory.mktemp("kernel")) as program:
        yield program


def look(kernel: KernelProgram) -> LookReply:
    """What the hands say of the namespace now."""
    kernel.script("lambda home: (home.until('replied', request=home.want('look')), home.end())")
    values = [m["value"] for m in kernel.value("q.home.sent") if m["kind"] == "replied"]
    return LookReply.model_validate(values[0])


def test_variables_of_a_cell_are_the_users_and_the_count_of_cells_stays(kernel: KernelProgram) -> None:
    before = kernel.value("[shell.execution_count, len(In)]")
    kernel.ask("one = 1", "two = one + 1\ntwo")
    assert kernel.value("two") == 2
    assert kernel.value("[shell.execution_count - 1, len(In) - 1]") == before
    assert kernel.value("[[c.id, c.source, c.status, c.value] for c in q.outcome.cells]") == [
        ["k1", "one = 1", "ok", None],
        ["k2", "two = one + 1\ntwo", "ok", 2],
    ]


def test_the_value_and_the_tables_come_with_the_reply(kernel: KernelProgram) -> None:
    kernel.ask("import pandas as pd\nsales = pd.DataFrame({'a': [1, 2]})\nsales.a.sum()", "sales")
    first, second = kernel.replies()
    assert first.result is not None
    assert (first.result.kind, first.result.value) == ("scalar", 3)  # type: ignore[union-attr]
    assert [(table.name, table.rows) for table in first.tables] == [("sales", 2)]
    assert (second.result.kind, second.tables) == ("table", ())  # type: ignore[union-attr]
    assert kernel.value("q.outcome.cells[1].value is sales")


def test_a_semicolon_keeps_the_value_to_itself(kernel: KernelProgram) -> None:
    ran = kernel.ask("3;", "%time 4;", "5  # no; really")
    assert ran.kinds().count("execute_result") == 1
    assert [reply.result is None for reply in kernel.replies()] == [True, True, False]


def test_a_failed_attempt_and_its_repair_leave_no_traceback_and_a_good_reply(kernel: KernelProgram) -> None:
    ran = kernel.script("repaired")
    assert (ran.status, ran.text()) == ("ok", "fine\n")
    assert "error" not in ran.kinds()
    assert [reply.status for reply in kernel.replies()] == ["error", "ok"]
    cells = kernel.value(
        "[[c.source, c.status, [o['output_type'] for o in c.outputs]] for c in q.outcome.cells]"
    )
    assert cells == [["print('fine')", "ok", ["stream"]]]


def test_what_the_shell_keeps_of_the_asking_cell_is_kept(kernel: KernelProgram) -> None:
    assert kernel.run("q = Question(runs('1 + 1'))\nq.ask(shell)\n'mine'").status == "ok"
    kernel.run("shell.call_pdb = True")
    kernel.ask("1/0")
    assert kernel.value("shell.call_pdb") is True
    kernel.run("shell.call_pdb = False")
    kernel.run(
        'inner = shell.run_cell(\'q = Question(runs("1 + 1"))\\nq.ask(shell).answer["status"]\').result'
    )
    assert kernel.value("inner") == "answered"


@pytest.mark.parametrize("source", ["import asyncio\nawait asyncio.sleep(0)", "x = [y async for y in z]"])
def test_top_level_await_is_refused_with_what_to_do_instead(kernel: KernelProgram, source: str) -> None:
    ran = kernel.ask(f"begun = 1\n{source}")
    (reply,) = kernel.replies()
    assert (ran.status, ran.messages, reply.status, reply.ename) == ("ok", [], "error", "TopLevelAwait")
    assert "asyncio.run" in (reply.evalue or "")
    assert not kernel.value("'begun' in globals()")
    kernel.ask(
        "import asyncio, concurrent.futures\nasync def main(): return 7\n"
        "concurrent.futures.ThreadPoolExecutor().submit(asyncio.run, main()).result()"
    )
    assert kernel.replies()[0].status == "ok"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("input('who? ')", "StdinNotImplementedError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("exit()", "SystemExit"),
        ("quit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_code_that_would_wait_or_leave_is_an_error(kernel: KernelProgram, source: str, name: str) -> None:
    ran = kernel.ask(f"after = 0\n{source}\nafter = 1" if source != "quit" else source)
    (reply,) = kernel.replies()
    assert (ran.status, reply.status, reply.ename) == ("ok", "error", name)
    assert kernel.run("print('alive')").text() == "alive\n"


def test_magics_and_commands_work_inside_the_code(kernel: KernelProgram) -> None:
    ran = kernel.ask("%%time\nprint('timed')", "!echo from the shell", "files = !echo caught\nfiles[0]")
    assert "timed" in ran.text()
    assert "from the shell" in ran.text()
    assert kernel.replies()[2].result.value == "caught"  # type: ignore[union-attr]
    assert "from the shell" in str(kernel.value("q.outcome.cells[1].outputs"))


def test_figures_of_matplotlib_are_shown_and_heard_once(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "ax = plt.figure().gca()\nax.set_title('T')\nax"
    )
    for messages in (ran.messages, kernel.heard()):
        images = [content for kind, content in messages if "image/png" in content.get("data", ())]
        assert len(images) == 2
        assert all(image["data"]["image/png"].startswith("iVBOR") for image in images)
    assert kernel.replies()[1].result.library == "matplotlib"  # type: ignore[union-attr]


def test_figures_of_plotly_keep_their_own_type(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "import plotly.graph_objects as go\nimport plotly.io\nplotly.io.renderers.default = 'plotly_mimetype'"
        "\ngo.Figure(go.Bar(x=['a'], y=[1.5]), layout={'title': 'T'})"
    )
    for messages in (ran.messages, kernel.heard()):
        (content,) = (content for _, content in messages)
        assert content["data"]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"] == "T"
    assert kernel.replies()[0].result.library == "plotly"  # type: ignore[union-attr]


def test_an_updated_display_replaces_the_earlier_one_in_whichever_cell(kernel: KernelProgram) -> None:
    ran = kernel.ask(
        "handle = display('first', display_id='bar')\nprint('x')", "handle.update('second')", "display(1)"
    )
    assert ran.kinds() == ["display_data", "stream", "update_display_data", "display_data"]
    assert [kind for kind, _ in kernel.heard()] == ran.kinds()
    outputs = kernel.value("[c.outputs for c in q.outcome.cells]")
    assert [output["output_type"] for output in outputs[0]] == ["display_data", "stream"]
    assert outputs[0][0]["data"]["text/plain"] == "'second'"
    assert (outputs[1], len(outputs[2])) == ([], 1)


def test_texts_of_one_stream_are_one_output(kernel: KernelProgram) -> None:
    kernel.ask("import sys\nfor n in range(3): print(n)\nprint('e', file=sys.stderr)\nprint('z')\n1/0")
    outputs = kernel.value("q.outcome.cells[0].outputs")
    assert [(o.get("name"), o.get("text"), o.get("ename")) for o in outputs] == [
        ("stdout", "0\n1\n2\n", None),
        ("stderr", "e\n", None),
        ("stdout", "z\n", None),
        (None, None, "ZeroDivisionError"),
    ]


def test_cells_are_inserted_replaced_and_removed_by_id(kernel: KernelProgram) -> None:
    kernel.script("edited")
    assert kernel.value("[[c.id, c.cell_type, c.source, c.metadata] for c in q.outcome.cells]") == [
        ["a", "code", "2", {"autoanalyst": {"label": "c1"}}],
        ["c", "markdown", "# Text", {}],
    ]
    errors = [m["error"] for m in kernel.value("q.home.sent") if m["kind"] == "replied" and m["error"]]
    assert len(errors) == 3
    assert "no such cell" in errors[0]
    assert "code cells" in errors[1]
    assert "'levitate'" in errors[2]


def test_names_that_runs_made_are_known_until_somebody_rebinds_them(kernel: KernelProgram) -> None:
    kernel.run(
        "import pandas as pd\nold = pd.DataFrame({'a': [1]})\nkept = [1]\nshell.user_ns.pop('two', None)"
    )
    kernel.ask(
        "table = old.copy()\nrows = [1, 2]\ncount = 700\nmine = table\nold = table.copy()\nnothing = None"
    )
    made = {"table", "rows", "count", "mine", "nothing"}
    seen = look(kernel)
    assert made <= set(seen.made)
    assert not {"kept", "old"} & set(seen.made), "what was the user's stays the user's"
    assert {"table", "old", "kept"} <= set(seen.names)
    kernel.run("table = pd.DataFrame()\nrows = [1]\ndel count\nmine = None\nrows.append(3)")
    assert made & set(look(kernel).made) == {"nothing"}


def test_what_runs_made_can_be_freed(kernel: KernelProgram) -> None:
    kernel.ask("import pandas as pd\nbig = pd.DataFrame({'a': [1]})\nlisted = [pd.DataFrame({'a': [2]})]")
    kernel.run(
        "import gc, weakref\nfreed = [weakref.ref(big), weakref.ref(listed[0])]\nq = None\ndel big, listed"
    )
    kernel.run("Out.clear(); _ = __ = ___ = None; gc.collect()")
    assert kernel.value("[ref() is None for ref in freed]") == [True, True]


def test_a_cell_that_is_made_by_a_failed_attempt_is_ours_too(kernel: KernelProgram) -> None:
    kernel.ask("half = [1]\n1/0")
    assert "half" in look(kernel).made


def test_what_a_run_shows_is_no_output_of_the_users(kernel: KernelProgram) -> None:
    kernel.run("41")
    before = kernel.value("[_, sorted(Out)]")
    kernel.ask("6 * 7")
    assert kernel.value("[_, sorted(Out)]") == before


def test_where_the_user_captures_values_are_captured_and_heard(kernel: KernelProgram) -> None:
    ran = kernel.run(
        "%%capture held\nq = Question(runs('print(1)\\n6 * 7', '8;', 'None'))\nq.ask(shell)\nNone"
    )
    assert ran.messages == []
    assert kernel.value("[each.value for each in q.outcome.cells]") == [42, None, None]
    assert [kind for kind, _ in kernel.heard()] == ["stream", "execute_result"]
    assert kernel.value("[held.stdout, [each.data['text/plain'] for each in held.outputs]]") == [
        "1\n",
        ["42"],
    ]
    assert kernel.run("print(sys.displayhook is shell.displayhook)").text() == "True\n"


def test_a_stream_of_the_users_own_will_do(kernel: KernelProgram) -> None:
    kernel.run(
        "class Own:\n    said = ''\n    def write(self, text): self.said += text\n    def flush(self): ...\n"
    )
    kernel.run("keep, sys.stdout = sys.stdout, (own := Own())\nQuestion(runs('print(1)')).ask(shell)\nNone")
    kernel.run("sys.stdout = keep")
    assert kernel.value("own.said") == "1\n"
