"""Makes `housing.csv`, the sample table: 545 invented houses.

Column names and types are those of the table that the Auto-Analyst web application starts with; every
value is drawn here, from one seed, so that the file can be made again byte for byte. Relations are
sensible: area, bathrooms, storeys, air conditioning, a main road and a preferred area raise the price.
Run it with `python autoanalyst_ext/data/make_housing.py`; the standard library is enough.
"""

import csv
import random
from pathlib import Path
from typing import TypeVar

SEED = 20261122
ROWS = 545
Level = TypeVar("Level", int, str)
COLUMNS = (
    "price",
    "area",
    "bedrooms",
    "bathrooms",
    "stories",
    "mainroad",
    "guestroom",
    "basement",
    "hotwaterheating",
    "airconditioning",
    "parking",
    "prefarea",
    "furnishingstatus",
)


def house(rng: random.Random) -> dict[str, int | str]:
    """One house; the price follows from what it has, with some luck."""
    area = round(min(16_000, max(1_600, rng.lognormvariate(8.47, 0.39))) / 10) * 10
    bedrooms = _pick(rng, _bedrooms(area))
    bathrooms = min(bedrooms, _pick(rng, {1: 90 - 8 * bedrooms, 2: 6 * bedrooms, 3: bedrooms}))
    stories = _pick(rng, {1: 40, 2: 44, 3: 8, 4: 8})
    parking = _pick(rng, {0: 55, 1: 22, 2: 20, 3: 3})
    has = {
        "mainroad": rng.random() < (0.93 if area > 4_000 else 0.75),
        "guestroom": rng.random() < 0.18,
        "basement": rng.random() < 0.35,
        "hotwaterheating": rng.random() < 0.05,
        "airconditioning": rng.random() < (0.45 if stories > 2 else 0.28),
        "prefarea": rng.random() < 0.23,
    }
    furnishing = _pick(rng, {"furnished": 26, "semi-furnished": 42, "unfurnished": 32})
    worth = (
        420_000
        + 262 * area
        + 95_000 * bedrooms
        + 890_000 * (bathrooms - 1)
        + 410_000 * (stories - 1)
        + 250_000 * parking
        + 430_000 * has["mainroad"]
        + 300_000 * has["guestroom"]
        + 330_000 * has["basement"]
        + 780_000 * has["hotwaterheating"]
        + 880_000 * has["airconditioning"]
        + 620_000 * has["prefarea"]
        + {"furnished": 560_000, "semi-furnished": 430_000, "unfurnished": 0}[str(furnishing)]
    )
    price = round(worth * rng.lognormvariate(0.0, 0.17) / 7_000) * 7_000
    return {
        "price": price,
        "area": area,
        "bedrooms": bedrooms,
        "bathrooms": bathrooms,
        "stories": stories,
        "parking": parking,
        "furnishingstatus": furnishing,
        **{name: "yes" if yes else "no" for name, yes in has.items()},
    }


def _bedrooms(area: int) -> dict[int, int]:
    """Odds of each number of bedrooms: larger houses have more."""
    return {1: 1, 2: max(4, 46 - area // 200), 3: 54, 4: area // 250, 5: area // 2_000, 6: area // 9_000}


def _pick(rng: random.Random, weights: dict[Level, int]) -> Level:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def write(path: Path) -> None:
    """Write the table as CSV, with LF line ends."""
    rng = random.Random(SEED)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(house(rng) for _ in range(ROWS))


if __name__ == "__main__":
    write(Path(__file__).with_name("housing.csv"))
