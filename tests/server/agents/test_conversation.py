"""What a model says, as a conversation keeps it."""

from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart

from autoanalyst_ext.agents.conversation import Conversation


def test_halves_of_characters_are_put_together_or_replaced() -> None:
    said = ModelResponse(
        parts=[
            TextPart("\ud83d\ude00 and \ud83d"),
            ToolCallPart("run_cell", {"code": "x = '\ud83d'", "more": ["\ude00"]}),
            ToolCallPart("run_cell", '{"code": "x = \'\\ud83d\\ude00 \\uD83D\'"}'),
            ToolCallPart("run_cell", '{"code": "\\ud83d'),
        ]
    )
    text, *calls = Conversation().replied(said).parts
    assert text.content == "\U0001f600 and \ufffd"  # type: ignore[union-attr]
    arguments = [call.args for call in calls]  # type: ignore[union-attr]
    assert arguments == [
        {"code": "x = '\ufffd'", "more": ["\ufffd"]},
        {"code": "x = '\U0001f600 \ufffd'"},
        '{"code": "\\ud83d',
    ]


def test_arguments_without_such_halves_stay_as_the_provider_wrote_them() -> None:
    written = '{ "code": "1" }'
    (call,) = Conversation().replied(ModelResponse(parts=[ToolCallPart("run_cell", written)])).tool_calls
    assert call.args == written
