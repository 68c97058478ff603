"""How people word a correction: what they say around it, what it takes back, and what it puts there.

`no, the median`, `sorry, I meant price`, `not by shop but by region`, `top 5 instead`, `also the median`.
What the words that are left mean is for `followup` to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..words.tokens import Token, fold


@dataclass(frozen=True)
class Correction:
    """A question without the words that only say that it corrects."""

    new: tuple[Token, ...]
    old: tuple[Token, ...] = ()
    """What it takes back: it must be in the last plan."""
    is_said: bool = False
    """The words say that it is one."""
    is_exchange: bool = False
    """It can only be meant as one: `not this but that`, `this instead of that`."""
    is_hinted: bool = False
    """The words may say so, or only be polite: `please`, `I want`."""
    adds: bool = False
    """The new is wanted beside what there is: `also`, `too`."""


_STRONG = (
    r"sorry|oops|ups|wait|hmm?|uh|er|ah|oh|actually|nope|nah|wrong|rather|my (?:bad|mistake)|that is wrong|"
    r"that's wrong|(?:the )?same(?: thing)?(?: but(?= )|(?= (?:by|per|with|in|as|only|without|of) ))|"
    r"not (?:that|this|quite)|(?:i|we) (?:actually |really )?(?:meant|mean|wanted|said|"
    r"was thinking of)(?: to (?:say|see|ask for))?|(?:i'd|we'd|i would|we would) "
    r"(?:rather (?:have|see)|prefer)|"
    r"what (?:i|we) (?:meant|wanted) (?:is|was)|(?:make|change|switch|turn|set) (?:it|that|this|them)"
    r"(?: to| into)?|(?:change|switch) to"
)
_WEAK = (
    r"please|now|well|ok|okay|better|(?:i|we) (?:want|need|am after)(?: to (?:see|have))?|"
    r"(?:i'd|we'd|i would|we would) like(?: to (?:see|have))?|(?:can|could) (?:you|we|i) "
    r"(?:do|have|get|see|use)|"
    r"(?:let's |let us )?(?:use|take|try|do)(?: it| that| them)?(?: with)?|"
    r"colou?r(?:ed)?(?: (?:it|them|the (?:points|dots|bars)))?(?= by )"
)
_OPENING = re.compile(rf"(?:(?P<strong>{_STRONG})|{_WEAK})(?: ,)? ?(?=.)")
_NO = re.compile(
    r"no(?: , ?| (?=(?:the|a|an|i|we|by|per|only|not|make|use|for|in|as|just|sorry|show|top)\b))"
)
_ADDING = re.compile(r"(?:and )?(?:also|plus|add|additionally|in addition)(?: (?:the|a))? (?=.)")
_ADDED = re.compile(r"(?<=.)(?: ,)? (?:too|as well|in addition|additionally)")
_ALONE = re.compile(
    r"(?:(?:no|yes|nope|nah|yep|yeah|wrong|sorry|oops|wait|hmm?|ok|okay|thanks|thank you|please|well|"
    r"that is wrong|that's wrong|not (?:that|this|quite)|not what i (?:meant|wanted)|instead)(?: ,)?(?: |$))+"
)
_DEPENDENT = re.compile(
    r"(?:and |but )?(?:as|without|excluding|except|instead|of|only|just|not|same) .*|.* only"
)
_REFERRING = re.compile(
    r"(?:and|but|also|same|only|just|without|excluding|except|as|instead|what about|how about|not|then|"
    r"by|per|for|in|of|with)\b"
)
_THOSE = re.compile(r" ?\b(?:of|among|amongst|from|in|for) (?:those|these|them)\b(?: ones| rows)? ?")
_AND = re.compile(r"(?:and|but|then|so) (?:, )?")
_WITH = re.compile(r"(?:and |with )+(?:the )?")
_ENDING = re.compile(r"(?<=.)(?: ,)? (?:instead|rather|please|then|now)")
_EXCHANGES = tuple(
    re.compile(pattern)
    for pattern in (
        r"not (?P<old>.+?)(?: ,)? but (?P<new>.+)",
        r"not (?P<old>[^,]+) , (?P<new>[^,]+)",
        r"(?P<new>.+?)(?: ,| and)? not (?P<old>.+)",
        r"(?P<new>.+?)(?: ,)? (?:instead of|in place of|rather than) (?P<old>.+)",
        r"(?:instead of|in place of|rather than) (?P<old>[^,]+) , (?P<new>.+)",
        r"(?:replace|exchange|swap) (?P<old>.+?) (?:by|with|for) (?P<new>.+)",
        r"(?:change|switch) (?P<old>.+?) (?:to|into) (?P<new>.+)",
        r"(?P<old>.+?) should (?:be|have been) (?P<new>.+)",
    )
)


_LOOSE = _EXCHANGES[1:3]
"""These can be conditions, too: `the flats not in Oslo`."""


def says_nothing(words: Sequence[Token]) -> bool:
    """Whether a question only says that something is wrong, or right."""
    return bool(words) and _ALONE.fullmatch(_Said(words).text) is not None


def refers_back(words: Sequence[Token]) -> bool:
    """Whether a question means nothing without the one before it: `only for women`, `and of those`."""
    text, first = _Said(words).text, corrections(words)[0]
    corrects = first.is_said and (first.is_exchange or not first.old)
    return corrects or _REFERRING.match(text) is not None or _THOSE.search(text) is not None


def of_those(words: Sequence[Token]) -> tuple[Token, ...] | None:
    """The question without `of those`, which says that it is about the rows of the last answer."""
    said = _Said(words)
    match = _THOSE.search(said.text)
    if match is None:
        return None
    start = _AND.match(said.text)
    return said.part(start.end() if start else 0, match.start()) + said.part(match.end(), len(said.text))


def depends(words: Sequence[Token]) -> bool:
    """Whether a question begins with a word that needs something before it: `as a chart by month`."""
    return _DEPENDENT.fullmatch(_Said(words).text) is not None


def corrections(words: Sequence[Token]) -> list[Correction]:
    """The ways to read a question as a correction, the one with the most words explained first.

    The last one is always the question as it is.
    """
    said = _Said(words)
    core, corrects, hints, adds = said.core()
    found = [
        Correction(
            new=said.part(*match.span("new")),
            old=said.part(*match.span("old")),
            is_said=True,
            is_exchange=pattern not in _LOOSE,
        )
        for pattern in _EXCHANGES
        if (match := pattern.fullmatch(said.text, *core))
    ]
    if corrects or hints or adds:
        found.append(Correction(new=said.part(*core), is_said=corrects, is_hinted=hints, adds=adds))
    return [*found, Correction(new=tuple(words))]


class _Said:
    """Tokens as one text that patterns match, with the way back from its letters to tokens."""

    def __init__(self, words: Sequence[Token]) -> None:
        self._words = tuple(words)
        pieces = [fold(word.text).replace("’", "'").replace(" ", "_") or "_" for word in words]
        self._starts = [sum(len(piece) + 1 for piece in pieces[:index]) for index in range(len(pieces))]
        self.text = " ".join(pieces)

    def core(self) -> tuple[tuple[int, int], bool, bool, bool]:
        """Where the text says what is wanted; whether words around it correct, may correct, and add."""
        start, end = 0, len(self.text)
        corrects = hints = adds = False
        while True:
            if match := _NO.match(self.text, start, end):
                corrects = True
            elif match := _OPENING.match(self.text, start, end):
                corrects, hints = corrects or match["strong"] is not None, True
            else:
                break
            start = match.end()
        if match := _ADDING.match(self.text, start, end):
            start, adds = match.end(), True
        while match := _at_end(_ENDING, self.text, start, end):
            end, hints = match.start(), True
            corrects = corrects or fold(match[0]).strip(" ,") in ("instead", "rather")
        if match := _at_end(_ADDED, self.text, start, end):
            end, adds = match.start(), True
            if match := _WITH.match(self.text, start, end):
                start = match.end()
        return (start, end), corrects, hints, adds

    def part(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens between two positions of the text; without commas at its ends."""
        inside = [word for word, at in zip(self._words, self._starts, strict=True) if start <= at < end]
        while inside and inside[0].kind == "comma":
            inside.pop(0)
        while inside and inside[-1].kind == "comma":
            inside.pop()
        return tuple(inside)


def _at_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The match that ends where the text ends."""
    return next((match for match in pattern.finditer(text, start, end) if match.end() == end), None)
