"""A question as items: every word is a cue, a column, a value, a number, a filler, or unknown.

`readings` cuts the tokens at the longest phrases that the vocabulary or the table knows. Where a phrase can
mean two things, there is one reading for each; `grammar` tries them all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from rapidfuzz.distance import OSA

from ..types.profiles import ColumnProfile
from .plan import Condition, Measure
from .schema import PART, TYPO, ColumnHit, Schema, ValueHit, yes_and_no
from .tokens import Token, fold, is_plural, key, singular
from .vocabulary import (
    COMPARING,
    COST_VERBS,
    LONG_WORDS,
    LONGEST_PHRASE,
    MONEY,
    PHRASES,
    SCALES,
    UNITS,
    Cue,
)

MOST_READINGS = 32
"""A question with more than this is not read: it is too ambiguous."""


@dataclass(frozen=True)
class Item:
    """One meaningful piece of a question."""

    code: str
    """The letter of the vocabulary, or: N number, Q text, C column, Y yes/no column, V value, ? unknown;
    and, once reduced: K condition, G group, M measures."""
    text: str
    score: float = 1.0
    cue: Cue | None = None
    column: ColumnProfile | None = None
    values: tuple[ValueHit, ...] = ()
    number: int | float = 0
    mantissa: int | float = 0
    condition: Condition | None = None
    either: bool = False
    """For a condition: values joined by `and` were read as "one of these"."""
    columns: tuple[ColumnProfile, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def value(self) -> str:
        """The cue's value, empty for other items."""
        return self.cue.value if self.cue else ""


def codes(items: Sequence[Item]) -> str:
    """The items' letters, which the grammar's patterns match."""
    return "".join(item.code for item in items)


def readings(
    question: Sequence[Token], schema: Schema, others: Iterable[str]
) -> list[tuple[Item, ...]] | None:
    """All ways to cut the question into items; `None` when there are too many.

    `others` are the names of the other tables: they are never a noun for this table's rows.
    """
    blocked = {fold(name) for name in others}
    slots: list[tuple[Item, ...]] = []
    position = 0
    while position < len(question):
        length, items = _at(question, position, schema, blocked)
        slots.append(items)
        position += length
    _accept_subject(slots, schema, blocked)
    _accept_who(question, slots)
    found = list(islice(product(*slots), MOST_READINGS + 1))
    return None if len(found) > MOST_READINGS else found


def _at(
    question: Sequence[Token], start: int, schema: Schema, blocked: set[str]
) -> tuple[int, tuple[Item, ...]]:
    """The longest phrase that begins at `start`: its length and what it can mean."""
    token = question[start]
    if token.kind != "word":
        return 1, _symbol(question, start, schema)
    words = _words_from(question, start, max(LONGEST_PHRASE, schema.longest, schema.longest_value))
    for length in range(len(words), 0, -1):
        if items := _firm(words[:length], schema):
            return length, items
    if token.word in UNITS and start > 0 and question[start - 1].kind == "number":
        return 1, (Item("_", token.text),)
    for length in range(min(len(words), schema.longest), 0, -1):
        hits = (
            []
            if any(word.word in blocked for word in words[:length])
            else schema.loose(_plain(words[:length]))
        )
        if hits:
            return length, tuple(_column(hit, " ".join(word.text for word in words[:length])) for hit in hits)
    if column := _price_of_cost(question, start, schema):
        return 1, (_column(column, token.text),)
    return 1, (_misspelt(token) or Item("?", token.text),)


def _price_of_cost(question: Sequence[Token], start: int, schema: Schema) -> ColumnHit | None:
    """The column that `houses cost less than ...` compares, where just one can be meant."""
    after = question[start + 1] if start + 1 < len(question) else None
    if after is None or question[start].word not in COST_VERBS:
        return None
    if after.kind != "operator" and after.word not in COMPARING:
        return None
    hit = schema.quantity(MONEY)
    return ColumnHit(hit.column, PART) if hit else None


def _words_from(question: Sequence[Token], start: int, most: int) -> list[Token]:
    words: list[Token] = []
    for token in question[start : start + most]:
        if token.kind not in ("word", "number") or (token.kind == "number" and not token.text.isalnum()):
            break
        words.append(token)
    return words


def _plain(words: Sequence[Token]) -> tuple[str, ...]:
    return tuple(word.word for word in words)


def _firm(words: Sequence[Token], schema: Schema) -> tuple[Item, ...]:
    """What a phrase means without guessing: cues, whole column names, values and the table's own noun."""
    plain, text = _plain(words), " ".join(word.text for word in words)
    items: list[Item] = []
    cue = PHRASES.get(plain)
    if cue is not None:
        quantity = schema.quantity(cue.concepts)
        items.append(Item(cue.code, text, cue=cue, column=quantity.column if quantity else None))
    if cue is None or cue.code not in "_WIAtX" or plain == ("no",):
        hits = schema.firm(tuple(word.text for word in words)) or schema.firm(plain)
        items += [_column(hit, text) for hit in hits]
        if values := schema.values(plain):
            items.append(Item("V", text, values=values))
    if len(words) == 1 and cue is None and schema.is_subject(plain[0]):
        items.append(Item("U", text, cue=Cue("U", "table")))
    if key(text) == key(schema.table.name) and all(item.code != "U" for item in items):
        items.append(Item("U", text, cue=Cue("U", "table")))
    return tuple(items)


