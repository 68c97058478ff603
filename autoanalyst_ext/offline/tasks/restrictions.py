"""Words that choose rows without naming a value: `young players`, `flats near the metro`.

No plan can carry them out, for nobody said where young begins; a task with one of them is not answered.
"""

import re

from ..words.mentions import C
from ..words.schema import is_numeric
from ..words.tokens import singular, word_set
from .idle import FIGURES, is_idle
from .scene import Scene

_SIZES = (
    r"large|small|big|tiny|huge|young|old|new|modern|recent|tall|short|long|brief|high|low|rich|poor|cheap|expensive|"
    r"heavy|light|thin|fat|fast|slow|hot|warm|cold|wet|dry|rainy|sunny|good|bad|great|nice|famous|popular|common|rare|"
    r"frequent|regular|occasional|active|inactive|single|married|senior|junior|elderly|healthy|sick|busy|quiet|strong|"
    r"weak|extreme|unusual|typical|loyal|valid|invalid|full|empty|special|premium|standard|average|paid|unpaid|sold|lost|best|worst|"
    r"[a-z]+-(?:time|rated|paid|sized|aged|income|class|level|risk|value)"
)
_QUALIFIED = re.compile(
    rf"\b(?P<size>(?:{_SIZES})(?:er|est|r|st)?)\s+(?:\w+ed\s+)?(?P<noun>[a-z]+|{C})(?![\w(])", re.IGNORECASE
)
_DATA = word_set("""
    value number figure record data entry row column feature variable point observation field digit
    place letter string integer decimal level score dataset type name word condition category answer
    result year month day
    """)
_CLAUSE = re.compile(
    r"\b(?P<noun>[a-z]+(?:s|people))\s+(?P<verb>[a-z]{3,}ed|paid|sold|made|held|kept|taken|sent|born)\s+"
    rf"(?:in|on|by|with|at|to|from|as|for)\s+(?P<rest>(?:the\s+)?[^\W\d]+)(?!\s+(?:[\w'\"]+\s+){{0,3}}{C})",
    re.IGNORECASE,
)
_NEAR = re.compile(r"\b(?:near|nearby|close to the|far from|next to|beside|opposite)\b", re.IGNORECASE)
_CHANGED = re.compile(
    rf"{C}\s+(?P<what>growth|increase|decrease|change|rank(?:ing)?|ratio|gap|gain|loss)\b", re.IGNORECASE
)


def restriction(text: str, scene: Scene, known: frozenset[str]) -> str | None:
    """The first words of a text that choose rows, or change a column, in a way that no plan can."""
    for match in _QUALIFIED.finditer(text):
        noun = match["noun"]
        if scene.text.is_mark(noun[0]):
            noun = "" if is_numeric(scene.text.column(noun)) else scene.text.plain(noun)
        if _is_rows(noun):
            return scene.text.plain(match[0])
    for match in _CLAUSE.finditer(text):
        words = match["rest"].casefold().split()
        if _is_rows(match["noun"]) and words[-1] not in known and not _is_table(words[-1]):
            return scene.text.plain(match[0])
    found = _NEAR.search(text) or _CHANGED.search(text)
    return scene.text.plain(found[0]) if found else None


def _is_rows(noun: str) -> bool:
    """Whether a plural is what the rows are, and not a word for data or figures."""
    one = singular(noun.casefold())
    is_plural = one != noun.casefold() or noun.casefold() in ("people", "men", "women", "children")
    return is_plural and one not in _DATA and one not in FIGURES and noun.casefold() not in FIGURES


def _is_table(word: str) -> bool:
    return word in ("dataset", "data", "table", "file", "each", "this", "these", "that") or (
        word in ("above", "below", "following", "form", "order") and is_idle(word)
    )
