"""`run_plan`: a model says in a plan what to compute, and the offline analyst writes and runs the cell.

The plan is checked against the tables before anything runs. What runs is a cell like any other: read for its
effects, approved where it must be, written down. Its first comment is the plan in words.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from ..types.events import RunEvent
from ..types.value import Value
from .base import Tool, ToolCall, ToolOutcome
from .run_cell import Code, RunCell
from .turn import Turn

GRAMMAR = """\
Instead of code: one look-up, statistic, test, model or chart as a plan; its cell is written, checked and \
run for you. JSON, a column is its name, `?` may be left out:
{table, steps?:[step], where?:cond, by?:[col], ask, rank?:{largest:bool, count:n|null}, decimals?:n}
ask = {kind, ...}: row_count | statistics measures:[M] | top_rows by largest count columns? | \
rows part?:first/last count? columns? | distinct column counted | value_counts column share? | \
share of:cond | sum_share column | crosstab rows columns measure?:M | \
correlation left right method? tested? | correlation_matrix columns? | \
missing_values scope:total/columns/one/rows column? | duplicates columns? | \
outliers column rule counted? | normality column | groups_test column by | chi_square left right | \
regression target features | histogram x | scatter x y trend? | line x y | box y | \
group_chart mark:bar/line/pie/area measure?:M
M = {function:mean/median/sum/min/max/std/var/count/nunique/range/mode/skew/iqr/quantile, column, ddof?, q?}
cond = {kind, ...}: compare column operator:==/!=/>/>=/</<= value | between column low high | \
one_of column values | contains column text | during column start end | missing column | not part | \
all parts | any parts
step = {kind, ...}: drop_missing columns? | drop_duplicates | drop_outliers column rule | \
parse_date column | parse_number column | sort by descending? | derive name value:expr
rule = {kind:fences} | {kind:z_score, threshold?}
expr = {kind, ...}: of column | constant value | arithmetic operator:+-*/ left right | \
date_part column part:year/quarter/month/year_month/weekday/hour | moving column function:difference/growth/\
cumulative/mean window?"""


class Planned(Value):
    """A plan to run."""

    plan: dict[str, Any]
    """The plan."""


class RunPlan(Tool):
    """Runs what a plan says as a cell of the user's notebook."""

    name = "run_plan"
    description = GRAMMAR
    parameters = Planned

    def __init__(self, cells: RunCell) -> None:
        self._cells = cells

    async def run(
        self, call: ToolCall, arguments: Planned, turn: Turn
    ) -> AsyncGenerator[RunEvent | ToolOutcome, None]:
        """Read the plan, write its cell, and run that as any other."""
        # The plan language is loaded when it is used.
        from ..offline.analyst import write
        from ..offline.plan.written import PlanError, read_plan

        try:
            plan = read_plan(arguments.plan, turn.tables)
        except PlanError as error:
            yield ToolOutcome(facts={"notice": str(error)})
            return
        taken = frozenset({*turn.names.existing, *turn.names.fresh})
        written = write(plan, turn.tables, taken)
        cell = Code(code=written.code, purpose=written.purpose)
        async with aclosing(self._cells.run(call, cell, turn)) as items:
            async for item in items:
                yield item
