"""Tables drawn by chance: names as different people write them, and how people call them.

Nothing here is taken from a table of the tests or of the measurements. `plans` draws what is asked of them.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from autoanalyst_ext.offline.plan import Column

Kind = Literal["amount", "category", "place", "flag", "date"]

SUBJECTS = (
    "cars",
    "patients",
    "orders",
    "fields",
    "runners",
    "stores",
    "trips",
    "machines",
    "books",
    "pupils",
)
AMOUNTS = (
    ("price", "usd"), ("weight", "kg"), ("fuel use", "l"), ("top speed", "kmh"), ("height", "cm"),
    ("monthly income", "eur"), ("rainfall", "mm"), ("heart rate", "bpm"), ("battery level", "pct"),
    ("absences", ""), ("page views", ""), ("delivery days", ""), ("floor area", "sqm"), ("power", "kw"),
    ("noise", "db"), ("harvest", "t"), ("depth", "m"), ("age", ""), ("distance", "km"), ("salary", ""),
    ("voltage", "v"), ("exam points", ""), ("bonus", ""), ("tax", ""), ("humidity", ""),
)  # fmt: skip
CATEGORIES = (
    ("colour", ("red", "green", "blue", "dark grey")), ("material", ("steel", "wood", "carbon fibre")),
    ("crop", ("wheat", "maize", "barley", "rye")), ("brand", ("Acme", "Norda", "Velox", "Kestrel")),
    ("team", ("falcons", "otters", "wolves")), ("department", ("sales", "research", "support")),
    ("blood type", ("AB", "B", "Oneg")), ("payment method", ("cash", "card", "invoice")),
    ("genre", ("crime", "poetry", "history", "travel")), ("species", ("robin", "heron", "stork")),
)  # fmt: skip
PLACES = (
    ("city", ("Lagos", "Oslo", "Lima", "New Haven")), ("region", ("Northland", "Southshire", "Midlands")),
    ("country", ("Chile", "Ghana", "Japan", "Norway")),
)  # fmt: skip
DATES = ("order date", "visit date", "start date", "exam date")
FLAGS = ("insured", "member", "smoker", "delivered", "certified")
STYLES: tuple[Callable[[str, str], str], ...] = (
    lambda words, unit: words.replace(" ", "_") + (f"_{unit}" if unit else ""),
    lambda words, unit: words.title().replace(" ", ""),
    lambda words, unit: words.title() + (f" ({unit})" if unit else ""),
    lambda words, unit: words.upper().replace(" ", "_"),
    lambda words, unit: words[0] + words.title().replace(" ", "")[1:],
    lambda words, unit: words,
)


@dataclass(frozen=True)
class Known:
    """A column, and how people call it."""

    column: Column
    said: str
    kind: Kind
    values: tuple[Any, ...] = ()
    """Of a category, a place or a flag; of an amount its ends."""
    gaps: bool = False


@dataclass(frozen=True)
class Invented:
    """A table drawn by chance; its name is the plural of what a row is."""

    name: str
    frame: pd.DataFrame
    columns: tuple[Known, ...]

    def some(self, chance: random.Random, *kinds: Kind, count: int = 1, whole: bool = False) -> list[Known]:
        """Different columns of these kinds, at most so many; `whole` leaves out those with missing values."""
        fit = [each for each in self.columns if each.kind in kinds and not (whole and each.gaps)]
        return chance.sample(fit, min(count, len(fit)))


def table(chance: random.Random) -> Invented:
    """Three or four amounts, two categories, a place, a flag and a date; some values are missing."""
    rows, style = chance.randint(30, 80), chance.choice(STYLES)
    numbers = np.random.default_rng(chance.getrandbits(32))
    drawn: list[tuple[Known, list[Any]]] = []
    for words, unit in chance.sample(AMOUNTS, chance.randint(3, 4)):
        low = chance.choice([0, 1, 10, 100, 1000])
        values = _amounts(numbers, rows, low, is_whole=not unit)
        drawn.append(_column(chance, style(words, unit), words, "amount", values, (min(values), max(values))))
    for pool, kind, count in ((CATEGORIES, "category", 2), (PLACES, "place", 1)):
        for words, choices in chance.sample(pool, count):
            values = [chance.choice(choices) for _ in range(rows - len(choices))] + list(choices)
            drawn.append(_column(chance, style(words, ""), words, kind, values, choices))
    words = chance.choice(FLAGS)
    flags: tuple[Any, Any] = chance.choice([("yes", "no"), (True, False)])
    values = [chance.choice(flags) for _ in range(rows - 2)] + list(flags)
    drawn.append(_column(chance, style(words, ""), words, "flag", values, flags))
    words, first = chance.choice(DATES), pd.Timestamp(2021, 3, 1)
    days = [first + pd.Timedelta(days=chance.randrange(1200)) for _ in range(rows)]
    drawn.append(_column(chance, style(words, ""), words, "date", days, ()))
    chance.shuffle(drawn)
    frame = pd.DataFrame({known.column.name: values for known, values in drawn})
    return Invented(chance.choice(SUBJECTS), frame, tuple(known for known, _ in drawn))


def _amounts(numbers: np.random.Generator, rows: int, low: int, *, is_whole: bool) -> list[Any]:
    values = low + numbers.gamma(3, max(low, 5), rows)
    return list(map(int, values)) if is_whole else [round(float(value), 2) for value in values]


def _column(
    chance: random.Random, name: str, words: str, kind: Any, values: list[Any], known: Sequence[Any]
) -> tuple[Known, list[Any]]:
    """A column, with a few missing values now and then; flags and whole numbers have none."""
    gaps = kind not in ("flag", "date") and not isinstance(values[0], int) and chance.random() < 0.3
    if gaps:
        for at in chance.sample(range(len(values)), 3):
            values[at] = None
    return Known(Column(name=name), words, kind, tuple(known), gaps), values
