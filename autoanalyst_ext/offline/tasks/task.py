"""Task texts: long questions with constraints and a format of named answers, planned as a report.

A task is planned in full or not at all: every named answer, and every operative word of its text.
"""

from collections.abc import Sequence

from ...types.profiles import TableProfile
from ..plan import Plan
from ..plan.expressions import DatePart
from ..plan.models import Model
from ..plan.report import Pick, Report
from ..plan.steps import Encode, ParseDate, Step
from ..words.mentions import marked
from ..words.schema import Schema
from .cleaning import read_cleaning, read_scaling
from .coverage import need_covered
from .features import feature, names_of_new, placeholder
from .figures import entry_of
from .numbers import with_numbers
from .outliers import drop_outliers, drops_outliers, outlier_column
from .rows import read_rows
from .sayings import without_prohibitions
from .scene import Scene, TaskError
from .short import Reader, short_plan
from .text import Task, is_task, read_task

__all__ = ["TaskError", "is_task", "plan_task"]


def plan_task(text: str, table: TableProfile, read: Reader) -> Plan:
    """The plan of a task for a table; raises `TaskError` with the reason where there is none.

    `read` plans a question of a line, by which a task is read whose question is one.
    """
    task = without_prohibitions(read_task(text))
    try:
        return _long_plan(task, table)
    except TaskError:
        scene = Scene(task, Schema(table), marked(task.text, Schema(table), ()))
        try:
            return short_plan(scene, read)
        except TaskError:
            pass
        raise


def _long_plan(task: Task, table: TableProfile) -> Plan:
    """The plan by the sentences of question and constraints."""
    new = list(map(placeholder, names_of_new(task.text)))
    schema = Schema(table)
    marking = marked(task.text, schema, new)
    table, parsed = with_numbers(table, marking)
    if parsed:
        schema = Schema(table)
        marking = marked(task.text, schema, new)
    scene = Scene(task, schema, marking, steps=list(parsed))
    for column in new:
        made = feature(column.name, scene.text)
        if made is None:
            raise TaskError(f"it is not clear how “{column.name}” is computed")
        scene.made.append(made)
    read_rows(scene)
    cleaning = read_cleaning(scene)
    scene.steps += [*cleaning, *_making(scene), *read_scaling(scene)]
    _remove_outliers(scene)
    report = Report(entries=tuple(entry_of(asked, scene) for asked in task.asked))
    plan = Plan(table=table.name, steps=_without_codes(scene.steps, report), ask=report)
    need_covered(scene, plan)
    return plan


def _making(scene: Scene) -> list[Step]:
    """The steps that make columns; parts of dates need dates first."""
    steps: list[Step] = []
    for step, _ in scene.made:
        if isinstance(step.value, DatePart):
            column = scene.schema.table.column(step.value.column.name)
            if column is not None and column.kind in ("text", "category"):
                steps.append(ParseDate(column=step.value.column))
        steps.append(step)
    return steps


def _without_codes(steps: Sequence[Step], report: Report) -> tuple[Step, ...]:
    """The steps without one-hot encoding of what a model encodes in the same way by itself."""
    features = {
        column
        for entry in report.entries
        if isinstance(entry.source, Pick) and isinstance(entry.source.finding, Model)
        for column in entry.source.finding.features
    }
    return tuple(
        step
        for step in steps
        if not (isinstance(step, Encode) and step.method == "one_hot" and step.column in features)
    )


def _remove_outliers(scene: Scene) -> None:
    """Put the removal of outliers last: of the one column whose outliers the text is about."""
    if not drops_outliers(scene):
        return
    column = outlier_column(scene)
    if column is None:
        raise TaskError("it is not clear of which column outliers are to be removed")
    scene.steps.append(drop_outliers(scene, column))
