"""What the heads of questions mean: rows, counts, statistics, shares, correlations, missing values.

Each rule is a pattern of letters (see `vocabulary`) and a function that makes the plan, or finds that it
makes no sense. Charts have a file of their own.
"""

import re

from ..answers.phrases import FUNCTION_NAMES
from ..plan import (
    Correlation,
    CorrelationMatrix,
    CorrelationRanking,
    Fences,
    Outliers,
    Plan,
    Rank,
    RowCount,
    Statistics,
    Summary,
    ZScore,
)
from ..words.schema import is_numeric
from ..words.tokens import fold, word_set
from .analyses import ANALYSES
from .conditions import column_of
from .counts import (
    countable,
    counted_groups_plan,
    distinct_plan,
    events_plan,
    grouped_rows_plan,
    how_often_plan,
    listed_plan,
    missing_plan,
    missing_share_plan,
    most_common_plan,
    most_missing_plan,
    most_of_value_plan,
    rate_plan,
    row_count_plan,
    share_plan,
    size_plan,
    value_counts_plan,
    values_count_plan,
    yes_count_plan,
    yes_share_plan,
)
from .figures import FIGURES
from .grammar import (
    Head,
    Rule,
    UnfitError,
    measure,
    need_unique_names,
    numeric,
    refuse_either,
)
from .ordering import first_of_ordered_plan
from .rows import (
    all_rows_plan,
    extreme_plan,
    extremes_plan,
    first_rows_plan,
    first_value_plan,
    most_earning_plan,
    profile_of,
    row_at_plan,
    row_range_plan,
    sorted_plan,
    top_in_plan,
    top_of_column_plan,
    top_plan,
)
from .series import COURSES


def _trailing(head: Head) -> Plan | None:
    """`cost by diagnosis, average`."""
    word = head.item("S")
    if word is None or not (head.groups or head.where) or word.value == "range":
        return None
    refuse_either(head)
    if head.columns[0] in head.groups:
        return None
    return head.plan(Statistics(measures=(measure(word.value, head.columns[0]),)))


def _statistics(head: Head) -> Plan | None:
    refuse_either(head)
    _refuse_row_with(head)
    names = {column.name for column in head.groups}
    for each in head.measures:
        if each.column.name in names:
            raise UnfitError(f"`{each.column.name}` cannot be both the group and the figure")
    return head.plan(Statistics(measures=head.measures))


def _refuse_row_with(head: Head) -> None:
    """Raise `UnfitError` where rows are asked for by a figure of many: `the house with the mean price`."""
    function = head.measures[0].function
    name, extreme = FUNCTION_NAMES[function], function in ("min", "max")
    asked = re.search(r"U[^M]*[HW]M", head.links) is not None
    if extreme and (asked or (head.codes == "UM" and head.groups)):
        raise UnfitError(f"it is not clear whether rows are asked for or the {name} itself")
    if asked:
        raise UnfitError(f"no row needs to have the {name} of a column; ask for the {name} itself")


def _ranked(head: Head) -> Plan | None:
    """`top 3 cities by average price`, `which city has the highest average price`, `... the most houses`."""
    word = head.item("T")
    groups = head.groups or head.columns
    sized = word is not None and word.cue is not None and "size" in word.cue.concepts
    if word is None or (word.column is not None and not sized):
        return None
    if len(groups) != 1 or (head.groups and head.columns):
        return None
    count = head.count() if head.item("N") else 1
    if not count:
        return None
    rank = Rank(largest=word.value == "largest", count=count)
    if not head.measures:
        counts = word.text in ("most", "fewest", "least") or head.item("n") is not None
        return head.plan(RowCount(), by=groups, rank=rank) if counts and head.knows_rows() else None
    if len(head.measures) > 1 or head.measures[0].column == column_of(groups[0]):
        return None
    return head.plan(Statistics(measures=head.measures), by=groups, rank=rank)


def _spender(head: Head) -> Plan | None:
    """`which customer spent the most`: the largest sum where a name comes up more than once."""
    who, what = head.columns
    verb = [item for item in head.items if item.code == "C"][1]
    word = head.item("T")
    if word is None or head.groups or fold(verb.text) not in _SPENDING or not is_numeric(what):
        return None
    rank = Rank(largest=word.value == "largest", count=1)
    return head.plan(Statistics(measures=(measure("sum", what),)), by=(who,), rank=rank)


_SPENDING = word_set("spent spend spends sold sells sell earned made revenue sales")


def _outliers(head: Head) -> Plan | None:
    """`outliers in salary (iqr)`, `how many outliers of cost using z score > 2`."""
    measures, number = head.measures, head.item("N")
    columns = [*head.columns, *(profile_of(head, m.column) for m in measures)]
    if head.groups or len(columns) != 1 or any(m.function != "iqr" for m in measures):
        return None
    fences = bool(measures) or any(item.value == "iqr" for item in head.items if item.code == "S")
    scores = any(item.value == "z" for item in head.items if item.code == "m")
    if fences and scores:
        return None
    factor = float(number.number) if number is not None else None
    rule: ZScore | Fences = Fences(factor=factor or 1.5)
    if scores:
        rule = ZScore(threshold=factor or 3.0)
    elif factor is not None and not fences:
        return None
    counted = head.item("n") is not None or head.is_yes_no
    return head.plan(Outliers(column=column_of(numeric(columns[0])), rule=rule, counted=counted))


