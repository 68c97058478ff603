"""What nouns and pronouns of a question stand for: the rows of the table, their age, what is true of them.

The slots of a question are changed in place, before its readings are made of them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ...types.profiles import ColumnProfile
from ..plan.expressions import Arithmetic, Constant, Of
from ..plan.measures import Column
from ..plan.steps import Derive
from .item import Item
from .lexicon import ROW_NOUNS
from .schema import PART, Schema, is_numeric, words_of
from .tokens import Token, fold, is_plural, singular, word_set
from .units import column_dimension, column_unit, dimension, factor
from .vocabulary import SCALES, Cue

Slots = list[tuple[Item, ...]]


def settle_nouns(question: Sequence[Token], slots: Slots, schema: Schema, blocked: set[str]) -> None:
    """Say what each noun stands for that is neither a cue nor a column nor a value."""
    _accept_texts(slots)
    _accept_stems(slots, schema)
    _accept_subject(slots, blocked)
    _accept_age(slots, schema)
    _accept_years(slots, schema)
    _note_units(slots)
    _convert(slots, schema)
    _measure_by_unit(slots, schema)
    _prefer_ends(slots)
    _doubt_newest(slots, schema)
    _accept_who(question, slots)


def _accept_subject(slots: Slots, blocked: set[str]) -> None:
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


def _note_units(slots: Slots) -> None:
    """Tell each number the unit behind it."""
    for index, items in enumerate(slots[1:]):
        unit = fold(items[0].text)
        if items[0].code == "_" and dimension(unit) is not None:
            slots[index] = tuple(
                replace(item, unit=unit) if item.code == "N" else item for item in slots[index]
            )


def _measure_by_unit(slots: Slots, schema: Schema) -> None:
    """`rides longer than 1 hour` of a table with distances too: the unit says what is long."""
    for index, items in enumerate(slots[:-1]):
        number = slots[index + 1][0]
        if items[0].code != "J" or items[0].column is not None or not number.unit:
            continue
        wanted = dimension(number.unit)
        fitting = [c for c in schema.columns if is_numeric(c) and column_dimension(c) == wanted]
        if len(fitting) == 1:
            slots[index] = (replace(items[0], column=fitting[0]),)


def _prefer_ends(slots: Slots) -> None:
    """`max temperature` of a table with `temp_max` and `temp_min` is the former's."""
    for index in range(1, len(slots)):
        word = slots[index - 1][0]
        if word.code != "Z" or len(slots[index]) < 2:
            continue
        named = [item for item in slots[index] if item.column and word.value in words_of(item.column.name)]
        if len(named) == 1:
            slots[index] = tuple(named)


def _convert(slots: Slots, schema: Schema) -> None:
    """`average wait in hours` of a column in minutes: another column, that a step makes."""
    for index in range(1, len(slots)):
        unit = fold(slots[index][0].text)
        if slots[index][0].code != "_" or fold(slots[index - 1][0].text) != "in":
            continue
        wanted = dimension(unit)
        if wanted == "share" and any(items[0].code in "@P" for items in slots):
            continue  # the answer says per cents by itself
        found = [
            (at, item)
            for at, items in enumerate(slots)
            for item in items
            if item.code == "C" and item.column is not None and column_dimension(item.column) == wanted
        ]
        made = {at: _in_other_unit(item, unit, schema) for at, item in found}
        if wanted is None or not made or not all(made.values()) or len(made) < len(found):
            slots[index] = (Item("?", slots[index][0].text),) if wanted is not None else slots[index]
            continue
        for at, item in made.items():
            slots[at] = (item,) if item is not None else slots[at]


def _in_other_unit(item: Item, unit: str, schema: Schema) -> Item | None:
    """The item for its column in another unit; `None` where nobody knows how."""
    column = item.column
    own = column_unit(column) if column is not None else None
    times = factor(own, unit) if own is not None else None
    if column is None or own is None or times is None:
        return None
    if times == 1:
        return item
    name = f"{column.name} in {unit}"
    of, back = Of(column=Column(name=column.name, is_text=column.name_is_text)), factor(unit, own)
    value = Arithmetic(operator="*", left=of, right=Constant(value=times))
    if back is not None and back > 1:
        value = Arithmetic(operator="/", left=of, right=Constant(value=back))
    made = ColumnProfile(name=name, dtype="float64", kind="number", nulls=column.nulls)
    schema.virtual[made] = Derive(name=name, value=value)
    return replace(item, column=made)


def _doubt_newest(slots: Slots, schema: Schema) -> None:
    """`newest home` of homes listed in 2023 and built in 1950: a year of another event fits as well.

    The `newest listing` is that of the last `list_date`.
    """
    years = [set(words_of(c.name)) - _YEARS for c in schema.columns if set(words_of(c.name)) & _YEARS]
    for index, items in enumerate(slots[:-1]):
        column = items[0].column
        if items[0].code != "T" or fold(items[0].text) != "newest" or column is None:
            continue
        event, noun = set(words_of(column.name)), singular(fold(slots[index + 1][0].text))
        named = any(noun.startswith(word) for word in event if len(word) > 3)
        if not named and any(other - event for other in years):
            slots[index] = (replace(items[0], column=None),)


