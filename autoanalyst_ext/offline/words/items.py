"""A question as items: every word is a cue, a column, a value, a number, a filler, or unknown.

`readings` cuts the tokens at the longest phrases that the vocabulary or the table knows. Where a phrase can
mean two things, there is one reading for each; `grammar` tries them all.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product

from rapidfuzz.distance import OSA

from .item import Item, plain_words
from .lexicon import ROW_NOUNS
from .phrases import is_measured, percentile_item, time_items, unit_items, year_items
from .schema import PART, TYPO, ColumnHit, Schema, is_numeric, names_rows, yes_and_no
from .tokens import Token, fold, is_plural, key, singular, word_set
from .units import column_dimension, dimension
from .vocabulary import (
    COMPARING,
    COST_VERBS,
    LONG_WORDS,
    LONGEST_PHRASE,
    MONEY,
    NAME_UNITS,
    PHRASES,
    REAL_WORDS,
    SCALES,
    UNITS,
    Cue,
)

MOST_READINGS = 32
"""A question with more than this is not read: it is too ambiguous."""


_COUNTING = word_set(
    "top bottom first last next past previous the best worst largest smallest highest lowest show list"
)
"""Before a number, they say that it counts what follows."""


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
    _accept_age(slots, schema)
    _note_units(slots)
    _accept_who(question, slots)
    found = list(islice(product(*slots), MOST_READINGS + 1))
    return None if len(found) > MOST_READINGS else found


def _at(
    question: Sequence[Token], start: int, schema: Schema, blocked: set[str]
) -> tuple[int, tuple[Item, ...]]:
    """The longest phrase that begins at `start`: its length and what it can mean."""
    token = question[start]
    if percentile := percentile_item(question, start):
        return percentile
    if token.word == "within" and start + 1 < len(question) and question[start + 1].kind == "number":
        return 1, (Item("O", token.text, cue=Cue("O", "<=")),)
    spelled = token.kind == "number" and token.text.isalpha()  # "one-way anova"
    if token.kind != "word" and not (spelled and _starts_cue(question, start)):
        return 1, _symbol(question, start, schema)
    words = _words_from(question, start, max(LONGEST_PHRASE, schema.longest, schema.longest_value))
    for length in range(len(words), 0, -1):
        if items := _firm(words[:length], schema):
            named = items[0].column if len(items) == 1 and items[0].code == "C" else None
            general = named is not None and is_measured(question, start + length, named)
            return length + (1 if general else 0), items
    if token.word in UNITS | NAME_UNITS and start > 0 and question[start - 1].word == "in":
        wanted = dimension(token.word)
        if wanted is not None and wanted in map(column_dimension, schema.columns):
            return 1, (Item("_", token.text),)
    if (
        token.word in UNITS
        and start > 0
        and question[start - 1].kind == "number"
        and not _counts(question, start)
    ):
        return unit_items(question, start, schema)
    for length in range(min(len(words), schema.longest), 0, -1):
        hits = (
            []
            if any(word.word in blocked for word in words[:length])
            else schema.loose(plain_words(words[:length]))
        )
        if hits and len(hits) == 1 and is_measured(question, start + length, hits[0].column):
            return length + 1, (_column(hits[0], token.text),)
        if hits:
            found = tuple(_column(hit, " ".join(word.text for word in words[:length])) for hit in hits)
            times = time_items(words[:1], schema) if length == 1 else None
            return length, (*found, *times[1]) if times else found
    if times := time_items(words, schema):
        return times
    if token.word == "time" and start > 0 and question[start - 1].word in ("over", "what") and schema.dates():
        return 1, tuple(Item("C", token.text, PART, column=column) for column in schema.dates())
    rated = start + 1 < len(question) and question[start + 1].word in ("rate", "rates")
    if rated and len(columns := schema.stems(token.word)) == 1:
        return 1, (Item("Y", token.text, PART, column=columns[0]),)
    if token.word in ("rate", "rates"):
        return 1, (Item("P", token.text, PART, cue=Cue("P", "rate")),)
    if column := _price_of_cost(question, start, schema):
        return 1, (_column(column, token.text),)
    return 1, (_misspelt(token) or _misspelt_value(token, schema) or Item("?", token.text),)


def _counts(question: Sequence[Token], start: int) -> bool:
    """Whether the number before a unit counts: `top 3 days` are no three days long."""
    before = question[start - 2].word if start > 1 else ""
    return dimension(question[start].word) == "time" and (start == 1 or before in _COUNTING)


def _misspelt_value(token: Token, schema: Schema) -> Item | None:
    """A value with one slip of the finger, such as `enginering`."""
    if len(token.word) < 5 or token.word in REAL_WORDS or token.word in ROW_NOUNS:
        return None
    hits = schema.near_values(token.word)
    return Item("V", token.text, TYPO, values=hits) if len(hits) == 1 else None


def _starts_cue(question: Sequence[Token], start: int) -> bool:
    """Whether a number word begins a longer phrase of the vocabulary."""
    words = plain_words(_words_from(question, start, LONGEST_PHRASE))
    return any(words[:length] in PHRASES for length in range(len(words), 1, -1))


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


def _firm(words: Sequence[Token], schema: Schema) -> tuple[Item, ...]:
    """What a phrase means without guessing: cues, whole column names, values and the table's own noun."""
    plain, text = plain_words(words), " ".join(word.text for word in words)
    items: list[Item] = []
    cue = PHRASES.get(plain)
    if cue is not None:
        quantity = schema.quantity(cue.concepts)
        items.append(Item(cue.code, text, cue=cue, column=quantity.column if quantity else None))
    if cue is not None and cue.code == "g" and len(words) == 1:
        items += [_column(hit, text) for hit in schema.loose(plain) if hit.score < PART]
    if cue is None or cue.code not in "_WIAtX" or plain == ("no",):
        hits = schema.firm(tuple(word.text for word in words)) or schema.firm(plain)
        rows = len(words) == 1 and len(hits) == 1 and names_rows(hits[0].column, schema.table.rows)
        if rows:
            items.append(Item("U", text, cue=Cue("U", "table")))
            hits = (ColumnHit(hits[0].column, PART),)
        items += [_column(hit, text) for hit in hits]
        if values := schema.values(plain):
            items.append(Item("V", text, values=values))
            if len(words) == 1 and not hits:
                others = [hit for hit in schema.loose(plain) if hit.score == PART and is_numeric(hit.column)]
                items += [
                    _column(hit, text) for hit in others if hit.column not in [v.column for v in values]
                ]
    if len(words) == 1 and cue is None and schema.is_subject(plain[0]):
        items.append(Item("U", text, cue=Cue("U", "table")))
    if key(text) == key(schema.table.name) and all(item.code != "U" for item in items):
        items.append(Item("U", text, cue=Cue("U", "table")))
    return tuple(items)


