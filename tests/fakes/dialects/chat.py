"""OpenAI Chat Completions, and the two that speak it with small differences: Azure OpenAI and Groq."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from autoanalyst_ext.providers.script import Asked, Reply
from autoanalyst_ext.types.usage import TokenUsage

from .base import Dialect, Frame, ModelRequest, arguments, event, halves, text_of

KINDS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("invalid_request_error", "model_not_available"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
}


class ChatDialect(Dialect):
    """OpenAI's own."""

    name = "openai"

    def serves(self, path: str) -> bool:
        return path == "/v1/chat/completions"

    def key(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def base_url(self, root: str) -> str:
        return f"{root}/v1"

    def asked(self, body: dict[str, Any]) -> Asked:
        user, results = "", list[str]()
        for message in body.get("messages", []):
            if message.get("role") == "user":
                user, results = text_of(message.get("content")), []
            elif message.get("role") == "tool":
                results.append(text_of(message.get("content")))
        return Asked(user=user, tool_results=tuple(results))

    def whole(self, reply: Reply, request: ModelRequest, number: int) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": "".join(reply.pieces) or None}
        if reply.tool_calls:
            message["tool_calls"] = [
                {
                    "id": call.id or f"call_{number}_{place}",
                    "type": "function",
                    "function": {"name": call.name, "arguments": arguments(call.args)},
                }
                for place, call in enumerate(reply.tool_calls)
            ]
        choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
        body = self._head(request, number, "chat.completion") | {"choices": [choice]}
        if reply.usage is not None:
            body["usage"] = usage_body(reply.usage)
        return body

    def frames(self, reply: Reply, request: ModelRequest, number: int) -> Iterator[Frame]:
        head = self._head(request, number, "chat.completion.chunk")
        yield self._delta(head, {"role": "assistant", "content": ""})
        for piece in reply.pieces:
            yield self._delta(head, {"content": piece})
        for place, call in enumerate(reply.tool_calls):
            first = {
                "index": place,
                "id": call.id or f"call_{number}_{place}",
                "type": "function",
                "function": {"name": call.name, "arguments": ""},
            }
            yield self._delta(head, {"tool_calls": [first]})
            for piece in halves(arguments(call.args)):
                more = {"index": place, "function": {"arguments": piece}}
                yield self._delta(head, {"tool_calls": [more]})
        yield from self._last(head, reply, request)
        yield Frame(b"data: [DONE]\n\n", reply.usage if self._reports(request) else None)

    def error(self, status: int) -> dict[str, Any]:
        kind, code = KINDS.get(status, ("server_error", None))
        # Real providers quote part of the key and of the request: so does this one, to see that we do not.
        message = f"Provider says {status}: key sk-QUOTED, prompt QUOTED-PROMPT."
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}

    def error_frame(self, status: int) -> Frame:
        return event(self.error(status))

    def _last(self, head: dict[str, Any], reply: Reply, request: ModelRequest) -> Iterator[Frame]:
        yield self._delta(head, {}, finish=reply.finish_reason)
        if reply.usage is not None and self._reports(request):
            for _ in range(1 + reply.usage_repeated):
                yield event(head | {"choices": [], "usage": usage_body(reply.usage)}, usage=reply.usage)

    def _reports(self, request: ModelRequest) -> bool:
        """Usage is streamed only to who asks for it, as the real API does."""
        return bool((request.body.get("stream_options") or {}).get("include_usage"))

    def _head(self, request: ModelRequest, number: int, kind: str) -> dict[str, Any]:
        return {"id": f"chatcmpl-{number}", "object": kind, "created": 1_760_000_000, "model": request.model}

    def _delta(self, head: dict[str, Any], delta: dict[str, Any], *, finish: str | None = None) -> Frame:
        return event(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


class GroqDialect(ChatDialect):
    """Groq: another path, and the usage of a stream always comes with its last chunk, in `x_groq`."""

    name = "groq"

    def serves(self, path: str) -> bool:
        return path == "/openai/v1/chat/completions"

    def base_url(self, root: str) -> str:
        return root

    def _reports(self, request: ModelRequest) -> bool:
        return True

    def _last(self, head: dict[str, Any], reply: Reply, request: ModelRequest) -> Iterator[Frame]:
        choice = {"index": 0, "delta": {}, "finish_reason": reply.finish_reason}
        body = head | {"choices": [choice]}
        if reply.usage is not None:
            body["x_groq"] = {"id": head["id"], "usage": usage_body(reply.usage)}
        yield event(body, usage=reply.usage)

    def error_frame(self, status: int) -> Frame:
        # The SDK knows an error in a stream by the event's name.
        return event(self.error(status), name="error")


class AzureDialect(ChatDialect):
    """Azure OpenAI: the deployment is in the path, the key in a header of its own."""

    name = "azure"

    def serves(self, path: str) -> bool:
        return path.startswith("/openai/deployments/") and path.endswith("/chat/completions")

    def key(self, headers: Mapping[str, str]) -> str:
        return headers.get("api-key", "")

    def base_url(self, root: str) -> str:
        return root

    def read(self, path: str, body: dict[str, Any]) -> ModelRequest:
        deployment = urlsplit(path).path.split("/")[3]
        return super().read(path, body | {"model": deployment})


def usage_body(usage: TokenUsage) -> dict[str, Any]:
    """Usage as Chat Completions reports it: inclusive counts."""
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
        "prompt_tokens_details": {
            "cached_tokens": usage.cache_read_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
        },
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }
