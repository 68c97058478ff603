"""The steps of a plan as statements on a copy of its table.

`Prepared` writes them and knows the frame after each number of steps; a frame that is asked for later keeps
its name, every other is replaced by the next.
"""

from collections.abc import Collection, Sequence

from ..answers.step_text import step_text
from ..plan import (
    Column,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    DropOutliers,
    Encode,
    FillMissing,
    Group,
    Join,
    KeepGroups,
    KeepRows,
    Measure,
    ParseDate,
    ParseNumber,
    Resample,
    Scale,
    Sort,
    Step,
)
from .conditions import mask
from .draft import Draft
from .expressions import is_text, values
from .layout import call
from .literals import column_key, column_keys, literal
from .measures import aggregation
from .naming import measure_keys
from .outliers import outside

_COLUMN_STEPS = (ParseNumber, ParseDate, FillMissing, Derive, Scale, Encode)
_PERIODS = {"day": "D", "week": "W", "month": "MS", "quarter": "QS", "year": "YS"}
MOST_LOST = 0.05
"""The part of a column's values that may be lost when it is read as numbers or dates."""


class Prepared:
    """The frames that a plan's steps make, one after the other."""

    def __init__(self, table: str, steps: Sequence[Step], kept: Collection[int], draft: Draft) -> None:
        self._table, self._draft = table, draft
        self._commented = len(steps) > 1
        """One step alone is already in the cell's first line."""
        self._frames = [table]
        own = False
        for at, step in enumerate(steps):
            new = not own or at in kept
            more = any(_sets_column(later) for later in steps[at + 1 :])
            self._frames.append(self._done(step, self._frames[-1], new=new, copied=more))
            own = True

    def after(self, steps: int | None) -> str:
        """The frame after so many steps, or after all."""
        return self._frames[-1 if steps is None else steps]

    def _done(self, step: Step, frame: str, *, new: bool, copied: bool) -> str:
        """Write one step; the name of the frame that it leaves."""
        if self._commented:
            self._draft.comment(step_text(step))
        _note_types(step, self._draft)
        if _sets_column(step):
            target = self._draft.let(f"prepared_{self._table}", f"{frame}.copy()") if new else frame
            set_column(step, target, self._draft)
            return target
        rows = new_rows(step, frame, self._draft) + (".copy()" if copied else "")
        if new:
            return self._draft.let(f"prepared_{self._table}", rows)
        self._draft.add(f"{frame} = {rows}")
        return frame


def _note_types(step: Step, draft: Draft) -> None:
    """Keep account of which columns hold text after a step."""
    if isinstance(step, Encode) and step.method == "one_hot":
        draft.replaced.append(step.column.name)
    if draft.texts is None:
        return
    match step:
        case Encode(column=column) | ParseNumber(column=column) | ParseDate(column=column):
            draft.texts.discard(column.name)
        case Derive(name=name, value=value):
            draft.texts.discard(name)
            if is_text(value):
                draft.texts.add(name)


def _sets_column(step: Step) -> bool:
    return isinstance(step, _COLUMN_STEPS) and not (isinstance(step, Encode) and step.method == "one_hot")


def set_column(step: Step, frame: str, draft: Draft) -> None:
    """Write a step that makes or changes columns of `frame`."""
    match step:
        case ParseNumber(column=column, lossy=lossy):
            pd, text = draft.module("pandas", "pd"), f"{frame}[{column_key(column)}]"
            bare = draft.let("digits", f'{text}.astype(str).str.replace(r"[\\s,$€£%]", "", regex=True)')
            parsed = f'{pd}.to_numeric({bare}, errors="coerce")'
            if lossy:
                draft.add(f"{text} = {parsed}")
            else:
                _parsed(column, parsed, "number", frame, draft)
        case ParseDate(column=column, format=form):
            pd, text = draft.module("pandas", "pd"), f"{frame}[{column_key(column)}]"
            options = f"format={literal(form)}, " if form else ""
            _parsed(column, f'{pd}.to_datetime({text}, {options}errors="coerce")', "date", frame, draft)
        case FillMissing(column=column):
            draft.add(f"{frame}[{column_key(column)}] = {_filled(step, frame)}")
        case Derive(name=name, value=value):
            found = values(value, frame, draft)
            draft.add(f"{frame}[{literal(name)}] = {found}")
        case Scale(columns=columns):
            keys = column_keys(columns)
            draft.add(f"{frame}[{keys}] = {_scaled(step, f'{frame}[{keys}]')}")
        case Encode(column=column, values=pairs):
            text = f"{frame}[{column_key(column)}]"
            numbers = ", ".join(f"{literal(value)}: {number}" for value, number in pairs)
            codes = f'{text}.astype("category").cat.codes.where({text}.notna())'
            draft.add(f"{text} = {f'{text}.map({{{numbers}}})' if pairs else codes}")
        case other:
            raise AssertionError(f"makes no column: {other}")


