"""A question as items: every word is a cue, a column, a value, a number, a filler, or unknown.

`readings` cuts the tokens at the longest phrases that the vocabulary or the table knows. Where a phrase can
mean two things, there is one reading for each; `grammar` tries them all.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

from .earnings import earned, quantity_sold
from .item import Item, plain_words
from .lexicon import TIMES
from .nouns import settle_nouns
from .periods import period_items
from .phrases import is_measured, percentile_item, time_items, unit_items
from .pieces import column_item, firm_items, misspelt, misspelt_value, symbol_items
from .schema import PART, ColumnHit, Schema, words_of
from .tokens import Token, fold, singular, word_set
from .units import column_dimension, dimension
from .vocabulary import (
    COMPARING,
    COST_VERBS,
    LONGEST_PHRASE,
    MONEY,
    NAME_UNITS,
    PHRASES,
    SELLING,
    UNITS,
    Cue,
)

MOST_READINGS = 32
"""A question with more than this is not read: it is too ambiguous."""

_PIECES = word_set("unit units item items piece pieces qty quantity number")
"""What is sold, where the table only says how many."""
_COUNTED_PIECES = word_set("units pieces")
"""What is counted of it, and never its `Unit Price`."""

Found = tuple[int, tuple[Item, ...]]
"""How many tokens a piece takes, and what it can mean."""

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
    settle_nouns(question, slots, schema, blocked)
    found = list(islice(product(*slots), MOST_READINGS + 1))
    return None if len(found) > MOST_READINGS else found


def _at(question: Sequence[Token], start: int, schema: Schema, blocked: set[str]) -> Found:
    """The longest phrase that begins at `start`: its length and what it can mean."""
    token = question[start]
    if fixed := period_items(question, start, schema) or percentile_item(question, start):
        return fixed
    if token.word == "within" and start + 1 < len(question) and question[start + 1].kind == "number":
        return 1, (Item("O", token.text, cue=Cue("O", "<=")),)
    spelled = token.kind == "number" and token.text.isalpha()  # "one-way anova"
    if token.kind != "word" and not (spelled and _starts_cue(question, start)):
        return 1, symbol_items(question, start, schema)
    if known := _coded(question, start, schema) or _known(question, start, schema):
        return known
    if token.word not in blocked and (loose := _loose(question, start, schema, blocked)):
        return loose
    for reader in _READERS:
        if found := reader(question, start, schema):
            return found
    return 1, (misspelt(token) or misspelt_value(token, schema) or Item("?", token.text),)


def _known(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """The longest phrase that is known for sure; the unit of a number."""
    token = question[start]
    words = _words_from(question, start, max(LONGEST_PHRASE, schema.longest, schema.longest_value))
    for length in range(len(words), 0, -1):
        if items := firm_items(words[:length], schema):
            named = items[0].column if len(items) == 1 and items[0].code == "C" else None
            general = named is not None and is_measured(question, start + length, named)
            return length + (1 if general else 0), items
    if start == 0:
        return None
    if token.word in UNITS | NAME_UNITS and question[start - 1].word == "in":
        wanted = dimension(token.word)
        if wanted == "share" or (wanted is not None and wanted in map(column_dimension, schema.columns)):
            return 1, (Item("_", token.text),)
    if token.word in UNITS and question[start - 1].kind == "number" and not _counts(question, start):
        return unit_items(question, start, schema)
    return None


def _loose(question: Sequence[Token], start: int, schema: Schema, blocked: set[str]) -> Found | None:
    """The columns that a part of a name or a synonym can mean."""
    words = _words_from(question, start, schema.longest)
    sold = quantity_sold(schema) if len(words) > 1 and words[1].word in SELLING else None
    if sold is not None and words[0].word in _PIECES:
        return 2, (Item("C", f"{words[0].text} {words[1].text}", PART, column=sold),)
    pieces = quantity_sold(schema) if words[0].word in _COUNTED_PIECES else None
    for length in range(len(words), 0, -1):
        if any(word.word in blocked for word in words[:length]) or any(map(_joins, words[1:length])):
            continue
        hits = schema.loose(plain_words(words[:length]))
        if len(hits) == 1 and is_measured(question, start + length, hits[0].column):
            return length + 1, (column_item(hits[0], words[0].text),)
        if length == 1 and hits and pieces is not None and hits[0].score == PART:
            return 1, (Item("C", words[0].text, PART, column=pieces),)
        if hits:
            text = " ".join(word.text for word in words[:length])
            found = tuple(column_item(hit, text) for hit in hits)
            if length == 1 and len(hits) == 1 and _is_event(words[0], hits[0], schema):
                return length, (Item("U", text, PART, cue=Cue("U", "table")),)
            times = time_items(words[:1], schema) if length == 1 else None
            return length, (*found, *times[1]) if times else found
    return None


def _joins(word: Token) -> bool:
    """Whether a word says how what stands beside it belongs together, and is no part of a name."""
    cue = PHRASES.get((word.word,))
    return cue is not None and cue.code in "OWBbAR"


def _is_event(word: Token, hit: ColumnHit, schema: Schema) -> bool:
    """Whether a plural is what happens at the table's one date: `visits` of `visit_date`."""
    plain = singular(word.word)
    if plain == word.word or hit.column.kind != "datetime" or plain in TIMES or len(schema.dates()) > 1:
        return False
    return plain not in words_of(hit.column.name)[-1:] or len(words_of(hit.column.name)) == 1


