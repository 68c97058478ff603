"""`%%analyst` in a real kernel, with its real home: what a person sees, and what stays."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import psutil
import pytest

from autoanalyst_ext.providers.script import Fault, Reply, ScriptedCall
from tests.fakes.provider import FakeProvider

from .magic_kernel import MagicKernel, empty_home, magic_kernel, script, shown


def code(*sources: str) -> Reply:
    return Reply(tool_calls=tuple(ScriptedCall(name="run_cell", args={"code": each}) for each in sources))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MagicKernel]:
    folder = tmp_path_factory.mktemp("magic")
    with magic_kernel(folder, empty_home(folder)) as found:
        yield found


def model(tmp_path: Path, *replies: Reply) -> str:
    """Options for a scripted model, in a conversation of its own, where the first cell is `c1`."""
    return f"--model {script(tmp_path, *replies)} --chat {tmp_path.name}"


def test_an_answer_takes_the_place_of_the_progress(kernel: MagicKernel) -> None:
    found = kernel.answers("total revenue")
    assert len(found.outputs) == 1
    assert "231" in found.plain
    assert "offline:analyst · 0 tokens · $0.00" in found.plain
    assert "<details" in found.html


def test_the_first_answer_says_where_the_analyst_runs(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as fresh:
        assert "in a process of its own" in fresh.answers("total revenue").plain
        assert "in a process of its own" not in fresh.answers("average revenue").plain


def test_variables_of_the_code_are_the_users(kernel: MagicKernel, tmp_path: Path) -> None:
    kernel.answers(
        "top", model(tmp_path, code("best = sales.nlargest(2, 'revenue')\nbest"), Reply(text="Two."))
    )
    assert kernel.value("best['revenue'].tolist()") == [60, 50]


def test_an_answer_is_an_object(kernel: MagicKernel) -> None:
    kernel.answers("average revenue by city", "--as", "by_city")
    assert kernel.value("[by_city.status, by_city.value.round(2).to_dict(), str(by_city.cost)]") == [
        "answered",
        {"Basel": 3.5, "Bern": 35.0},
        "0.00",
    ]
    assert kernel.value("by_city.table.shape") == [2, 1]
    assert kernel.value("_analyst is by_city")


def test_a_question_in_one_line(kernel: MagicKernel) -> None:
    ran = kernel.run("total = %analyst total revenue")
    assert "231" in shown(ran).plain
    assert kernel.value("[int(total.value), bool(total), len(total.cells)]") == [231, True, 1]


def test_a_chart_stands_below_the_answer_and_is_in_the_object(kernel: MagicKernel) -> None:
    found = kernel.answers("bar chart of average revenue by city", "--as", "chart")
    assert [sorted(output["data"]) for output in found.outputs][1:] == [["application/vnd.plotly.v1+json"]]
    assert kernel.value("type(chart.figure).__name__") == "Figure"


MISTAKES = [
    ("%%analyst --modle x\ntotal revenue", "Did you mean --mode"),
    ("%%analyst --mode fast\ntotal revenue", "auto, ask, suggest"),
    ("%%analyst @nobody\ntotal revenue", "nobody"),
    ("%%analyst --model nothing:x\ntotal revenue", "nothing"),
    ("%%analyst --data orders\ntotal revenue", "sales"),
    ("%%analyst --as sales\ntotal revenue", "`sales` is a table"),
    ("%%analyst\n   \n", "What is the question?"),
    ("%analyst agents please", "takes nothing more"),
]


@pytest.mark.parametrize(("cell", "words"), MISTAKES, ids=[words for _, words in MISTAKES])
def test_a_mistake_is_one_line(kernel: MagicKernel, cell: str, words: str) -> None:
    ran = kernel.run(cell)
    assert ran.reply["status"] == "error"
    assert ran.reply["ename"] == "UsageError"
    assert words in ran.text("stderr")
    assert "Traceback" not in ran.text("stderr")


def test_a_failed_attempt_and_its_repair(kernel: MagicKernel, tmp_path: Path) -> None:
    replies = code("sales['revenu'].sum()"), code("sales['revenue'].sum()"), Reply(text="It is {{c1}}.")
    ran, found = kernel.question("total", model(tmp_path, *replies))
    assert (ran.status, len(found.outputs)) == ("ok", 1)
    assert "It is 231." in found.plain
    assert "1 attempt repaired" in found.html
    assert "Traceback" not in found.plain


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("mean", "✓ Offline check agrees."),
        ("median", "≠ Offline check differs. The mean of `revenue` is 19.25."),
    ],
)
def test_the_offline_analyst_checks_a_models_figure(
    kernel: MagicKernel, tmp_path: Path, figure: str, said: str
) -> None:
    replies = code(f"sales['revenue'].{figure}()"), Reply(text="It is {{c1}}.")
    _, found = kernel.question("What is the average revenue?", model(tmp_path, *replies))
    assert said in found.plain
    assert said[2:15] in found.html
    assert kernel.value("[name for name in globals() if 'autoanalyst' in name]") == []


def test_await_goes_back_to_the_model(kernel: MagicKernel, tmp_path: Path) -> None:
    replies = code("import asyncio\nawait asyncio.sleep(0)"), code("1 + 1"), Reply(text="{{c1}}")
    ran = kernel.run(f"%%analyst {model(tmp_path, *replies)}\nwait", answer=lambda: "y")
    assert ran.status == "ok"
    assert "TopLevelAwait" in shown(ran).html


def test_code_of_an_answer_cannot_ask(kernel: MagicKernel, tmp_path: Path) -> None:
    replies = code("get_ipython().run_line_magic('analyst', 'total revenue')"), Reply(text="Done.")
    ran = kernel.run(f"%%analyst {model(tmp_path, *replies)} --mode ask\nnested", answer=lambda: "y")
    assert "cannot be asked by code that an answer runs" in shown(ran).html


def test_unsafe_code_runs_after_a_yes_and_not_after_a_no(kernel: MagicKernel, tmp_path: Path) -> None:
    options = model(
        tmp_path, code("sales['tax'] = sales['revenue'] * 0.2\nsales['tax'].sum()"), Reply(text="{{c1}}")
    )
    no = kernel.run(f"%%analyst {options}no\nadd a tax column", answer=lambda: "n")
    assert (no.status, "You said no" in shown(no).plain) == ("error", True)
    assert not kernel.value("'tax' in sales.columns")
    yes = kernel.run(f"%%analyst {options}\nadd a tax column", answer=lambda: "y")
    assert (yes.status, "46.2" in shown(yes).plain) == ("ok", True)
    kernel.run("del sales['tax']")


def test_where_nobody_can_be_asked_unsafe_code_is_shown_with_the_reason(
    kernel: MagicKernel, tmp_path: Path
) -> None:
    ran, found = kernel.question(
        "clear", model(tmp_path, code("sales.drop(columns=['city'], inplace=True)"), Reply(text="Gone."))
    )
    assert ran.status == "error"
    assert "Nobody can be asked here" in found.plain
    assert "inplace=True" in found.plain
    assert kernel.value("'city' in sales.columns")


def test_a_stop_while_the_model_thinks(tmp_path: Path) -> None:
    slow = Reply(text="Let me think", fault=Fault(kind="stall", after=2))
    with (
        FakeProvider([slow, Reply(text="Yes.")]) as fake,
        magic_kernel(tmp_path, empty_home(tmp_path, fake)) as kernel,
    ):
        asked = "%%analyst\nhow are you?\n"
        ran = kernel.run(asked, when=[("Let me think", kernel.interrupt)])
        assert (ran.reply["status"], ran.reply["ename"]) == ("error", "KeyboardInterrupt")
        assert "Let me think" in shown(ran).plain
        assert "Stopped." in shown(ran).plain
        assert "Yes." in kernel.answers("and now?").plain


def test_a_stop_while_code_runs_keeps_what_was_made(kernel: MagicKernel, tmp_path: Path) -> None:
    source = "half = 1\nimport time\nprint('n' + 'ow')\ntime.sleep(60)"
    options = model(tmp_path, code(source), Reply(text="Never."))
    ran = kernel.run(
        f"%%analyst {options} --mode auto\nwait\n", when=[("now", kernel.interrupt)], answer=lambda: "y"
    )
    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert kernel.value("half") == 1
    assert "231" in kernel.answers("total revenue", "--fresh").plain


def test_ten_questions_one_after_the_other(kernel: MagicKernel) -> None:
    sources = [f"%%analyst --fresh\ntop {n} rows by revenue\n" for n in range(1, 11)]
    requests = [kernel.client.execute(source) for source in sources]
    assert [kernel.reply_to(request)["status"] for request in requests] == ["ok"] * 10
    assert kernel.value("_analyst.question") == "top 10 rows by revenue"


def test_a_question_that_failed_stops_run_all(kernel: MagicKernel, tmp_path: Path) -> None:
    options = model(tmp_path, Reply(fault=Fault(kind="status", status=401)))
    requests = [kernel.client.execute(each) for each in (f"%%analyst {options}\ntotal\n", "after = 1")]
    assert [kernel.reply_to(request)["status"] for request in requests] == ["error", "aborted"]


def test_an_abstention_is_no_error(kernel: MagicKernel) -> None:
    found = kernel.answers("why is Bern so large?")
    assert "Not answered" in found.plain
    assert kernel.value("_analyst.status") == "abstained"


def test_an_abstention_offers_questions_and_nothing_to_hand_over_to_without_a_key(
    kernel: MagicKernel,
) -> None:
    found = kernel.answers("why is Bern so large?")
    assert "These questions can be answered:\n  - " in found.plain
    assert '<span class="aa-pick">' in found.html
    assert "--model" not in found.plain
    assert kernel.value("_analyst.text.rstrip().endswith(':')") is False
    (first, *_) = kernel.value("list(_analyst.suggestions)")
    assert kernel.question(first)[0].status == "ok"
    assert kernel.value("_analyst.status") == "answered"


def test_an_abstention_says_how_a_model_with_a_key_is_asked(tmp_path: Path) -> None:
    with FakeProvider([Reply(text="Bern is the capital.")]) as fake:
        environment = empty_home(tmp_path, fake)
        with magic_kernel(tmp_path, environment) as kernel:
            asked = "why is Bern so large?"
            found = kernel.answers(asked, "--model", "offline:analyst", "--chat", "b")
            cell = f"%%analyst --model openai:gpt-4o-mini --chat b\n{asked}"
            assert f"To ask a model instead, run:\n{indent(cell, '    ')}" in found.plain
            assert f'<pre class="aa-code aa-pick" tabindex="0">{cell}</pre>' in found.html
            assert fake.exchanges == []
            line = shown(kernel.run(f"%analyst --model offline:analyst {asked}"))
            assert f"    %analyst --model openai:gpt-4o-mini {asked}" in line.plain
            answered = shown(kernel.run(cell))
            assert "Bern is the capital." in answered.plain
            assert "To ask a model instead" not in answered.plain
            assert len(fake.exchanges) == 1


def test_a_home_that_was_killed_is_said_and_replaced(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        kernel.answers("total revenue")
        (home,) = psutil.Process(kernel.value("__import__('os').getpid()")).children()
        home.send_signal(signal.SIGKILL)
        home.wait(30)
        assert "231" in kernel.answers("total revenue", "--fresh").plain


def test_a_killed_kernel_leaves_no_home(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        kernel.answers("total revenue")
        parent = psutil.Process(kernel.value("__import__('os').getpid()"))
        (home,) = parent.children()
        os.kill(parent.pid, signal.SIGKILL)
        assert psutil.wait_procs([home], timeout=30)[1] == []


def test_unloading_takes_the_magic_and_its_home_away(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        kernel.answers("total revenue")
        (home,) = psutil.Process(kernel.value("__import__('os').getpid()")).children()
        assert kernel.run("%unload_ext autoanalyst_kernel").status == "ok"
        assert psutil.wait_procs([home], timeout=30)[1] == []
        assert kernel.run("%analyst help").status == "error"


def test_a_kernel_without_tables_says_how_to_load_one(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    with magic_kernel(tmp_path, empty_home(tmp_path), table="pass") as kernel:
        found = kernel.answers("total revenue")
        assert "orders.csv" in found.plain
        assert "orders.csv" in shown(kernel.run("%analyst datasets")).plain


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("agents", "@data_viz_agent"),
        ("models", "offline:analyst"),
        ("datasets", "sales"),
        ("usage", "this chat"),
        ("history", "last asked"),
        ("cancel", "Nothing is running"),
        ("help", "--fresh"),
    ],
)
def test_looking_around(kernel: MagicKernel, verb: str, words: str) -> None:
    kernel.answers("total revenue")
    assert words in shown(kernel.run(f"%analyst {verb}")).plain


def test_usage_counts_what_was_paid(tmp_path: Path) -> None:
    with (
        FakeProvider(lambda _: Reply(text="Fine.")) as fake,
        magic_kernel(tmp_path, empty_home(tmp_path, fake)) as kernel,
    ):
        kernel.answers("how are you?")
        used = shown(kernel.run("%analyst usage")).plain
        assert len(fake.exchanges) == 1
        assert used.splitlines()[1].split()[2] == "1"


def test_the_extension_of_the_engine_loads_the_same(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        assert kernel.run("%unload_ext autoanalyst_kernel\n%load_ext autoanalyst_ext").status == "ok"
        assert json.loads(json.dumps(kernel.answers("total revenue").receipt))["status"] == "answered"


def test_a_captured_question_is_answered(kernel: MagicKernel) -> None:
    ran = kernel.run("%%capture held\n%%analyst --fresh --as captured\ntotal revenue\n")
    assert ran.messages == []
    assert kernel.value("int(captured.value)") == 231
    assert "231" in kernel.run("held.show()").seen()


def test_a_kernel_whose_folder_is_gone_says_so(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        kernel.run(f"import os\nos.chdir({str(gone)!r})\nos.rmdir({str(gone)!r})")
        for cell in ("%%analyst\ntotal revenue\n", "%analyst datasets"):
            ran = kernel.run(cell)
            assert (ran.reply["ename"], ran.text("stderr").count("is gone")) == ("UsageError", 1)


def test_a_stop_while_the_home_starts_is_one_line(tmp_path: Path) -> None:
    with magic_kernel(tmp_path, empty_home(tmp_path)) as kernel:
        starts = "from autoanalyst_kernel.child_link import ChildLink\nopens = ChildLink.open\n"
        starts += "def opening(link):\n    opens(link)\n    print('star' + 'ting', flush=True)\n"
        kernel.run(f"{starts}ChildLink.open = opening")
        ran = kernel.run("%%analyst\ntotal revenue\n", when=[("starting", kernel.interrupt)])
        assert ran.reply["traceback"] == ["KeyboardInterrupt: Stopped before anything was asked."]
        assert "231" in kernel.answers("total revenue").plain


def test_an_interrupt_while_the_answer_is_shown_tears_nothing_and_stops_run_all(kernel: MagicKernel) -> None:
    interrupted = "def finish(*given, **named):\n    signal.raise_signal(2)\n    keep(*given, **named)\n"
    kernel.run(
        "import signal\nfrom autoanalyst_kernel.display import View\nkeep = View.finish\n"
        f"{interrupted}View.finish = finish"
    )
    ran, found = kernel.question("total revenue", "--fresh")
    kernel.run("View.finish = keep")
    assert ran.reply["traceback"] == ["KeyboardInterrupt: Stopped when the question was answered."]
    assert "231" in found.plain
    assert "231" in kernel.answers("total revenue", "--fresh").plain


def test_an_answer_inside_other_code_leaves_the_other_outputs(kernel: MagicKernel) -> None:
    ran = kernel.run(
        "print('before')\na = %analyst total revenue\nb = %analyst average revenue\nprint('after')"
    )
    seen = shown(ran).plain
    assert [words in seen for words in ("before", "231", "19.25", "after")] == [True] * 4


def test_code_that_was_only_suggested_is_suggested_again(kernel: MagicKernel) -> None:
    for _ in range(2):
        found = kernel.answers("median revenue by city", "--mode", "suggest", cell="suggested")
        assert "has not been run" in found.plain
        assert "median()" in found.html


def test_a_name_that_was_rebound_after_a_yes_stays_the_users(kernel: MagicKernel, tmp_path: Path) -> None:
    first = model(tmp_path, code("sales = sales.copy()\nlen(sales)"), Reply(text="Copied."))
    assert kernel.run(f"%%analyst {first}\ncopy it", answer=lambda: "y").status == "ok"
    second = script(tmp_path, code("sales = sales.head(1)\nlen(sales)"), Reply(text="Cut."), name="cut.json")
    ran, found = kernel.question("cut it", f"--model {second}")
    assert ran.status == "error"
    assert "gives the existing name `sales` another value" in found.plain
    assert kernel.value("len(sales)") == 12
