"""What a cell could do, read from its code: the dangerous and the everyday corpus, names, files, words."""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import matplotlib.figure as figure
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.policy.effects import NamesBefore, catalog, findings, methods, names_after

DATA = Path(__file__).parents[2] / "data"
FOLDER = PurePath("/home/ann/project")
NAMES = NamesBefore(
    existing={
        "df": "DataFrame",
        "orders": "DataFrame",
        "s": "Series",
        "lst": "list",
        "fns": "list",
        "d": "dict",
        "n": "int",
        "path": "str",
        "arr0": "ndarray",
        "old_fig": "Figure",
        "ax0": "Axes",
        "fitted": "LinearRegression",
        "conn": "Connection",
        "helper": "function",
        "In": "list",
        **dict.fromkeys(("pd", "np", "px", "go", "plt", "stats", "os"), "module"),
    },
    folder=FOLDER,
)


def corpus(name: str) -> Iterator[tuple[str, str]]:
    """Title and source of every snippet below `tests/data/<name>`."""
    for path in sorted((DATA / name).glob("*.txt")):
        for part in path.read_text(encoding="utf-8").split("=== ")[1:]:
            title, _, source = part.partition("\n")
            yield title, source


DANGEROUS = list(corpus("dangerous"))
SAFE = list(corpus("safe"))


def effects(source: str, names: NamesBefore = NAMES) -> set[str]:
    return {finding.effect for finding in findings(source, names)}


@pytest.mark.parametrize(("title", "source"), DANGEROUS, ids=[title for title, _ in DANGEROUS])
def test_no_dangerous_cell_passes(title: str, source: str) -> None:
    assert title.partition(" | ")[0] in effects(source)


@pytest.mark.parametrize(("title", "source"), SAFE, ids=[title for title, _ in SAFE])
def test_an_everyday_cell_asks_nothing(title: str, source: str) -> None:
    assert findings(source, NAMES) == ()


def test_the_corpora_are_large_and_without_repeats() -> None:
    assert len({source for _, source in DANGEROUS}) == len(DANGEROUS) >= 400
    assert len({source for _, source in SAFE}) == len(SAFE) >= 100


