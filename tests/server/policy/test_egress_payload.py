"""The payload: what of a history leaves, whole and at each level."""

import json
from typing import Any

import pandas as pd
import pytest
from pydantic_ai.messages import (
    BinaryContent,
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    RetryInfo,
    SpeechPart,
    SystemPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from autoanalyst_ext.policy import egress
from autoanalyst_ext.types.runs import EgressLevel

from .egress_frames import executed, profile, result

BELOW_ROWS: tuple[EgressLevel, ...] = ("names", "schema", "statistics", "masked")
FRAME = pd.DataFrame(
    {
        "name": [f"Canary{n}" for n in range(20)],
        "score": [1.5 * n for n in range(20)],
        "team": ["a", "b"] * 10,
    }
)


def returned(facts: Any, content: str = "Canary content", **more: Any) -> ModelRequest:
    part = ToolReturnPart("run_cell", content, tool_call_id="call-1", metadata=facts, **more)
    return ModelRequest(parts=[part], metadata={"note": "Canary"})


def facts_of(source: str, value: Any) -> dict[str, Any]:
    return {"execution": executed(source, result(value)).model_dump(mode="json"), "label": "c7"}


def history() -> list[ModelMessage]:
    tables = {"tables": [profile("scores", FRAME).model_dump(mode="json")], "names": ["scores", "other"]}
    return [
        ModelRequest(parts=[SystemPromptPart("You analyse data."), UserPromptPart("Who is best?")]),
        ModelResponse(parts=[ToolCallPart("inspect_data", {}, tool_call_id="call-0")]),
        returned(tables),
        ModelResponse(
            parts=[TextPart("I look."), ToolCallPart("run_cell", {"source": "x"}, tool_call_id="call-1")]
        ),
        returned(facts_of("scores.groupby('team')['score'].mean()", FRAME.groupby("team")["score"].mean())),
        returned(facts_of("scores.iloc[[17, 19]]", FRAME.iloc[[17, 19]])),
        returned({"notice": "The code was not run: it writes a file."}),
    ]


def text_of(messages: list[ModelMessage]) -> str:
    return ModelMessagesTypeAdapter.dump_json(messages).decode()


@pytest.mark.parametrize("level", BELOW_ROWS)
def test_no_value_leaves_below_rows(level: EgressLevel) -> None:
    text = text_of(egress.payload(history(), level))
    assert "Canary" not in text
    assert "25.5" not in text
    assert 'metadata":{' not in text
    assert "Who is best?" in text
    assert "The code was not run" in text
    assert "Names that exist already: scores, other" in text


def test_statistics_show_what_they_may_and_how_to_refer_to_the_rest() -> None:
    text = text_of(egress.payload(history(), "statistics"))
    assert 'team=\\"a\\": score=13.5' in text
    assert "{{c7[0].name}}" in text


def test_rows_show_values_and_drop_the_facts() -> None:
    text = text_of(egress.payload(history(), "rows"))
    assert "Canary19" in text
    assert "execution" not in text


def test_a_model_in_this_process_keeps_the_facts() -> None:
    kept = egress.payload(history(), "rows", keep_metadata=True)
    part = kept[4].parts[0]
    assert isinstance(part, ToolReturnPart)
    assert part.metadata["label"] == "c7"
    assert "13.5" in str(part.content)


def test_the_history_itself_is_not_changed() -> None:
    messages = history()
    before = text_of(messages)
    egress.payload(messages, "statistics")
    assert text_of(messages) == before


def test_the_same_history_gives_the_same_bytes_and_a_longer_one_begins_with_them() -> None:
    messages = history()
    stored = ModelMessagesTypeAdapter.validate_json(ModelMessagesTypeAdapter.dump_json(messages))
    first = egress.payload(messages, "statistics")
    assert text_of(first) == text_of(egress.payload(stored, "statistics"))
    assert text_of(egress.payload(messages[:4], "statistics")) == text_of(first[:4])


UNKNOWN: list[Any] = [
    None,
    {},
    {"rows": ["Canary"]},
    "Canary",
    ["Canary"],
    {"execution": {"Canary": 1}},
    {"tables": [{"name": "Canary"}]},
    {"notice": 3},
    {"tables": 7},
    {"execution": "Canary"},
    {"names": "Canary"},
]


@pytest.mark.parametrize("level", BELOW_ROWS)
@pytest.mark.parametrize("facts", UNKNOWN, ids=[str(facts) for facts in UNKNOWN])
def test_a_tool_return_without_facts_that_we_know_is_withheld(facts: Any, level: EgressLevel) -> None:
    (message,) = egress.payload([returned(facts)], level)
    part = message.parts[0]
    assert isinstance(part, ToolReturnPart)
    assert part.content == "(withheld)"
    assert part.metadata is None


def test_a_refused_or_broken_call_is_told_in_fixed_words() -> None:
    for outcome in ("denied", "interrupted", "failed"):
        text = text_of(egress.payload([returned(None, outcome=outcome)], "rows"))
        assert "Canary" not in text
        assert "call" in text


def test_wrong_arguments_are_explained_by_the_library_and_a_tools_own_words_are_not() -> None:
    wrong = returned(None, "1 validation error", outcome="retried", retry=RetryInfo(cause="validation_error"))
    assert "1 validation error" in text_of(egress.payload([wrong], "statistics"))
    told = returned(None, "Canary", outcome="retried", retry=RetryInfo(cause="model_retry"))
    assert "Canary" not in text_of(egress.payload([told], "statistics"))


def test_attachments_leave_only_as_rows() -> None:
    image = BinaryContent(data=b"Canary", media_type="image/png")
    messages: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart(["look at", image])])]
    (message,) = egress.payload(messages, "masked")
    assert message.parts[0].content == ["look at", "(an attachment, withheld)"]  # type: ignore[union-attr]
    (message,) = egress.payload(messages, "rows")
    assert message.parts[0].content[1] == image  # type: ignore[union-attr,index]


