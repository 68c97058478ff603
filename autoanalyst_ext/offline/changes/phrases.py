"""Set phrases that change the last plan, and what each of them changes.

`the other way round`, `sorted`, `overall`, `without outliers`, `as a percentage`, `rounded to 1 decimal`. A
phrase is matched whole, so no word of it is skipped.
"""

import re
from collections.abc import Callable, Sequence

from ..plan import Plan
from ..words.schema import Schema
from ..words.tokens import Token, fold
from . import form, order, selected

Change = Callable[[Plan, re.Match[str], Schema], Plan | None]


def changed(words: Sequence[Token], previous: Plan, schema: Schema) -> Plan | None:
    """The last plan with what a set phrase changes; raises `MisfitError` where the plan has no such thing."""
    text = _SHOWN.sub("", " ".join(map(_piece, words)))
    for pattern, change in CHANGES:
        if match := re.fullmatch(pattern, text):
            return change(previous, match, schema)
    return None


def is_phrase(words: Sequence[Token]) -> bool:
    """Whether words are a set phrase."""
    text = _SHOWN.sub("", " ".join(map(_piece, words)))
    return any(re.fullmatch(pattern, text) for pattern, _ in CHANGES)


def _piece(word: Token) -> str:
    return f"{word.number:g}" if word.kind == "number" else fold(word.text)


_SHOWN = re.compile(
    r"^(?:(?:please|now|just|then|and) )*(?:(?:show|give|put|get) (?:me )?(?:it |them |that )?)?"
)


_NO = (
    r"(?:without|excluding|exclude|ignor(?:e|ing)|no|remov(?:e|ing)|drop(?:ping)?|leav(?:e|ing) out|minus|"
    r"except|not counting|skip(?:ping)?|disregard(?:ing)?)(?: for)? (?:the |any |all )*"
)
_HIGH = r"(?:high(?:est)?|larg(?:e|est)|big(?:gest)?|most|max(?:imum)?)"
_LOW = r"(?:low(?:est)?|small(?:est)?|few(?:est)?|least|min(?:imum)?)"
_SORTED = r"(?:(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?)(?: (?:it|them|that|the groups))?)"

