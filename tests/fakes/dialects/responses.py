"""OpenAI Responses."""

from collections.abc import Iterator, Mapping
from typing import Any

from autoanalyst_ext.providers.script import Asked, Reply
from autoanalyst_ext.types.usage import TokenUsage

from .base import Dialect, Frame, ModelRequest, arguments, event, halves, text_of
from .chat import ChatDialect


class ResponsesDialect(Dialect):
    """The Responses API, as far as text and function calls go."""

    name = "openai-responses"

    def serves(self, path: str) -> bool:
        return path == "/v1/responses"

    def key(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def base_url(self, root: str) -> str:
        return f"{root}/v1"

    def asked(self, body: dict[str, Any]) -> Asked:
        given = body.get("input", [])
        if isinstance(given, str):
            return Asked(user=given)
        user, results = "", list[str]()
        for item in given:
            if item.get("role") == "user":
                user, results = text_of(item.get("content")), []
            elif item.get("type") == "function_call_output":
                results.append(text_of(item.get("output")))
        return Asked(user=user, tool_results=tuple(results))

    def whole(self, reply: Reply, request: ModelRequest, number: int) -> dict[str, Any]:
        short = reply.finish_reason in ("length", "content_filter")
        return {
            "id": f"resp_{number}",
            "object": "response",
            "created_at": 1_760_000_000,
            "status": "incomplete" if short else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if short else None,
            "error": None,
            "model": request.model,
            "output": list(self._items(reply, number)),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": usage_body(reply.usage) if reply.usage is not None else None,
        }

    def frames(self, reply: Reply, request: ModelRequest, number: int) -> Iterator[Frame]:
        done = self.whole(reply, request, number)
        begun = done | {"status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
        sequence = 0

        def frame(kind: str, usage: TokenUsage | None = None, **data: Any) -> Frame:
            nonlocal sequence
            sequence += 1
            return event({"type": kind, "sequence_number": sequence - 1} | data, name=kind, usage=usage)

        yield frame("response.created", response=begun)
        for place, item in enumerate(done["output"]):
            blank: dict[str, Any] = {"arguments": ""} if item["type"] == "function_call" else {"content": []}
            empty = item | blank
            where = {"output_index": place, "item_id": item["id"]}
            yield frame(
                "response.output_item.added", output_index=place, item=empty | {"status": "in_progress"}
            )
            if item["type"] == "function_call":
                for piece in halves(item["arguments"]):
                    yield frame("response.function_call_arguments.delta", **where, delta=piece)
                yield frame(
                    "response.function_call_arguments.done",
                    **where,
                    arguments=item["arguments"],
                    name=item["name"],
                )
            else:
                part = {"type": "output_text", "text": "", "annotations": []}
                yield frame("response.content_part.added", **where, content_index=0, part=part)
                for piece in reply.pieces:
                    yield frame(
                        "response.output_text.delta", **where, content_index=0, delta=piece, logprobs=[]
                    )
                text = item["content"][0]["text"]
                yield frame("response.output_text.done", **where, content_index=0, text=text, logprobs=[])
            yield frame("response.output_item.done", output_index=place, item=item)
        kind = "response.incomplete" if done["status"] == "incomplete" else "response.completed"
        yield frame(kind, reply.usage, response=done)

    def error(self, status: int) -> dict[str, Any]:
        return ChatDialect().error(status)

    def error_frame(self, status: int) -> Frame:
        code = {429: "rate_limit_exceeded", 401: "invalid_api_key"}.get(status, "server_error")
        failed = {
            "id": "resp_failed",
            "object": "response",
            "created_at": 1_760_000_000,
            "status": "failed",
            "error": {"code": code, "message": "Provider says QUOTED-PROMPT."},
            "model": "",
            "output": [],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": None,
        }
        return event(
            {"type": "response.failed", "sequence_number": 999, "response": failed}, name="response.failed"
        )

    def _items(self, reply: Reply, number: int) -> Iterator[dict[str, Any]]:
        if reply.pieces:
            text = {"type": "output_text", "text": "".join(reply.pieces), "annotations": [], "logprobs": []}
            yield {
                "id": f"msg_{number}",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [text],
            }
        for place, call in enumerate(reply.tool_calls):
            yield {
                "id": f"fc_{number}_{place}",
                "type": "function_call",
                "status": "completed",
                "call_id": call.id or f"call_{number}_{place}",
                "name": call.name,
                "arguments": arguments(call.args),
            }


def usage_body(usage: TokenUsage) -> dict[str, Any]:
    """Usage as the Responses API reports it: inclusive counts."""
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }
