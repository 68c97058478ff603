"""Tables as they come: doubled, empty and very long names, nothing but gaps, one row, no row, any type.

Drawn by a seed, so that a table that made trouble can be made again. `WORDINGS` are questions to ask of them.
"""

import datetime
import decimal
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

NAMES: tuple[Any, ...] = (
    "price", "Unit Price", "größe", "价格", "عمر", "🙂", "", " ", "  padded ", "class", "index", "mean",
    "count", "sum", "size", "shape", "rows", "of", "by", "a", "top", "T", "lambda", "None", "True", "df",
    "pd", "it's", 'x"y', "back`tick", "{0}", "{{c1}}", "line\nbreak", "tab\t", "a\\b", "c1", "%", "$",
    "#", "<b>", "x" * 300, 0, 1, 7, 2020, -3, 1.5, (1, 2), ("a", "b"), True, float("nan"), None,
    pd.Timestamp(2024, 1, 1), "1", "2020", "date", "year", "month", "city", "id", "user_id", "is_open",
    "not", "and", "or", "select", "where", "group", "average age", "age", "Age", "AGE", "price_usd",
    "price (eur)", "max temp", "min", "percent", "share", "0",
)  # fmt: skip
TEXTS = (
    "red",
    "blue",
    "semi-open",
    "a'b",
    'say "hi"',
    "",
    " ",
    "ünïcode",
    "not",
    "1,234",
    "12%",
    "2024-05-01",
    "yes",
)


def _some(chance: random.Random, rows: int, draw: Callable[[], Any], gaps: float) -> list[Any]:
    return [None if chance.random() < gaps else draw() for _ in range(rows)]


def column(chance: random.Random, rows: int) -> "pd.Series[Any]":
    """A column of any type, with some, none or nothing but missing values."""
    kind = chance.choice(sorted(_MAKERS))
    gaps = chance.choice([0, 0, 0.2, 0.6, 1])
    values = _some(chance, rows, lambda: _MAKERS[kind][0](chance), gaps)
    return pd.Series(values, dtype=_MAKERS[kind][1]) if gaps < 1 or kind != "plain_int" else pd.Series(values)


_MAKERS: dict[str, tuple[Callable[[random.Random], Any], Any]] = {
    "plain_int": (lambda chance: chance.randint(-5, 40), None),
    "zero_one": (lambda chance: chance.randint(0, 1), None),
    "float": (lambda chance: chance.uniform(-1e3, 1e3), "float64"),
    "wild_float": (lambda chance: chance.choice([0.0, -0.0, 1e300, -1e300, 1e-300, float("inf")]), "float64"),
    "constant": (lambda chance: 7, "float64"),
    "huge": (lambda chance: chance.choice([2**62, -(2**62), 2**53 + 1, 0]), None),
    "nullable_int": (lambda chance: chance.randint(0, 9), "Int64"),
    "nullable_float": (lambda chance: chance.random(), "Float64"),
    "nullable_bool": (lambda chance: chance.random() < 0.5, "boolean"),
    "bool": (lambda chance: chance.random() < 0.5, None),
    "text": (lambda chance: chance.choice(TEXTS), None),
    "string": (lambda chance: chance.choice(TEXTS), "string"),
    "free_text": (lambda chance: "".join(chance.choices("abcü \n\t'\"`{}", k=8)), None),
    "category": (lambda chance: chance.choice(TEXTS), "category"),
    "number_category": (lambda chance: chance.randint(1, 4), "category"),
    "date": (
        lambda chance: pd.Timestamp(2020, 1, 1) + pd.Timedelta(days=chance.randint(0, 900)),
        "datetime64[ns]",
    ),
    "zoned": (
        lambda chance: (
            pd.Timestamp(2024, 1, 1, tz="Europe/Berlin") + pd.Timedelta(hours=chance.randint(0, 9000))
        ),
        "datetime64[ns, Europe/Berlin]",
    ),
    "duration": (lambda chance: pd.Timedelta(minutes=chance.randint(0, 900)), "timedelta64[ns]"),
    "period": (lambda chance: pd.Period(year=chance.randint(2000, 2010), freq="Y"), "period[Y]"),
    "day": (lambda chance: datetime.date(2024, chance.randint(1, 12), 1), "object"),
    "decimal": (lambda chance: decimal.Decimal(chance.randint(0, 999)) / 100, "object"),
    "mixed": (lambda chance: chance.choice([1, "one", 2.5, True, b"x"]), "object"),
    "lists": (lambda chance: [chance.randint(0, 3)], "object"),
    "complex": (lambda chance: complex(chance.randint(0, 3), 1), None),
    "number_text": (lambda chance: chance.choice(["1,234", "$5", "12%", "7", "n/a", "1.5"]), None),
    "date_text": (lambda chance: chance.choice(["2024-05-01", "2023-12-31", "05/06/2024"]), None),
}


