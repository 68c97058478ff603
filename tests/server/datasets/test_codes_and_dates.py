"""Codes keep their leading zeros and ISO dates become dates; every cell is executed with pandas."""

import datetime
import gzip
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.datasets.files import loading_cell


def loaded(text: str, folder: Path, encoding: str = "utf-8") -> tuple[str, pd.DataFrame]:
    """The cell for a file of `text`, and its table; a warning of pandas would be an error."""
    file = folder / "t.csv"
    file.write_bytes(text.encode(encoding))
    cell = loading_cell(file.absolute(), folder=folder)
    namespace: dict[str, Any] = {}
    with warnings.catch_warnings(action="error"):
        exec(cell.source.replace('"t.csv"', repr(str(file))), namespace)
    return cell.source, namespace["t"]


def test_a_column_with_leading_zeros_is_loaded_as_text_and_says_so(tmp_path: Path) -> None:
    source, frame = loaded("zip,rooms\n01001,3\n90210,4\n,5\n", tmp_path)
    assert frame["zip"].dropna().tolist() == ["01001", "90210"]
    assert frame["zip"].isna().tolist() == [False, False, True]
    assert frame["rooms"].tolist() == [3, 4, 5]
    assert source.endswith(
        '# Text, to keep leading zeros: zip\nt = pd.read_csv("t.csv", dtype={"zip": "str"})'
    )


@pytest.mark.parametrize("missing", ["NA", "n/a", "NULL", "<NA>"])
def test_a_missing_value_among_codes_stays_missing(tmp_path: Path, missing: str) -> None:
    frame = loaded(f"code\n007\n{missing}\n010\n", tmp_path)[1]
    assert frame["code"].dropna().tolist() == ["007", "010"]


@pytest.mark.parametrize("values", ["0,1,20", "0.5,1.5,10", "05,1.5,2", "-1,007,3", "01e3,1.5e3,2", "0,0,0"])
def test_numbers_stay_numbers(tmp_path: Path, values: str) -> None:
    source, frame = loaded("n\n" + values.replace(",", "\n") + "\n", tmp_path)
    assert "dtype" not in source
    assert pd.api.types.is_numeric_dtype(frame["n"])


def test_a_decimal_comma_is_no_code_and_codes_beside_it_are_kept(tmp_path: Path) -> None:
    source, frame = loaded("plz;preis\n01067;01,50\n80331;1.200,00\n", tmp_path)
    assert frame["plz"].tolist() == ["01067", "80331"]
    assert frame["preis"].tolist() == [1.5, 1200.0]
    assert source.endswith('sep=";", decimal=",", thousands=".", dtype={"plz": "str"})')


@pytest.mark.parametrize("where", [0.5, 0.98])
def test_a_leading_zero_far_behind_the_head_is_found(tmp_path: Path, where: float) -> None:
    rows = [f"{number},x" for number in range(10_000, 60_000)]
    at = int(len(rows) * where)
    rows[at] = "01001,x"
    frame = loaded("zip,b\n" + "\n".join(rows) + "\n", tmp_path)[1]
    assert frame["zip"].iloc[at] == "01001"


def test_codes_are_kept_in_compressed_and_wide_text(tmp_path: Path) -> None:
    assert loaded("zip,a\n01001,2\n", tmp_path, "utf-16")[1]["zip"].tolist() == ["01001"]
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(b"zip,a\n01001,2\n"))
    assert 'dtype={"zip": "str"}' in loading_cell("p.csv.gz", folder=tmp_path).source


@pytest.mark.parametrize(
    ("values", "arguments"),
    [
        (["2023-01-05", "2023-02-28"], ""),
        (["2023-01-05", "", "2023-02-28"], ""),
        (["2023-01-05 10:00", "2023-01-05 23:59"], ""),
        (["2023-01-05T10:00:00.125", "2023-01-05T10:00:01.250"], ""),
        (["2023-01-05T10:00:00Z", "2023-01-06T10:00:00Z"], ""),
        (["2023-01-05T10:00:00+02:00", "2023-01-06T10:00:00+02:00"], ""),
        (["2023-01-05", "2023-01-05 10:00", "2023-01-05T10:00:30"], ', date_format="ISO8601"'),
    ],
)
def test_iso_dates_are_loaded_as_dates(tmp_path: Path, values: list[str], arguments: str) -> None:
    source, frame = loaded("date,x\n" + "".join(f"{value},1\n" for value in values), tmp_path)
    assert source.endswith(f't = pd.read_csv("t.csv", parse_dates=["date"]{arguments})')
    given = [datetime.datetime.fromisoformat(value) for value in values if value]
    assert frame["date"].dropna().tolist() == given
    assert frame["date"].isna().sum() == values.count("")


@pytest.mark.parametrize(
    "values",
    [
        ["01/02/2023", "02/03/2023"],
        ["20230105", "20230106"],
        ["2023", "2024"],
        ["2023-01", "2023-02"],
        ["2023-02-31", "2023-01-01"],
        ["2023-01-05", "soon"],
        ["2023-01-05 24:00", "2023-01-06 10:00"],
        ["2023-1-5", "2023-1-6"],
    ],
)
def test_what_is_not_surely_a_date_is_left_to_pandas(tmp_path: Path, values: list[str]) -> None:
    source, _ = loaded("date,x\n" + "".join(f"{value},1\n" for value in values), tmp_path)
    assert source.endswith('t = pd.read_csv("t.csv")')


@pytest.mark.parametrize("late", ["unknown", "2023-02-31", "05/13/2023", "2023-01-05T10:00Z"])
@pytest.mark.parametrize("early", ["2023-01-05", "2023-01-05\n2023-01-05 10:00"])
def test_a_late_value_that_is_no_date_leaves_the_column_as_text(
    tmp_path: Path, early: str, late: str
) -> None:
    text = "date\n" + f"{early}\n" * 10_000 + f"{late}\n"
    source, frame = loaded(text, tmp_path)
    assert 'parse_dates=["date"]' in source
    assert frame["date"].iloc[0] == "2023-01-05"
    assert frame["date"].iloc[-1] == late


@pytest.mark.parametrize(
    "text",
    [
        "d,d\n2023-01-05,01\n2023-01-05,02\n",
        'd,"say ""d"""\n1,2023-01-05\n',
        ",x\n2023-01-05,1\n",
        "d,x\n2023-01-05,01,2023-01-05\n",
        "d,x\n2023-01-05,01,\n",
    ],
)
def test_columns_that_pandas_may_name_otherwise_are_left_alone(tmp_path: Path, text: str) -> None:
    assert loaded(text, tmp_path)[0].endswith('t = pd.read_csv("t.csv")')


def test_odd_names_of_columns_are_written_as_python(tmp_path: Path) -> None:
    source, frame = loaded(" Größe\\n,it's\n01,2023-01-05\n", tmp_path)
    assert frame[" Größe\\n"].tolist() == ["01"]
    assert str(frame["it's"].dtype).startswith("datetime64")
    assert source.count("\n") == 3


def test_a_long_call_has_an_argument_on_each_line(tmp_path: Path) -> None:
    names = [f"shipment_code_{number}" for number in range(6)]
    source, frame = loaded(",".join(names) + "\n" + ",".join(["01"] * 6) + "\n", tmp_path)
    assert frame.iloc[0].tolist() == ["01"] * 6
    assert source.partition("t = ")[2].startswith('pd.read_csv(\n    "t.csv",\n    dtype={')
