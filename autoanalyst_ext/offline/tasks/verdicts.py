"""Words as answers: `linear`, `not normal`, `True`, chosen by the rules that the task gives.

Where it gives no rule, a test is read as usual: below the level it is significant, or not normal.
"""

from collections.abc import Sequence

from ..plan.findings import Correlation
from ..plan.hypotheses import Normality
from ..plan.report import Case, Limit, Pick, Verdict
from .rules import Threshold, WordRule, alphas, is_negative, open_rules, word_rules
from .scene import Scene, TaskError
from .text import Asked


def verdict(asked: Asked, tested: Pick, scene: Scene) -> Verdict:
    """The words of an answer with their rules over the figures of one test."""
    words = _words(asked)
    if open_rules(scene.task.text, words):
        raise TaskError("a rule of the task says a word that the answer cannot be")
    rules = word_rules(scene.task.text, words) or word_rules(scene.task.form, words)
    rules = [rule for rule in rules if _fits(rule, tested)]
    positive = [rule for rule in rules if not is_negative(rule.word)]
    signed = _signed(words, tested, scene)
    if signed is not None and not positive:
        return signed
    if positive and len({rule.word for rule in positive}) == len(positive):
        return _by_rules(words, positive, tested)
    return _by_level(words, tested, scene)


def _words(asked: Asked) -> tuple[str, ...]:
    if asked.options:
        return asked.options
    if asked.boolean:
        return ("True", "False")
    raise TaskError(f"it is not clear which words `{asked.name}` can be")


def _fits(rule: WordRule, tested: Pick) -> bool:
    return all(_part(threshold, tested) is not None for threshold in rule.thresholds)


def _part(threshold: Threshold, tested: Pick) -> str | None:
    """The part of the test that a threshold is of."""
    is_correlation = isinstance(tested.finding, Correlation)
    if threshold.subject == "r":
        return "r" if is_correlation else None
    if threshold.subject == "skew":
        return "value" if tested.part == "value" else None
    return "p_value" if tested.part in ("p_value", "coefficient_p_value") else None


def _limit(threshold: Threshold, tested: Pick) -> Limit:
    part = _part(threshold, tested)
    if part == "p_value":
        part = tested.part
    of = tested.model_copy(update={"part": part})
    return Limit(of=of, operator=threshold.operator, value=threshold.value, absolute=threshold.absolute)


def _by_rules(words: Sequence[str], rules: Sequence[WordRule], tested: Pick) -> Verdict:
    said = {rule.word for rule in rules}
    left = [word for word in words if word not in said]
    cases = [Case(limits=tuple(_limit(t, tested) for t in rule.thresholds), text=rule.word) for rule in rules]
    if len(left) == 1:
        return Verdict(cases=tuple(cases), otherwise=left[0])
    if not left and len(cases) > 1:
        return Verdict(cases=tuple(cases[:-1]), otherwise=cases[-1].text)
    raise TaskError("it is not clear which word is said when no rule holds")


def _by_level(words: Sequence[str], tested: Pick, scene: Scene) -> Verdict:
    """Two words and a level: the one that denies is said for what the test does not show."""
    levels = alphas(scene.task.text + "\n" + scene.task.form)
    yes = [word for word in words if not is_negative(word)]
    no = [word for word in words if is_negative(word)]
    if len(levels) > 1 or len(yes) != 1 or len(no) != 1 or tested.part == "value":
        raise TaskError("it is not clear when which word is said")
    level = levels.pop() if levels else 0.05
    if isinstance(tested.finding, Normality):
        limit = Limit(of=tested, operator=">", value=level)
    else:
        limit = Limit(of=tested, operator="<", value=level)
    return Verdict(cases=(Case(limits=(limit,), text=yes[0]),), otherwise=no[0])


def _signed(words: Sequence[str], tested: Pick, scene: Scene) -> Verdict | None:
    """`Positive`, `Negative`, or nothing significant, by the sign of a correlation."""
    positive = [word for word in words if word.casefold().startswith("positive")]
    negative = [word for word in words if word.casefold().startswith("negative")]
    none = [word for word in words if is_negative(word)]
    plain = [word for word in none if "significant" in word.casefold()] or none
    levels = alphas(scene.task.text)
    if not isinstance(tested.finding, Correlation) or len(positive + negative) != 2 or len(plain) != 1:
        return None
    if len(levels) != 1:
        return None
    level = Limit(of=tested, operator="<", value=levels.pop())
    r = tested.model_copy(update={"part": "r"})
    return Verdict(
        cases=(
            Case(limits=(level, Limit(of=r, operator=">", value=0)), text=positive[0]),
            Case(limits=(level, Limit(of=r, operator="<", value=0)), text=negative[0]),
        ),
        otherwise=plain[0],
    )
