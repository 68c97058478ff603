"""Estimates: what is booked when a provider did not say."""

from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.usage import RequestUsage

from autoanalyst_ext.providers.usage import estimate, tokens_of
from autoanalyst_ext.types.usage import TokenUsage

QUESTION = ModelRequest.user_text_prompt("x" * 30)
ANSWER = ModelResponse(parts=[TextPart("y" * 300)])


def test_an_estimate_goes_by_length() -> None:
    assert estimate([QUESTION], [ANSWER]) == TokenUsage(input_tokens=10, output_tokens=100)


def test_an_estimate_counts_instructions_tool_calls_and_results() -> None:
    plain = estimate([QUESTION], [])
    result = ModelRequest(parts=[ToolReturnPart("run_cell", "z" * 90, "c1")], instructions="i" * 60)
    call = ModelResponse(parts=[ToolCallPart("run_cell", {"code": "w" * 90})])
    more = estimate([QUESTION, call, result], [])
    assert more.input_tokens - plain.input_tokens >= 30 + 20 + 30


def test_an_estimate_is_never_below_what_was_reported() -> None:
    reported = TokenUsage(input_tokens=5000, output_tokens=1, cache_read_tokens=4000)
    assert estimate([QUESTION], [ANSWER], reported) == reported.model_copy(update={"output_tokens": 100})
    reported = TokenUsage(input_tokens=5000, output_tokens=900)
    assert estimate([QUESTION], [ANSWER], reported) == reported


def test_zeros_of_a_broken_answer_are_not_a_report() -> None:
    usage = RequestUsage(input_tokens=0, output_tokens=0)
    assert tokens_of(usage) == TokenUsage()
    assert tokens_of(usage, complete=False) is None
    assert tokens_of(RequestUsage(input_tokens=9), complete=False) == TokenUsage(input_tokens=9)
