"""A plan as one cell of pandas that a person could have written.

The cell begins with the plan's sentence, makes only new names, changes nothing that exists, and ends with
the expression that is the answer. Charts are in `chart_code`.
"""

from collections.abc import Iterable, Sequence

from ..types.results import Leaf
from .chart_code import chart_lines
from .layout import assigned, call
from .literals import column_key, column_keys, literal
from .naming import Names, measure_keys, result_name
from .plan import (
    CHARTS,
    AllOf,
    AnyOf,
    Between,
    Column,
    Compare,
    Condition,
    Contains,
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Distinct,
    Measure,
    Missing,
    MissingValues,
    Not,
    OneOf,
    Plan,
    RowCount,
    Rows,
    Share,
    Size,
    Statistics,
    Summary,
    TopRows,
    ValueCounts,
)
from .sentence import sentence


def code(plan: Plan, taken: Iterable[str] = (), *, gaps: bool = True) -> str:
    """The source of the cell; no name in `taken` is given to a new variable.

    `gaps`: whether the table has missing values, so that a group can be without any value.
    """
    names = Names({*taken, plan.table})
    lines = [f"# {sentence(plan)}"]
    if isinstance(plan.ask, CHARTS):
        lines.insert(0, "import plotly.express as px\n")
    source = plan.table
    if plan.where is not None:
        source = names.new(f"selected_{plan.table}")
        lines.append(f"{source} = {plan.table}[{mask(plan.where, plan.table)}]")
    if isinstance(plan.ask, CHARTS):
        lines += chart_lines(plan, source, names)
        return "\n".join([lines[1], lines[0], *lines[2:]]) + "\n"
    if isinstance(plan.ask, Rows) and plan.ask.part == "all" and not plan.ask.columns:
        return "\n".join([*lines, source]) + "\n"
    result = names.new(result_name(plan))
    lines += _lines(plan, source, result, names, gaps)
    return "\n".join([*lines, result]) + "\n"


def mask(condition: Condition, table: str) -> str:
    """The boolean expression that chooses the rows of a condition."""
    match condition:
        case Compare(column=column, operator="==", value=bool() as value):
            return f"{table}[{column_key(column)}].eq({value})"
        case Compare(column=column, operator="!=", value=bool() as value):
            return f"{table}[{column_key(column)}].ne({value})"
        case Compare(column=column, operator=operator, value=value):
            return f"{table}[{column_key(column)}] {operator} {literal(value)}"
        case Between(column=column, low=low, high=high):
            return f"{table}[{column_key(column)}].between({literal(low)}, {literal(high)})"
        case OneOf(column=column, values=values):
            return f"{table}[{column_key(column)}].isin({_list(values)})"
        case Contains(column=column, text=text):
            options = f"{literal(text)}, case=False, regex=False, na=False"
            return f"{table}[{column_key(column)}].str.contains({options})"
        case Missing(column=column):
            return f"{table}[{column_key(column)}].isna()"
        case Not(part=Missing(column=column)):
            return f"{table}[{column_key(column)}].notna()"
        case Not(part=part):
            return f"~{_operand(part, table)}"
        case AllOf(parts=parts):
            return " & ".join(_operand(part, table) for part in parts)
        case AnyOf(parts=parts):
            return " | ".join(_operand(part, table) for part in parts)


def _operand(condition: Condition, table: str) -> str:
    """A condition as a part of a larger one: in brackets where the operator would bind wrongly."""
    text = mask(condition, table)
    calls = isinstance(condition, (Between, OneOf, Contains, Missing)) or text.endswith(
        ("(True)", "(False)", ".notna()")
    )
    return text if calls and not isinstance(condition, (AllOf, AnyOf)) else f"({text})"


def _list(values: Sequence[Leaf]) -> str:
    return f"[{', '.join(map(literal, values))}]"


def grouped(source: str, by: Sequence[Column]) -> str:
    """The call that groups a frame; only groups that occur, also of categorical columns."""
    return f"{source}.groupby({column_keys(by)}, observed=True)"


def _lines(plan: Plan, source: str, result: str, names: Names, gaps: bool) -> list[str]:
    match plan.ask:
        case Statistics(measures=measures):
            # pandas calls the sum of no values 0, which is not what was measured
            empty = plan.where is not None if not plan.by else gaps
            links = _statistics(plan, measures, source, "min_count=1" if empty else "")
        case Share(of=condition):
            return _share_lines(plan, condition, source, result, names)
        case CorrelationRanking(target=target):
            return _ranking_lines(target, source, result, names)
        case MissingValues(scope="affected"):
            counts = names.new("missing_by_column")
            return [f"{counts} = {source}.isna().sum()", f"{result} = {counts}[{counts} > 0]"]
        case RowCount() if plan.by:
            links = [grouped(source, plan.by), ".size()", '.rename("rows")']
        case _:
            links = [_expression(plan, source)]
    if plan.rank is not None:
        method = "nlargest" if plan.rank.largest else "nsmallest"
        links.append(f'.{method}({plan.rank.count}, keep="all")')
    return [assigned(result, *links)]


