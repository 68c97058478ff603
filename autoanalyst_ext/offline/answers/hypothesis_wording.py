"""Answers of tests, regressions and models: what was found, the figures that say so, and how sure it is."""

from collections.abc import Mapping

from ...types.results import Leaf, MappingResult, Result, ScalarResult, SeriesResult
from ..plan import (
    ChiSquare,
    Clusters,
    GroupsTest,
    Model,
    Normality,
    OneSample,
    Plan,
    Regression,
    Sample,
    TwoSamples,
)
from . import references as ref
from .hypothesis_text import hypothesis_text
from .phrases import condition_text, listed, number_text, quoted
from .sentence import where_text

LEVEL = 0.05
"""The p-value below which a difference counts as shown."""
FEW_EXPECTED = 5
MANY_FOR_SHAPIRO = 5000

_UNDEFINED = "The test could not be computed: there are too few values, or they are all the same."


def tested(plan: Plan, result: MappingResult, label: str) -> str:
    """The answer of a test or a model whose cell ended with a dictionary of figures."""
    values = dict(zip(result.keys, result.values, strict=False))
    match plan.ask:
        case Regression():
            return _regression(plan.ask, values, label)
        case Model():
            return _model(plan.ask, values, label)
        case Clusters():
            return _clusters(plan.ask, values, label)
        case Normality() | TwoSamples() | OneSample() | GroupsTest() | ChiSquare():
            return _test(plan, plan.ask, values, label)
        case other:
            raise AssertionError(f"no test: {other}")


def _test(
    plan: Plan,
    ask: Normality | TwoSamples | OneSample | GroupsTest | ChiSquare,
    values: Mapping[str, Result],
    label: str,
) -> str:
    p_value, statistic = _leaf(values.get("p_value")), _leaf(values.get("statistic"))
    if not isinstance(p_value, (int, float)) or not isinstance(statistic, (int, float)):
        return _UNDEFINED
    if isinstance(ask, Normality) and ask.test == "shapiro" and statistic >= 1:
        return _UNDEFINED  # scipy gives values that are all the same a perfect score
    shown = p_value < LEVEL
    where = where_text(plan)
    figures = (
        f"statistic {ref.entry(label, 'statistic', '.4g')}, p-value {ref.entry(label, 'p_value', '.3g')}"
    )
    sizes = _sizes(ask, label)
    lead = f"{_conclusion(ask, shown)}{where}: {figures}{f', {sizes}' if sizes else ''}."
    name = hypothesis_text(ask)
    notes = [f"{name[0].upper()}{name[1:]}, at the 5 % level."]
    if isinstance(ask, Normality) and ask.test == "shapiro" and _is_above(values, "rows", MANY_FOR_SHAPIRO):
        notes.append("For more than 5000 values its p-value is an approximation.")
    if isinstance(ask, Normality) and not shown:
        notes.append("That no deviation shows is no proof of a normal distribution.")
    if isinstance(ask, ChiSquare) and not _is_above(values, "smallest", FEW_EXPECTED):
        notes.append("Some expected counts are below 5, so the p-value is rough.")
    return f"{lead}\n\n{' '.join(notes)}"


def _conclusion(ask: Normality | TwoSamples | OneSample | GroupsTest | ChiSquare, shown: bool) -> str:
    match ask:
        case Normality(column=column):
            verb = "is not normally distributed" if shown else "could be normally distributed"
            return f"{quoted(column)} {verb}"
        case TwoSamples(left=left, right=right, test=test):
            what = "spread" if test == "levene" else "distribution" if test == "ks" else "level"
            difference = f"differ in their {what}" if shown else f"do not show a different {what}"
            return f"{_side(left)} and {_side(right)} {difference}"
        case OneSample(column=column, mean=mean):
            verb = "differs" if shown else "does not show to differ"
            return f"The mean of {quoted(column)} {verb} from {number_text(mean)}"
        case GroupsTest(column=column, by=by, test=test):
            what = f"The spread of {quoted(column)}" if test == "levene" else quoted(column)
            verb = "differs" if shown else "does not show to differ"
            return f"{what} {verb} between the groups of {quoted(by)}"
        case ChiSquare(left=left, right=right):
            verb = "depend on each other" if shown else "do not show to depend on each other"
            return f"{quoted(left)} and {quoted(right)} {verb}"


