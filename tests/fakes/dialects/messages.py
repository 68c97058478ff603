"""Anthropic Messages. Its input count leaves out cached tokens, and a stream tells the input first."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from autoanalyst_ext.providers.script import Asked, Reply
from autoanalyst_ext.types.usage import TokenUsage

from .base import Dialect, Frame, ModelRequest, arguments, event, halves, text_of

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}
FINISH = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}


class MessagesDialect(Dialect):
    """The Messages API."""

    name = "anthropic"

    def serves(self, path: str) -> bool:
        return path == "/v1/messages"

    def key(self, headers: Mapping[str, str]) -> str:
        # Older SDKs send the first, newer ones the second.
        return headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")

    def base_url(self, root: str) -> str:
        return root

    def asked(self, body: dict[str, Any]) -> Asked:
        user, results = "", list[str]()
        for message in body.get("messages", []):
            if message.get("role") != "user":
                continue
            parts = message.get("content")
            parts = [{"type": "text", "text": parts}] if isinstance(parts, str) else parts
            for part in parts:
                if part["type"] == "tool_result":
                    results.append(text_of(part.get("content")))
                elif part["type"] == "text":
                    user, results = part["text"], []
        return Asked(user=user, tool_results=tuple(results))

    def whole(self, reply: Reply, request: ModelRequest, number: int) -> dict[str, Any]:
        content: list[dict[str, Any]] = []
        if reply.pieces:
            content.append({"type": "text", "text": "".join(reply.pieces)})
        for place, call in enumerate(reply.tool_calls):
            args = call.args if isinstance(call.args, dict) else json.loads(call.args)
            name = call.id or f"toolu_{number}_{place}"
            content.append({"type": "tool_use", "id": name, "name": call.name, "input": args})
        return {
            "id": f"msg_{number}",
            "type": "message",
            "role": "assistant",
            "model": request.model,
            "content": content,
            "stop_reason": FINISH[reply.finish_reason],
            "stop_sequence": None,
            "usage": usage_body(reply.usage) if reply.usage is not None else {},
        }

    def frames(self, reply: Reply, request: ModelRequest, number: int) -> Iterator[Frame]:
        head = self.whole(reply, request, number) | {"content": [], "stop_reason": None}
        early = _early(reply.usage)
        head["usage"] = usage_body(early) if early is not None else {}
        yield event({"type": "message_start", "message": head}, name="message_start", usage=early)
        yield event({"type": "ping"}, name="ping")
        blocks = [("text", None)] if reply.pieces else []
        index = 0
        for _ in blocks:
            yield from self._text(reply, index)
            index += 1
        for place in range(len(reply.tool_calls)):
            yield from self._call(reply, place, index, number)
            index += 1
        delta = {"stop_reason": FINISH[reply.finish_reason], "stop_sequence": None}
        usage = usage_body(reply.usage) if reply.usage is not None else {}
        # The end repeats the counts, but not for how long what was written is kept.
        usage.pop("cache_creation", None)
        yield event(
            {"type": "message_delta", "delta": delta, "usage": usage}, name="message_delta", usage=reply.usage
        )
        yield event({"type": "message_stop"}, name="message_stop", usage=reply.usage)

    def error(self, status: int) -> dict[str, Any]:
        message = f"Provider says {status}: key sk-QUOTED, prompt QUOTED-PROMPT."
        kind = KINDS.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}

    def error_frame(self, status: int) -> Frame:
        return event(self.error(status), name="error")

    def _text(self, reply: Reply, index: int) -> Iterator[Frame]:
        yield _block(index, {"type": "text", "text": ""})
        for piece in reply.pieces:
            yield _delta(index, {"type": "text_delta", "text": piece})
        yield _stop(index)

    def _call(self, reply: Reply, place: int, index: int, number: int) -> Iterator[Frame]:
        call = reply.tool_calls[place]
        name = call.id or f"toolu_{number}_{place}"
        yield _block(index, {"type": "tool_use", "id": name, "name": call.name, "input": {}})
        for piece in halves(arguments(call.args)):
            yield _delta(index, {"type": "input_json_delta", "partial_json": piece})
        yield _stop(index)


def usage_body(usage: TokenUsage) -> dict[str, Any]:
    """Usage as Anthropic reports it: the input without what came from or went to the cache."""
    return {
        "input_tokens": usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "cache_creation_input_tokens": usage.cache_write_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_tokens - usage.cache_write_1h_tokens,
            "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"thinking_tokens": usage.reasoning_tokens},
    }


def _early(usage: TokenUsage | None) -> TokenUsage | None:
    """What `message_start` tells: the whole input, and one token of output where there will be some."""
    if usage is None:
        return None
    return usage.model_copy(update={"output_tokens": min(1, usage.output_tokens), "reasoning_tokens": 0})


def _block(index: int, block: dict[str, Any]) -> Frame:
    body = {"type": "content_block_start", "index": index, "content_block": block}
    return event(body, name="content_block_start")


def _delta(index: int, delta: dict[str, Any]) -> Frame:
    return event({"type": "content_block_delta", "index": index, "delta": delta}, name="content_block_delta")


def _stop(index: int) -> Frame:
    return event({"type": "content_block_stop", "index": index}, name="content_block_stop")
