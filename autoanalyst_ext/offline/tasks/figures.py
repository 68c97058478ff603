"""From an answer's name to the figure it asks for.

The name's words say which statistic, of which column, in which rows; the text says the rest. A name with a
word that nothing explains is not answered.
"""

import re
from collections.abc import Callable, Sequence

from ..plan.findings import (
    Correlation,
    Statistics,
)
from ..plan.report import Entry, Pick, Source
from ..words.schema import words_of
from ..words.tokens import singular
from .called import condition_of, joined
from .count_answers import (
    affected_answer,
    before_after_answer,
    counted_answer,
    distinct_answer,
    duplicates_answer,
    has_missing_answer,
    missing_answer,
    outliers_answer,
    ranked_answer,
)
from .hypothesis_answers import (
    METRICS,
    coefficient_answer,
    is_verdict,
    line_answer,
    metric_answer,
    p_value_answer,
    statistic_answer,
    verdict_answer,
)
from .scene import Scene, TaskError
from .statistic_answers import by_place_answer, correlation_answer, figure_answer, strongest_pair_answer
from .text import Asked, words_of_name
from .wanted import FUNCTION_WORDS, PLAIN, Wanted

_KIND_WORDS = {
    "missing_values": "missing null nan entry before max most highest object has",
    "duplicates": "duplicate",
    "outliers": "outlier low high range id ids value",
    "row_count": "entry row left clean remaining observation record",
    "strongest_pair": "strongest pair highest most",
    "normality": "shapiro w statistic normal normality norm test",
    "model": "error squared root absolute accuracy score performance",
    "regression": "coef relationship",
    "distinct": "unique distinct different",
    "scale": "norm normalized scaled",
    "mathematical": "log",
    "correlation": "rho tau spearman kendall pearson",
    "chi_square": "chi 2 squared square statistic",
    "two_samples": "u t ks w h statistic stat difference significant significance",
    "groups_test": "f h statistic stat anova kruskal difference significant significance",
    "drop_outliers": "without outlier removal cleaned new",
}
"""Words of answers' names that a kind of figure explains."""


def entry_of(asked: Asked, scene: Scene) -> Entry:
    """One answer's entry; raises `TaskError` where it is not understood."""
    choices, used = condition_of(asked.words, scene)
    words = tuple(word for index, word in enumerate(asked.words) if index not in used)
    where = joined([choice.condition for choice in choices])
    wanted = Wanted(asked, words, where, scene)
    _need_head(wanted)
    for read in _READERS:
        source = read(wanted)
        if source is not None:
            if read not in _BY_QUESTION:
                _need_explained(wanted, source)
            return Entry.model_validate(
                {
                    "name": asked.name,
                    "source": source,
                    "decimals": _decimals(wanted, source),
                    "order": _order(wanted),
                }
            )
    raise TaskError(f"it is not clear what `{asked.name}` is")


_WHOLE = frozenset({"count", "rows", "ids", "rest", "train_rows", "test_rows", "names", "most", "label"})


def _decimals(wanted: Wanted, source: Source) -> int | None:
    """The places of a figure: those that are asked for; two for statistics of which nothing is said."""
    if isinstance(source, Pick) and source.part in _WHOLE:
        return None
    if wanted.asked.decimals is None and isinstance(source, Pick):
        return (
            2
            if isinstance(source.finding, Statistics | Correlation) and source.part in ("value", "r")
            else None
        )
    return wanted.asked.decimals


def _need_head(wanted: Wanted) -> None:
    """Raise `TaskError` where one figure is asked for by `how many`, and its name says another."""
    counts = re.match(r"\s*(?:\d\.\s*)?(?:on |in |for )?how many\b", wanted.scene.lower) is not None
    functions = [word for word in wanted.words if word in FUNCTION_WORDS and FUNCTION_WORDS[word] != "sum"]
    if counts and len(wanted.scene.task.asked) == 1 and functions:
        raise TaskError("the question asks how many, and the answer's name says something else")


def _order(wanted: Wanted) -> str:
    if not wanted.asked.listed:
        return "as_is"
    if wanted.scene.says(r"alphabetic") or "alphabetic" in wanted.scene.task.form:
        return "alphabetical"
    text = wanted.scene.lower + wanted.scene.task.form.casefold()
    return "ascending" if "ascending" in text else "descending" if "descending" in text else "as_is"


def _need_explained(wanted: Wanted, source: Source) -> None:
    """Raise `TaskError` where a word of the name is neither of the figure nor of a column that it uses."""
    text = source.model_dump_json() + "".join(step.model_dump_json() for step in wanted.scene.steps)
    known = {
        singular(part) for name in re.findall(r'"name":"((?:[^"\\]|\\.)*)"', text) for part in _parts(name)
    }
    known |= {
        singular(word) for mention in wanted.scene.text.mentions for word in words_of_name(mention.text)
    }
    known |= set(map(singular, PLAIN)) | set(FUNCTION_WORDS) | set(METRICS)
    known |= {word for kind, words in _KIND_WORDS.items() if f'"{kind}"' in text for word in words.split()}
    joined_names = "".join(sorted(known))
    for word in map(singular, wanted.words):
        spoken = word in known or (word.isdigit() and word in joined_names)
        spoken = spoken or any(word[:cut] in known and word[cut:] in known for cut in range(1, len(word)))
        if (
            not spoken
            and not any(word in name or name in word for name in known if len(name) > 2)
            and not is_verdict(wanted)
        ):
            raise TaskError(f"the word “{word}” of `{wanted.asked.name}` is not understood")


def _parts(name: str) -> Sequence[str]:
    return [*words_of(name), name.casefold()]


_READERS: tuple[Callable[[Wanted], Source | None], ...] = (
    p_value_answer,
    ranked_answer,
    affected_answer,
    before_after_answer,
    line_answer,
    has_missing_answer,
    verdict_answer,
    distinct_answer,
    statistic_answer,
    duplicates_answer,
    outliers_answer,
    missing_answer,
    metric_answer,
    coefficient_answer,
    strongest_pair_answer,
    correlation_answer,
    figure_answer,
    counted_answer,
    by_place_answer,
)


_BY_QUESTION = (
    distinct_answer,
    ranked_answer,
    affected_answer,
    before_after_answer,
    line_answer,
    by_place_answer,
)
"""Readers that take what is asked from the question, so that the name need not say it."""
