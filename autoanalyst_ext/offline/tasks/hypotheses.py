"""Statistical tests that a task names, and the samples they compare."""

import re

from ...types.profiles import ColumnProfile
from ...types.results import Leaf
from ..plan import Compare, Condition
from ..plan.hypotheses import ChiSquare, GroupsTest, Normality, Sample, TwoSamples
from ..plan.measures import Column
from ..questions.conditions import column_of
from ..words.mentions import C as M
from ..words.schema import is_numeric, yes_and_no
from .rows import split_columns
from .scene import Scene, TaskError

_NORMALITY = (
    (r"shapiro", "shapiro"),
    (r"normaltest|d'agostino", "normaltest"),
    (r"jarque", "jarque_bera"),
    (r"(?:one-sample\s+)?kolmogorov|ks[\s-]test", "ks"),
)
_TWO = (
    (r"mann[\s-]*whitney|u[\s-]test\b|wilcoxon rank[\s-]sum", "mann_whitney"),
    (r"two[\s-]sample\s+(?:kolmogorov|ks)|kolmogorov[^.]*compare", "ks"),
    (r"welch|unequal variances", "welch"),
    (r"paired\s+(?:sample\s+)?t", "paired_t"),
    (r"t[\s-]?test\b", "t"),
)
_GROUPS = ((r"anova|analysis of variance", "anova"), (r"kruskal", "kruskal"))


def asks_normality(scene: Scene) -> bool:
    """Whether the task asks if values are normally distributed."""
    return scene.says(
        r"\bnormal(?:ly|ity)?\b[\s\w]{0,20}(?:distribut|test)|\bnormality\b|normal distribution"
    )


def _named(scene: Scene, table: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for pattern, name in table if scene.says(pattern)), None)


def test_kinds(scene: Scene) -> set[str]:
    """The kinds of test that the text is about."""
    kinds: set[str] = set()
    if _named(scene, _TWO):
        kinds.add("two")
    if _named(scene, _GROUPS):
        kinds.add("groups")
    if scene.says(r"chi[\s-]?squared?"):
        kinds.add("chi")
    if asks_normality(scene) and "two" not in kinds:
        kinds.add("normality")
    if scene.says(r"correlat"):
        kinds.add("correlation")
    return kinds


def normality(scene: Scene, column: ColumnProfile) -> Normality:
    """The normality test of a column; raises `TaskError` where the task names none."""
    name = _named(scene, _NORMALITY)
    if name is None:
        raise TaskError("the task names no test of normality")
    return Normality.model_validate({"column": numeric_column(column), "test": name})


def numeric_column(column: ColumnProfile) -> Column:
    """The plan's word for a column; raises `TaskError` where it does not hold numbers."""
    if not is_numeric(column):
        raise TaskError(f"`{column.name}` does not hold numbers")
    return column_of(column)


def two_samples(scene: Scene, column: ColumnProfile) -> TwoSamples:
    """The test of a column in the two sets of rows that the text compares."""
    name = _named(scene, _TWO)
    conditions: dict[str, list[Condition]] = {}
    for choice in (choice for choice in scene.choices if choice.said):
        conditions.setdefault(choice.column.name, []).append(choice.condition)
    pairs = [found for found in conditions.values() if len(found) == 2] or _halves(scene, column)
    if name is None or len(pairs) != 1:
        raise TaskError("it is not clear which two groups are compared")
    grouped = {part.column.name for part in pairs[0] if isinstance(part, Compare)}
    if grouped & scene.used:
        raise TaskError("the rows are chosen by the column that makes the two groups")
    left, right = (Sample(column=numeric_column(column), where=where) for where in pairs[0])
    return TwoSamples.model_validate({"test": name, "left": left, "right": right})


def _halves(scene: Scene, figure: ColumnProfile) -> list[list[Condition]]:
    """The two values of the one column that the text names and that has just two."""
    found: list[list[Condition]] = []
    named = scene.text.columns(scene.text.text)
    for column in named:
        values: list[Leaf] = sorted((count.value for count in column.top), key=str)
        values = list(yes_and_no(column) or values)
        if column != figure and len(values) == 2:
            found.append([Compare(column=column_of(column), operator="==", value=v) for v in values])
    return found if len(found) == 1 else []


def groups_test(scene: Scene, column: ColumnProfile) -> GroupsTest:
    """The test of a column between the groups of another."""
    name, by = _named(scene, _GROUPS), split_columns(scene)
    by = by or [c for c in scene.columns if c.name in scene.used]
    by = by or [c for c in scene.columns if c.kind in ("category", "boolean")]
    if name is None or len(by) != 1:
        raise TaskError("it is not clear which groups are compared")
    return GroupsTest.model_validate({"test": name, "column": numeric_column(column), "by": column_of(by[0])})


def chi_square(scene: Scene) -> ChiSquare:
    """The test of two columns against each other."""
    left, right = pair(scene, ())
    return ChiSquare(left=column_of(left), right=column_of(right))


_BETWEEN = re.compile(
    rf"(?:correlat\w+|relationships?|patterns?|association)[^.?\n]*?\b(?:between|of)\b[^.?\n]*?({M})[^.?\n]*?\band\b[^.?\n]*?({M})"
    rf"|\bbetween\s+[^.?\n]*?({M})[^.?\n]*?\band\b[^.?\n]*?({M})"
    rf"|({M})[^.?\n]{{0,25}}\band\b[^.?\n]{{0,25}}({M})[^.?\n]{{0,20}}\bcorrelated"
    rf"|({M})[^.?\n]{{0,60}}correlated\s+with[^.?\n]*?({M})",
    re.IGNORECASE,
)


def pair(scene: Scene, words: tuple[str, ...]) -> tuple[ColumnProfile, ColumnProfile]:
    """The two columns that are set against each other: by the answer's name, or by the text."""
    named = _pair_in_name(scene, words)
    if named is not None:
        return named
    found: dict[frozenset[str], tuple[ColumnProfile, ColumnProfile]] = {}
    for match in _BETWEEN.finditer(scene.text.text):
        left, right = (scene.text.column(group) for group in match.groups() if group)
        if left != right:
            found.setdefault(frozenset((left.name, right.name)), (left, right))
    if len(found) == 1:
        return next(iter(found.values()))
    columns = [column for column in scene.columns if column.name not in scene.used]
    numbers = [column for column in columns if is_numeric(column)]
    if not found and len(numbers) == 2:
        return numbers[0], numbers[1]
    raise TaskError("it is not clear which two columns are set against each other")


def _pair_in_name(scene: Scene, words: tuple[str, ...]) -> tuple[ColumnProfile, ColumnProfile] | None:
    """`correlation_rent_floor`, `correlation_XY`."""
    columns = [column for column in scene.columns if is_numeric(column)]
    by_word = {column.name.casefold(): column for column in columns}
    for word in words:
        for cut in range(1, len(word)):
            if word[:cut] in by_word and word[cut:] in by_word and word[:cut] != word[cut:]:
                return by_word[word[:cut]], by_word[word[cut:]]
    rest = list(words)
    found = []
    for _ in range(2):
        named = scene.named(rest, [column for column in columns if column not in found])
        if len(named) != 1:
            return None
        found.append(named[0])
    return found[0], found[1]
