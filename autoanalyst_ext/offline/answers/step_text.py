"""Steps and derived values of a plan in words, as its sentence and the comments of its cell say them."""

from ..plan import (
    Across,
    Arithmetic,
    Bin,
    Binned,
    Constant,
    DatePart,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    DropOutliers,
    Encode,
    Expression,
    Fences,
    FillMissing,
    Flag,
    Group,
    Join,
    KeepGroups,
    KeepRows,
    Mapped,
    Mathematical,
    Moving,
    Of,
    OutlierRule,
    ParseDate,
    ParseNumber,
    Percentiles,
    Resample,
    Scale,
    Sort,
    Step,
    TextPart,
    Total,
    ZScore,
)
from .phrases import condition_text, listed, measure_text, number_text, printable, quoted, value_text

_SCALES = {"minmax": "to 0 to 1", "zscore": "to z-scores", "robust": "by median and quartiles"}
_FILLS = {
    "mode": "the most frequent value",
    "forward": "the value before",
    "backward": "the value after",
    "interpolate": "values between their neighbours",
}
_FUNCTIONS = {
    "log": "natural logarithm of ",
    "log10": "logarithm to base 10 of ",
    "log2": "logarithm to base 2 of ",
    "log1p": "natural logarithm of 1 + ",
    "sqrt": "square root of ",
    "abs": "size without sign of ",
    "exp": "exponential of ",
    "square": "square of ",
}
_TEXT_PARTS = {
    "length": "length of ",
    "letters": "number of characters without spaces in ",
    "words": "number of words in ",
    "first_word": "first word of ",
    "last_word": "last word of ",
    "lower": "lower case of ",
    "upper": "upper case of ",
}


def step_text(step: Step) -> str:
    """What a step does: `leave out rows without age`, with the column in quotes."""
    match step:
        case ParseNumber(column=column):
            return f"read {quoted(column)} as numbers"
        case ParseDate(column=column):
            return f"read {quoted(column)} as dates"
        case DropMissing(columns=columns):
            values = listed([quoted(column) for column in columns], "or") if columns else "any value"
            return f"leave out rows without {values}"
        case FillMissing():
            return _fill_text(step)
        case DropDuplicates(columns=columns):
            equal = f" with equal {listed([quoted(column) for column in columns])}" if columns else ""
            return f"keep the first of repeated rows{equal}"
        case DropColumns(columns=columns):
            return f"leave out {listed([quoted(column) for column in columns])}"
        case Derive(name=name, value=value):
            return f"`{printable(name)}` = {expression_text(value)}"
        case Scale(columns=columns, method=method):
            return (
                f"scale {listed([quoted(column) for column in columns])} {_SCALES[method]}{_scale_note(step)}"
            )
        case Encode():
            return _encode_text(step)
        case KeepRows(where=where):
            return f"keep rows where {condition_text(where)}"
        case KeepGroups(by=by, operator=operator, rows=rows):
            groups = listed([quoted(column) for column in by])
            return (
                f"keep groups of {groups} with {_COMPARED[operator]}{rows} {'row' if rows == 1 else 'rows'}"
            )
        case DropOutliers(column=column, rule=rule):
            return f"leave out rows whose {quoted(column)} is {rule_text(rule)}"
        case _:
            return _arranged_text(step)


_COMPARED = {">": "more than ", ">=": "at least ", "<": "fewer than ", "<=": "at most ", "==": ""}


def _arranged_text(step: Step) -> str:
    match step:
        case Sort(by=by, descending=descending):
            columns = listed([quoted(column) for column in by])
            return f"order the rows by {columns}{', largest first' if descending else ''}"
        case Join(table=table, left=left, right=right, how=how):
            key = quoted(left) if left == right else f"{quoted(left)} = {quoted(right)}"
            rows = "rows that have a partner" if how == "inner" else "all rows"
            return f"join `{printable(table)}` on {key}, keeping {rows}"
        case Group(by=by):
            figures = _figures_text(step)
            return f"one row for each {listed([quoted(column) for column in by])}{figures}"
        case Resample(column=column, every=every):
            return f"one row for each {every} of {quoted(column)}{_figures_text(step)}"
        case other:
            raise AssertionError(f"no step: {other}")


def _figures_text(step: Group | Resample) -> str:
    figures = [measure_text(measure) for measure in step.measures]
    figures += ["number of rows"] if step.rows or not figures else []
    return f" with the {listed(figures)}"


