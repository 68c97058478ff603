"""Data files become loading cells; every cell is really executed with pandas."""

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.datasets.files import LoadingCell, loading_cell, variable_name
from autoanalyst_ext.errors import BadRequest, DataUnreadable

FRAME = pd.DataFrame({"city": ["Köln", "Ulm", "Bonn"], "price": [1.5, 2.25, 1000.0], "rooms": [3, 4, 5]})


def line(cell: LoadingCell) -> str:
    """The code without its import."""
    head, _, rest = cell.source.partition("\n\n")
    assert head == "import pandas as pd"
    return rest


def loaded(cell: LoadingCell, folder: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Execute the cell where the notebook is."""
    monkeypatch.chdir(folder)
    namespace: dict[str, Any] = {}
    exec(cell.source, namespace)
    frame = namespace[cell.name]
    assert isinstance(frame, pd.DataFrame)
    return frame


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_plain_file_needs_nothing_but_its_path(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "Housing.csv", index=False)
    assert line(loading_cell("Housing.csv", folder=tmp_path)) == 'housing = pd.read_csv("Housing.csv")'


@pytest.mark.parametrize(
    ("name", "options", "arguments"),
    [
        ("semicolon.csv", {"sep": ";"}, ', sep=";"'),
        ("german.csv", {"sep": ";", "decimal": ","}, ', sep=";", decimal=","'),
        ("tabs.tsv", {"sep": "\t"}, ', sep="\\t"'),
        ("tabs.csv", {"sep": "\t"}, ', sep="\\t"'),
        ("bars.txt", {"sep": "|"}, ', sep="|"'),
        ("latin.csv", {"encoding": "latin-1"}, ', encoding="latin-1"'),
        ("mark.csv", {"encoding": "utf-8-sig"}, ""),
        ("wide.csv", {"encoding": "utf-16"}, ', encoding="utf-16"'),
        ("packed.csv.gz", {}, ""),
        ("packed_tabs.tsv.gz", {"sep": "\t"}, ', sep="\\t"'),
    ],
)
def test_text_is_read_back_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, options: dict[str, str], arguments: str
) -> None:
    FRAME.to_csv(tmp_path / name, index=False, **options)  # type: ignore[call-overload]
    cell = loading_cell(name, folder=tmp_path)
    assert line(cell) == f'{cell.name} = pd.read_csv("{name}"{arguments})'
    pd.testing.assert_frame_equal(loaded(cell, tmp_path, monkeypatch), FRAME)


@pytest.mark.parametrize("kind", ["parquet", "feather", "xlsx", "json", "jsonl"])
def test_other_formats_are_read_back_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file = tmp_path / f"data.{kind}"
    match kind:
        case "parquet":
            FRAME.to_parquet(file)
        case "feather":
            FRAME.to_feather(file)
        case "xlsx":
            FRAME.to_excel(file, index=False)
        case _:
            FRAME.to_json(file, orient="records", lines=kind == "jsonl")
    cell = loading_cell(file, folder=tmp_path)
    pd.testing.assert_frame_equal(loaded(cell, tmp_path, monkeypatch), FRAME)
    assert cell.note == ""
    needs = {"parquet": "pyarrow", "feather": "pyarrow", "xlsx": "openpyxl"}.get(kind)
    assert ("# needs" in cell.source) == (needs is not None)
    assert needs is None or f"# needs {needs}\n" in cell.source


def test_thousands_points_come_with_the_decimal_comma(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "euro.csv", "was;preis\na;1.234,50\nb;7,25\nc;12\n")
    cell = loading_cell("euro.csv", folder=tmp_path)
    assert loaded(cell, tmp_path, monkeypatch)["preis"].tolist() == [1234.5, 7.25, 12.0]


def test_commas_in_text_are_no_decimal_signs(tmp_path: Path) -> None:
    write(tmp_path / "list.csv", "what;tags\na;1,5 and more\nb;red, blue\n")
    assert line(loading_cell("list.csv", folder=tmp_path)) == 'list_data = pd.read_csv("list.csv", sep=";")'


def test_a_first_line_that_names_the_delimiter_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "export.csv", "sep=;\na;b\n1;2\n")
    cell = loading_cell("export.csv", folder=tmp_path)
    assert loaded(cell, tmp_path, monkeypatch).to_dict("list") == {"a": [1], "b": [2]}


@pytest.mark.parametrize(
    "text",
    [
        "name\nAnna\nBernd\nCarla\n",
        'a,text\n1,"one; two; three"\n2,"four; five; six"\n',
        "when,what\n10:00 o'clock,x|y\n11:00 o'clock,z|w\n",
        "a,b\n1,2",
    ],
)
def test_a_comma_or_a_single_column_is_never_mistaken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    cell = loading_cell(write(tmp_path / "d.csv", text), folder=tmp_path)
    assert line(cell) == 'd = pd.read_csv("d.csv")'
    assert list(loaded(cell, tmp_path, monkeypatch)) == text.splitlines()[0].split(",")


def test_an_accent_far_behind_the_head_decides_the_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "late.csv", "a,b\n" + "1,x\n" * 50_000 + "2,Müller\n", "latin-1")
    cell = loading_cell("late.csv", folder=tmp_path)
    assert 'encoding="latin-1"' in cell.source
    assert loaded(cell, tmp_path, monkeypatch)["b"].iloc[-1] == "Müller"


def test_a_character_cut_at_the_end_of_the_head_does_not_change_the_encoding(tmp_path: Path) -> None:
    write(tmp_path / "cut.csv", "ab\n" + "é" * 40_000 + "\n")
    assert "encoding" not in loading_cell("cut.csv", folder=tmp_path).source


def test_the_first_sheet_is_loaded_and_the_others_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        FRAME.to_excel(book, sheet_name="Main", index=False)
        FRAME.head(1).to_excel(book, sheet_name="R&D <2>", index=False)
    first = loading_cell("book.xlsx", folder=tmp_path)
    assert line(first) == ('# Other sheets: "R&D <2>"\n# needs openpyxl\nbook = pd.read_excel("book.xlsx")')
    assert first.note == "book.xlsx has more sheets: R&D <2>. The first, Main, was loaded."
    second = loading_cell("book.xlsx", folder=tmp_path, sheet="R&D <2>")
    assert len(loaded(second, tmp_path, monkeypatch)) == 1
    assert second.note == "book.xlsx has more sheets: Main. R&D <2> was loaded."
    with pytest.raises(DataUnreadable, match="Its sheets: Main, R&D <2>"):
        loading_cell("book.xlsx", folder=tmp_path, sheet="Other")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Housing.csv", "housing"),
        ("My Data (1).csv", "my_data_1"),
        ("class.csv", "class_data"),
        ("json.csv", "json_data"),
        ("list.xlsx", "list_data"),
        ("pd.csv", "pd_data"),
        ("match.csv", "match_data"),
        ("1abc.csv", "data_1abc"),
        ("价格.csv", "价格"),
        ("HousingPrices2020.parquet", "housing_prices2020"),
        ("sales.2024.csv.gz", "sales_2024"),
        ("___.csv", "data"),
        ("🙂.csv", "data"),
        ("_hidden.csv", "hidden"),
        ("é-à.tsv", "é_à"),
        ("x" * 39 + "_yz.csv", "x" * 39),
        ("a" * 40 + ".csv", "a" * 40),
        (".csv", "csv_data"),
    ],
)
def test_variables_are_named_after_files(file: str, name: str) -> None:
    assert variable_name(file) == name
    assert name.isidentifier()


def test_a_taken_name_gets_a_number() -> None:
    assert variable_name("a.csv", {"a", "a_2"}) == "a_3"


def test_a_given_name_is_used_or_refused(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    assert loading_cell("a.csv", folder=tmp_path, name="Houses").source.count("Houses = ") == 1
    for name in ("my data", "class", "1a", ""):
        with pytest.raises(BadRequest):
            loading_cell("a.csv", folder=tmp_path, name=name)
    with pytest.raises(BadRequest, match="already"):
        loading_cell("a.csv", folder=tmp_path, name="b", taken={"b"})


def test_paths_are_relative_near_the_notebook_and_absolute_beyond(tmp_path: Path) -> None:
    file = tmp_path / "data" / "a.csv"
    file.parent.mkdir()
    FRAME.to_csv(file, index=False)
    for home, written in (
        (tmp_path, "data/a.csv"),
        (tmp_path / "one", "../data/a.csv"),
        (tmp_path / "one" / "two", "../../data/a.csv"),
        (tmp_path / "one" / "two" / "three", str(file)),
    ):
        home.mkdir(exist_ok=True)
        assert line(loading_cell(file, folder=home)) == f'a = pd.read_csv("{written}")'


def test_quotes_and_backslashes_in_a_path_are_written_as_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / 'it\'s "a" \\n test.csv'
    FRAME.to_csv(file, index=False)
    pd.testing.assert_frame_equal(loaded(loading_cell(file, folder=tmp_path), tmp_path, monkeypatch), FRAME)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Hosing.csv", r"There is no file .*Hosing\.csv\. Did you mean Housing\.csv"),
        ("HOUSING.CSV", r"Did you mean Housing\.csv\?"),
        ("completely_else.bin", r"Data files there: Housing\.csv, binary\.csv"),
        ("nowhere/a.csv", r"There is no folder .*nowhere either"),
        ("sub", r"sub is a folder\. Data files in it: inner\.json\."),
        ("empty.csv", r"empty\.csv is empty"),
        ("blank.csv", r"blank\.csv is empty"),
        ("empty.csv.gz", r"is empty"),
        ("broken.csv.gz", r"cannot be read"),
        ("picture.png", r"picture\.png is of a kind that cannot be read\. Readable are \.arrow, \.csv"),
        ("fake.parquet", r"named \.parquet but does not hold such data"),
        ("fake.xlsx", r"not a workbook"),
        ("binary.csv", r"is not text"),
        ("a\0b.csv", r"cannot be read"),
        ("/dev/null", r"not a file"),
    ],
)
def test_what_cannot_be_read_is_said_with_a_way_out(tmp_path: Path, name: str, said: str) -> None:
    FRAME.to_csv(tmp_path / "Housing.csv", index=False)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "inner.json").write_text("[]")
    for file, content in {
        "empty.csv": b"",
        "blank.csv": b"\xef\xbb\xbf \n\n",
        "empty.csv.gz": gzip.compress(b""),
        "broken.csv.gz": b"no gzip at all",
        "picture.png": b"\x89PNG",
        "fake.parquet": b"a,b\n1,2\n",
        "fake.xlsx": b"PK\x03\x04 but nothing else",
        "binary.csv": b"\x7fELF\x02\x01\x01\x00\x00\x00\x01",
    }.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(DataUnreadable, match=said) as raised:
        loading_cell(name, folder=tmp_path)
    assert raised.value.code == "data_unreadable"


def test_json_lines_under_the_name_json_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FRAME.to_json(tmp_path / "rows.json", orient="records", lines=True)
    cell = loading_cell("rows.json", folder=tmp_path)
    assert "lines=True" in cell.source
    pd.testing.assert_frame_equal(loaded(cell, tmp_path, monkeypatch), FRAME)
