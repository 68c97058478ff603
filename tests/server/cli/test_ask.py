"""`autoanalyst ask` as a program: what it prints, leaves and returns."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from autoanalyst_ext.providers.script import Reply, ScriptedCall
from tests.fakes.provider import FakeProvider

from .program import PROGRAM, environment, run

TABLE = "city,revenue\n" + "\n".join(f"Bern,{n}" for n in (10, 20, 30)) + "\nBasel,4\n"

BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("autoanalyst_ext", "autoanalyst_kernel"):
            raise ModuleNotFoundError(f"{name} is uninstalled")
sys.meta_path.insert(0, Blocked())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home with a data file."""
    (tmp_path / "sales.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def execute(notebook: Path, without_us: Path) -> None:
    """Run a notebook top to bottom in a fresh kernel that cannot import our packages."""
    without_us.mkdir()
    (without_us / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    code = (
        "import sys, nbformat, nbclient\n"
        "nb = nbformat.read(sys.argv[1], 4)\n"
        "nbclient.NotebookClient(nb, timeout=60, resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(notebook), str(notebook.parent)],
        env={**os.environ, "PYTHONPATH": str(without_us)},
        check=True,
        timeout=90,
    )


def test_a_question_is_answered_with_its_evidence_and_a_notebook_that_runs_without_us(home: Path) -> None:
    ran = run(
        home, "ask", "--data", "sales.csv", "--notebook", "out.ipynb", "--json", "total revenue by city"
    )
    assert ran.code == 0, ran.err
    answer = ran.answer
    assert answer["status"] == "answered"
    assert "| Bern | 60 |" in answer["answer"]
    assert answer["cost_usd"] == "0.00"
    assert answer["usage"]["tokens"]["input_tokens"] == 0
    assert answer["notebook"] == str(home / "out.ipynb")
    assert all(claim["status"] == "verified" for claim in answer["claims"])
    assert {cell["id"] for cell in answer["cells"]} == {claim["cell"] for claim in answer["claims"]}
    notebook = nbformat.read(home / "out.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["code", "markdown", "code", "markdown"]
    assert notebook.cells[0].source.endswith('sales = pd.read_csv("sales.csv")')
    assert notebook.cells[1].source == "> total revenue by city"
    assert notebook.metadata["autoanalyst"]["run_id"] == answer["run_id"]
    execute(home / "out.ipynb", home / "blocked")


def test_the_sample_is_copied_beside_the_notebook_so_that_it_runs_without_us(home: Path) -> None:
    ran = run(home, "ask", "--notebook", "out.ipynb", "List top 10 houses by area")
    assert ran.code == 0, ran.err
    assert "largest" in ran.out
    assert "545 rows x 13 columns" in ran.err
    execute(home / "out.ipynb", home / "blocked")


@pytest.mark.parametrize(
    ("provider", "variable", "model"),
    [
        ("openai", "OPENAI", "gpt-4o-mini"),
        ("openai-responses", "OPENAI", "gpt-4o-mini"),
        ("anthropic", "ANTHROPIC", "claude-sonnet-4-6"),
        ("groq", "GROQ", "llama-3.3-70b-versatile"),
    ],
)
def test_a_question_goes_through_each_official_sdk(
    home: Path, provider: str, variable: str, model: str
) -> None:
    code = 'mean_revenue = sales["revenue"].mean()\nmean_revenue'
    replies = [
        Reply(tool_calls=(ScriptedCall(name="run_cell", args={"code": code}),)),
        Reply(text="The average revenue is {{c1|,.2f}}."),
    ]
    with FakeProvider(replies) as fake:
        ran = run(
            home,
            *("ask", "--data", "sales.csv", "--json", "--model", f"{provider}:{model}"),
            "@statistical_analyst_agent What is the average revenue?",
            **{f"{variable}_API_KEY": fake.key, f"{variable}_BASE_URL": fake.base_url(provider)},
        )
        assert ran.code == 0, ran.err
        assert ran.answer["answer"] == "The average revenue is 16.00."
        assert ran.answer["usage"]["requests"] == len(fake.exchanges) == 2
        assert "first use" in ran.err
        assert fake.key not in ran.out + ran.err


def test_a_notebook_that_is_not_ours_is_left_alone(home: Path) -> None:
    mine = home / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), mine)
    before = mine.read_bytes()
    ran = run(home, "ask", "--notebook", "mine.ipynb", "how many houses")
    assert ran.code == 2
    assert "left alone" in ran.err
    assert mine.read_bytes() == before


def test_a_notebook_of_ours_is_written_again_until_somebody_has_edited_it(home: Path) -> None:
    ask = ("ask", "--data", "sales.csv", "--notebook", "out.ipynb", "total revenue")
    assert [run(home, *ask).code for _ in range(2)] == [0, 0]
    edited = nbformat.read(home / "out.ipynb", as_version=4)
    edited.cells.append(nbformat.v4.new_markdown_cell("my own notes"))
    nbformat.write(edited, home / "out.ipynb")
    again = run(home, *ask)
    assert again.code == 2
    assert "left alone" in again.err
    assert "my own notes" in (home / "out.ipynb").read_text(encoding="utf-8")


def test_abstaining_is_exit_3_with_questions_that_can_be_answered(home: Path) -> None:
    ran = run(home, "ask", "--data", "sales.csv", "why did revenue fall?")
    assert ran.code == 3
    assert "asks for a cause" in ran.out
    assert ran.out.count("  - ") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask"], 2, "What is the question?"),
        (["ask", "--data", "sale.csv", "mean revenue"], 2, "sales.csv"),
        (["ask", "--model", "openai:gpt-4o", "mean"], 1, "autoanalyst key set openai"),
        (["ask", "--model", "opnai:gpt-4o", "mean"], 2, "Did you mean 'openai'"),
        (["ask", "@data_vis_agent mean"], 2, "Did you mean @data_viz_agent"),
        (["ask", "--allow", "magic", "mean"], 2, "no effect is called magic"),
        (["ask", "--notebook", "out.txt", "mean"], 2, "Write out.ipynb"),
        (["ask", "--jsonl", "mean"], 2, "--jsonl takes"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_a_user_s_mistake_is_one_clear_line(home: Path, arguments: list[str], code: int, words: str) -> None:
    ran = run(home, *arguments)
    assert ran.code == code
    assert words in ran.err
    assert "Traceback" not in ran.err + ran.out


def test_unsafe_code_stops_with_exit_4_and_runs_when_it_is_allowed(home: Path) -> None:
    call = {"name": "run_cell", "args": {"code": 'sales.to_csv("copy.csv")'}}
    script = {"replies": [{"tool_calls": [call]}, {"text": "That is all."}]}
    (home / "script.json").write_text(json.dumps(script), encoding="utf-8")
    ask = ("ask", "--data", "sales.csv", "--model", "scripted:script.json", "copy it")
    refused = run(home, *ask)
    assert refused.code == 4
    assert "writes copy.csv" in refused.err
    assert not (home / "copy.csv").exists()
    allowed = run(home, ask[0], "--allow", "write", *ask[1:])
    assert allowed.code == 0
    assert (home / "copy.csv").exists()


def test_data_and_models_do_not_steer_the_terminal(home: Path) -> None:
    calls = [{"name": "run_cell", "args": {"code": 'print("\\x1b[2Jgone\\x1b]0;title\\x07")\nsales["nope"]'}}]
    script = {
        "replies": [
            {"tool_calls": calls},
            {"tool_calls": [{"name": "run_cell", "args": {"code": "1 + 1"}}]},
            {"text": "\x1b[31mred\x1b[0m {{c1}}"},
        ]
    }
    (home / "script.json").write_text(json.dumps(script), encoding="utf-8")
    ran = run(home, "ask", "--data", "sales.csv", "--model", "scripted:script.json", "count")
    assert ran.code == 0
    assert ran.out.strip() == "red 2"
    assert "gone" in ran.err
    assert "KeyError" in ran.err
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.err


def test_ctrl_c_at_the_question_whether_to_run_stops_it(home: Path) -> None:
    call = {"name": "run_cell", "args": {"code": 'sales.to_csv("copy.csv")'}}
    script = {"replies": [{"tool_calls": [call]}, {"text": "Done."}]}
    (home / "script.json").write_text(json.dumps(script), encoding="utf-8")
    with terminal(home, "--model", "scripted:script.json", "copy it") as (process, read, _):
        seen = read("[y/N]")
        process.send_signal(signal.SIGINT)
        seen += read(None)
        assert process.wait(30) == 130
    assert "Your question and everything so far are kept" in seen
    assert "Traceback" not in seen
    assert not (home / "copy.csv").exists()


WHY = "why is the revenue so low?"


def has_key(fake: FakeProvider) -> dict[str, str]:
    """An environment in which a model has a key and answers from `fake`."""
    return {"OPENAI_API_KEY": fake.key, "OPENAI_BASE_URL": fake.base_url("openai")}


def test_an_abstention_in_a_pipe_says_how_a_model_is_asked(home: Path) -> None:
    asked = ("ask", "--data", "sales.csv", "--model", "offline:analyst")
    with FakeProvider([]) as fake:
        ran = run(home, *asked, WHY, **has_key(fake))
        assert ran.code == 3
        assert "\nThese questions can be answered:\n  - " in ran.out
        (command,) = [
            line.strip() for line in ran.err.splitlines() if "autoanalyst ask --model openai:" in line
        ]
        assert command.endswith(f"--data sales.csv -- '{WHY}'")
        quiet = run(home, *asked, "--json", WHY, **has_key(fake))
        assert quiet.answer["suggestions"]
        assert not quiet.answer["answer"].rstrip().endswith(":")
        assert "autoanalyst ask" not in quiet.err
        assert fake.exchanges == []
    without = run(home, *asked, WHY)
    assert without.code == 3
    assert "To ask a model" not in without.err


@pytest.mark.parametrize(("key", "code", "said"), [("y", 0, "It rained."), ("n", 3, "can be answered")])
def test_at_a_terminal_one_key_hands_the_question_over(home: Path, key: str, code: int, said: str) -> None:
    with FakeProvider([Reply(text="It rained.")]) as fake:
        options = ("--model", "offline:analyst", WHY)
        with terminal(home, *options, **has_key(fake)) as (process, read, write):
            seen = read("instead? [y/N]")
            assert "Ask openai:" in seen
            assert fake.exchanges == []
            write(f"{key}\n")
            seen += read(None)
            assert process.wait(30) == code
        assert said in seen
        assert len(fake.exchanges) == (key == "y")


def test_lines_are_answered_in_order_and_a_bad_one_spoils_nothing(home: Path) -> None:
    lines = [
        json.dumps({"id": 1, "data": ["sales.csv"], "question": "total revenue"}),
        "not json",
        json.dumps({"id": "b", "data": ["shop=sales.csv"], "question": "mean revenue in shop"}),
        json.dumps({"id": "c", "data": ["nowhere.csv"], "question": "mean"}),
    ]
    ran = run(home, "ask", "--jsonl", stdin="\n".join(lines) + "\n")
    assert ran.code == 0
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert [result["id"] for result in results] == [1, None, "b", "c"]
    statuses = [result["status"] for result in results]
    assert statuses == ["answered", "failed", "answered", "failed"], results
    assert "64" in results[0]["answer"]
    assert results[3]["error"]["code"] == "data_unreadable"


def test_a_kept_key_is_used_and_never_shown(home: Path) -> None:
    with FakeProvider([]) as fake:
        kept = run(home, "key", "set", "openai", stdin=f"{fake.key}\n")
        assert kept.code == 0
        assert "keys.json" in kept.out
        check = run(home, "check")
        assert check.code == 0
        assert "OpenAI: found in file" in check.out
        asked = run(home, "ask", "--model", "openai:gpt-4o", "hello", OPENAI_BASE_URL=fake.base_url("openai"))
        assert fake.exchanges[0].header("authorization") == f"Bearer {fake.key}"
        forgotten = run(home, "key", "remove", "openai")
        assert "is forgotten" in forgotten.out
        for ran in (kept, check, asked, forgotten):
            assert fake.key not in ran.out + ran.err


def test_ctrl_c_stops_the_cell_and_says_what_was_kept(home: Path) -> None:
    call = {"name": "run_cell", "args": {"code": "n = 0\nfor i in range(10**12):\n    n = n + i"}}
    script = {"replies": [{"tool_calls": [call]}, {"text": "Done."}]}
    (home / "script.json").write_text(json.dumps(script), encoding="utf-8")
    asked = ("--model", "scripted:script.json", "--notebook", "out.ipynb", "count")
    with terminal(home, *asked) as (process, read, _):
        seen = read("Running the cell")
        process.send_signal(signal.SIGINT)
        seen += read(None)
        assert process.wait(30) == 130
    assert "Your question and everything so far are kept" in seen
    assert "Traceback" not in seen
    execute(home / "out.ipynb", home / "blocked")
    kept = nbformat.read(home / "out.ipynb", as_version=4)
    assert "# for i in range(10**12):" in kept.cells[2].source


@contextmanager
def terminal(
    home: Path, *arguments: str, **more: str
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[str | None], str], Callable[[str], object]]]:
    """`ask` at a terminal of its own, a reader of what it shows up to some words or its end, and a writer."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "ask", "--data", "sales.csv", *arguments],
        cwd=home,
        env=environment(home, TERM="xterm", **more),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)

    def read(words: str | None) -> str:
        seen = ""
        while words is None or words not in seen:
            try:
                chunk = os.read(master, 4096)
            except OSError:  # the other side is closed: the program has ended
                break
            seen += chunk.decode(errors="replace")
        return seen

    try:
        yield process, read, lambda text: os.write(master, text.encode())
    finally:
        process.kill()
        process.wait(30)
        os.close(master)


def test_the_database_can_be_upgraded_and_copied(home: Path) -> None:
    assert "is up to date" in run(home, "db", "upgrade").out
    copied = run(home, "db", "backup", "copy.db")
    assert copied.code == 0
    assert (home / "copy.db").stat().st_size > 0
    again = run(home, "db", "backup", "copy.db")
    assert again.code == 2
    assert "exists" in again.err