def _counts(question: Sequence[Token], start: int) -> bool:
    """Whether the number before a unit counts: `top 3 days` are no three days long."""
    before = question[start - 2].word if start > 1 else ""
    cue = PHRASES.get((before,))
    counting = start == 1 or before in _COUNTING or (cue is not None and cue.code == "T")
    return dimension(question[start].word) == "time" and counting


def _starts_cue(question: Sequence[Token], start: int) -> bool:
    """Whether a number word begins a longer phrase of the vocabulary."""
    words = plain_words(_words_from(question, start, LONGEST_PHRASE))
    return any(words[:length] in PHRASES for length in range(len(words), 1, -1))


def _words_from(question: Sequence[Token], start: int, most: int) -> list[Token]:
    words: list[Token] = []
    for token in question[start : start + most]:
        if token.kind not in ("word", "number") or (token.kind == "number" and not token.text.isalnum()):
            break
        words.append(token)
    return words


def _times(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """`month`, `on mondays`, `over time`."""
    word = question[start].word
    before = question[start - 1].word if start else ""
    if word == "time" and before in ("over", "what") and schema.dates():
        return 1, tuple(Item("C", question[start].text, PART, column=column) for column in schema.dates())
    return time_items(_words_from(question, start, LONGEST_PHRASE), schema)


def _rates(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """`readmission rate` of a yes/no column that is called nearly so."""
    token = question[start]
    after = question[start + 1].word if start + 1 < len(question) else ""
    if after in ("rate", "rates") and len(columns := schema.stems(token.word)) == 1:
        return 1, (Item("Y", token.text, PART, column=columns[0]),)
    return (
        (1, (Item("P", token.text, PART, cue=Cue("P", "rate")),)) if token.word in ("rate", "rates") else None
    )


def _prices(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """The column that `houses cost less than ...` compares, where just one can be meant."""
    after = question[start + 1] if start + 1 < len(question) else None
    if after is None or question[start].word not in COST_VERBS:
        return None
    if after.kind != "operator" and after.word not in COMPARING:
        return None
    hit = schema.quantity(MONEY)
    return (1, (column_item(ColumnHit(hit.column, PART), question[start].text),)) if hit else None


def _earnings(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """`revenue` as price times units; `sold` as the column that says how many were."""
    token = question[start]
    column = quantity_sold(schema) if token.word in SELLING else earned(token.word, schema)
    return (1, (Item("C", token.text, PART, column=column),)) if column is not None else None


def _stemmed(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """`waiting time` of a column `wait_min`."""
    token = question[start]
    stem = token.word.removesuffix("ing")
    if stem == token.word or len(stem) < 4:
        return None
    hits = [hit for hit in schema.loose((stem,)) if hit.score == PART]
    if len(hits) != 1:
        return None
    general = is_measured(question, start + 1, hits[0].column)
    return 1 + general, (column_item(hits[0], token.text),)


def _coded(question: Sequence[Token], start: int, schema: Schema) -> Found | None:
    """`MTR-003`: a value whose name has a hyphen before a number."""
    part = question[start : start + 3]
    if len(part) < 3 or part[1].text not in "-–" or part[2].kind != "number":
        return None
    text = f"{part[0].text}-{part[2].text}"
    hits = schema.values((text,)) or schema.coded(part[0].text, text)
    return (3, (Item("V", text, values=hits),)) if hits else None


_Reader = Callable[[Sequence[Token], int, Schema], Found | None]
_READERS: tuple[_Reader, ...] = (_times, _rates, _prices, _earnings, _stemmed)
"""What a word can be that is no cue and no name."""