def _parsed(column: Column, parsed: str, what: str, frame: str, draft: Draft) -> None:
    """Read a column as another type, and stop where that loses more than a few of its values."""
    text = f"{frame}[{column_key(column)}]"
    had = draft.let(f"had_{what}s", f"{text}.notna().sum()")
    draft.add(f"{text} = {parsed}")
    lost = draft.let(f"no_{what}s", f"{had} - {text}.notna().sum()")
    words = literal(f" values of {column.name} are no {what}s".replace("{", "{{").replace("}", "}}"))
    message = (
        f'f"{{{lost}}} of {{{had}}}" {words}'
        if not words.startswith('"')
        else (f'f"{{{lost}}} of {{{had}}}{words[1:]}')
    )
    draft.add(f"if {lost} > {MOST_LOST} * {had}:", f"    raise ValueError({message})")


def _filled(step: FillMissing, frame: str) -> str:
    column = f"{frame}[{column_key(step.column)}]"
    rows = f"{frame}.groupby({column_keys(step.by)}, observed=True)" if step.by else frame
    group = f"{rows}[{column_key(step.column)}]"
    match step.method:
        case "constant":
            return f"{column}.fillna({literal(step.value)})"
        case "forward" | "backward":
            return f"{group}.{'ffill' if step.method == 'forward' else 'bfill'}()"
        case "interpolate":
            return (
                f"{group}.transform(lambda values: values.interpolate())"
                if step.by
                else f"{column}.interpolate()"
            )
        case "mode":
            usual, whole = ".transform(lambda values: values.mode().min())", f"{column}.mode().min()"
        case method:
            usual, whole = f'.transform("{method}")', f"{column}.{method}()"
    return f"{column}.fillna({group}{usual}).fillna({whole})" if step.by else f"{column}.fillna({whole})"


def _scaled(step: Scale, columns: str) -> str:
    match step.method:
        case "minmax":
            return f"({columns} - {columns}.min()) / ({columns}.max() - {columns}.min())"
        case "zscore":
            return f"({columns} - {columns}.mean()) / {columns}.std({'' if step.ddof else 'ddof=0'})"
        case "robust":
            spread = f"({columns}.quantile(0.75) - {columns}.quantile(0.25))"
            return f"({columns} - {columns}.median()) / {spread}"


def new_rows(step: Step, frame: str, draft: Draft) -> str:
    """The expression of a step that leaves another frame."""
    match step:
        case DropMissing(columns=columns):
            return f"{frame}.dropna({_subset(columns)})"
        case DropDuplicates(columns=columns):
            return f"{frame}.drop_duplicates({_subset(columns)})"
        case DropColumns(columns=columns):
            return f"{frame}.drop(columns=[{', '.join(map(column_key, columns))}])"
        case Encode(column=column):
            pd = draft.module("pandas", "pd")
            return f"{pd}.get_dummies({frame}, columns=[{column_key(column)}], dtype=int)"
        case KeepRows(where=where):
            return f"{frame}[{mask(where, frame, draft)}]"
        case KeepGroups(by=by, operator=operator, rows=rows):
            groups = f"{frame}.groupby({column_keys(by)}, observed=True)"
            sizes = draft.let("rows_of_group", f'{groups}[{column_key(by[0])}].transform("size")')
            return f"{frame}[{sizes} {operator} {literal(rows)}]"
        case DropOutliers(column=column, rule=rule):
            return f"{frame}[~({outside(rule, f'{frame}[{column_key(column)}]', column, draft)})]"
        case Sort(by=by, descending=descending):
            order = "ascending=False, " if descending else ""
            return f'{frame}.sort_values({column_keys(by)}, {order}kind="stable")'
        case Join():
            return _joined(step, frame)
        case Group() | Resample():
            return _figures(step, frame, draft)
        case other:
            raise AssertionError(f"leaves no frame: {other}")


def _subset(columns: Sequence[Column]) -> str:
    return f"subset=[{', '.join(map(column_key, columns))}]" if columns else ""


def _joined(step: Join, frame: str) -> str:
    left, right = column_key(step.left), column_key(step.right)
    keys = [f"on={left}"] if left == right else [f"left_on={left}", f"right_on={right}"]
    suffixes = f'suffixes=("", {literal(f"_{step.table}")})'
    return call(f"{frame}.merge", [step.table, *keys, f'how="{step.how}"', suffixes], 40)


def _figures(step: Group | Resample, frame: str, draft: Draft) -> str:
    """One row for each group or period, with its figures."""
    if isinstance(step, Group):
        rows, first = f"{frame}.groupby({column_keys(step.by)}, observed=True)", step.by[0]
    else:
        every = _PERIODS[step.every]
        grouper = f'{draft.module("pandas", "pd")}.Grouper(key={column_key(step.column)}, freq="{every}")'
        rows, first = f"{frame}.groupby({grouper})", step.column
    names = measure_keys(step.measures)
    arguments = [_named(name, one, draft) for name, one in zip(names, step.measures, strict=True)]
    if step.rows or not arguments:
        if not arguments:
            return f'{rows}.size().rename("rows").reset_index()'
        arguments.append(f'rows=({column_key(first)}, "size")')
    return f"{call(f'{rows}.agg', arguments, 40)}.reset_index()"


def _named(name: str, measure: Measure, draft: Draft) -> str:
    return f"{name}=({column_key(measure.column)}, {aggregation(measure, draft)})"
