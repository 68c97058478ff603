"""Charts of the plan language; where the plan has groups, they colour or split a chart."""

from typing import Literal

from ...types.value import Value
from .measures import Column, Measure


class Histogram(Value):
    """A chart of how a column's values are distributed; a group colours it."""

    kind: Literal["histogram"] = "histogram"
    x: Column
    bins: int | None = None


class Scatter(Value):
    """A chart of one point per row; a group colours it."""

    kind: Literal["scatter"] = "scatter"
    x: Column
    y: Column
    trend: bool = False
    """With the straight line of least squares."""


class LineChart(Value):
    """A chart of one column along another, ordered by it."""

    kind: Literal["line"] = "line"
    x: Column
    y: Column


class BoxPlot(Value):
    """A chart of quartiles, one box per group."""

    kind: Literal["box"] = "box"
    y: Column


class ViolinPlot(Value):
    """A chart of densities, one violin per group."""

    kind: Literal["violin"] = "violin"
    y: Column


class GroupChart(Value):
    """A chart of one figure per group."""

    kind: Literal["group_chart"] = "group_chart"
    mark: Literal["bar", "line", "pie", "area"]
    measure: Measure | None = None
    """`None` counts rows."""
    sorted: Literal["largest", "smallest"] | None = None
    """The groups in the order of their figures."""
    stacked: bool = False
    """Bars of a second group on top of each other, not side by side."""


class HeatMap(Value):
    """A chart of the correlations of numeric columns: of all, or of these."""

    kind: Literal["heat_map"] = "heat_map"
    columns: tuple[Column, ...] = ()


class GroupHeatMap(Value):
    """A chart of one figure for each pair of two groups."""

    kind: Literal["group_heat_map"] = "group_heat_map"
    measure: Measure | None = None
    """`None` counts rows."""


CHARTS = (Histogram, Scatter, LineChart, BoxPlot, ViolinPlot, GroupChart, HeatMap, GroupHeatMap)
