"""The lines of code that draw a plan's chart with plotly."""

from .layout import assigned, call
from .literals import column_key, column_keys, literal
from .naming import Names, result_name, slug
from .plan import BoxPlot, Column, GroupChart, Histogram, LineChart, Measure, Plan, Scatter
from .sentence import FUNCTION_NAMES, condition_text, printable


def chart_lines(plan: Plan, source: str, names: Names) -> list[str]:
    """The lines after the import and the filter; the last one is the figure."""
    before: list[str] = []
    arguments: list[tuple[str, str]]
    match plan.ask:
        case Histogram(x=x, bins=bins):
            function, arguments = "histogram", [("x", column_key(x))]
            arguments += [("nbins", str(bins))] if bins else []
            title = f"Distribution of {_plain(x)}"
        case Scatter(x=x, y=y):
            function, arguments = "scatter", [("x", column_key(x)), ("y", column_key(y))]
            title = f"{_plain(y)} against {_plain(x)}"
        case LineChart(x=x, y=y):
            ordered = names.new(f"{plan.table}_by_{slug(x.name)}")
            before = [f'{ordered} = {source}.sort_values({column_key(x)}, kind="stable")']
            function, arguments, source = "line", [("x", column_key(x)), ("y", column_key(y))], ordered
            title = f"{_plain(y)} along {_plain(x)}"
        case BoxPlot(y=y):
            function, arguments = "box", [("y", column_key(y))]
            title = f"{_plain(y)}"
        case GroupChart(mark=mark, measure=measure):
            return _group_chart(plan, mark, measure, source, names)
        case other:
            raise AssertionError(f"no chart: {other}")
    if plan.by:
        arguments.append(("x" if isinstance(plan.ask, BoxPlot) else "color", column_key(plan.by[0])))
        title += f" by {_plain(plan.by[0])}"
    figure = names.new(result_name(plan))
    arguments.append(("title", _title(title, plan)))
    return [*before, _figure(figure, function, source, arguments), figure]


def _group_chart(plan: Plan, mark: str, measure: Measure | None, source: str, names: Names) -> list[str]:
    groups = f"{source}.groupby({column_keys(plan.by)}, observed=True)"
    axes = {column.name for column in plan.by}
    value = _value_column(measure, axes)
    figures = names.new(f"{slug(value)}_by_{'_'.join(slug(c.name) for c in plan.by)}")
    if measure is None:
        values, title = [groups, ".size()"], "Number of rows"
    else:
        values = [f"{groups}[{column_key(measure.column)}]", f".{measure.function}()"]
        title = f"{FUNCTION_NAMES[measure.function].capitalize()} of {_plain(measure.column)}"
    line = assigned(figures, *values, f".reset_index(name={literal(value)})")
    arguments = [("x", column_key(plan.by[0])), ("y", literal(value))]
    if len(plan.by) == 2:
        arguments.append(("color", column_key(plan.by[1])))
        arguments += [("barmode", '"group"')] if mark == "bar" else []
    title += " by " + " and ".join(map(_plain, plan.by))
    arguments.append(("title", _title(title, plan)))
    figure = names.new(result_name(plan))
    return [line, _figure(figure, mark, figures, arguments), figure]


def _value_column(measure: Measure | None, axes: set[str]) -> str:
    """What the column of the figures is called: it becomes the axis' label, and may be no group's name."""
    name = (
        f"{FUNCTION_NAMES[measure.function]} of {printable(measure.column.name)}"
        if measure
        else "number of rows"
    )
    while name in axes:
        name += " "
    return name


def _plain(column: Column) -> str:
    return printable(column.name)


def _title(text: str, plan: Plan) -> str:
    text = text[:1].upper() + text[1:]
    if plan.where is not None:
        text += f" (only {condition_text(plan.where).replace('`', '')})"
    return literal(text)


def _figure(name: str, function: str, source: str, arguments: list[tuple[str, str]]) -> str:
    parts = [source, *(f"{key}={value}" for key, value in arguments)]
    return f"{name} = {call(f'px.{function}', parts, len(name) + 3)}"
