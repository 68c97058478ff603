"""Words of a task that nothing accounts for: an instruction that no step carries out.

A word is accounted for when it is idle, names something of the table or an answer, or has its own trace. What
is left may be a noun of the story; where an instruction can stand, it makes the task silent.
"""

import re
from collections.abc import Iterator, Sequence

from ..words.schema import words_of
from ..words.tokens import fold, key, singular, word_set
from .idle import FIGURES, NAMED, NUMBERS, STORY, THINGS, bases, is_idle
from .scene import Scene
from .text import words_of_name
from .traces import TRACES

_PIECE = re.compile(r"[^\W\d_]\w*(?:[-'.][^\W\d_]+)*|[\ue000-\uf8ff]|\d[\d.,]*|[^\w\s]")
_QUOTED = re.compile(r"(?<!\w)([\"'`])[^\"'`\n]{1,60}\1(?!\w)")
_LEADS = word_set("""
    and then to please by after before without should must will shall can only not never first also when
    be been being is are was were always use using used with apply applying applied via through as
    if but until once than per . , ; : ? ! ( )
    """)
"""What an instruction, or what it is done with, stands after."""
_VALUES = word_set("value figure number row data entry record column")
_VERB_LEADS = word_set("and then to please by should must will shall can first also after before without")
"""What a verb stands after."""
_OBJECTS = word_set("the a an all any each every it its them their these those this this both only")
_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ar|y|ed|ing|ern)$")
_PLACES = word_set("in of for from at among within on")
"""What a group of rows stands after: `of smokers`, `in Paris`."""
_EXPLAINED = re.compile(r"((?:[A-Z][\w.]*\s+){1,3})\((?=[\ue000-\uf8ff])")
"""A name and the column that it is: `from Apple Inc (§)`."""
_JOINED = word_set("non pre built scikit learn out box well known one two machine com values point numeric")
_MEASURED = word_set("percentage share number rate amount proportion")
_MEANS = word_set("use using used with apply applying applied via")
_ARTICLES = word_set("a an the any all each its their this these those")
_FIGURES = word_set("""
    mean average median sum total count deviation variance correlation coefficient regression test minimum
    maximum range skewness kurtosis mode quantile percentile percentage share
    """)
_ENDING = re.compile(r"(?:ing|ed|i[sz]es?|ify|ifies|ation|fold|wise|[^tui]est)$")
CHANGES = re.compile(
    r"\b(?:remov|delet|drop|discard|eliminat|exclud|ignor|omit|skip|keep|retain|replac|filter|restrict|limit|"
    r"treat|merg|swap|leav\w*\b[^.]*\bout\b)|\b(?:only|except|unless|without|apart|instead|other than)\b"
)
"""Sentences that change which rows or values there are: there, every word counts."""


def unaccounted(scene: Scene, text: str) -> str | None:
    """The first word of a text that may be an instruction and that nothing accounts for."""
    return next(_unaccounted(scene, text), None)


