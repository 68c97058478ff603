"""What a client said: bytes of a socket or a pipe become a message, or a `BadRequest` in words."""

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..errors import BadRequest
from ..notebooks.outputs import clean

MESSAGE_BYTES = 64 * 2**20
"""Longest message of a client; a longer one is refused."""

M = TypeVar("M")


def parsed(text: str | bytes) -> dict[str, Any]:
    """A message's JSON object. Halves of characters, which a kernel can print, become question marks."""
    if len(text) > MESSAGE_BYTES:
        raise BadRequest(f"The message is longer than {MESSAGE_BYTES // 2**20} MiB, so it was not read.")
    try:
        text = text.decode() if isinstance(text, bytes) else text
        data = json.loads(text)
        # Else there is no half of a character. A deep value (a stranger's receipt) would be too deep for it.
        if "\\ud" in text or "\\uD" in text:
            data = clean(data)
    except (ValueError, RecursionError):
        raise BadRequest("The message is not JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest("A message must be a JSON object.")
    return data


def message_of(data: dict[str, Any], messages: TypeAdapter[M]) -> M:
    """The message that this is."""
    try:
        return messages.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the message"
        raise BadRequest(f"The message makes no sense: {where}: {first['msg']}.") from None


def is_other_protocol(data: dict[str, Any], protocol: int) -> bool:
    """Whether this is the hello of another protocol. Asked first: it may differ in more than its number."""
    return data.get("kind") == "hello" and data.get("protocol") != protocol