@pytest.mark.filterwarnings("ignore")
def test_an_everyday_cell_leaves_the_tables_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The everyday corpus is run for real: what the check calls safe changes nothing that was there."""
    df, orders = tables(pd, np)
    write_files(pd, df, tmp_path)
    monkeypatch.chdir(tmp_path)
    files = sorted(tmp_path.rglob("*"))
    for title, source in [entry for entry in SAFE if needs_only_pandas(entry[1])]:
        space = {"pd": pd, "np": np, "df": df, "orders": orders, "display": print, "__name__": "cell"}
        exec(compile(source, title, "exec"), space)
        before = tables(pd, np)
        pd.testing.assert_frame_equal(df, before[0], obj=title)
        pd.testing.assert_frame_equal(orders, before[1], obj=title)
    assert sorted(tmp_path.rglob("*")) == files


def needs_only_pandas(source: str) -> bool:
    """No chart, no model, no display that pandas leaves to IPython."""
    others = ("px.", "go.", "plt.", "plot", "sklearn", "scipy", "stats.", "statsmodels", "seaborn", "polars")
    more = ("pl.", "sm.", "old_fig", "fitted", "to_markdown", "excel", "sns.")
    return not any(word in source for word in (*others, *more))


def tables(pd: Any, np: Any) -> tuple[Any, Any]:
    rows = 40
    df = pd.DataFrame(
        {
            "id": range(rows),
            "name": [f"Ann Lee, {number} {number}a" for number in range(rows)],
            "region": ["north", "south", "east", "west"] * (rows // 4),
            "furnishing": ["furnished", "unfurnished"] * (rows // 2),
            "airconditioning": ["yes", "no"] * (rows // 2),
            "price": np.linspace(10.0, 400.0, rows),
            "area": np.linspace(6000, 40, rows).astype(int),
            "bedrooms": [1, 2, 3, 4] * (rows // 4),
            "quantity": [1, 2] * (rows // 2),
            "tags": ["a, b", "b"] * (rows // 2),
            "date": pd.date_range("2024-01-01", periods=rows, freq="7D"),
        }
    )
    return df, pd.DataFrame({"id": [1, 1, 2], "amount": [5.0, None, 7.0]})


def write_files(pd: Any, df: Any, folder: Path) -> None:
    (folder / "data").mkdir()
    sales = pd.DataFrame({"date": ["2024-01-01", "2025-01-01"], "amount": [1, 2], "region": ["a", "b"]})
    for name in ("data/sales.csv", "jan.csv", "feb.csv"):
        sales.to_csv(folder / name, index=False)
    df.to_parquet(folder / "orders.parquet")


# names


def test_a_name_that_an_earlier_cell_made_may_be_rebound_and_changed() -> None:
    after = names_after("x = df.copy()\n", NAMES)
    assert "x" in after.fresh
    assert findings("x['a'] = 1\nx = x.dropna()\nx.sort_values('a', inplace=True)\ndel x", after) == ()


def test_an_alias_that_an_earlier_cell_made_may_be_rebound_and_not_changed() -> None:
    after = names_after("x = df\nbox = [df]\ncolumn = df['a']", NAMES)
    assert findings("x = 1\nbox = 2\ncolumn = 3", after) == ()
    assert effects("x['a'] = 1", after) == {"change"}
    assert effects("box[0]['a'] = 1", after) == {"change"}
    assert effects("column[0] = 1", after) == {"change"}


def test_imports_and_functions_of_an_earlier_cell_are_known() -> None:
    after = names_after(
        "import sklearn.linear_model as lm\nfrom math import sqrt\ndef half(x):\n    return sqrt(x) / 2\n",
        NAMES,
    )
    assert findings("half(4), sqrt(2), lm.Ridge().fit(df[['a']], df['b'])", after) == ()


def test_a_function_of_an_approved_cell_that_was_not_safe_still_asks() -> None:
    after = names_after("def save(t):\n    t.to_csv('x.csv')\n", NAMES)
    assert effects("save(df)", after) == {"unknown"}


def test_a_value_of_an_approved_cell_that_nobody_knows_still_asks() -> None:
    after = names_after("from pathlib import Path\np = Path('a.csv')", NAMES)
    assert "unknown" in effects("p.rename('b.csv')", after)


def test_an_existing_name_stays_existing_after_an_approved_cell_rebound_it() -> None:
    after = names_after("df = df.dropna()", NAMES)
    assert effects("df['a'] = 1", after) == {"change"}
    assert effects("df = 1", after) == {"rebind"}


def test_a_function_that_looks_up_a_name_later_does_not_change_what_that_name_means_then() -> None:
    after = names_after("x = df.copy()\ndef f():\n    return x\n", NAMES)
    assert effects("y = f()\nx = df\ny = f()\ny['a'] = 1", after) == {"change"}


def test_a_cell_that_failed_may_not_have_reached_its_last_assignment() -> None:
    source = "x = df\nx.foo\nx = x.copy()"
    assert findings("x['a'] = 1", names_after(source, NAMES)) == ()
    assert effects("x['a'] = 1", names_after(source, NAMES, completed=False)) == {"change"}


def test_everything_may_be_changed_in_a_kernel_that_the_run_started() -> None:
    owned = NamesBefore(existing=NAMES.existing, owned=True, folder=FOLDER)
    assert (
        findings("df['a'] = 1\ndf = df.dropna()\nlst.append(df)\nfitted.fit(df[['a']], df['b'])", owned) == ()
    )
    assert effects("df.to_csv('x.csv')", owned) == {"write"}


def test_a_name_of_unknown_type_is_not_used() -> None:
    assert effects("conn.commit()") == {"unknown"}
    assert effects("[conn]") == {"unknown"}


def test_importing_a_module_again_under_its_usual_name_asks_nothing() -> None:
    assert findings("import pandas as pd\nimport numpy as np", NAMES) == ()


# files


@pytest.mark.parametrize(
    "name", ["x.csv", "data/x.CSV", "./x.tsv", "x.csv.gz", "a b.xlsx", "/home/ann/project/data/x.parquet"]
)
def test_a_data_file_of_the_folder_may_be_read(name: str) -> None:
    assert findings(f"pd.read_csv({name!r})", NAMES) == ()


@pytest.mark.parametrize(
    "name",
    [
        "/home/ann/other/x.csv",
        "/home/ann/project/../x.csv",
        "/home/ann/projects/x.csv",
        "../x.csv",
        "a/../../x.csv",
        ".hidden.csv",
        "a/.b/x.csv",
        "x.gz",
        "x",
        "",
        "x.csv\0",
        "//host/x.csv",
        "\\\\host\\x.csv",
        "C:/x.csv",
        "zip://x.csv::http://host/x.zip",
        "x.csv::http://host/y.csv",
    ],
)
def test_any_other_file_asks(name: str) -> None:
    assert effects(f"pd.read_csv({name!r})") & {"read", "network"}


def test_an_absolute_path_asks_when_the_folder_is_not_known() -> None:
    assert effects("pd.read_csv('/home/ann/project/x.csv')", NamesBefore(existing=NAMES.existing)) == {"read"}


# words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("df = df.dropna()", "gives the existing name `df` another value"),
        ("df['a'] = 1", "changes `df` in place"),
        ("x = df\nx['a'] = 1", "changes `x` in place, which may belong to `df`"),
        ("df.to_csv('./out/report.csv')", "writes ./out/report.csv"),
        ("%pip install lightgbm", "installs lightgbm"),
        ("import requests\nrequests.get('x')", "opens a network connection (`requests.get`)"),
        ("df.foo()", "calls `df.foo`, which is not on the list of safe functions"),
        ("del df", "deletes the name `df`"),
        ("!rm -rf x", "runs a command of the system (`rm -rf x`)"),
        ("import evil", "imports `evil`, which is not on the list of safe modules"),
        ("x = (", "does not parse as Python"),
    ],
)
def test_a_finding_says_in_words_what_the_code_would_do(source: str, words: str) -> None:
    assert [finding.words for finding in findings(source, NAMES)] == [words]


def test_a_finding_knows_its_line() -> None:
    found = findings("x = 1\n\ndf['a'] = x\n%time\ndf.pop('a')", NAMES)
    assert [(finding.effect, finding.line) for finding in found] == [
        ("change", 3),
        ("unknown", 4),
        ("change", 5),
    ]


# the lists


def test_every_listed_function_is_a_leaf_and_no_method_is_both_safe_and_not() -> None:
    assert not catalog.FUNCTIONS & catalog.MODULES
    assert not methods.SAFE & methods.NOT_COLUMNS


def test_no_listed_builtin_opens_runs_or_reflects() -> None:
    listed = {path.split(".")[1] for path in catalog.BUILTINS} - {"display"}
    assert listed <= set(dir(builtins))
    assert not listed & {"open", "eval", "exec", "compile", "getattr", "setattr", "vars", "globals", "input"}


def test_no_method_that_writes_or_runs_something_can_be_handed_over() -> None:
    """Of the real libraries: nothing that looks like a door is taken for a column."""
    kinds = (pd.DataFrame, pd.Series, np.ndarray, go.Figure, figure.Figure)
    doors: tuple[str, ...] = (
        "to_",
        "write",
        "save",
        "print_",
        "dump",
        "sink",
        "read",
        "load",
        "exec",
        "eval",
        "query",
    )
    doors = (*doors, "open", "connect", "sql", "pickle", "serialize", "format_map")
    harmless = {"dict", "frame", "list", "numpy", "period", "timestamp", "dicts", "series", "dummies"}
    harmless |= {"pandas", "struct", "arrow", "ordered_dict", "physical", "jax", "init_repr"}
    for kind in (*kinds, pl.DataFrame, pl.LazyFrame, pl.Series):
        names = [name for name in dir(kind) if name.startswith(doors) and name[3:] not in harmless]
        assert names, kind
        for name in names:
            assert findings(f"x = df.{name}", NAMES), f"{kind.__name__}.{name}"


# anything at all


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A snippet of the corpora with pieces of others in it."""
    pieces = [source for _, source in DANGEROUS + SAFE]
    text = draw(st.sampled_from(pieces))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 20)))
        other = draw(st.sampled_from(pieces))
        cut = draw(st.integers(0, len(other)))
        text = text[:start] + other[cut : cut + draw(st.integers(0, 30))] + text[end:]
    return text


@settings(max_examples=150, deadline=None)
@given(mutated())
def test_no_code_makes_the_check_fail(source: str) -> None:
    found = findings(source, NAMES)
    names_after(source, NAMES)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        assert found


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([source for _, source in SAFE]), st.sampled_from([source for _, source in DANGEROUS]))
def test_a_dangerous_cell_is_found_below_a_safe_one(safe: str, dangerous: str) -> None:
    assert findings(safe + "\n" + dangerous, NAMES)


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 5000,
        "x = " + "-" * 50_000 + "1",
        "lambda: " * 60 + "1",
        "a = 1\n" * 60_000,
        "\0",
        "\ud800",
    ],
    ids=["parentheses", "signs", "lambdas", "lines", "null byte", "half a character"],
)
def test_code_that_is_too_much_is_a_finding(source: str) -> None:
    assert effects(source) == {"unknown"}