_YEARS = frozenset(("year", "yr"))
_PERSONS = word_set(
    "person people patient student pupil customer employee user passenger member player client worker "
    "individual"
)


def _accept_age(slots: Slots, schema: Schema) -> None:
    """`patients over 65`, `women over 50`: a number that is compared with persons is their age."""
    hit = schema.quantity(("age",))
    letters = "".join(items[0].code for items in slots)
    for match in re.finditer(r"[UVC](?:O|b)N(?:AN)?(?!_?[CYN])", letters):
        noun = slots[match.start()][-1]
        persons = _PERSONS if noun.code == "U" else _SEXES
        if hit is not None and singular(fold(noun.text)) in persons and "_" not in match[0]:
            slots.insert(match.end(), (Item("C", "age", PART, column=hit.column),))
            return


_SEXES = word_set("woman women man men girl boy female male lady ladies")


def _accept_years(slots: Slots, schema: Schema) -> None:
    """`movies after 2010`: the one column of years, where the table has no date."""
    years = [c for c in schema.columns if words_of(c.name)[-1:] == ("year",) and is_numeric(c)]
    if len(years) != 1 or schema.dates():
        return
    low, high = years[0].minimum, years[0].maximum
    letters = "".join(items[0].code for items in slots)
    match = re.search(r"(?:O|W|b)N(?:[At]N)?(?!_?[CYN])", letters)
    if match is None or not isinstance(low, int) or not isinstance(high, int):
        return
    before = slots[match.start() - 1][0] if match.start() else None
    numbers = [items[0].number for items in slots[match.start() : match.end()] if items[0].code == "N"]
    link = fold(slots[match.start()][0].text)
    timely = link in ("before", "after", "since", "in", "from", "between", "during")
    if timely and all(low <= n <= high for n in numbers) and (before is None or before.code not in "CY"):
        slots.insert(match.end(), (Item("C", "year", PART, column=years[0]),))


def _accept_who(question: Sequence[Token], slots: Slots) -> None:
    """Read a leading `who` as the row that is asked for, where no other noun says what that is."""
    asks = bool(question) and question[0].kind == "word" and question[0].word == "who"
    if asks and not any(all(item.code == "U" for item in items) for items in slots):
        slots[0] = (Item("U", question[0].text, cue=Cue("U", "row")),)


def _noun_place(slots: Slots, index: int, noun: str) -> bool:
    before = next((s[0].code for s in reversed(slots[:index]) if s[0].code != "_"), "")
    if index and fold(slots[index - 1][0].text) == "of" and singular(fold(noun)) in _PERSONS:
        return is_plural(fold(noun)) or noun == "people"  # "average salary of people in sales"
    if before in ("T", "Z"):
        return True
    if before == "W" and not _says_which(slots, index):
        return False
    if before in ("L", "N", "n", "P", "V", "", "W"):
        return is_plural(fold(noun)) or (before in ("N", "L", "") and index > 0)
    return before in ("C", "Y") and is_plural(fold(noun)) and _counted(slots, index)


def _says_which(slots: Slots, index: int) -> bool:
    """Whether the link before a noun says which rows: `for apartments`, but not `in Texas`."""
    link = next(s[0] for s in reversed(slots[:index]) if s[0].code != "_")
    return fold(link.text) in ("for", "only for", "among", "amongst")


def _counted(slots: Slots, index: int) -> bool:
    """Whether a column before a noun is counted by a number: `3 bedroom houses`."""
    letters = [items[0].code for items in slots[:index] if items[0].code != "_"]
    return letters[-2:-1] == ["N"]


def _accept_texts(slots: Slots) -> None:
    """What follows `containing` or `starting with` is the text that is looked for, be it known or not."""
    for index in range(len(slots) - 1):
        after = slots[index + 1 :]
        if (
            slots[index][0].code == "q"
            and all(items[0].code in "?CVUN" for items in after)
            and len(after) < 4
        ):
            quoted = " ".join(items[0].text for items in after)
            slots[index + 1 :] = [(Item("Q", _unspaced(quoted)),)]
            return


def _unspaced(text: str) -> str:
    return re.sub(r"(?<=[^\w\s]) (?=\w)", "", text)


def _accept_stems(slots: Slots, schema: Schema) -> None:
    """`who smoke`, `smokers`: words that are nearly a yes/no column's name say that it holds."""
    for index, items in enumerate(slots):
        word = fold(items[0].text)
        if items[0].code != "?" or len(word) < 5:
            continue
        columns = schema.stems(word)
        if len(columns) == 1:
            slots[index] = (Item("Y", items[0].text, PART, column=columns[0]),)
