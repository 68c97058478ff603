"""Answers that count: rows, outliers, missing values, duplicates, different values, groups that stand out."""

import re

from ...types.profiles import ColumnProfile
from ..plan.findings import (
    Distinct,
    Duplicates,
    MissingValues,
    Outliers,
    RowCount,
)
from ..plan.report import Case, Limit, Source, Verdict
from ..plan.steps import DropDuplicates, DropMissing, DropOutliers, FillMissing
from ..questions.conditions import column_of
from ..words.schema import words_of
from ..words.tokens import singular
from .goals import ranked
from .hypotheses import (
    numeric_column,
)
from .outliers import outlier_column, outlier_rule
from .scene import TaskError
from .wanted import Wanted, column_for


def outliers_answer(wanted: Wanted) -> Source | None:
    scene = wanted.scene
    left = wanted.has("left", "remaining", "after", "new", "without")
    if not wanted.has("outlier") or left:
        return None
    column = outlier_column(scene) or column_for(wanted)
    rule = outlier_rule(scene)
    before = next((i for i, step in enumerate(scene.steps) if isinstance(step, DropOutliers)), None)
    finding = Outliers(column=numeric_column(column), rule=rule)
    if wanted.has("mean", "average"):
        return wanted.pick(finding, "mean", before)
    if wanted.has("median"):
        return wanted.pick(finding, "median", before)
    if wanted.has("low", "min", "lowest"):
        return wanted.pick(finding, "low", before)
    if wanted.has("high", "max", "highest"):
        return wanted.pick(finding, "high", before)
    shown = _label_column(wanted, column)
    if shown is not None:
        return wanted.pick(finding.model_copy(update={"shown": column_of(shown)}), "ids", before)
    if wanted.asked.listed:
        rows = scene.says(r"row numbers?|\bindex\b|indices|locations?")
        return wanted.pick(finding, "rows" if rows else "values", before)
    return wanted.pick(finding, "count", before)


def _label_column(wanted: Wanted, column: ColumnProfile) -> ColumnProfile | None:
    """The column that names outliers: `outlier_countries`, `outlier_years`, `outlier_ids`."""
    words = [word.removesuffix("s") if word == "ids" else singular(word) for word in wanted.words]
    words = [word for word in words if word != "outlier"]
    found = [
        c
        for c in wanted.scene.schema.columns
        if c != column and words and singular(words_of(c.name)[-1] if words_of(c.name) else "") in words
    ]
    return found[0] if len(found) == 1 else None


def missing_answer(wanted: Wanted) -> Source | None:
    scene = wanted.scene
    if not wanted.has("missing", "null", "nan"):
        return None
    if wanted.has("max", "most", "highest"):
        return wanted.pick(MissingValues(scope="columns"), "most")
    if wanted.asked.listed or wanted.has("columns"):
        text_only = scene.says(r"data type is 'object'|object type|strings?\)")
        return wanted.pick(MissingValues(scope="affected", text_only=text_only), "names")
    if wanted.has("has"):
        return None
    columns = scene.named(wanted.words, scene.columns) or scene.columns
    cleaned = any(isinstance(step, FillMissing | DropMissing) for step in scene.steps)
    after = wanted.has("after", "remaining", "left")
    steps = 0 if wanted.has("before") or (cleaned and not after) else None
    if len(columns) == 1:
        finding = MissingValues(scope="one", column=column_of(columns[0]))
        return wanted.pick(finding, "count", steps)
    if not columns:
        return wanted.pick(MissingValues(scope="total"), "count", steps)
    return None


def duplicates_answer(wanted: Wanted) -> Source | None:
    if not wanted.has("duplicate"):
        return None
    before = next((i for i, s in enumerate(wanted.scene.steps) if isinstance(s, DropDuplicates)), None)
    return wanted.pick(Duplicates(), "count", before)


def distinct_answer(wanted: Wanted) -> Source | None:
    """How many different values: `unique_species_count`."""
    scene = wanted.scene
    if not wanted.has("unique", "distinct", "different"):
        return None
    columns = [column for column in scene.columns if column.name not in scene.used]
    if len(columns) != 1:
        raise TaskError(f"it is not clear of which column `{wanted.asked.name}` is")
    return wanted.pick(Distinct(column=column_of(columns[0]), counted=True))


def has_missing_answer(wanted: Wanted) -> Source | None:
    """Whether there is any missing value: `has_nan_values`."""
    if "has" not in wanted.words or not wanted.has("nan", "null", "missing"):
        return None
    column = column_of(column_for(wanted))
    count = wanted.pick(MissingValues(scope="one", column=column), "count")
    yes = Case(limits=(Limit(of=count, operator=">", value=0),), text="True")
    return Verdict(cases=(yes,), otherwise="False")


def ranked_answer(wanted: Wanted) -> Source | None:
    """The group that stands out, or its figure."""
    group = ranked(wanted.scene)
    if group is None:
        return None
    named = set(map(singular, wanted.words)) & {singular(part) for part in words_of(group.by.name)}
    label = bool(named) or "name" in wanted.words or set(wanted.words) <= {"best", "top", "group", "worst"}
    pick = wanted.pick(group.finding, "label" if label else "value")
    return pick.model_copy(update={"by": (column_of(group.by),), "largest": group.largest})


def affected_answer(wanted: Wanted) -> Source | None:
    """`which column has missing values`."""
    asks = re.search(r"which column[^.?]*\b(?:missing|null)", wanted.scene.lower) is not None
    if asks and set(wanted.words) <= {"column", "columns", "name", "names"}:
        return wanted.pick(MissingValues(scope="affected"), "names")
    return None


def before_after_answer(wanted: Wanted) -> Source | None:
    """`the number of rows before and after`."""
    rows = wanted.scene.says(
        r"number of (?:rows|records|entries|observations) before and after|rows before and after"
    )
    if not rows or not wanted.has("before", "after") or wanted.has("mean", "std", "median", "missing"):
        return None
    return wanted.pick(RowCount(), "count", 0 if wanted.has("before") else None)


def counted_answer(wanted: Wanted) -> Source | None:
    """How many rows."""
    scene = wanted.scene
    if not wanted.words and wanted.where is not None and re.match(r"\s*(?:\d\.\s*)?how many\b", scene.lower):
        return wanted.pick(RowCount(), "count")
    if not wanted.has("count", "number", "total", "entries", "rows", "n"):
        return None
    if scene.says(r"unique|distinct|how often|how many times|\bit (?:occurs|appears)"):
        return None
    return wanted.pick(RowCount(), "count")
