"""Writes `schema/`: the JSON Schema of every wire type, the contract of server, browser and kernel.

`python -m autoanalyst_ext.schema FOLDER` writes one file per type; a test fails when the files in
the repository differ from what the types say.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from .types.agents import AgentSpec
from .types.cells import Cell, Execution, OutputChange
from .types.chats import Chat, Message
from .types.events import RunEvent
from .types.profiles import TableProfile
from .types.receipts import Receipt
from .types.runs import Answer, ModelSettings, RunLimits
from .types.usage import Usage
from .types.wire import ClientMessage, EngineMessage, ExecuteReply, LookReply

WIRE: dict[str, Any] = {
    "AgentSpec": AgentSpec,
    "Answer": Answer,
    "Cell": Cell,
    "Chat": Chat,
    "ClientMessage": ClientMessage,
    "EngineMessage": EngineMessage,
    "ExecuteReply": ExecuteReply,
    "Execution": Execution,
    "LookReply": LookReply,
    "Message": Message,
    "ModelSettings": ModelSettings,
    "OutputChange": OutputChange,
    "Receipt": Receipt,
    "RunEvent": RunEvent,
    "RunLimits": RunLimits,
    "TableProfile": TableProfile,
    "Usage": Usage,
}
"""What travels, by name."""


def schemas() -> dict[str, str]:
    """File name to the text that belongs in it."""
    return {
        f"{name}.json": json.dumps(TypeAdapter(kind).json_schema(), indent=2, sort_keys=True) + "\n"
        for name, kind in WIRE.items()
    }


def write(folder: Path) -> None:
    """Write all schemas into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
