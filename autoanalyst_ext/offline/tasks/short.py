"""Tasks whose question is one that people ask in a line: read as that, its figures put under the asked names.

The reader of short questions uses every word or reads nothing; what is left are the constraints, which may
say how an answer is written and nothing that changes the rows.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from ..plan import Plan
from ..plan.findings import RowCount, Share
from ..plan.report import Entry, Report
from ..plan.selection import CompareMeasure, Condition
from ..plan.steps import Derive, ParseDate, ParseNumber, Step
from ..words.mentions import Marked
from .accounting import CHANGES, spoken, unaccounted
from .amounts import unused_amount
from .called import joined, place
from .idle import bases, is_idle
from .outputs import Output, outputs
from .restrictions import restriction
from .sayings import without_gaps
from .scene import Scene, TaskError
from .text import Asked, words_of_name
from .traces import TRACES
from .values import value_choices
from .wanted import FUNCTION_WORDS, PLAIN

MOST_WORDS = 40
"""Of a question that is read as one of a line, or as a few."""
Reader = Callable[[str], Plan | None]
_ASKS = re.compile(
    r"^(?:please,?\s+)?(?:can you\s+|could you\s+)?(?:please\s+)?"
    r"(?:report|compute|calculate|determine|find(?:\s+out)?|work\s+out|tell\s+me|name|give(?:\s+me)?|provide)\s+",
    re.IGNORECASE,
)
_AND_IT = re.compile(
    r",?\s+and\s+(?:what|how\s+(?:many|much|high|large|low))\s+(?:is|are|was|were)\s+(?:it|that|they|there|this)(?:\s+\w+)?(?=\s*[?.]?\s*$)",
    re.IGNORECASE,
)
_ROWS = re.compile(
    r"(?:for|among|of|in|considering|looking\s+at)\s+(?P<rows>[^,]{3,80}?)(?:\s+only)?,\s+", re.IGNORECASE
)
_LIST = re.compile(r",\s+and\s+|,\s+|\s+and\s+")
_AND_ASKS = re.compile(
    r",?\s+and\s+(?=(?:what|which|how|who|when|report|give|compute|calculate|the)\b)", re.IGNORECASE
)


def short_plan(scene: Scene, read: Reader) -> Plan:
    """The plan of a task by its question alone; raises `TaskError` where that does not say it all."""
    if len(scene.task.question.split()) > MOST_WORDS:
        raise TaskError("the question is too long to be read as one of a line")
    found = _plans(scene.task.question, read, several=len(scene.task.asked) > 1)
    steps = tuple(dict.fromkeys(chain.from_iterable(plan.steps for plan in found)))
    if len(found) > 1 and not all(map(_adds_only, steps)):
        raise TaskError("the parts of the question need different tables")
    figures = [list(outputs(plan, scene)) for plan in found]
    entries = tuple(_entry(asked, list(chain.from_iterable(figures)), scene) for asked in scene.task.asked)
    answered = {entry.source for entry in entries}
    if not all(any(output.source in answered for output in each) for each in figures):
        raise TaskError("a part of the question has no answer in the format")
    plan = Plan(table=scene.schema.table.name, steps=steps, ask=Report(entries=entries))
    if len({entry.source for entry in entries}) < len(entries):
        raise TaskError("two of the answers would be the same figure")
    _need_idle(scene, plan)
    return plan


def _plans(question: str, read: Reader, *, several: bool) -> list[Plan]:
    found: list[Plan] = []
    for sentence in re.split(r"(?<=[.?!])\s+|\n+", question.strip()):
        rows = _ROWS.match(sentence)
        where = _rows(rows["rows"], read) if rows else None
        plans = _split(
            _AND_IT.sub("", sentence[rows.end() :] if where and rows else sentence), read, several=several
        )
        found += [_narrowed(plan, where) if where else plan for plan in plans]
    return found


def _rows(noun: str, read: Reader) -> Condition | None:
    """The condition of `for patients older than 60,`."""
    plan = read(f"how many {noun}")
    is_count = plan is not None and isinstance(plan.ask, RowCount) and not (plan.by or plan.steps)
    return plan.where if plan is not None and is_count else None


def _narrowed(plan: Plan, where: Condition) -> Plan:
    if plan.rank is not None or isinstance(plan.ask, Share) or isinstance(plan.where, CompareMeasure):
        raise TaskError("it is not clear which rows are meant")
    return plan.model_copy(
        update={"where": joined([part for part in (where, plan.where) if part is not None])}
    )


def _split(sentence: str, read: Reader, *, several: bool) -> list[Plan]:
    """The plan of a sentence, or those of its parts."""
    for cut in (None, _AND_ASKS, _LIST):
        parts = (
            [sentence]
            if cut is None
            else [part for part in cut.split(_ASKS.sub("", sentence)) if part.strip()]
        )
        plans = [_read(part, read, several=several) for part in parts]
        if all(plan is not None for plan in plans) and (cut is None or len(parts) > 1):
            return [plan for plan in plans if plan is not None]
    raise TaskError("the question is not clear by itself")


def _read(sentence: str, read: Reader, *, several: bool) -> Plan | None:
    """The plan of a sentence: `in May and in June` asks for each of them where several answers are asked."""
    for text in dict.fromkeys((sentence, _ASKS.sub("", sentence))):
        plan = read(text)
        if plan is not None:
            if plan.subject and not is_idle(plan.subject):
                raise TaskError(f"it is not clear which rows are a {plan.subject}")
            return plan
    each = re.sub(r"\s+and\s+(?:of\s+|in\s+|at\s+|on\s+|for\s+)?", " or ", _ASKS.sub("", sentence))
    return read(each) if several and each != sentence else None


def _adds_only(step: Step) -> bool:
    return isinstance(step, (Derive, ParseDate, ParseNumber))


def _entry(asked: Asked, figures: Sequence[Output], scene: Scene) -> Entry:
    output = _matching(asked, figures, scene)
    decimals = None if output.is_whole else asked.decimals
    if decimals is None and not output.is_whole:
        decimals = 2
    is_percent = False
    if output.is_share:
        text = (scene.task.text + scene.task.form).casefold()
        is_percent = re.search(r"per\s?cent|%", text) is not None
        if not is_percent and not re.search(r"\bfraction\b|\bproportion\b|between 0 and 1\b", text):
            raise TaskError("it is not clear whether a share is to be in per cent")
    return Entry(name=asked.name, source=output.source, decimals=decimals, percent=is_percent)


def _matching(asked: Asked, figures: Sequence[Output], scene: Scene) -> Output:
    """The one output that the answer's name calls."""
    if asked.options or asked.boolean:
        raise TaskError(f"`{asked.name}` is to be a word")
    found = [each for each in figures if each.is_list == (asked.is_list or "..." in asked.placeholder)]
    called = [each for each in found if any(place(asked.words, name) for name in each.names)]
    longest = max(
        (len(name) for each in called for name in each.names if place(asked.words, name)), default=0
    )
    called = [
        each
        for each in called
        if any(len(name) == longest and place(asked.words, name) for name in each.names)
    ]
    found = called or [each for each in found if not each.names]
    functions = {FUNCTION_WORDS[word] for word in asked.words if word in FUNCTION_WORDS}
    if functions and any(each.function in functions for each in found):
        found = [each for each in found if each.function in functions]
    elif functions & _CONTRARY and all(each.function not in (None, *functions) for each in found):
        raise TaskError(f"`{asked.name}` says another figure than the question")
    if _COUNTED & set(asked.words) and any(each.is_count for each in found):
        found = [each for each in found if each.is_count]
    labels = [each for each in found if each.is_label]
    if labels and len(found) > 1:
        words = {word for each in labels for word in each.label_words} | {"name"}
        found = labels if words & set(asked.words) else [each for each in found if not each.is_label]
    if len(found) > 1:
        named = scene.named(asked.words, scene.schema.columns)
        found = [each for each in found if each.column in [column.name for column in named]]
    if len(found) != 1:
        raise TaskError(f"it is not clear what `{asked.name}` is")
    _need_explained(asked, found[0], scene)
    return found[0]


