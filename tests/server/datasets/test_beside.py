"""Data files beside a notebook: found, told apart by a question, and the sample put among them."""

import os
from pathlib import Path

import pandas as pd
import pytest

from autoanalyst_ext.datasets.beside import (
    MOST,
    SAMPLE_STARTERS,
    files_beside,
    fitting,
    is_about_sample,
    is_sample,
    named,
    names_a_file,
    sample_beside,
)
from autoanalyst_ext.errors import BadRequest
from autoanalyst_ext.offline.analyst import Planned, understand
from tests.server.offline.profiling import profile

SALES = "date,region,revenue\n2026-01-01,north,5\n"
PEOPLE = "first_name,city,salary\nAnn,Oslo,5\n"


def wrote(folder: Path, **texts: str) -> list[Path]:
    """Files with these texts; two underscores in a name stand for its dot."""
    files = [folder / name.replace("__", ".") for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    return files


def test_data_files_are_listed_newest_first_and_nothing_else(tmp_path: Path) -> None:
    old, new = wrote(tmp_path, old__csv=SALES, new__parquet="PAR1")
    records, lines = wrote(tmp_path, records__json='[{"a": 1}]', lines__txt="a\tb\n1\t2\n3\t4\n")
    for age, file in enumerate((records, lines, new, old)):
        os.utime(file, (1000 - age, 1000 - age))
    wrote(
        tmp_path,
        requirements__txt="pandas>=3\nplotly",
        README__txt="Dear reader,\nthis is no table",
        package__json='{"name": "x"}',
        empty__csv="",
        analysis__ipynb="{}",
    )
    (tmp_path / ".hidden.csv").write_text(SALES)
    (tmp_path / "~$book.xlsx").write_text("open in Excel")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "broken.csv").symlink_to(tmp_path / "nowhere.csv")
    assert files_beside(tmp_path) == (records, lines, new, old)


def test_a_folder_that_is_gone_has_nothing_to_offer(tmp_path: Path) -> None:
    assert files_beside(tmp_path / "gone") == ()


def test_a_folder_of_very_many_files_offers_the_newest(tmp_path: Path) -> None:
    for number in range(MOST + 10):
        (tmp_path / f"{number}.csv").write_text(SALES)
        os.utime(tmp_path / f"{number}.csv", (number, number))
    found = files_beside(tmp_path)
    assert len(found) == MOST
    assert found[0].name == f"{MOST + 9}.csv"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Total revenue in sales.csv", "sales.csv"),
        ("describe the sales", "sales.csv"),
        ("Average salary by city", "people.csv"),
        ("revenue by region", "sales.csv"),
        ("revenue by city", None),
        ("revenue of the people", "people.csv"),
        ("How many rows are there?", None),
        ("List top 10 houses by area", None),
    ],
)
def test_a_question_means_the_one_file_that_it_names_or_whose_columns_it_uses(
    tmp_path: Path, question: str, name: str | None
) -> None:
    files = wrote(tmp_path, sales__csv=SALES, people__csv=PEOPLE)
    found = fitting(question, files)
    assert (found and found.name) == name


def test_the_only_file_is_meant_unless_the_question_is_about_the_sample(tmp_path: Path) -> None:
    files = wrote(tmp_path, sales__csv=SALES)
    assert fitting("How many rows are there?", files) == files[0]
    assert fitting("List top 10 houses by area", files) is None
    (houses,) = wrote(tmp_path, mine__csv="rooms,area\n1,2\n")
    assert fitting("List top 10 houses by area", [houses]) == houses
    assert fitting("anything", []) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List top 10 houses by area", True),
        ("@statistical_analyst_agent What is the average price of houses in the dataset?", True),
        ("the housing data", True),
        ("price by furnishing status", True),
        ("Does air conditioning raise the price?", True),
        ("price of apples", False),
        ("warehouse stock", False),
        ("", False),
    ],
)
def test_a_question_is_about_the_sample_by_its_word_or_by_two_columns(question: str, expected: bool) -> None:
    assert is_about_sample(question) is expected


@pytest.mark.parametrize("question", SAMPLE_STARTERS)
def test_each_starter_about_the_sample_loads_it_and_is_understood(tmp_path: Path, question: str) -> None:
    sample = sample_beside(tmp_path)
    assert fitting(question, [sample]) == sample
    assert isinstance(understand(question, [profile("housing", pd.read_csv(sample))]), Planned)


def test_the_sample_is_put_beside_once_and_never_over_another_file(tmp_path: Path) -> None:
    file = sample_beside(tmp_path)
    assert file == tmp_path / "housing.csv"
    assert is_sample(file)
    before = file.stat().st_mtime_ns
    assert sample_beside(tmp_path) == file
    assert file.stat().st_mtime_ns == before

    file.write_text("mine")
    assert not is_sample(file)
    other = sample_beside(tmp_path)
    assert other == tmp_path / "housing_sample.csv"
    assert is_sample(other)
    assert file.read_text() == "mine"

    other.write_text("mine too")
    with pytest.raises(BadRequest, match="Rename one"):
        sample_beside(tmp_path)
    assert other.read_text() == "mine too"


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"nowhere: No such file"):
        sample_beside(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Average revenue in sales.csv?", "sales.csv"),
        ("what is in data/Sales.CSV", "sales.csv"),
        ("rows of sales.csv.gz", "sales.csv.gz"),
        ("rows of my-sales.csv", None),
        ("Average revenue of the sales", None),
        ("compare sales.csv with people.csv", None),
        ("houses above 3.5 by area, e.g. the first", None),
    ],
)
def test_a_file_is_named_by_its_whole_name(tmp_path: Path, question: str, name: str | None) -> None:
    files = wrote(tmp_path, sales__csv=SALES, people__csv=PEOPLE, sales__csv__gz="")
    assert named(question, files) == (None if name is None else tmp_path / name)
    assert names_a_file(question) == (".csv" in question.lower())
