"""The parts of a dashboard that are ours: what is chosen, the first row, and tables.

Each has a script of its own for the page. They hold what is shown and hear what is pressed; what that
means is the board's.
"""

from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets  # type: ignore[import-untyped]
import traitlets

from .page import page_file
from .tables import Table
from .watched import PERIODS

if TYPE_CHECKING:
    from .charts import Chart


class Bar(anywidget.AnyWidget):
    """Whose usage and of how many days, how fresh it is, and a word where there is none."""

    _esm = page_file("bar.js")
    _css = page_file("board.css")
    scope = traitlets.Unicode("everyone").tag(sync=True)
    days = traitlets.Int(30).tag(sync=True)
    periods = traitlets.List(traitlets.Int(), list(PERIODS)).tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    """`state` (connecting, live, lost, locked, failed), `message`, `as_of`, `until`, `seconds`."""
    empty = traitlets.Unicode("").tag(sync=True)
    wider = traitlets.Int(0).tag(sync=True)
    """A longer period to offer where there is nothing; 0 for none."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        # A page that has the widget from a saved notebook asks whether a kernel is behind it.
        self.on_msg(lambda bar, content, _: bar.send({"kind": "here"}))


class Tiles(anywidget.AnyWidget):
    """The five figures."""

    _esm = page_file("tiles.js")
    tiles: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Sheet(anywidget.AnyWidget):
    """The head of a section, and its figures as a table."""

    _esm = page_file("sheet.js")
    title = traitlets.Unicode("").tag(sync=True)
    columns: traitlets.List[Any] = traitlets.List().tag(sync=True)
    rows: traitlets.List[Any] = traitlets.List().tag(sync=True)
    """Cells as `[text, exact]`."""
    has_chart = traitlets.Bool(False).tag(sync=True)
    as_table = traitlets.Bool(False).tag(sync=True)
    held = traitlets.Bool(False).tag(sync=True)
    """The mouse is over it: nothing may change its place."""


class Section(ipywidgets.VBox):  # type: ignore[misc]
    """A table, and the chart of the same figures where there is one."""

    def __init__(self, title: str, name: str, chart: "Chart | None" = None):
        self._name = name
        self._drawing = chart
        self._table = self._shown = Table((), ())
        """As the figures are, and in the order in which they are in view."""
        self.sheet = Sheet(title=title, has_chart=chart is not None, as_table=chart is None)
        self._chart = None if chart is None else ipywidgets.VBox([chart.widget])
        super().__init__([self.sheet] if self._chart is None else [self.sheet, self._chart])
        self.add_class("aa-section")
        self.sheet.observe(lambda _: self._settle(), "held")
        self.sheet.observe(lambda change: self._choose(chart=not change["new"]), "as_table")
        self.sheet.on_msg(self._asked)

    def show(self, table: Table, *, fresh: bool = False) -> None:
        """Show these rows; those in view keep their places while the mouse is over them, unless `fresh`."""
        self._table = table
        if self.sheet.held and not fresh:
            table = table.in_order_of(self._shown.names)
        self._shown = table
        with self.sheet.hold_sync():
            self.sheet.columns = list(table.columns)
            self.sheet.rows = [[[cell.text, cell.exact] for cell in row] for row in table.rows]
        if self._drawing is not None:
            self._drawing.draw(table)

    def show_if(self, visible: bool) -> None:
        """Take the section out of view, or bring it back."""
        self.layout.display = None if visible else "none"

    def _settle(self) -> None:
        if not self.sheet.held:
            self.show(self._table)

    def _choose(self, *, chart: bool) -> None:
        if self._chart is not None:
            self._chart.layout.display = None if chart else "none"

    def _asked(self, _: Any, content: Any, __: Any) -> None:
        """A page has drawn the chart for the first time, or wants the figures as a file."""
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "drawn" and self._drawing is not None:
            self._drawing.draw_again(self._shown)
        elif kind == "export":
            name = f"autoanalyst-{self._name}.csv"
            self.sheet.send({"kind": "csv", "name": name, "text": self._table.as_csv()})