def _symbol(question: Sequence[Token], start: int, schema: Schema) -> tuple[Item, ...]:
    token = question[start]
    match token.kind:
        case "number":
            number = Item("N", token.text, number=token.number, mantissa=token.mantissa)
            return (number, *year_items(token, schema))
        case "percent":
            return (Item("N", f"{token.text}", number=token.number, mantissa=token.number),)
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
    if len(nouns) != 1 or nouns & set(map(singular, blocked)) or nouns & SCALES:
        return
    if not nouns & _ROW_SINGULARS:
        return
    for index in unknown:
        noun = slots[index][0].text
        if not noun.isalpha() or len(noun) < 3 or not _noun_place(slots, index, noun):
            return
    for index in unknown:
        slots[index] = (Item("U", slots[index][0].text, cue=Cue("U", "assumed")),)


_ROW_SINGULARS = {singular(noun) for noun in ROW_NOUNS}


def _note_units(slots: list[tuple[Item, ...]]) -> None:
    """Tell each number the unit behind it."""
    for index, items in enumerate(slots[1:]):
        unit = fold(items[0].text)
        if items[0].code == "_" and dimension(unit) is not None:
            slots[index] = tuple(
                replace(item, unit=unit) if item.code == "N" else item for item in slots[index]
            )


_PERSONS = word_set(
    "person people patient student pupil customer employee user passenger member player client worker "
    "individual"
)


def _accept_age(slots: list[tuple[Item, ...]], schema: Schema) -> None:
    """`patients over 65`: a number that is compared with persons is their age."""
    hit = schema.quantity(("age",))
    letters = "".join(items[0].code for items in slots)
    for match in re.finditer(r"U(?:O|b)N(?:AN)?(?![CYN])", letters):
        noun = slots[match.start()][0]
        if hit is not None and singular(fold(noun.text)) in _PERSONS and "_" not in match[0]:
            slots.insert(match.end(), (Item("C", "age", PART, column=hit.column),))
            return


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