def _side(sample: Sample) -> str:
    rows = f" where {condition_text(sample.where)}" if sample.where is not None else ""
    return f"{quoted(sample.column)}{rows}"


def _sizes(ask: Normality | TwoSamples | OneSample | GroupsTest | ChiSquare, label: str) -> str:
    match ask:
        case TwoSamples(test=test) if test not in ("paired_t", "wilcoxon"):
            return f"{ref.entry(label, 'left')} and {ref.entry(label, 'right')} values"
        case GroupsTest():
            return f"{ref.entry(label, 'count')} groups"
        case ChiSquare():
            return f"{ref.entry(label, 'dof')} degrees of freedom, {ref.entry(label, 'rows')} rows"
        case TwoSamples():
            return f"{ref.entry(label, 'rows')} pairs"
        case _:
            return f"{ref.entry(label, 'rows')} values"


def _regression(ask: Regression, values: Mapping[str, Result], label: str) -> str:
    r_squared, slopes = _leaf(values.get("r_squared")), values.get("coefficients")
    if r_squared is None or not isinstance(slopes, SeriesResult):
        return "The regression could not be computed: there are too few rows, or the values are all the same."
    names = listed([quoted(column) for column in ask.features])
    verb = "explains" if len(ask.features) == 1 else "together explain"
    share = ref.entry(label, "r_squared", "pct")
    lead = f"{names} {verb} {share} of the variance of {quoted(ask.target)} (R² of a linear regression)"
    p_value = ref.entry(label, "p_value", ".3g")
    text = f"{lead}, p-value {p_value}, {ref.entry(label, 'rows')} rows."
    start = ref.entry(label, "intercept", ref.number_form(_leaf(values.get("intercept"))))
    table = ref.whole(f"{label}.coefficients", f"table:{max(slopes.length, 1)}")
    return f"{text}\n\nThe intercept is {start}. For one more of each feature:\n\n{table}"


def _model(ask: Model, values: Mapping[str, Result], label: str) -> str:
    rows = (
        f"{ref.entry(label, 'train_rows')} rows to learn from and {ref.entry(label, 'test_rows')} to judge by"
    )
    how = hypothesis_text(ask)
    if "accuracy" in values:
        figure = ref.entry(label, "accuracy", "pct")
        lead = f"The {how}, is right for {figure} of the rows it is judged on."
    else:
        r2, rmse, mae = (ref.entry(label, part, ",.4g") for part in ("r_squared", "rmse", "mae"))
        errors = f"a root mean squared error of {rmse} and a mean absolute error of {mae}"
        lead = f"The {how}, has an R² of {r2}, {errors}."
    text = "Text becomes one column of 0 and 1 for each of its values."
    return f"{lead}\n\nThere were {rows}; rows that miss a value are left out. {text}"


def _clusters(ask: Clusters, values: Mapping[str, Result], label: str) -> str:
    sizes = ref.entry(label, "sizes", "list")
    silhouette = ref.entry(label, "silhouette", ".3f")
    text = hypothesis_text(ask)
    return (
        f"{text[0].upper()}{text[1:]}: they have {sizes} rows. The silhouette, from -1 to 1 for well apart, "
        f"is {silhouette}.\n\nRows that miss a value are left out."
    )


def _is_above(values: Mapping[str, Result], key: str, limit: float) -> bool:
    value = _leaf(values.get(key))
    return isinstance(value, (int, float)) and value >= limit


def _leaf(result: Result | None) -> Leaf:
    return result.value if isinstance(result, ScalarResult) else None
