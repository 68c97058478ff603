"""Single pieces of a question: a phrase that is known for sure, a symbol, a quoted text, a misspelt word."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from .amounts import nature
from .earnings import quantity_sold
from .item import Item, plain_words
from .lexicon import ROW_NOUNS
from .phrases import year_items
from .schema import PART, TYPO, ColumnHit, Schema, is_numeric, names_rows, yes_and_no
from .tokens import Token, key
from .vocabulary import LONG_WORDS, PHRASES, REAL_WORDS, SOLD, TAKING, Cue


def firm_items(words: Sequence[Token], schema: Schema) -> tuple[Item, ...]:
    """What a phrase means without guessing: cues, whole column names, values and the table's own noun."""
    plain, text = plain_words(words), " ".join(word.text for word in words)
    items: list[Item] = []
    cue = PHRASES.get(plain)
    if cue is not None:
        largest = {"largest": True, "smallest": False}.get(cue.value)
        quantity = schema.quantity(cue.concepts, largest=largest)
        if cue.concepts == (SOLD,):
            sold = quantity_sold(schema)
            quantity = ColumnHit(sold, PART) if sold is not None else None
        if quantity is None and cue.concepts == ("speed",):
            quantity = schema.quantity(tuple(sorted(TAKING)))
            cue = replace(cue, value=_OPPOSITE[cue.value]) if quantity else cue
        measured = quantity is not None and nature(quantity.column) != "name"
        items.append(Item(cue.code, text, cue=cue, column=quantity.column if quantity and measured else None))
    if cue is not None and cue.code == "g" and len(words) == 1:
        items += [column_item(hit, text) for hit in schema.loose(plain) if hit.score < PART]
    if cue is None or cue.code not in "_WIAtX" or plain == ("no",):
        hits = schema.firm(tuple(word.text for word in words)) or schema.firm(plain)
        rows = len(words) == 1 and len(hits) == 1 and names_rows(hits[0].column, schema.table.rows)
        if rows:
            items.append(Item("U", text, cue=Cue("U", "table")))
            hits = (ColumnHit(hits[0].column, PART),)
        items += [column_item(hit, text) for hit in hits]
        if values := schema.values(plain):
            items.append(Item("V", text, values=values))
            if len(words) == 1 and not hits:
                others = [hit for hit in schema.loose(plain) if is_numeric(hit.column) and hit.score != TYPO]
                items += [
                    column_item(hit, text) for hit in others if hit.column not in [v.column for v in values]
                ]
    if len(words) == 1 and cue is None and (entity := schema.entity(plain[0])):
        return Item("C", text, PART, column=entity), Item("U", text, PART, cue=Cue("U", "entity"))
    if len(words) == 1 and cue is None and schema.is_subject(plain[0]):
        items.append(Item("U", text, cue=Cue("U", "assumed" if schema.is_vague(plain[0]) else "table")))
    plainly = key(text) == key(schema.table.name) and not (len(words) == 1 and schema.is_vague(plain[0]))
    if plainly and all(item.code != "U" for item in items):
        items.append(Item("U", text, cue=Cue("U", "table")))
    return tuple(items)


def symbol_items(question: Sequence[Token], start: int, schema: Schema) -> tuple[Item, ...]:
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
            columns = tuple(column_item(hit, token.text) for hit in schema.named(token.text))
            table = (Item("U", token.text, cue=Cue("U", "table")),) if token.text == schema.table.name else ()
            return columns + table or (Item("?", token.text),)
        case "quoted":
            return _quoted(token, schema)
        case _ if token.text in "-–" and _is_range(question, start):
            return (Item("t", token.text),)
        case _ if token.text == "&":
            return (Item("A", "&"),)
        case _ if token.text == "#":
            return (Item("n", "#", cue=Cue("n", "number of")),)
        case _ if token.text == "%":
            return (Item("P", "%", cue=Cue("P", "")),)
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
    columns = tuple(column_item(hit, token.text) for hit in schema.named(token.text))
    return columns or (Item("Q", token.text),)


def column_item(hit: ColumnHit, text: str) -> Item:
    return Item("Y" if yes_and_no(hit.column) else "C", text, hit.score, column=hit.column)


def misspelt(token: Token) -> Item | None:
    """A long cue with one slip of the finger, such as `avrage`."""
    if len(token.word) < 5:
        return None
    near = {PHRASES[(word,)] for word in LONG_WORDS if OSA.distance(token.word, word, score_cutoff=1) <= 1}
    if len(near) != 1:
        return None
    cue = near.pop()
    return Item(cue.code, token.text, TYPO, cue=cue)


def misspelt_value(token: Token, schema: Schema) -> Item | None:
    """A value with one slip of the finger, such as `enginering`."""
    if len(token.word) < 5 or token.word in REAL_WORDS or token.word in ROW_NOUNS:
        return None
    hits = schema.near_values(token.word)
    return Item("V", token.text, TYPO, values=hits) if len(hits) == 1 else None


_OPPOSITE = {"largest": "smallest", "smallest": "largest", ">": "<", "<": ">"}
