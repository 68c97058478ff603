"""What a model call used, in our own words: inclusive counts, and "not reported" kept apart from zero.

Where a provider reports nothing there is an estimate, which its caller marks as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..types.usage import TokenUsage

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.usage import RequestUsage

BYTES_PER_TOKEN = 3
"""UTF-8 bytes that make up a token. Prose comes to about four, code to fewer: rather too many tokens."""


def tokens_of(usage: RequestUsage, *, complete: bool = True) -> TokenUsage | None:
    """The tokens that the provider reported; `None` when it reported none.

    Counts are inclusive for every provider: cached tokens are part of the input, reasoning of the output.
    `complete` says whether the answer reached its end. Of an answer that broke off, zeros mean that the
    report had not come yet, and other figures are what the provider had said so far (Anthropic tells the
    input first, and one token of output as a placeholder).
    """
    # Not every adapter of the library says that nothing was reported; then it has set no figure at all.
    if usage.unmeasured_requests or not (usage.details or "input_tokens" in vars(usage)):
        return None
    found = TokenUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
        reasoning_tokens=usage.output_reasoning_tokens or usage.details.get("reasoning_tokens", 0),
    )
    if not complete and found == TokenUsage():
        return None
    return found


def estimate(
    sent: Sequence[ModelMessage], received: Sequence[ModelResponse], reported: TokenUsage | None = None
) -> TokenUsage:
    """Tokens by the length of what was sent and received; never fewer than `reported`, if anything was.

    An input that the provider has reported is taken as it is. Definitions of tools are not counted.
    """
    known = reported or TokenUsage()
    output = max(known.output_tokens, _tokens_in(received))
    if known.input_tokens:
        return known.model_copy(update={"output_tokens": output})
    return known.model_copy(update={"input_tokens": _tokens_in(sent), "output_tokens": output})


def _tokens_in(messages: Sequence[ModelMessage]) -> int:
    size = sum(len(text.encode("utf-8", "replace")) for message in messages for text in _texts(message))
    return -(-size // BYTES_PER_TOKEN)


def _texts(message: ModelMessage) -> Iterator[str]:
    from pydantic_ai.messages import ModelRequest, ToolCallPart, ToolReturnPart

    if isinstance(message, ModelRequest) and message.instructions:
        yield message.instructions
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            yield part.tool_name
            yield part.args_as_json_str()
        elif isinstance(part, ToolReturnPart):
            yield part.model_response_str()
        else:
            content = getattr(part, "content", None)
            for item in [content] if isinstance(content, str) else content or ():
                if isinstance(item, str):
                    yield item
