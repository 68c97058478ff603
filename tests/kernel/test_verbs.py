"""What `%analyst <verb>` shows."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.error import UsageError

from autoanalyst_ext.types.own_usage import Bill
from autoanalyst_ext.types.usage import TokenUsage, Usage
from autoanalyst_kernel import own_usage, verbs
from autoanalyst_kernel.arguments import OPTIONS, VERBS


class Home:
    """Answers queries with what it was given."""

    def __init__(self, **bodies: Any) -> None:
        self.bodies = bodies

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]:
        return {"chats" if what == "history" else what: self.bodies[what]}


class Told(Home):
    """Answers every query with one body."""

    asked: dict[str, Any]
    """With what."""

    def query(self, what: str, seconds: float = 10.0, **args: Any) -> dict[str, Any]:
        self.asked = args
        return self.bodies


def test_agents_are_listed_as_one_writes_them() -> None:
    agent = {"name": "data_viz_agent", "title": "Charts", "description": "Draws <b>charts</b>."}
    shown = verbs.agents(Home(agents=[agent]))
    assert "@data_viz_agent  Draws <b>charts</b>." in repr(shown)
    assert "&lt;b&gt;charts" in shown._repr_mimebundle_()["text/html"]


def test_models_say_whether_they_are_ready_and_what_is_missing() -> None:
    offline = {"name": "offline:analyst", "title": "Offline", "ready": True, "why": None, "default": True,
               "local": True}  # fmt: skip
    keyless = {"name": "openai:gpt", "title": "OpenAI", "ready": False, "why": "needs a key",
               "default": False, "local": False}  # fmt: skip
    shown = repr(verbs.models(Home(models=[offline, keyless])))
    assert "offline:analyst (default)  Offline   ready, on this machine" in shown
    assert "needs a key" in shown
    assert "autoanalyst key set NAME" in shown
    assert "key set" not in repr(verbs.models(Home(models=[offline])))


def test_datasets_are_the_tables_of_the_kernel(tmp_path: Path) -> None:
    housing = pd.DataFrame({name: range(1200) for name in "abcdefg"})
    lines = repr(verbs.datasets({"housing": housing, "n": 3}, tmp_path)).splitlines()
    assert lines[0].split() == ["table", "library", "rows", "columns", "first", "columns"]
    assert lines[1].split(maxsplit=4) == ["housing", "pandas", "1,200", "7", "a, b, c, d, e and 2 more"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "pd.read_csv('data.csv')"),
        (["b.xlsx", "notes.txt"], "pd.read_excel('b.xlsx')"),
        (["a.tsv"], r"pd.read_csv('a.tsv', sep=\"\t\")".replace('\\"', '"')),
        (["a.parquet", "b.csv"], "pd.read_parquet('a.parquet')"),
    ],
)
def test_without_a_table_it_says_how_to_load_one(tmp_path: Path, files: list[str], code: str) -> None:
    for name in files:
        (tmp_path / name).touch()
    shown = repr(verbs.datasets({}, tmp_path))
    assert "No tables in this kernel." in shown
    assert code in shown
    assert "notes.txt" not in shown


def test_many_files_are_not_all_named(tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"{number:02}.csv").touch()
    assert "09.csv and 4 more." in repr(verbs.datasets({}, tmp_path))


def test_usage_says_what_is_unpriced_and_what_is_estimated() -> None:
    none = Usage().model_dump(mode="json")
    spent = Usage(
        requests=1200, tokens=TokenUsage(input_tokens=10_000_000, output_tokens=5), cost_usd="1.5",
        unpriced_requests=2, estimated_requests=1,
    ).model_dump(mode="json")  # fmt: skip
    shown = repr(own_usage.usage(Told(**spent, chat=none, today=none, week=none, month=spent, all=spent)))
    assert ["this", "chat", "0", "0", "0", "$0.00"] in [line.split() for line in shown.splitlines()]
    assert "1,200  10,000,000           5  ~$1.50 (estimate) + 2 unpriced" in shown
    assert "2 requests without a known price; the cost leaves them out." in shown
    assert "1 request with estimated tokens." in shown


def test_usage_has_rows_and_a_bill_where_they_are_asked_for() -> None:
    part = Usage(requests=3, cost_usd="0.25").model_dump(mode="json")
    rows = [{"name": str(number), "title": f"chat {number}", "usage": part} for number in range(25)]
    bill = Bill(
        model="groq:llama", cost_usd="0.012", real_usd="6.25", repriced_requests=75, left_out_requests=0,
        offline_questions=4, saved_usd="0.001", basis="The same tokens, call by call.",
    ).model_dump(mode="json")  # fmt: skip
    home = Told(**Usage(requests=75, cost_usd="6.25").model_dump(mode="json"), rows=rows, bill=bill)
    shown = repr(own_usage.usage(home, "--by chat --days=7 --as groq:llama"))
    assert home.asked == {"by": "chat", "days": 7, "as": "groq:llama"}
    assert "chat 19" in shown
    assert "chat 20" not in shown
    assert "5 more not shown; the sum has them." in shown
    assert "last 7 days        75" in shown
    assert "With groq:llama: $0.012 instead of 75 requests for $6.25." in shown
    assert "The offline analyst answered 4 questions, which saved $0.001." in shown


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("--by colour", "--by needs one of day, chat"),
        ("--days 0", "--days needs a number of days"),
        ("--days", "--days needs a number of days"),
        ("--as gpt-5", "--as needs a model"),
        ("--for me", "knows --days, --by, --as, not '--for'"),
        ("'", "a quotation mark is missing"),
    ],
)
def test_options_of_usage_that_make_no_sense_are_explained(written: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        own_usage.usage(Told(), written)


def test_history_and_cancel() -> None:
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    shown = repr(verbs.history(Home(history=[{"id": "1", "title": "Prices", "active_at": at.isoformat()}])))
    assert f"Prices  {at.astimezone():%Y-%m-%d %H:%M}" in shown
    assert repr(verbs.history(Home(history=[]))) == "No chats yet."
    assert repr(verbs.cancel(Told(stopped=2))) == "Stopped 2 questions."
    assert repr(verbs.cancel(Told(stopped=0))) == "Nothing is running."


def test_help_tells_every_option_and_every_verb() -> None:
    shown = verbs.helps()
    for word in (*OPTIONS, *VERBS):
        assert word in repr(shown)
        assert word in shown._repr_mimebundle_()["text/html"]


def test_a_plain_copy_needs_to_know_the_notebook() -> None:
    with pytest.raises(UsageError, match="Which notebook"):
        verbs.plain("", None)
