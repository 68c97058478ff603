"""A front end for the tests: a real kernel, and everything it says while a cell runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from pydantic import BaseModel, TypeAdapter

from autoanalyst_ext.types.events import RunEvent

SECONDS = 60.0
_EVENT: TypeAdapter[Any] = TypeAdapter(RunEvent)


class Front:
    """Runs cells and hears what the kernel says."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client

    def run(
        self, code: str, *, metadata: dict[str, Any] | None = None, answers: str | None = None
    ) -> list[dict[str, Any]]:
        """Run a cell; its messages. `answers` is typed when it asks for a line."""
        content = {
            "code": code, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": answers is not None, "stop_on_error": True,
        }  # fmt: skip
        message = self.client.session.msg("execute_request", content, metadata=metadata or {})
        self.client.shell_channel.send(message)
        if answers is not None:
            self.client.get_stdin_msg(timeout=SECONDS)
            self.client.input(answers)
        heard = []
        while True:
            said = self.client.get_iopub_msg(timeout=SECONDS)
            if said["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                break
            heard.append(said)
        errors = [each["content"] for each in heard if each["msg_type"] == "error"]
        assert not errors, "\n".join(errors[0]["traceback"])
        return heard

    def value(self, expression: str) -> Any:
        """What an expression of JSON values is in the kernel."""
        heard = self.run(f"import json as _json; print(_json.dumps({expression}))")
        return json.loads("".join(each["content"]["text"] for each in heard if each["msg_type"] == "stream"))


@contextmanager
def front() -> Iterator[Front]:
    """A kernel with a front end."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield Front(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    """A run event as the engine sends it."""
    made: BaseModel = _EVENT.validate_python({"kind": kind, **fields})
    return made.model_dump(mode="json")