def _correlation(head: Head) -> Plan | None:
    if head.groups or len(head.columns) != 2 or head.item("c") is None:
        return None
    kinds = [item.value for item in head.items if item.code == "m"]
    if len(kinds) > 1 or "z" in kinds:
        return None
    left, right = (numeric(column) for column in head.columns)
    if left == right:
        return None
    method = kinds[0] if kinds else "pearson"
    options = {"method": method, "tested": head.item("v") is not None}
    return head.plan(
        Correlation.model_validate({"left": column_of(left), "right": column_of(right), **options})
    )


def _correlations(head: Head) -> Plan | None:
    if head.groups:
        return None
    _several_numeric(head)
    return head.plan(CorrelationMatrix())


def _correlation_ranking(head: Head) -> Plan | None:
    if head.groups:
        return None
    _several_numeric(head)
    return head.plan(CorrelationRanking(target=column_of(numeric(head.columns[0]))))


def _several_numeric(head: Head) -> None:
    columns = head.schema.table.columns
    if sum(map(is_numeric, columns)) < 2:
        raise UnfitError("the table has fewer than two numeric columns")
    need_unique_names(head)


def _summary(head: Head) -> Plan | None:
    if head.groups or len(head.columns) > 1:
        return None
    table = head.schema.table
    if not table.columns:
        raise UnfitError("the table has no columns")
    if any(column.dtype.startswith("complex") for column in head.columns or table.columns):
        raise UnfitError("complex numbers have no largest and no smallest one")
    if head.columns:
        return head.plan(Summary(column=column_of(countable(head.columns[0]))))
    return head.plan(Summary(numeric=any(map(is_numeric, table.columns))))


_COLUMNS = r"(?:C(?:A+C)*)"


RULES: tuple[Rule, ...] = (
    *ANALYSES,
    *FIGURES,
    *COURSES,
    (rf"|U|{_COLUMNS}U?", all_rows_plan),
    (rf"{_COLUMNS}?(?:LN?U?|NLU)U?", first_rows_plan),
    (rf"{_COLUMNS}?(?:UN|rU)", row_at_plan),
    (rf"{_COLUMNS}?UNtN", row_range_plan),
    (r"T", top_plan),
    (r"TN?UC", top_in_plan),
    (r"f", how_often_plan),
    (rf"{_COLUMNS}?(?:[TZ]N?U|N[TZ]U|TN|TNTU|UTN?)", top_plan),
    (rf"{_COLUMNS}?U?(?:N[TZ]|TN)C", top_of_column_plan),
    (rf"(?:{_COLUMNS}U?|U)MU?", extreme_plan),
    (r"NUMU?", extremes_plan),
    (r"(?:UsU?C?|sU?C?)A*l?U?", sorted_plan),
    (r"nU?|Un", row_count_plan),
    (r"LC", first_value_plan),
    (r"LNU?A*sC?A*l?", first_of_ordered_plan),
    (r"U", grouped_rows_plan),
    (r"CA?S", _trailing),
    (r"n?U?CU?", yes_count_plan),
    (r"nC", values_count_plan),
    (r"gU?|nUAn?u|nuAn?U|nuU?|uU?", size_plan),
    (r"MU?|UM", _statistics),
    (r"N?CTMU?|TN?CBMU?|TMU?|NTCBMU?|CTn?U|TN?CBnU?", _ranked),
    (r"nDw?C|Dw?C|wC|nwC", distinct_plan),
    (r"fw?U?C?|Cf", value_counts_plan),
    (r"(?:TN|N|T)?zw?n?C", most_common_plan),
    (r"PU?", share_plan),
    (r"PUC", yes_share_plan),
    (r"[cbCAkUmv]+", _correlation),
    (r"n?C", events_plan),
    (r"", counted_groups_plan),
    (r"C", listed_plan),
    (r"CP|PC", rate_plan),
    (r"P[yu]C|Py[uw]?C|yPC", missing_share_plan),
    (r"CT", most_of_value_plan),
    (r"CCT|CTC", _spender),
    (r"UCT", most_earning_plan),
    (r"(?=[^F]*F[^F]*$)[nFCMmSON]+", _outliers),
    (r"c?a(?:b?u)?U?|ac|cb?u?U?", _correlations),
    (r"u?[ce]C", _correlation_ranking),
    (r"[nywuBCUX]+", missing_plan),
    (r"uTn?yw?", most_missing_plan),
    (r"d[uU]?C?U?|Cd", _summary),
)
