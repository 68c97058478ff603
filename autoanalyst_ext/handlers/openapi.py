"""`document`: the OpenAPI 3.1 description of a table of routes, made from what their verbs declare."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from .. import __version__
from ..policy.admin import HEADER
from .base import AnalystHandler
from .operation import ANY_OBJECT, Operation, Query, type_named

Routes = tuple[tuple[str, type[AnalystHandler]], ...]
Schemas = dict[tuple[str, str], dict[str, Any]]
"""By what they are for (`validation`: bodies, `serialization`: replies) and the type's name."""

ABOUT = (
    "A data analyst that lives inside the notebook. Sign in as to any other interface of the Jupyter server: "
    "by its token, or by its cookie with the header `X-XSRFToken` on everything but GET."
)
SIGN_IN = {
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`token` and the server's token.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "_xsrf",
        "description": "The server's login cookie, with its `_xsrf` cookie repeated as `X-XSRFToken`.",
    },
}
ADMIN = {
    "type": "apiKey",
    "in": "header",
    "name": HEADER,
    "description": "An admin key, besides the login. People whom the setting `admins` names need none.",
}
ERROR = "ErrorReply"


@cache
def document(routes: Routes, base_url: str) -> str:
    """The description of these routes, as JSON text."""
    schemas, definitions = _schemas(routes)
    paths = {f"/{path}": _path(path, handler, schemas) for path, handler in routes}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "AutoAnalyst for Jupyter", "version": __version__, "description": ABOUT},
            "servers": [{"url": f"{base_url.rstrip('/')}/autoanalyst/api/v1"}],
            "security": [{name: []} for name in SIGN_IN],
            "paths": paths,
            "components": {"schemas": definitions, "securitySchemes": {**SIGN_IN, "admin": ADMIN}},
        }
    )


def _schemas(routes: Routes) -> tuple[Schemas, dict[str, Any]]:
    """The schema of each body (`validation`) and reply (`serialization`), and what they refer to."""
    wanted = {("serialization", ERROR)}
    for declared in _operations(routes):
        wanted |= {("validation", declared.body)} if declared.body else set()
        wanted |= {("serialization", declared.reply)} if declared.reply not in (None, ANY_OBJECT) else set()
    inputs: Any = [(name, mode, TypeAdapter(type_named(name))) for mode, name in sorted(wanted)]
    found, schema = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
    return {(mode, name): refers for (name, mode), refers in found.items()}, schema["$defs"]


def _operations(routes: Routes) -> Iterator[Operation]:
    for _, handler in routes:
        yield from handler.operations().values()


def _path(path: str, handler: type[AnalystHandler], schemas: Schemas) -> dict[str, Any]:
    """All verbs of one route."""
    return {verb: _described(path, verb, found, schemas) for verb, found in handler.operations().items()}


def _described(path: str, verb: str, declared: Operation, schemas: Schemas) -> dict[str, Any]:
    """One verb of one route."""
    parts = [_path_parameter(name) for name in re.findall(r"{(\w+)}", path)]
    error = _json("What went wrong, in words for the user.", schemas["serialization", ERROR])
    described: dict[str, Any] = {
        "summary": declared.summary,
        "operationId": f"{verb}_{re.sub(r'[^a-z]+', '_', path).strip('_')}",
        "parameters": parts + [_query_parameter(query) for query in declared.query],
        "responses": {str(declared.status): _success(declared, schemas), "4XX": error, "5XX": error},
    }
    if declared.admin:
        described["security"] = [{name: []} for name in SIGN_IN] + [
            {name: [], "admin": []} for name in SIGN_IN
        ]
    if declared.body is not None:
        body = {"application/json": {"schema": schemas["validation", declared.body]}}
        described["requestBody"] = {"required": True, "content": body}
    return described


def _success(declared: Operation, schemas: Schemas) -> dict[str, Any]:
    if declared.is_socket:
        return {"description": "A WebSocket. Its messages are in the schema files of the project."}
    if declared.reply is None:
        return {"description": "It is done."}
    if declared.reply == ANY_OBJECT:
        return _json("The document.", {"type": "object"})
    return _json(declared.reply, schemas["serialization", declared.reply])


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameter(query: Query) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if query.is_number:
        schema = {"type": "integer", "minimum": query.least, "maximum": query.most}
    if query.default is not None:
        schema["default"] = query.default
    return {
        "name": query.name,
        "in": "query",
        "required": query.required,
        "description": query.says,
        "schema": schema,
    }
