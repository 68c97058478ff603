"""What a question makes of the chat's last plan: it is read as a correction, in every way that it allows.

The words that only say that something is corrected are cut off first; what is left is a set phrase, a
fragment, or several of them in one breath.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod

from ..plan import Distinct, Plan, RowCount, Rows, Statistics, ValueCounts
from ..questions.conditions import AmbiguousError
from ..questions.grammar import UnfitError
from ..words.item import Item
from ..words.items import readings
from ..words.schema import Schema
from ..words.tokens import Token, word_set
from .additions import added
from .corrections import Correction, corrections, depends, of_those, says_nothing
from .followup import followed, replaced
from .misfit import MisfitError
from .phrases import changed, is_phrase
from .selected import conjunction, parts_of


@dataclass
class Change:
    """What a question changes."""

    plans: dict[Plan, float] = field(default_factory=dict)
    """What the last plan becomes; several where the change can be read in several ways."""
    problems: list[str] = field(default_factory=list)
    """Why a change made no sense."""
    misfit: str = ""
    """Why the last plan has not what a set phrase wants to change."""
    is_said: bool = False
    """The question says itself that it corrects: it is no question of its own as it stands."""
    rest: tuple[Token, ...] = ()
    """The question without the words that say so."""


def change_of(
    words: Sequence[Token],
    previous: Plan,
    schema: Schema,
    others: Sequence[str],
    own: Callable[[Sequence[Token]], Sequence[Plan]],
) -> Change:
    """What the question changes; `others` are the names of the other tables.

    `own` gives the plans that words have by themselves: then they are no chain of changes.
    """
    found = Change()
    if says_nothing(words):
        found.misfit = "it is not clear what you mean instead; say it in a few words"
        return found
    if (rest := of_those(words)) is not None and not is_phrase(words):
        return _of_those_rows(own(rest), previous)
    reader, follows = _Reader(previous, schema, others), depends(words)
    for correction in corrections(words):
        loose = bool(correction.old) and not correction.is_exchange
        if loose and own(words):
            continue  # `the flats not in Oslo` takes nothing back
        alone = not follows and bool(own(correction.new))
        corrects = correction.is_said or (correction.is_hinted and not alone)
        if corrects and not correction.old:
            found.rest = correction.new
        found.is_said = found.is_said or (corrects and not loose) or follows
        try:
            for plan, score in reader.plans(correction, found.problems, corrects=corrects, chains=not alone):
                found.plans[plan] = max(score, found.plans.get(plan, 0.0))
        except MisfitError as problem:
            found.misfit = str(problem)
        if correction.is_exchange and not found.plans and not found.misfit and found.problems:
            found.misfit = found.problems[-1]
        if found.plans or found.misfit:
            break
    return found


def _of_those_rows(asked: Sequence[Plan], previous: Plan) -> Change:
    """`how many of those were late?`: a question of its own about the rows of the last answer."""
    found = Change(is_said=True)
    if previous.by or previous.rank is not None or not isinstance(previous.ask, _OF_ALL_ROWS):
        found.misfit = "it is not clear which rows of the last answer are meant"
    elif len(asked) != 1 or asked[0].table != previous.table:
        found.misfit = "it is not clear what is asked of the rows of the last answer"
    else:
        (plan,) = asked
        where = conjunction(list(dict.fromkeys([*parts_of(previous.where), *parts_of(plan.where)])))
        steps = tuple(dict.fromkeys([*previous.steps, *plan.steps]))
        found.plans[plan.model_copy(update={"where": where, "steps": steps})] = 1.0
    return found


_OF_ALL_ROWS = (RowCount, Rows, Statistics, Distinct, ValueCounts)
"""What is asked of all rows that fulfil a condition, so that `those` are these rows."""


class _Reader:
    """Reads corrections of one plan."""

    def __init__(self, previous: Plan, schema: Schema, others: Sequence[str]) -> None:
        self._previous, self._schema, self._others = previous, schema, others
        self._known: dict[tuple[Token, ...], list[tuple[Item, ...]]] = {}

    def plans(
        self, correction: Correction, problems: list[str], *, corrects: bool, chains: bool
    ) -> Iterator[tuple[Plan, float]]:
        """What the last plan becomes; why a reading makes no sense is added to the problems."""
        if correction.old:
            pairs = product(self._readings(correction.old), self._readings(correction.new))
            changes = [
                (partial(replaced, old, new, self._previous, self._schema), _score(old) * _score(new))
                for old, new in pairs
            ]
            yield from _tried(changes, problems)
        elif correction.adds:
            added_to = [
                (partial(added, items, self._previous, self._schema), _score(items))
                for items in self._readings(correction.new)
            ]
            yield from _tried(added_to, problems)
        else:
            once = list(self._once(correction.new, self._previous, problems, corrects=corrects))
            yield from once or (self._chained(correction.new) if chains else ())

    def _readings(self, words: Sequence[Token]) -> list[tuple[Item, ...]]:
        key = tuple(words)
        if key not in self._known:
            self._known[key] = readings(words, self._schema, self._others) or []
        return self._known[key]

    def _once(
        self, words: Sequence[Token], plan: Plan, problems: list[str], *, corrects: bool
    ) -> Iterator[tuple[Plan, float]]:
        """The words as one change of a plan."""
        phrase = changed(words, plan, self._schema)
        if phrase is not None:
            yield phrase, 1.0
            return
        changes = [
            (partial(followed, items, plan, self._schema, corrects=corrects), _score(items))
            for items in self._readings(words)
        ]
        yield from _tried(changes, problems)

    def _chained(self, words: Sequence[Token]) -> Iterator[tuple[Plan, float]]:
        """`the median, by region`: one change after the other, the same in any order."""
        found: set[Plan] = set()
        for parts in _parts(words):
            plan, back = self._all_of(parts), self._all_of(parts[::-1])
            if plan is not None and plan == back:
                found.add(plan)
        if len(found) == 1:
            yield found.pop(), 1.0

    def _all_of(self, parts: Sequence[tuple[Token, ...]]) -> Plan | None:
        plan = self._previous
        for part in parts:
            try:
                found = {new for new, _ in self._once(part, plan, [], corrects=True)}
            except MisfitError:
                return None
            if len(found) != 1 or found == {plan}:
                return None
            plan = found.pop()
        return plan


def _tried(
    changes: Iterable[tuple[Callable[[], Plan | None], float]], problems: list[str]
) -> Iterator[tuple[Plan, float]]:
    """What comes of changes; those that make no sense are problems."""
    for change, score in changes:
        try:
            plan = change()
        except (AmbiguousError, UnfitError) as problem:
            problems.append(str(problem))
            continue
        if plan is not None:
            yield plan, score


def _parts(words: Sequence[Token]) -> Iterator[list[tuple[Token, ...]]]:
    """The ways to cut a question into changes: at commas and `and`, or once before a link."""
    parts: list[list[Token]] = [[]]
    for word in words:
        if word.kind == "comma" or word.word in ("and", "but"):
            parts.append([])
        else:
            parts[-1].append(word)
    cut = [tuple(part) for part in parts if part]
    if len(cut) > 1:
        yield cut
    elif len(words) <= MOST_WORDS:
        places = [at for at, word in enumerate(words) if at and word.word in _LINKS]
        yield from ([tuple(words[:at]), tuple(words[at:])] for at in places)


MOST_WORDS = 12
"""Of a question that is cut at its links."""
_LINKS = word_set(
    "by per for in as only without excluding with where of on at from since over under sorted rounded"
)


def _score(items: Sequence[Item]) -> float:
    return prod(item.score for item in items)