def _symbol(question: Sequence[Token], start: int, schema: Schema) -> tuple[Item, ...]:
    token = question[start]
    match token.kind:
        case "number":
            return (Item("N", token.text, number=token.number, mantissa=token.mantissa),)
        case "ordinal":
            return (Item("r", token.text, number=token.number),)
        case "operator":
            return (Item("O", token.text, cue=Cue("O", token.text)),)
        case "comma":
            return (Item("A", ",", cue=Cue("A", ",")),)
        case "name":
            columns = tuple(_column(hit, token.text) for hit in schema.named(token.text))
            table = (Item("U", token.text, cue=Cue("U", "table")),) if token.text == schema.table.name else ()
            return columns + table or (Item("?", token.text),)
        case "quoted":
            return _quoted(token, schema)
        case _ if token.text in "-–" and _is_range(question, start):
            return (Item("t", token.text),)
        case _ if token.text == "&":
            return (Item("A", "&"),)
        case _ if token.text == "+" and start > 0 and question[start - 1].kind == "number":
            return (Item("o", "+", cue=Cue("o", ">=")),)
        case _:
            return (Item("?", token.text),)


def _is_range(question: Sequence[Token], middle: int) -> bool:
    around = question[middle - 1 : middle + 2] if middle > 0 else ()
    return len(around) == 3 and around[0].kind == around[2].kind == "number"


def _quoted(token: Token, schema: Schema) -> tuple[Item, ...]:
    """A quoted text is a value where a column has it exactly, else a column's name, else just text."""
    exact = tuple(hit for hit in schema.values((token.text,)) if hit.value == token.text)
    if exact:
        return (Item("V", token.text, values=exact),)
    columns = tuple(_column(hit, token.text) for hit in schema.named(token.text))
    return columns or (Item("Q", token.text),)


def _column(hit: ColumnHit, text: str) -> Item:
    return Item("Y" if yes_and_no(hit.column) else "C", text, hit.score, column=hit.column)


def _misspelt(token: Token) -> Item | None:
    """A long cue with one slip of the finger, such as `avrage`."""
    if len(token.word) < 5:
        return None
    near = {PHRASES[(word,)] for word in LONG_WORDS if OSA.distance(token.word, word, score_cutoff=1) <= 1}
    if len(near) != 1:
        return None
    cue = near.pop()
    return Item(cue.code, token.text, TYPO, cue=cue)


def _accept_subject(slots: list[tuple[Item, ...]], schema: Schema, blocked: set[str]) -> None:
    """Read the one unknown noun of a question as a word for the table's rows, where that is safe.

    It is where the noun stands for what is listed or counted, and can be no value of the table.
    """
    unknown = [index for index, items in enumerate(slots) if items[0].code == "?"]
    nouns = {singular(fold(slots[index][0].text)) for index in unknown}
    if len(nouns) != 1 or nouns & set(map(singular, blocked)) or not schema.knows_all_values():
        return
    if nouns & SCALES:
        return
    for index in unknown:
        noun = slots[index][0].text
        if not noun.isalpha() or len(noun) < 3 or not _noun_place(slots, index, noun):
            return
    for index in unknown:
        slots[index] = (Item("U", slots[index][0].text, cue=Cue("U", "assumed")),)


def _accept_who(question: Sequence[Token], slots: list[tuple[Item, ...]]) -> None:
    """Read a leading `who` as the row that is asked for, where no other noun says what that is."""
    asks = bool(question) and question[0].kind == "word" and question[0].word == "who"
    if asks and not any(all(item.code == "U" for item in items) for items in slots):
        slots[0] = (Item("U", question[0].text, cue=Cue("U", "row")),)


def _noun_place(slots: list[tuple[Item, ...]], index: int, noun: str) -> bool:
    before = next((s[0].code for s in reversed(slots[:index]) if s[0].code != "_"), "")
    if before in ("T", "Z"):
        return True
    if before == "W" and not _says_which(slots, index):
        return False
    if before in ("L", "N", "n", "P", "V", "", "W", "B"):
        return is_plural(fold(noun)) or (before in ("N", "L", "") and index > 0)
    return before in ("C", "Y") and is_plural(fold(noun)) and _counted(slots, index)


def _says_which(slots: list[tuple[Item, ...]], index: int) -> bool:
    """Whether the link before a noun says which rows: `for apartments`, but not `in Texas`."""
    link = next(s[0] for s in reversed(slots[:index]) if s[0].code != "_")
    return fold(link.text) in ("for", "only for", "among", "amongst")


def _counted(slots: list[tuple[Item, ...]], index: int) -> bool:
    """Whether a column before a noun is counted by a number: `3 bedroom houses`."""
    letters = [items[0].code for items in slots[:index] if items[0].code != "_"]
    return letters[-2:-1] == ["N"]
