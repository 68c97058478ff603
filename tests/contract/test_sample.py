"""The sample table is made by our own script, and holds what the product says of it."""

import csv
import importlib.util
from pathlib import Path

DATA = Path(__file__).parents[2] / "autoanalyst_ext" / "data"


def made_again(path: Path) -> bytes:
    spec = importlib.util.spec_from_file_location("make_housing", DATA / "make_housing.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.write(path)
    return path.read_bytes()


def test_the_script_makes_the_file_byte_for_byte(tmp_path: Path) -> None:
    assert made_again(tmp_path / "housing.csv") == (DATA / "housing.csv").read_bytes()


def test_the_sample_has_545_houses_and_relations_that_make_sense() -> None:
    with (DATA / "housing.csv").open(newline="", encoding="utf-8") as file:
        houses = list(csv.DictReader(file))
    assert len(houses) == 545
    columns = (
        "price area bedrooms bathrooms stories mainroad guestroom basement hotwaterheating "
        "airconditioning parking prefarea furnishingstatus"
    )
    assert " ".join(houses[0]) == columns

    def mean(column: str, value: str) -> float:
        prices = [int(house["price"]) for house in houses if house[column] == value]
        return sum(prices) / len(prices)

    for column in ("airconditioning", "mainroad", "prefarea", "basement"):
        assert mean(column, "yes") > 1.05 * mean(column, "no"), column
    by_area = sorted(houses, key=lambda house: int(house["area"]))
    small, large = by_area[:180], by_area[-180:]
    assert sum(int(h["price"]) for h in large) > 1.2 * sum(int(h["price"]) for h in small)
