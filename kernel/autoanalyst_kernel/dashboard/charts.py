"""The charts of a dashboard: plotly figures that are changed in place.

Their colours are the page's: `static/board.css` gives them the theme's, so that a change of theme needs no
message. They draw the rows that the tables show, and nothing else.
"""

from abc import ABC, abstractmethod
from typing import Any

from plotly.graph_objects import Bar, FigureWidget  # type: ignore[import-untyped]
from plotly.subplots import make_subplots  # type: ignore[import-untyped]

from .tables import Cell, Table

MOST_BARS = 12
NAME_CHARACTERS = 24
BAR_PIXELS = 30


class Chart(ABC):
    """One figure."""

    widget: Any

    @abstractmethod
    def draw(self, table: Table) -> None:
        """Show these rows."""

    def draw_again(self, table: Table) -> None:
        """Show these rows to a page that has only now begun to listen.

        plotly sends only what has changed, and a page misses what is sent before it has loaded plotly.
        """
        with self.widget.batch_update():
            for trace in self.widget.data:
                trace.update(x=None, y=None, text=None, customdata=None)
        self.draw(table)


class DayChart(Chart):
    """Cost and requests by day, one above the other: they have no scale in common."""

    def __init__(self) -> None:
        figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14)
        figure.add_trace(_bars("%{x|%d %b %Y}<br>%{customdata}"), row=1, col=1)
        figure.add_trace(_bars("%{x|%d %b %Y}<br>%{y:,} requests"), row=2, col=1)
        figure.update_yaxes(rangemode="tozero", nticks=4, automargin=True)
        figure.update_yaxes(title_text="Cost", tickprefix="$", row=1, col=1)
        figure.update_yaxes(title_text="Requests", row=2, col=1)
        figure.update_xaxes(type="date", nticks=6)
        self.widget = _widget(figure, height=320)

    def draw(self, table: Table) -> None:
        """Show these days."""
        rows = table.rows[::-1]
        days = [row[0].text for row in rows]
        cost, requests = self.widget.data
        with self.widget.batch_update():
            cost.x, cost.y = days, [_height(row[1]) for row in rows]
            cost.customdata = [_told(row[1]) for row in rows]
            requests.x, requests.y = days, [row[2].value for row in rows]


class ModelChart(Chart):
    """Cost by model; where nothing cost anything, requests."""

    def __init__(self) -> None:
        figure = make_subplots()
        figure.add_trace(_bars("%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]} requests", "h"))
        figure.data[0].update(textposition="auto", insidetextanchor="end", cliponaxis=True)
        figure.update_yaxes(autorange="reversed", automargin=True, type="category")
        figure.update_xaxes(rangemode="tozero", nticks=4, automargin=True)
        self.widget = _widget(figure, height=160)

    def draw(self, table: Table) -> None:
        """Show these models."""
        rows = table.rows[:MOST_BARS]
        costs = [_height(row[1]) for row in rows]
        by_cost = any(costs)
        (bars,) = self.widget.data
        with self.widget.batch_update():
            bars.y = [_label(row[0].text, place) for place, row in enumerate(rows)]
            bars.x = costs if by_cost else [row[2].value for row in rows]
            bars.text = [row[1].text if by_cost else row[2].text for row in rows]
            bars.customdata = [[row[0].text, _told(row[1]), row[2].text] for row in rows]
            self.widget.layout.xaxis.tickprefix = "$" if by_cost else ""
            self.widget.layout.xaxis.title.text = "Cost" if by_cost else "Requests"
            self.widget.layout.height = 90 + BAR_PIXELS * max(len(rows), 1)


def _bars(hover: str, orientation: str = "v") -> Bar:
    return Bar(hovertemplate=f"{hover}<extra></extra>", orientation=orientation)


def _widget(figure: Any, height: int) -> Any:
    # All of this before there is a widget: what is changed on one goes to pages as a message.
    figure.update_layout(
        template=None,
        autosize=True,
        height=height,
        showlegend=False,
        bargap=0.25,
        margin={"l": 8, "r": 8, "t": 8, "b": 32},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
        font={"size": 12, "family": "system-ui, -apple-system, blinkmacsystemfont, sans-serif"},
    )
    figure.update_xaxes(exponentformat="none")
    figure.update_yaxes(exponentformat="none")
    widget = FigureWidget(figure)
    widget._config = {"displayModeBar": False, "responsive": True, "displaylogo": False}
    return widget


def _height(cost: Cell) -> float | None:
    """How high a bar is; none where nothing is known, which is not the same as nothing."""
    return None if cost.value == "unpriced" else float(cost.value or 0)


def _told(cost: Cell) -> str:
    return cost.text if cost.value == "unpriced" else f"{cost.text} (${cost.value})"


def _label(name: str, place: int) -> str:
    """The model without its provider, cut where it is long; different for each: plotly merges equal ones."""
    model = name.rpartition(":")[2]
    shown = model if len(model) <= NAME_CHARACTERS else f"{model[: NAME_CHARACTERS - 1]}…"
    # The mark that ends it is not seen.
    return f"{shown}{chr(0x200B) * place}"
