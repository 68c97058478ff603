"""Coverage of a task: whether the plan uses all that its text says.

Every operative word, column, number and quoted word of the text must have left its trace in the plan; what
has none may have changed the answer, so the task is not answered.
"""

import json
import re

from ..plan import Plan
from ..words.schema import words_of
from ..words.tokens import singular
from .accounting import CHANGES, sentences, spoken, unaccounted
from .amounts import unused_amount
from .restrictions import restriction
from .sayings import without_gaps
from .scene import Scene, TaskError
from .traces import TRACES


def need_covered(scene: Scene, plan: Plan) -> None:
    """Raise `TaskError` for a part of the text that the plan does not use."""
    written = plan.model_dump_json()
    text = scene.text.with_unsure()
    if '"row_count"' not in written:
        text = without_gaps(text, rows=re.search(r'"(?:correlation|regression|model)"', written) is not None)
    for word, trace in TRACES:
        match = re.search(word, text.casefold())
        if match is not None and re.search(trace, written) is None:
            raise _unused(match[0])
    parts = (
        unaccounted(scene, text),
        unused_amount(scene, text, written),
        restriction(text, scene, spoken(scene)),
    )
    for part in parts:
        if part is not None:
            raise _unused(part)
    _need_columns(scene, written)
    _need_ordinals(scene, written)
    _need_filters(scene, written)
    _need_choices(scene, written)
    _need_negation(scene, written)
    _need_different(plan)


def _need_negation(scene: Scene, written: str) -> None:
    """`when it is not raining` chooses rows."""
    question = re.sub(
        r"[\"'`][^\"'`\n]*[\"'`]|\b(?:or not|not only|not (?:null|missing|nan|empty))\b",
        " ",
        without_gaps(scene.question, rows=True),
    )
    match = re.search(r"\b(?:not|never|without|cannot)\b|n't\b", question.casefold())
    no = r'"!="|"not"|"verdict"|"drop_|"missing|"value":(?:false|0|"[Nn]o?")'
    if match is not None and re.search(no, written) is None:
        raise _unused(match[0])


def _unused(part: str) -> TaskError:
    return TaskError(f"the task says “{part.strip()}”, which the plan does not use")


def _need_choices(scene: Scene, written: str) -> None:
    """Every value that the text says chooses rows."""
    for choice in scene.choices:
        if choice.said and choice.condition.model_dump_json() not in written:
            raise TaskError(f"a value of `{choice.column.name}` is named, and the plan does not use it")


def _need_ordinals(scene: Scene, written: str) -> None:
    """`the first class` chooses rows, where a column is called after the noun."""
    endings = {word for column in scene.schema.columns for word in words_of(column.name)}
    for match in re.finditer(rf"\b(?:{_ORDINALS})[\s-]+(\w{{4,}})", scene.task.text.casefold()):
        noun = singular(match[1])
        named = any(ending.endswith(noun) for ending in endings)
        if named and '"compare"' not in written and '"by":[{' not in written:
            raise _unused(match[0])


_ORDINALS = "first|second|third|fourth|1st|2nd|3rd|4th"


def _need_columns(scene: Scene, written: str) -> None:
    """Every column is used that the question names for sure, or a sentence that changes the rows."""
    parts = [scene.text.text[: _question_end(scene)]]
    parts += [each for each in sentences(scene.text.text) if CHANGES.search(each.casefold())]
    for column in scene.text.sure_columns("\n".join(parts)):
        if f'"name":{_quoted(column.name)}' not in written and not _is_row_noun(scene, column.name):
            raise TaskError(f"the task names `{column.name}`, which the plan does not use")


def _question_end(scene: Scene) -> int:
    end = scene.text.text.find("\n", 0)
    return len(scene.text.text) if end < 0 or not scene.task.constraints else _marked_end(scene)


def _marked_end(scene: Scene) -> int:
    """Where the question ends in the marked text: constraints begin with their first words."""
    first = scene.task.constraints.split("\n")[0][:12]
    position = scene.text.text.find("\n" + first)
    return position if position > 0 else len(scene.text.text)


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _is_row_noun(scene: Scene, name: str) -> bool:
    """Whether a column is only named as what each row is: `the outliers of all countries`."""
    column = scene.schema.table.column(name)
    return (
        column is not None
        and column.kind in ("text", "category", "datetime")
        and column.distinct == scene.schema.table.rows
    )


def _need_filters(scene: Scene, written: str) -> None:
    """A question that chooses rows has a condition in its plan."""
    question = scene.lower[: _question_end(scene)]
    match = re.search(r"\b(?:who|whose|among (?!all)|only (?:the )?rows)\b", question)
    if match is not None and '"compare' not in written and '"one_of"' not in written:
        raise _unused(match[0])


def _need_different(plan: Plan) -> None:
    """No two answers are the same figure."""
    if plan.ask.kind != "report":
        return
    sources = [entry.source for entry in plan.ask.entries]
    if len(set(sources)) < len(sources):
        raise TaskError("two of the answers would be the same figure")
