"""What a provider was sent, as it is shown: every piece in order; where it is long, without its middle."""

from hypothesis import given
from hypothesis import strategies as st
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    RetryInfo,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from autoanalyst_ext.policy.egress.sent import shown, within
from autoanalyst_ext.types.panel import SentPart

TOOL = ToolDefinition(name="run_cell", description="Runs code.", parameters_json_schema={"type": "object"})


def test_every_piece_is_shown_in_the_order_a_model_reads_it() -> None:
    messages: list[ModelMessage] = [
        ModelRequest(parts=[UserPromptPart("mean price")], instructions="older"),
        ModelResponse(parts=[ThinkingPart("hm"), ToolCallPart("run_cell", {"code": "é"}, tool_call_id="1")]),
        ModelRequest(
            parts=[ToolReturnPart("run_cell", "c1 ran", tool_call_id="1")], instructions="Be exact."
        ),
        ModelResponse(parts=[TextPart("{{c9}}")]),
        ModelRequest(
            parts=[RetryFeedbackPart("no such cell", retry=RetryInfo(cause="model_retry"))],
            instructions="Be exact.",
        ),
    ]
    parts, cut = shown(messages, ModelRequestParameters(function_tools=[TOOL]))
    assert not cut
    assert [(part.role, part.name) for part in parts] == [
        ("instructions", ""),
        ("instructions", "run_cell"),
        ("user", ""),
        ("assistant", ""),
        ("tool_call", "run_cell"),
        ("tool_return", "run_cell"),
        ("assistant", ""),
        ("user", ""),
    ]
    assert parts[0].text == "Be exact."
    assert parts[1].text == 'Runs code.\n{"type": "object"}'
    assert parts[4].text == '{"code":"é"}'
    assert "no such cell" in parts[-1].text


def test_half_a_character_can_be_kept() -> None:
    request = ModelRequest(parts=[ToolReturnPart("run_cell", "a\ud800", tool_call_id="1")])
    parts, _ = shown([request], ModelRequestParameters())
    assert parts[0].model_dump_json()


TEXTS = st.lists(st.text(st.sampled_from("aé\n🙂"), max_size=200), min_size=1, max_size=12)


@given(texts=TEXTS, limit=st.integers(40, 600))
def test_it_keeps_within_the_limit_and_loses_the_middle_first(texts: list[str], limit: int) -> None:
    parts = tuple(SentPart(role="user", name=str(number), text=text) for number, text in enumerate(texts))
    kept, cut = within(parts, limit)
    assert sum(len(part.text.encode()) for part in kept) <= limit
    assert cut == (sum(len(text.encode()) for text in texts) > limit)
    numbers = [int(part.name) for part in kept]
    assert numbers == sorted(numbers)
    assert {numbers[0], numbers[-1]} == {0, len(parts) - 1}
    missing = sorted(set(range(len(parts))) - set(numbers))
    assert missing == list(range(missing[0], missing[-1] + 1)) if missing else True
    assert all(part in parts for part in kept[1:-1]), "what is between is whole"


def test_a_first_part_that_is_too_long_keeps_its_start_and_its_end() -> None:
    long, last = SentPart(role="instructions", text="<" + "x" * 1000 + ">"), SentPart(role="user", text="why")
    kept, cut = within((long, last), 200)
    assert cut
    assert kept[0].text.startswith("<x")
    assert kept[0].text.endswith("x>")
    assert "(left out)" in kept[0].text
    assert kept[1] == last
