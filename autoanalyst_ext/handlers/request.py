"""What a request brings, checked against its operation: parameters of the address, and the body.

Messages name the field and say what is wrong; they never repeat what was sent, which may be a key.
"""

import re
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import JupyterHandler

from ..errors import BadRequest, InvalidBody
from .operation import Operation, Query, type_named

if TYPE_CHECKING:
    from ..types.value import Value

LARGEST_BYTES = 2**20
"""Of a body."""


class BodyTooLarge(BadRequest):
    """The body is longer than any sensible one."""

    status, code = 413, "too_large"


def arguments(handler: JupyterHandler, declared: Operation) -> dict[str, Any]:
    """The keyword arguments of a verb. Raises `BadRequest`."""
    found: dict[str, Any] = {query.name: _parameter(handler, query) for query in declared.query}
    if declared.body is not None:
        found["body"] = body_of(handler.request.body, declared.body)
    return found


def body_of(sent: bytes, name: str) -> "Value":
    """The body as a value of the type with this name. Raises `BadRequest`."""
    from pydantic import ValidationError

    if len(sent) > LARGEST_BYTES:
        raise BodyTooLarge(f"The request is longer than {LARGEST_BYTES // 2**20} MiB.")
    try:
        return type_named(name).model_validate_json(sent, strict=True)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    if first["type"] == "json_invalid":
        raise BadRequest("The body of the request is not JSON.")
    field = ".".join(str(part) for part in first["loc"])
    where = f"The field '{field}'" if field else "The body of the request"
    raise InvalidBody(f"{where} makes no sense: {first['msg']}.", field=field)


def _parameter(handler: JupyterHandler, query: Query) -> str | int | None:
    sent = handler.get_query_arguments(query.name, strip=False)
    if not sent:
        if query.required:
            raise InvalidBody(f"The parameter '{query.name}' is missing.", field=query.name)
        return query.default
    return _number(query, sent[-1]) if query.is_number else sent[-1]


def _number(query: Query, text: str) -> int:
    assert query.least is not None
    assert query.most is not None
    if re.fullmatch(r"[0-9]{1,9}", text) and query.least <= int(text) <= query.most:
        return int(text)
    raise InvalidBody(
        f"The parameter '{query.name}' must be a whole number from {query.least} to {query.most}.",
        field=query.name,
    )