def table(chance: random.Random) -> pd.DataFrame:
    """No to seven columns over no, one or a few rows."""
    rows = chance.choice([0, 1, 2, 3, 8, 20, 20, 60])
    names = chance.choices(NAMES, k=chance.choice([0, 1, 2, 3, 4, 7]))
    frame = (
        pd.concat([column(chance, rows) for _ in names], axis=1) if names else pd.DataFrame(index=range(rows))
    )
    frame.columns = pd.Index(np.fromiter(names, dtype=object, count=len(names)), tupleize_cols=False)
    if rows and chance.random() < 0.2:
        frame.index = pd.Index(
            [chance.choice(["a", "b", "c"]) for _ in range(rows)], name=chance.choice([None, "key"])
        )
    return frame


WORDINGS = (
    "mean of {0}", "average {0} by {1}", "top 3 rows by {0}", "the row with the highest {0}",
    "sum and max of {0}", "rows where {0} > 1", "how many rows have {0} between 1 and 5",
    "median {0} and mean {1}", "std of {0} by {1}", "minimum {0} by {1} where {2} is missing",
    "distinct values of {0}", "how many different {0}", "value counts of {0}", "most common {0}",
    "missing values in {0}", "correlation between {0} and {1}",
    "spearman correlation of {0} and {1} with p-value", "which column correlates most with {0}",
    "correlation matrix", "histogram of {0}", "describe {0}", "describe the data", "bar chart of {0}",
    "box plot of {0} by {1}", "violin plot of {0} by {1}", "pie chart of {0}",
    "scatter plot of {0} vs {1}", "bar chart of total {0} by {1}", "line chart of {0} over {1}",
    "top 2 {1} by average {0}", "share of rows with {0} > 0 by {1}", "share of each {0}",
    "rows sorted by {0} descending", "number of rows by {0} and {1}",
    "rows where {0} is not missing and {1} is between -1 and 3", "how many outliers are in {0}",
    "outliers of {0} by z score", "is {0} normally distributed", "skewness of {0}", "kurtosis of {0}",
    "90th percentile of {0}", "interquartile range of {0}", "t test of {0} by {1}", "anova of {0} by {1}",
    "chi square test of {0} and {1}", "mann whitney of {0} by {1}", "linear regression of {0} on {1}",
    "average {0} per month of {1}", "{0} per year", "monthly sum of {0}",
    "rolling mean of {0} over 3 rows", "growth of {0}", "cluster by {0} and {1} into 2 groups",
    "pivot of {0} by {1} and {2}", "fill the missing {0} with the median and give the mean",
    "min max scale {0}, then the mean", "number of rows where {0} contains a",
    "length of {0}, on average", "predict {0} from {1} and {2} with a random forest, accuracy",
    "duplicates", "which columns have missing values", "how many rows and columns", "first 5 rows",
    "show all rows", "heat map of correlations", "{0} divided by {1}, mean",
    "mean of {0} for rows where {1} is above the average {1}", "{0}, {1} and {2}", "{0}",
    "total {0} in 2024",
)  # fmt: skip


def named(chance: random.Random, name: Any) -> str:
    """How a question names a column: as code, or as it is written."""
    text = name if isinstance(name, str) else repr(name)
    return f"`{text}`" if chance.random() < 0.8 else text


def question(chance: random.Random, frame: pd.DataFrame) -> str:
    """Any wording about any columns."""
    names = [named(chance, chance.choice(list(frame.columns))) if frame.shape[1] else "x" for _ in range(3)]
    return chance.choice(WORDINGS).format(*names)