def _unaccounted(scene: Scene, text: str) -> Iterator[str]:
    known = spoken(scene)
    for sentence in sentences(text):
        words = _PIECE.findall(_QUOTED.sub(" \ue000 ", sentence))
        changes = CHANGES.search(sentence.casefold()) is not None
        for at, word in enumerate(words):
            if _is_done(words, at):
                yield word
            as_verb = _must_instruct(words, at)
            if _accounted(word.casefold(), known, as_verb=as_verb) or _abbreviated(words, at, scene):
                continue
            if _instructs(words, at) or (changes and not _names(words, at)):
                yield word


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, without their numbers and bullets."""
    for sentence in re.split(r"(?<=[.;:!?])\s+|\n", text):
        if sentence.strip():
            yield re.sub(r"^\s*(?:\d+[.)]|[-*•])\s*", "", sentence)


def spoken(scene: Scene) -> frozenset[str]:
    """The words of the table's names and values, and of the answers' names."""
    found: set[str] = set(words_of(scene.schema.table.name))
    for column in [*scene.schema.columns, *(made for _, made in scene.made)]:
        found.update(words_of(column.name))
        for count in column.top:
            found.update(words_of_name(fold(str(count.value))))
    for asked in scene.task.asked:
        found.update(asked.words)
    for match in _EXPLAINED.finditer(scene.text.text):
        found.update(words_of_name(match[1]))
    return frozenset(found | set(map(singular, found)))


def _accounted(word: str, known: frozenset[str], *, as_verb: bool) -> bool:
    if _is_mark(word):
        return not as_verb
    if not word[0].isalpha() or len(word) < 3 or (word in NUMBERS and not as_verb):
        return True
    dotted = [part for part in word.split(".") if part]
    if len(dotted) > 1 and all(_accounted(part, known, as_verb=False) for part in dotted):
        return True
    parts = [part for part in word.split("-") if part]
    if len(parts) > 1 and all(len(part) < 3 or part in _JOINED or part in FIGURES for part in parts):
        return True
    return is_idle(word, as_verb=as_verb) or _operates(word) or (not as_verb and bool(bases(word) & known))


def _abbreviated(words: Sequence[str], at: int, scene: Scene) -> bool:
    """Whether a column is called after the word and the one before it: `gdpPercap` after `per capita`."""
    parts = [word.casefold()[:3] for word in words[max(at - 1, 0) : at + 1]]
    if len(parts) < 2 or min(map(len, parts)) < 3:
        return False
    return any("".join(parts) in key(column.name) for column in scene.schema.columns)


def _operates(word: str) -> bool:
    """Whether the word has a trace of its own in every plan that carries it out."""
    return any(re.search(pattern, word) for pattern, _ in TRACES)


def _must_instruct(words: Sequence[str], at: int) -> bool:
    """Whether the word is a verb with an object: `then level the values`."""
    after = words[at + 1].casefold() if at + 1 < len(words) else "."
    begins = at == 0 or words[at - 1].casefold() in _VERB_LEADS
    return begins and (after in _OBJECTS or _is_mark(after))


def _is_done(words: Sequence[str], at: int) -> bool:
    """Whether a word of the story is an instruction in the passive: `the values must be decreased`."""
    word, before = words[at].casefold(), [each.casefold() for each in words[max(at - 2, 0) : at]]
    if not word.endswith(("ed", "ing")) or not bases(word) & STORY or is_idle(word, as_verb=True):
        return False
    after = singular(words[at + 1].casefold()) if at + 1 < len(words) else "."
    must = before[-1:] == ["be"] and bool({"must", "should", "shall", "to"} & set(before))
    return must or (before[-1:] == ["the"] and after in _VALUES)


def _instructs(words: Sequence[str], at: int) -> bool:
    """Whether an instruction can stand at this place of a sentence."""
    if at == 0 or _must_instruct(words, at):
        return True
    word, last = words[at], words[at - 1].casefold()
    after = words[at + 1].casefold() if at + 1 < len(words) else "."
    if after in _FIGURES or (last in _FIGURES and not _is_noun(word, after)):
        return True
    if word[0].isupper():  # the name of a method, of a place or of somebody
        return last in _MEANS or (last in _PLACES and not _names(words, at))
    if _ENDING.search(word):
        return True
    if _names(words, at):
        return False
    before = at - 1
    while before > 0 and words[before].casefold() in _ARTICLES:
        before -= 1
    lead = words[before].casefold()
    if lead in _LEADS:
        return True
    if lead not in _PLACES or (before and words[before - 1].casefold() in _MEASURED):
        return False
    is_thing = singular(word) == word or singular(after) in NAMED
    return before == at - 1 or not is_thing or _ADJECTIVE.search(word) is not None


def _is_noun(word: str, after: str) -> bool:
    """Whether the word is the first part of a thing's name: `the average stock price`."""
    return singular(after) in THINGS and _ADJECTIVE.search(word) is None


def _names(words: Sequence[str], at: int) -> bool:
    """Whether the word is one of those that go with a column's name: `the annual §`, `§ grade column`."""
    near = [*words[at - 1 : at], *words[at + 1 : at + 3]]
    return any(_is_mark(word) or word.casefold() == "column" for word in near)


def _is_mark(word: str) -> bool:
    return "\ue000" <= word[0] <= "\uf8ff"
