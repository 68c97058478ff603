"""`openapi.json` against the server that it describes: requests made up from it, sensible and not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from autoanalyst_ext.handlers.openapi import document
from autoanalyst_ext.handlers.routes import ROUTES

from ..server.jupyter import TOKEN, JupyterServer, running
from .rest import ask

EXAMPLES = 25
"""Per operation and mode."""
CHECKS = [
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]
ADMIN_KEY = "administrator-of-this-very-test-server"
ENVIRONMENT = {"ADMIN_API_KEY": ADMIN_KEY, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server"), environment=ENVIRONMENT) as started:
        yield started
    assert "Traceback" not in started.log()
    assert "Uncaught exception" not in started.log()


def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """The described operations; the sockets are none that a request can try."""
    schema = schemathesis.openapi.from_dict(json.loads(document(tuple(ROUTES.items()), "/jupyter/")))
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{o.method.upper()} {o.path}": o for o in found if not o.path.endswith("/stream")}


OPERATIONS = operations()


def _tries() -> Iterator[tuple[str, GenerationMode]]:
    """Which requests are made up; where there is neither body nor query, none can be wrong in itself."""
    for name, operation in OPERATIONS.items():
        yield name, GenerationMode.POSITIVE
        if operation.body or operation.query:
            yield name, GenerationMode.NEGATIVE


def test_it_is_served_and_complete(server: JupyterServer) -> None:
    reply = ask(server, "GET", "openapi.json")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    found = reply.json
    assert found["openapi"] == "3.1.0"
    assert found["servers"] == [{"url": "/jupyter/autoanalyst/api/v1"}]
    assert {(path, verb) for path, verbs in found["paths"].items() for verb in verbs} == {
        (f"/{path}", verb) for path, handler in ROUTES.items() for verb in handler.operations()
    }
    ids = [verb["operationId"] for verbs in found["paths"].values() for verb in verbs.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("name", "mode"), [*_tries()], ids=lambda part: getattr(part, "value", part))
def test_every_reply_is_as_described_whatever_is_asked(
    server: JupyterServer, name: str, mode: GenerationMode
) -> None:
    operation = OPERATIONS[name]
    there = {"chat_id": _chat(server), "provider": "openai"}
    known = {part: there[part] for part in there if f"{{{part}}}" in operation.path}

    # Requests about things that are there, and about things that nobody has heard of.
    @given(operation.as_strategy(mode) | operation.as_strategy(mode, path_parameters=known or None))
    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: schemathesis.Case) -> None:
        case.headers.update({"Authorization": f"token {TOKEN}", "X-Admin-API-Key": ADMIN_KEY})
        response = case.call(base_url=f"{server.url}autoanalyst/api/v1", timeout=30)
        if response.status_code >= 400:
            error = json.loads(response.content)["error"]
            assert list(error) == ["code", "message", "detail"]
            # A kernel that somebody made up is gone, which is no fault of the server.
            assert response.status_code < 500 or error["code"] == "kernel_gone", error
        case.validate_response(response, checks=CHECKS)

    tried()
    assert ask(server, "GET", "health").json["status"] == "ok"


def _chat(server: JupyterServer) -> str:
    found: str = ask(server, "POST", "chats", {"question": "How many rows are there?"}).json["id"]
    return found