def _need_explained(asked: Asked, output: Output, scene: Scene) -> None:
    """Raise `TaskError` where a word of the name is neither of the question nor of every figure."""
    known = (
        {word for text in (scene.task.text,) for word in words_of_name(text)} | PLAIN | set(FUNCTION_WORDS)
    )
    known |= {word for name in output.names for word in name}
    for word in asked.words:
        begins = any(
            len(min(word, each, key=len)) > 3 and (word.startswith(each) or each.startswith(word))
            for each in known
        )
        if not (word.isdigit() or begins or bases(word) & known or is_idle(word)):
            raise TaskError(f"the word “{word}” of `{asked.name}` is not understood")


_COUNTED = frozenset({"count", "number", "n", "how", "rows"})
_CONTRARY = frozenset({"mean", "median", "min", "max", "std", "var", "range", "mode"})


def _need_idle(scene: Scene, plan: Plan) -> None:
    """Raise `TaskError` for a constraint that could change what is asked."""
    written = plan.model_dump_json()
    rest = Marked(scene.text.text[len(scene.question) :], scene.text.mentions)
    text = rest.with_unsure()
    text = text if '"row_count"' in written else without_gaps(text, rows=False)
    for problem in _problems(scene, rest, text, written):
        raise TaskError(f"the task says “{problem}”, which the plan does not use")


def _problems(scene: Scene, rest: Marked, text: str, written: str) -> Iterator[str]:
    if change := CHANGES.search(text.casefold()):
        yield change[0]
    for word, trace in TRACES:
        match = re.search(word, text.casefold())
        if match is not None and re.search(trace, written) is None:
            yield match[0]
    parts = (
        unaccounted(scene, text),
        unused_amount(scene, text, written),
        restriction(text, scene, spoken(scene)),
    )
    for part in parts:
        if part is not None:
            yield part
    for column in rest.sure_columns(rest.text):
        if f'"name":{json.dumps(column.name, ensure_ascii=False)}' not in written:
            yield column.name
    for word in re.findall(r"[a-z]+", text.casefold()):
        if (
            word in FUNCTION_WORDS
            and word != "total"
            and f'"function":"{FUNCTION_WORDS[word]}"' not in written
        ):
            yield word
    if re.search(r"population|ddof|σ", text.casefold()):
        yield "population"
    for choice in value_choices(scene, rest):
        if choice.condition.model_dump_json().partition('"value":')[2] not in written:
            yield choice.column.name
