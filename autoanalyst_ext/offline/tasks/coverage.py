"""Coverage of a task: whether the plan uses all that its text says.

Every operative word, column, number and quoted word of the text must have left its trace in the plan; what
has none may have changed the answer, so the task is not answered.
"""

import json
import re

from ..plan import Plan
from ..words.schema import words_of
from ..words.tokens import key, singular
from .scene import Scene, TaskError
from .traces import HARMLESS, IDLE_NUMBERS, TRACES


def need_covered(scene: Scene, plan: Plan) -> None:
    """Raise `TaskError` for a part of the text that the plan does not use."""
    written = plan.model_dump_json()
    text = re.sub(HARMLESS, " ", scene.text.with_unsure().casefold())
    for word, trace in TRACES:
        match = re.search(word, text)
        if match is not None and re.search(trace, written) is None:
            raise TaskError(f"the task says “{match[0]}”, which the plan does not use")
    _need_columns(scene, written)
    _need_numbers(scene, written)
    _need_ordinals(scene, written)
    _need_filters(scene, written)
    _need_different(plan)


def _need_numbers(scene: Scene, written: str) -> None:
    """Every number of the text is in the plan: thresholds, limits, years, constants."""
    text = re.sub(IDLE_NUMBERS, " ", _without_names(scene).casefold(), flags=re.MULTILINE)
    text = re.sub(HARMLESS, " ", text)
    if '"verdict"' not in written:
        text = re.sub(r"consider[^.\n]*\bsignificant(?:[^.\n]|\.\d)*", " ", text)
    in_plan = {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", written)}
    for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w%])", text):
        value = float(number)
        near = (value, value + 1, -value, value / 100, 1 - value / 100)
        if not any(abs(have - known) < 1e-12 for have in near for known in in_plan):
            raise TaskError(f"the task says “{number}”, which the plan does not use")


def _without_names(scene: Scene) -> str:
    """The text without numbers that end a name in capitals, as `CAC 40`."""
    names = {key(column.name) for column in scene.schema.columns}

    def named(match: re.Match[str]) -> str:
        return match[0] if key(match[1]) in names else " "

    return re.sub(r"\b([A-Z][A-Z&]+) \d+\b", named, scene.task.text)


def _need_ordinals(scene: Scene, written: str) -> None:
    """`the first class` chooses rows, where a column is called after the noun."""
    endings = {word for column in scene.schema.columns for word in words_of(column.name)}
    for match in re.finditer(rf"\b(?:{_ORDINALS})[\s-]+(\w{{4,}})", scene.task.text.casefold()):
        noun = singular(match[1])
        named = any(ending.endswith(noun) for ending in endings)
        if named and '"compare"' not in written and '"by":[{' not in written:
            raise TaskError(f"the task says “{match[0]}”, which the plan does not use")


_ORDINALS = "first|second|third|fourth|1st|2nd|3rd|4th"


def _need_columns(scene: Scene, written: str) -> None:
    """Every column that the question itself names for sure is used."""
    question = re.sub(HARMLESS, " ", scene.text.text[: _question_end(scene)], flags=re.IGNORECASE)
    for column in scene.text.sure_columns(question):
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
        raise TaskError(f"the task says “{match[0].strip()}”, which the plan does not use")


def _need_different(plan: Plan) -> None:
    """No two answers are the same figure."""
    if plan.ask.kind != "report":
        return
    sources = [entry.source for entry in plan.ask.entries]
    if len(set(sources)) < len(sources):
        raise TaskError("two of the answers would be the same figure")
