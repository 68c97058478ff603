"""The lines of code that draw a plan's chart with plotly."""

from collections.abc import Sequence

from ..answers.phrases import condition_text, function_text, printable
from ..plan import (
    BoxPlot,
    Column,
    DatePart,
    Derive,
    GroupChart,
    GroupHeatMap,
    HeatMap,
    Histogram,
    LineChart,
    Measure,
    Plan,
    Scatter,
    ViolinPlot,
)
from .conditions import leaves
from .draft import Draft
from .layout import call
from .literals import column_key, column_keys, literal
from .measures import aggregation, of_groups
from .naming import result_name, slug

Arguments = list[tuple[str, str]]


def chart_lines(plan: Plan, source: str, draft: Draft) -> str:
    """Write the chart of a frame; the name of the figure."""
    match plan.ask:
        case GroupChart():
            return _group_chart(plan, plan.ask, source, draft)
        case HeatMap(columns=columns):
            return _heat_map(plan, columns, source, draft)
        case GroupHeatMap(measure=measure):
            return _group_heat_map(plan, measure, source, draft)
        case _:
            return _rows_chart(plan, source, draft)


def _rows_chart(plan: Plan, source: str, draft: Draft) -> str:
    """A chart of the rows themselves; a group colours it, or stands along the axis."""
    colour = "color"
    match plan.ask:
        case Histogram(x=x, bins=bins):
            function, arguments = "histogram", [("x", column_key(x))]
            arguments += [("nbins", str(bins))] if bins else []
            title = f"Distribution of {_plain(x)}"
        case Scatter(x=x, y=y, trend=trend):
            function, arguments = "scatter", [("x", column_key(x)), ("y", column_key(y))]
            arguments += [("trendline", '"ols"')] if trend else []
            title = f"{_plain(y)} against {_plain(x)}"
        case LineChart(x=x, y=y):
            ordered = f'{source}.sort_values({column_key(x)}, kind="stable")'
            source = draft.let(f"{plan.table}_by_{slug(x.name)}", ordered)
            function, arguments = "line", [("x", column_key(x)), ("y", column_key(y))]
            title = f"{_plain(y)} along {_plain(x)}"
        case BoxPlot(y=y) | ViolinPlot(y=y):
            function, arguments, colour = plan.ask.kind, [("y", column_key(y))], "x"
            arguments += [("box", "True")] if isinstance(plan.ask, ViolinPlot) else []
            title = f"{_plain(y)}"
        case other:
            raise AssertionError(f"no chart: {other}")
    if plan.by:
        arguments.append((colour, column_key(plan.by[0])))
        title += f" by {_axis(plan.by[0], plan)}"
        if colour == "color" and isinstance(plan.ask, Histogram):
            arguments += [("barmode", '"overlay"'), ("opacity", "0.6")]
    return _figure(plan, function, source, [*arguments, ("title", _title(title, plan))], draft)


def _group_chart(plan: Plan, ask: GroupChart, source: str, draft: Draft) -> str:
    figures, value = _figures(plan, ask, source, draft)
    if ask.mark == "pie":
        arguments = [("names", column_key(plan.by[0])), ("values", literal(value))]
    else:
        arguments = [("x", column_key(plan.by[0])), ("y", literal(value))]
        if len(plan.by) == 2:
            arguments.append(("color", column_key(plan.by[1])))
            arguments += [("barmode", '"group"')] if ask.mark == "bar" and not ask.stacked else []
    title = f"{_measure_title(ask.measure)} by {' and '.join(_axis(column, plan) for column in plan.by)}"
    return _figure(plan, ask.mark, figures, [*arguments, ("title", _title(title, plan))], draft)


def _figures(plan: Plan, ask: GroupChart, source: str, draft: Draft) -> tuple[str, str]:
    """Write the table of the figures; its name and the name of their column."""
    groups = f"{source}.groupby({column_keys(plan.by)}, observed=True)"
    value = _value_column(ask.measure, {column.name for column in plan.by})
    wish = f"{slug(value)}_by_{'_'.join(slug(column.name) for column in plan.by)}"
    if ask.measure is None:
        links = [groups, ".size()"]
    else:
        links = [f"{groups}[{column_key(ask.measure.column)}]", of_groups(ask.measure, draft)]
    if ask.sorted:
        order = "ascending=False, " if ask.sorted == "largest" else ""
        links.append(f'.sort_values({order}kind="stable")')
    return draft.let(wish, *links, f".reset_index(name={literal(value)})"), value


