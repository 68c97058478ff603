"""Clauses of task texts that ask for nothing: what is not to be done, gaps that statistics leave out anyway.

`do not scale the data`, `no further cleaning`, `ignore missing values`. A clause that names a column, a
number or a quoted word is none of them.
"""

import re
from dataclasses import replace

from ..words.mentions import C
from ..words.tokens import word_set
from .idle import bases, is_idle
from .text import Task

_OPERATIONS = word_set("""
    scale scaling normalization normalisation standardization standardisation encode encoding imputation
    impute transformation transform filter clean balance balancing tune tuning cross validation
    regularization regularisation weight weighting resampling resample shuffle removal removing drop delete
    optimization optimisation selection elimination reduction manipulation adjustment normalize normalise
    standardize standardise remove fill round rounding sort modify modification alter convert
    approximation skip omit duplicate outlier stratify stratification
    """)
_FORBIDS = re.compile(
    r"\b(?:do not|don't|should not|must not|never|need not)\s+(?:perform|apply|do|make|carry out|conduct|"
    r"balance|scale|normali[sz]e|standardi[sz]e|encode|transform|impute|fill|remove|drop|delete|tune|weight|round|sort|"
    r"change|modify|alter|use\s+any)\b[^.;\n]*"
    r"|\b(?:no|without(?:\s+any)?|with\s+no|not\s+any)\s+(?:(?:further|other|additional|more|special|extra)\s+)?"
    r"(?:data\s+|feature\s+)*(?:\w+ing|\w+ation|removal|manipulation|adjustment|selection)\b"
    r"(?:\s+(?:is|are|was|has been)?\s*(?:needed|required|necessary|performed|applied|done))?"
    r"|\b(?:this|that)\s+(?:part|step)\s+(?:(?:can|may|could|should)\s+be\s+(?:skipped|omitted)|is\s+not\s+(?:needed|necessary))",
    re.IGNORECASE,
)
_GAPS = r"(?:null|missing|nan|na|empty|none|n/a)(?:\s*(?:/|or|and|,)\s*(?:null|missing|nan|na|empty))*"
_GAP_VALUES = rf"(?:any\s+|all\s+|the\s+|of\s+)*{_GAPS}(?:\s+(?:values?|entries|data|cells))?"
_LEAVES = (
    r"(?:ignor\w*|skip\w*|disregard\w*|exclud\w*|(?:do not|don't|not)\s+(?:consider\w*|count\w*|includ\w*))"
)
_IGNORES = re.compile(
    rf"\b{_LEAVES}\s+{_GAP_VALUES}(?!\s*(?:rows?|records?|pairs?|observations?))"
    rf"|\b{_GAP_VALUES}[^.;\n]{{0,20}}?\s(?:should|are|is|can|will|must)\s+(?:to\s+)?be\s+(?:ignored|skipped|disregarded|excluded)"
    rf"|\b(?:consider|use|include)\s+only\s+(?:the\s+)?(?:non-?null|non-?missing|available|known|recorded)\s+values?"
    rf"|\b(?:treat|consider)\s+(?:any\s+|all\s+|the\s+)*{_GAPS}(?:\s+values?)?\s+as\s+(?:missing|null|nan)(?:\s+values?)?",
    re.IGNORECASE,
)
_KNOWN_ONLY = re.compile(
    rf"\b(?:consider|use|include)\s+only\s+(?:the\s+)?\w+\s+(?:who|that|which|with)\s+(?:have\s+)?(?:an?\s+)?"
    rf"(?:recorded|known|available|valid|non-?missing|non-?null)\s+(?={C})"
    rf"|\b{_LEAVES}\s+(?:any\s+|all\s+|the\s+)*\w+\s+with\s+(?:an?\s+)?{_GAPS}(?:\s+values?)?\s+(?:of|in|for)\s+(?:the\s+)?(?={C})",
    re.IGNORECASE,
)
_SO_MUCH_ONLY = re.compile(
    r"\b(?:metric|statistic|figure|test|method|model|library|mean|median|result|answer)s?(\s+only)(?=\s*[.;\n])",
    re.IGNORECASE,
)
_IGNORES_ROWS = re.compile(
    rf"\b{_LEAVES}\s+(?:any\s+|all\s+|the\s+|those\s+)*(?:rows?|records?|pairs?|observations?|entries)\s+"
    rf"(?:(?:with|that have|having|containing)\s+{_GAP_VALUES})(?:\s+present)?",
    re.IGNORECASE,
)


def without_prohibitions(task: Task) -> Task:
    """The task without the clauses that say what is not to be done."""
    return replace(task, question=_allowed(task.question), constraints=_allowed(task.constraints))


def _allowed(text: str) -> str:
    return _FORBIDS.sub(lambda match: " " if _is_general(match[0]) else match[0], text)


def without_gaps(text: str, *, rows: bool) -> str:
    """The text without the clauses that leave out missing values, which statistics do by themselves.

    With `rows` also those that leave out rows with such values: tests and models of several columns do.
    """
    text = _SO_MUCH_ONLY.sub(" ", text)
    text = _KNOWN_ONLY.sub(" ", _IGNORES.sub(" ", text))
    return _IGNORES_ROWS.sub(" ", text) if rows else text


def _is_general(clause: str) -> bool:
    """Whether a clause speaks of operations only."""
    if re.search(r"[\d\"'`](?!t\b)", clause):
        return False
    words = re.findall(r"[a-z]+", clause.casefold().replace("don't", "do not"))
    return all(is_idle(word) or bases(word) & _OPERATIONS for word in words)
