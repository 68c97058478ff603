"""No call reaches a provider past the ledger."""

import asyncio
import inspect
import re
from pathlib import Path

import pytest
from pydantic_ai.models import Model
from pydantic_ai.models.test import TestModel

from autoanalyst_ext.errors import Refused
from autoanalyst_ext.usage.meter import MeteredModel

PACKAGE = Path(__file__).parents[2] / "autoanalyst_ext"
METERED = {"request", "request_stream"}
CLOSED = {
    "batch_cancel",
    "batch_create",
    "batch_encode",
    "batch_results",
    "batch_status",
    "cancel_suspended_response",
    "compact_messages",
    "count_tokens",
}


def ways_to_a_provider() -> set[str]:
    """The public asynchronous methods of the library's model class."""
    found = set()
    for name, member in inspect.getmembers(Model):
        unwrapped = inspect.unwrap(member) if callable(member) else member
        is_async = inspect.iscoroutinefunction(unwrapped) or inspect.isasyncgenfunction(unwrapped)
        if not name.startswith("_") and is_async:
            found.add(name)
    return found


def test_every_way_to_a_provider_is_metered_or_closed() -> None:
    assert ways_to_a_provider() == METERED | CLOSED, (
        "the library has a new way to a provider: meter or close it"
    )


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_a_closed_way_stays_closed(name: str) -> None:
    model = MeteredModel(TestModel(), ledger=None, context=None)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="every model call goes through the ledger"):
        asyncio.run(getattr(model, name)())


def test_only_the_shelf_imports_an_sdk_and_only_the_loop_and_the_meter_call_a_model() -> None:
    sdk = re.compile(r"^\s*(?:import|from) (?:openai|anthropic|groq)\b", re.MULTILINE)
    call = re.compile(r"\bmodel_request(?:_stream)?\(|\.request_stream\(|\bAgent\(|run_sync\(|run_stream")
    importers, callers = set(), set()
    for path in PACKAGE.rglob("*.py"):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix()
        importers |= {name} if sdk.search(text) else set()
        callers |= {name} if call.search(text) else set()
    assert all(name.startswith("providers/") for name in importers), importers
    models = {"providers/shelf.py", "providers/offline.py", "providers/scripted.py"}
    assert callers - models == {"agents/loop.py", "usage/meter.py"}