def _heat_map(plan: Plan, columns: Sequence[Column], source: str, draft: Draft) -> str:
    chosen = f"[[{', '.join(map(column_key, columns))}]]" if columns else '.select_dtypes("number")'
    matrix = draft.let("correlations", f"{source}{chosen}.corr()")
    arguments = [
        ("zmin", "-1"),
        ("zmax", "1"),
        ("color_continuous_scale", '"RdBu"'),
        ("text_auto", '".2f"'),
        ("aspect", '"auto"'),
        ("title", _title("Correlations", plan)),
    ]
    return _figure(plan, "imshow", matrix, arguments, draft)


def _group_heat_map(plan: Plan, measure: Measure | None, source: str, draft: Draft) -> str:
    rows, columns = plan.by[0], plan.by[1]
    if measure is None:
        pd = draft.module("pandas", "pd")
        figures = f"{pd}.crosstab({source}[{column_key(rows)}], {source}[{column_key(columns)}])"
    else:
        options = [f"index={column_key(rows)}", f"columns={column_key(columns)}"]
        options += [f"values={column_key(measure.column)}", f"aggfunc={aggregation(measure, draft)}"]
        figures = call(f"{source}.pivot_table", [*options, "observed=True"], len("figures = "))
    title = f"{_measure_title(measure)} by {_axis(rows, plan)} and {_axis(columns, plan)}"
    arguments = [("text_auto", '",.3~r"'), ("aspect", '"auto"'), ("title", _title(title, plan))]
    chart = _figure(plan, "imshow", draft.let("figures", figures), arguments, draft)
    draft.add(f'{chart}.update_xaxes(type="category").update_yaxes(type="category")')
    return chart


def _measure_title(measure: Measure | None) -> str:
    if measure is None:
        return "Number of rows"
    return f"{function_text(measure)} of {_plain(measure.column)}"


def _value_column(measure: Measure | None, axes: set[str]) -> str:
    """What the column of the figures is called: it becomes the axis' label, and may be no group's name."""
    name = f"{function_text(measure)} of {_plain(measure.column)}" if measure else "number of rows"
    while name in axes:
        name += " "
    return name


def _plain(column: Column) -> str:
    return printable(column.name)


def _axis(column: Column, plan: Plan) -> str:
    """What an axis is called: a part of a date by its everyday name."""
    for step in plan.steps:
        if isinstance(step, Derive) and isinstance(step.value, DatePart) and step.name == column.name:
            return _PART_NAMES.get(step.value.part, step.value.part)
    return _plain(column)


_PART_NAMES = {
    "year_month": "month", "year_quarter": "quarter", "week_start": "week", "day_name": "weekday",
    "month_name": "month", "date": "day",
}  # fmt: skip
ORDERS = {
    "day_name": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "month_name": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
}  # fmt: skip
"""The order of names that the alphabet would mix up."""


def _title(text: str, plan: Plan) -> str:
    text = text[:1].upper() + text[1:]
    if plan.where is not None:
        text += f" (only {condition_text(plan.where).replace('`', '')})"
    return literal(text)


def _figure(plan: Plan, function: str, source: str, arguments: Arguments, draft: Draft) -> str:
    px = draft.module("plotly.express", "px")
    arguments = [*arguments, *_named_parts(plan)]
    name = draft.names.new(result_name(plan))
    parts = [source, *(f"{key}={value}" for key, value in arguments)]
    draft.add(f"{name} = {call(f'{px}.{function}', parts, len(name) + 3)}")
    return name


def _named_parts(plan: Plan) -> Arguments:
    """The arguments that order and name the parts of dates on the axes."""
    made = {
        step.name: step.value.part
        for step in plan.steps
        if isinstance(step, Derive) and isinstance(step.value, DatePart)
    }
    used = [column for column in plan.by if column.name in made]
    ordered = [
        f"{column_key(column)}: {leaves(ORDERS[made[column.name]])}"
        for column in used
        if made[column.name] in ORDERS
    ]
    names = [f"{column_key(column)}: {literal(_axis(column, plan))}" for column in used]
    found = [("category_orders", ordered), ("labels", names)]
    return [(argument, f"{{{', '.join(items)}}}") for argument, items in found if items]