def _expression(plan: Plan, source: str) -> str:
    match plan.ask:
        case Rows() | TopRows():
            return _rows(plan.ask, source)
        case RowCount():
            return f"len({source})"
        case Distinct(column=column, counted=counted):
            values = f"{source}[{column_key(column)}]"
            return f"{values}.nunique()" if counted else f"{values}.dropna().drop_duplicates()"
        case ValueCounts(column=column, share=share):
            return f"{source}[{column_key(column)}].value_counts({'normalize=True' if share else ''})"
        case Correlation(left=left, right=right):
            return f"{source}[{column_key(left)}].corr({source}[{column_key(right)}])"
        case CorrelationMatrix():
            return f'{source}.select_dtypes("number").corr()'
        case MissingValues(scope=scope, column=column):
            if column is not None:
                return f"{source}[{column_key(column)}].isna().sum()"
            return f"{source}.isna().sum()" + (".sum()" if scope == "total" else "")
        case Summary(column=column, numeric=numeric):
            options = "" if numeric else 'include="all"'
            return f"{source}[{column_key(column)}].describe()" if column else f"{source}.describe({options})"
        case Size(what=what):
            both = f'{{"rows": len({source}), "columns": len({source}.columns)}}'
            return {"columns": f"len({source}.columns)", "both": both, "names": f"{source}.columns"}[what]
        case other:
            raise AssertionError(f"no expression for {other}")


def _rows(ask: Rows | TopRows, source: str) -> str:
    shown = f"[[{', '.join(map(column_key, ask.columns))}]]" if ask.columns else ""
    match ask:
        case TopRows(by=by, largest=largest, count=None):
            order = "" if not largest else ", ascending=False"
            return f'{source}.sort_values({column_keys([by])}{order}, kind="stable"){shown}'
        case TopRows(by=by, largest=largest, count=count):
            method = "nlargest" if largest else "nsmallest"
            return f'{source}.{method}({count}, {column_keys([by])}, keep="all"){shown}'
        case Rows(part="first" | "last", count=count):
            return f"{source}.{'head' if ask.part == 'first' else 'tail'}({count}){shown}"
        case Rows(part="from", start=start, count=count):
            positions = f"[[{start}]]" if count == 1 else f"[{start}:{start + (count or 0)}]"
            return f"{source}.iloc{positions}{shown}"
        case _:
            return f"{source}{shown}"


def _statistics(plan: Plan, measures: Sequence[Measure], source: str, summing: str) -> list[str]:
    """The links of the chain that computes the statistics; `summing` is what sums are told."""
    columns = list(dict.fromkeys(measure.column for measure in measures))
    functions = list(dict.fromkeys(measure.function for measure in measures))
    rows = grouped(source, plan.by) if plan.by else source
    if len(columns) == 1:
        method = _method(functions[0], summing) if len(functions) == 1 else f".agg({_list(functions)})"
        return [f"{rows}[{column_key(columns[0])}]", method]
    if len(functions) == 1:
        return [f"{rows}[[{', '.join(map(column_key, columns))}]]", _method(functions[0], summing)]
    figures = [
        (key, column_key(measure.column), measure.function)
        for key, measure in zip(measure_keys(measures), measures, strict=True)
    ]
    if plan.by:
        arguments = [f"{key}=({column}, {literal(function)})" for key, column, function in figures]
        return [call(f"{rows}.agg", arguments, before=40)]
    pairs = [f'    "{key}": {source}[{column}]{_method(name, summing)},' for key, column, name in figures]
    return ["\n".join(["{", *pairs, "}"])]


def _method(function: str, summing: str) -> str:
    return f".{function}({summing if function == 'sum' else ''})"


def _share_lines(plan: Plan, condition: Condition, source: str, result: str, names: Names) -> list[str]:
    matches = names.new("matches")
    lines = [f"{matches} = {mask(condition, source)}"]
    if plan.by:
        keys = ", ".join(f"{source}[{column_key(column)}]" for column in plan.by)
        groups = keys if len(plan.by) == 1 else f"[{keys}]"
        return [*lines, f"{result} = {matches}.groupby({groups}, observed=True).mean()"]
    counts = f'"share": {matches}.mean(), "matching": {matches}.sum(), "rows": {matches}.count()'
    return [*lines, f"{result} = {{{counts}}}"]


def _ranking_lines(target: Column, source: str, result: str, names: Names) -> list[str]:
    numbers, pairs, order = (
        names.new("numeric_columns"),
        names.new("correlations"),
        names.new("strongest_first"),
    )
    key = column_key(target)
    return [
        f'{numbers} = {source}.select_dtypes("number")',
        f"{pairs} = {numbers}.drop(columns={column_keys([target])}).corrwith({numbers}[{key}])",
        f'{order} = {pairs}.abs().sort_values(ascending=False, kind="stable").index',
        f"{result} = {pairs}.loc[{order}]",
    ]
