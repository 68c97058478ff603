"""Chat Completions as the library speaks it, with usage that is counted once.

A service may report its tokens in more than one chunk, each time the total so far; the library would add them
up, and the call would be booked at twice its cost.
"""

from pydantic_ai.models.openai import OpenAIChatModel, OpenAIStreamedResponse
from pydantic_ai.usage import RequestUsage


class CountedStream(OpenAIStreamedResponse):
    """A stream whose last report of tokens stands for all of it."""

    def _add_usage(self, usage: RequestUsage, *, reported: bool, cumulative: bool = False) -> None:
        super()._add_usage(usage, reported=reported, cumulative=cumulative or reported)


class ChatModel(OpenAIChatModel):
    """A model behind Chat Completions."""

    @property
    def _streamed_response_cls(self) -> type[OpenAIStreamedResponse]:
        return CountedStream
