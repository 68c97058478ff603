"""Writes `schema/`: the JSON Schema of every wire type, the contract of server, browser and kernel.

`python -m autoanalyst_ext.schema FOLDER` writes one file per type; a test fails when the files in
the repository differ from what the types say.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from .offline.plan import Plan
from .types import panel
from .types.admin import AdminMessage, DashboardMessage, Grant
from .types.agents import AgentSpec
from .types.budgets import BudgetChange, BudgetState, BudgetStates, NewBudget
from .types.cells import Cell, Execution, OutputChange
from .types.chats import Chat, Message
from .types.estimates import Estimate, EstimateOrder
from .types.events import RunEvent
from .types.own_usage import OwnUsage
from .types.profiles import TableProfile
from .types.receipts import Receipt
from .types.runs import Answer, ModelSettings, RunLimits
from .types.tab import ServerMessage, TabExecuted, TabMessage, Withdrawn
from .types.usage import Usage
from .types.wire import ClientMessage, EngineMessage, ExecuteReply, LookReply

WIRE: dict[str, Any] = {
    "AdminMessage": AdminMessage,
    "AgentSpec": AgentSpec,
    "Answer": Answer,
    "Cell": Cell,
    "Chat": Chat,
    "ClientMessage": ClientMessage,
    "DashboardMessage": DashboardMessage,
    "EngineMessage": EngineMessage,
    "ExecuteReply": ExecuteReply,
    "Execution": Execution,
    "Grant": Grant,
    "LookReply": LookReply,
    "Message": Message,
    "ModelSettings": ModelSettings,
    "OutputChange": OutputChange,
    "Plan": Plan,
    "Receipt": Receipt,
    "RunEvent": RunEvent,
    "RunLimits": RunLimits,
    "TableProfile": TableProfile,
    "Usage": Usage,
}
"""What travels, by name."""


FROM_PAGE: dict[str, Any] = {
    "TabMessage": TabMessage,
    "TabExecuted": TabExecuted,
    "Withdrawn": Withdrawn,
    "RunOrder": panel.RunOrder,
    "ApprovalAnswer": panel.ApprovalAnswer,
    "NewChat": panel.NewChat,
    "ChatChange": panel.ChatChange,
    "Feedback": panel.Feedback,
    "NewKey": panel.NewKey,
    "LoadOrder": panel.LoadOrder,
    "EstimateOrder": EstimateOrder,
    "NewBudget": NewBudget,
    "BudgetChange": BudgetChange,
}
"""What a page of the browser sends: what has a default may be left out."""

TO_PAGE: dict[str, Any] = {
    "ServerMessage": ServerMessage,
    "RunTicket": panel.RunTicket,
    "RunView": panel.RunView,
    "Chat": Chat,
    "ChatPage": panel.ChatPage,
    "MessagePage": panel.MessagePage,
    "Sent": panel.Sent,
    "Me": panel.Me,
    "Agents": panel.Agents,
    "Models": panel.Models,
    "Keys": panel.Keys,
    "OwnUsage": OwnUsage,
    "Estimate": Estimate,
    "BudgetState": BudgetState,
    "BudgetStates": BudgetStates,
    "Health": panel.Health,
    "Remembered": panel.Remembered,
    "Surroundings": panel.Surroundings,
    "LoadingSource": panel.LoadingSource,
    "ErrorReply": panel.ErrorReply,
}
"""What a page of the browser is sent: everything is there."""

PAGE = "Page.json"
"""All that a page and the engine say to each other; `labextension/src/wire.ts` is made from it."""


def schemas() -> dict[str, str]:
    """File name to the text that belongs in it."""
    files = {f"{name}.json": _text(TypeAdapter(kind).json_schema()) for name, kind in WIRE.items()}
    return {**files, PAGE: _text(_page())}


def _page() -> dict[str, Any]:
    inputs = [(name, "validation", TypeAdapter(kind)) for name, kind in FROM_PAGE.items()]
    outputs = [(name, "serialization", TypeAdapter(kind)) for name, kind in TO_PAGE.items()]
    # The library's type wants one mode for all; it takes one for each.
    named, schema = TypeAdapter.json_schemas(inputs + outputs)  # type: ignore[arg-type]
    unions = {name: found for (name, _), found in named.items() if "$ref" not in found}
    return {"$defs": {**schema["$defs"], **unions}}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Write all schemas into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