def _fill_text(step: FillMissing) -> str:
    with_what = _FILLS.get(step.method, f"the {step.method}")
    if step.method == "constant":
        with_what = value_text(step.value)
    groups = f" of its {listed([quoted(column) for column in step.by])}" if step.by else ""
    return f"fill missing {quoted(step.column)} with {with_what}{groups}"


def _scale_note(step: Scale) -> str:
    return " (sample standard deviation)" if step.method == "zscore" and step.ddof else ""


def _encode_text(step: Encode) -> str:
    if step.method == "one_hot":
        return f"one column of 0 and 1 for each value of {quoted(step.column)}"
    pairs = [f"{value_text(value)} as {number}" for value, number in step.values]
    how = listed(pairs) if pairs else "its values in order as 0, 1 and so on"
    return f"number {quoted(step.column)}: {how}"


def rule_text(rule: OutlierRule) -> str:
    """What makes a value an outlier: `more than 3 standard deviations from the mean`."""
    match rule:
        case ZScore(threshold=threshold, ddof=ddof, side=side):
            place = {"both": "from", "high": "above", "low": "below"}[side]
            kind = "sample" if ddof else "population"
            return f"more than {number_text(threshold)} {kind} standard deviations {place} the mean"
        case Fences(factor=factor):
            return f"more than {number_text(factor)} interquartile ranges outside of the quartiles"
        case Percentiles(low=low, high=high):
            return f"below the {number_text(low * 100)} % or above the {number_text(high * 100)} % quantile"


def expression_text(expression: Expression) -> str:
    """A derived value in words."""
    match expression:
        case Of(column=column):
            return quoted(column)
        case Constant(value=value):
            return value_text(value)
        case Total(measure=measure, by=by):
            groups = f" of its {listed([quoted(column) for column in by])}" if by else ""
            return f"the {measure_text(measure)}{groups}"
        case Arithmetic(operator=operator, left=left, right=right):
            return f"{_inner(left)} {operator} {_inner(right)}"
        case Across(function=function, columns=columns):
            return f"{function} of {listed([quoted(column) for column in columns])} in each row"
        case Mathematical(function=function, of=of):
            return f"{_FUNCTIONS[function]}{_inner(of)}"
        case DatePart(column=column, part=part):
            return f"{_DATE_PARTS.get(part, part.replace('_', ' '))} of {quoted(column)}"
        case TextPart(column=column, part=part, mark=mark):
            if part == "title_before":
                return f"word before “{printable(mark)}” in {quoted(column)}"
            return f"{_TEXT_PARTS[part]}{quoted(column)}"
        case Binned(of=of, bins=bins):
            return f"{_inner(of)} in groups: {listed([_bin_text(one) for one in bins])}"
        case Flag(where=where):
            return f"1 where {condition_text(where)}, else 0"
        case Mapped(of=of, values=values, otherwise=otherwise):
            pairs = [f"{value_text(old)} as {value_text(new)}" for old, new in values]
            rest = f", all else as {value_text(otherwise)}" if otherwise is not None else ""
            return f"{_inner(of)} with {listed(pairs)}{rest}"
        case Moving():
            return _moving_text(expression)


def _inner(expression: Expression) -> str:
    text = expression_text(expression)
    return f"({text})" if isinstance(expression, (Arithmetic, Total)) else text


def _bin_text(one: Bin) -> str:
    low = "" if one.low is None else f"{'from' if one.low_included else 'above'} {number_text(one.low)}"
    high = "" if one.high is None else f"{'to' if one.high_included else 'below'} {number_text(one.high)}"
    return f"“{printable(one.label)}” {' '.join(part for part in (low, high) if part) or 'for all'}"


def _moving_text(expression: Moving) -> str:
    column, window = quoted(expression.column), expression.window
    groups = f" within its {listed([quoted(one) for one in expression.by])}" if expression.by else ""
    before = "the row before" if window == 1 else f"{window} rows before"
    forms = {
        "difference": f"change of {column} since {before}",
        "growth": f"relative change of {column} since {before}",
        "previous": f"{column} of {before}",
        "cumulative": f"running total of {column}",
    }
    return forms.get(expression.function, f"{expression.function} of {column} over {window} rows") + groups


_DATE_PARTS = {
    "year_month": "year and month", "year_quarter": "year and quarter", "day_name": "weekday", "date": "day",
}  # fmt: skip