def test_a_kind_of_part_that_is_not_known_is_withheld() -> None:
    speech = SpeechPart(transcript="Canary", speaker="user")
    messages: list[ModelMessage] = [ModelRequest(parts=[speech])]
    text = text_of(egress.payload(messages, "statistics"))
    assert "Canary" not in text
    assert "(withheld)" in text


def test_feedback_of_our_own_goes_as_it_is() -> None:
    part = RetryFeedbackPart("Write the answer again.", retry=RetryInfo(cause="model_retry"))
    assert "Write the answer again." in text_of(egress.payload([ModelRequest(parts=[part])], "names"))


def test_the_digest_is_the_same_for_the_same_words_and_another_for_others() -> None:
    once, again = egress.payload(history(), "statistics"), egress.payload(history(), "statistics")
    assert egress.digest(once) == egress.digest(again)
    assert len(egress.digest(once)) == 64
    assert egress.digest(once) != egress.digest(egress.payload(history(), "rows"))


def test_a_tool_return_is_bounded_and_says_what_is_missing() -> None:
    (message,) = egress.payload([returned({"notice": "long line\n" * 5_000})], "rows")
    content = str(message.parts[0].content)  # type: ignore[union-attr]
    assert len(content) <= 8_000
    assert "more characters not shown" in content


def test_a_long_history_leaves_out_its_oldest_returns_many_at_once() -> None:
    def contents(count: int) -> list[str]:
        messages: list[ModelMessage] = [returned({"notice": f"{n}: " + "x" * 7_000}) for n in range(count)]
        return [str(message.parts[0].content) for message in egress.payload(messages, "rows")]  # type: ignore[union-attr]

    sent = contents(60)
    assert sum(len(content) for content in sent) <= 160_000
    assert sent[0].startswith("(left out")
    assert sent[-1].startswith("59: ")
    # The same returns are left out for several requests, so that their start stays the same.
    dropped = [sum(content.startswith("(left out") for content in contents(n)) for n in range(40, 46)]
    assert len(set(dropped)) <= 2


def test_what_will_leave_is_said_in_one_sentence_per_level() -> None:
    texts = {egress.describe(level) for level in (*BELOW_ROWS, "rows")}
    assert len(texts) == 5
    assert all(text.startswith("The model's provider will see your question") for text in texts)


def test_facts_as_values_are_read_like_facts_as_json() -> None:
    execution = executed("len(scores)", result(20))
    tables = [profile("scores", FRAME)]
    live = egress.payload([returned({"tables": tables}), returned({"execution": execution})], "statistics")
    plain = json.loads(ModelMessagesTypeAdapter.dump_json(live))
    assert "c1: 20" in plain[1]["parts"][0]["content"]