CHANGES: tuple[tuple[str, Change], ...] = (
    (r"(?:the )?(?:other|opposite) way (?:round|around)|(?:the |do the )?opposite", order.other_way),
    (
        r"(?:swap|flip|exchange|switch) (?:the )?(?:axes|x and y)|(?:with )?(?:the )?axes swapped",
        order.other_way,
    ),
    (
        r"(?:in )?(?:the )?revers(?:e|ed)(?: (?:it|them|that))?(?: (?:the )?(?:order|sorting|ranking))?|"
        r"(?:in )?(?:the )?(?:other|opposite) (?:order|direction)|upside down|flip (?:it|them|the order)",
        order.reversed,
    ),
    (
        rf"{_SORTED}|(?:{_SORTED} )?(?:in |by )?(?:desc|descending)(?: order)?|"
        rf"(?:{_SORTED} )?(?:from )?(?:the )?{_HIGH} to (?:the )?{_LOW}|"
        rf"(?:{_SORTED} )?(?:with )?(?:the )?{_HIGH} (?:first|on top|at the top)",
        order.descending,
    ),
    (
        rf"(?:{_SORTED} )?(?:in |by )?(?:asc|ascending)(?: order)?|"
        rf"(?:{_SORTED} )?(?:from )?(?:the )?{_LOW} to (?:the )?{_HIGH}|"
        rf"(?:{_SORTED} )?(?:with )?(?:the )?{_LOW} (?:first|on top|at the top)",
        order.ascending,
    ),
    (
        rf"which(?: (?P<noun>[^\W\d]+|1)| of (?:them|these))? (?:is|are|was|has|had|comes?)(?: the)? "
        rf"(?:(?P<high>{_HIGH})|{_LOW})(?: (?:one|value|figure))?",
        order.first_of_them,
    ),
    (
        r"which ones|which (?:are|were) (?:they|those|these)|(?:list|name) (?:them|those)|what are they",
        form.which_of_them,
    ),
    (
        r"how many(?: (?:is|are) (?:that|there|they|these|those))?(?: (?:of )?(?P<each>each))?|"
        r"count (?:them|those)|how often (?P<often>each)(?: one)?",
        form.how_many,
    ),
    (
        r"(?:use |using |with |by )?(?:the )?(?:(?P<z>z ?scores?)|iqr|interquartile range)(?: rule| method)?",
        form.by_rule,
    ),
    (rf"(?:{_SORTED} )?(?:alphabetically|by name|in alphabetical order|a to z)", order.by_name),
    (r"(?:(?P<count>\d+) )?more(?: of (?:them|those)| rows| please)?", order.more),
    (r"all(?: of (?:them|those))?|(?:all|every one) of (?:them|those)", order.all_of_them),
    (
        r"(?:(?:round(?:ed|ing)?|with|to|use)(?: (?:it|them|that|the (?:figures?|numbers?|values?)))? )*"
        r"(?:to |with |at )?(?P<decimals>\d+) (?:decimals?(?: places?| digits?)?|places|digits after the "
        r"(?:decimal )?point)",
        form.rounded,
    ),
    (
        r"(?:no|without) (?:any )?(?:decimals?(?: places)?|digits after the (?:decimal )?point)|"
        r"(?:round(?:ed)?(?: (?:it|them|that))?(?: to)?|as|in|to) (?:the nearest |a )?(?:whole|integer|round)"
        r"(?: numbers?)?|(?:as |to )?integers|round(?:ed)?(?: (?:it|them|that))?",
        form.rounded,
    ),
    (
        r"(?:without (?:the |any )?|no |remove the |drop the )(?:groups?|grouping|split|breakdown)|ungrouped|"
        r"not grouped|not split|overall|in total|altogether|in all|all together|taken together|"
        r"for all (?:of them |groups )?together",
        selected.ungrouped,
    ),
    (
        r"(?:without (?:the |any )?|no |remove the |drop the )(?:filters?|conditions?|restrictions?)|"
        r"unfiltered|(?:for |in |over |of |across )?all (?:the |of the )?"
        r"(?P<noun>rows|data|records|[^\W\d]+s)|for all(?: of (?:them|it))?",
        selected.unfiltered,
    ),
    (r"(?:for |over |of )everything|for the whole (?:table|data|dataset)", selected.everything),
    (rf"{_NO}(?:outliers?|extreme values|extremes|anomalies)", selected.without_outliers),
    (rf"{_NO}(?:duplicates?|duplicated|duplicate rows|repeated rows)", selected.without_duplicates),
    (
        rf"{_NO}(?:(?:missing|empty|null|nan|na|blank)(?: values?| ones| rows| entries)?|missings|nulls|nans|"
        r"gaps|blanks)",
        selected.without_missing,
    ),
    (
        r"(?:and )?(?:as|in|what|which|by)? ?(?:a |the )?"
        r"(?:percent(?:age)?s?|per cent|%|pct|shares?|fractions?|proportions?)"
        r"(?: (?:is|are|would be) (?:that|this|it|they))?(?: of (?:the )?(?:total|whole|all))?",
        form.as_share,
    ),
    (
        r"(?:as |in )?(?:absolute )?counts|(?:in )?absolute(?: numbers| figures)?|how many (?:is|are) that",
        form.as_count,
    ),
    (
        r"(?:(?:as|in) )?(?:a |the )?table|(?:only )?the (?:numbers|figures|table)|numbers|figures|"
        r"(?:no |without )(?:the |a )?(?:chart|plot|graph)|(?:in|as) numbers",
        form.as_table,
    ),
    (
        r"(?:use |with |as |by )?(?:the )?(?P<method>pearson|spearman|kendall)(?:'s)?"
        r"(?: (?:rank|tau|correlation|coefficient|method))*|(?:the )?rank correlation",
        form.by_method,
    ),
    (r"(?:and |with )?(?:the |a )?p ?values?|is (?:it|that|this) significant", form.tested),
    (
        r"(?:of |for |as |use )?(?:the |a )?(?P<whom>population|sample)"
        r"(?: (?:standard deviation|sd|std|variance|formula|version|one))?",
        form.of_whom,
    ),
    (
        r"(?:with |in |use |using |into )?(?P<bins>\d+) (?:bins?|buckets|bars|intervals|classes)",
        form.with_bins,
    ),
    (
        r"(?:with |add |and )?(?:a |the )?(?:trend|regression|linear|fitted|fit)(?: |-)?line|"
        r"(?:with |add )(?:a |the )?line of best fit",
        form.with_trend,
    ),
    (r"stacked|stack (?:it|them|the bars)|unstacked|side by side|not stacked", form.stacked),
)
