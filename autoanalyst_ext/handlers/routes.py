"""The table of our routes, and how they are told to the server."""

import re
from collections.abc import Iterator
from typing import Any

from .admin import DailyHandler, GrantHandler, ModelUsageHandler, SummaryHandler, UserUsageHandler
from .admin_stream import AdminStreamHandler
from .base import AnalystHandler
from .budgets import (
    AdminBudgetHandler,
    AdminBudgetsHandler,
    BudgetHandler,
    BudgetsHandler,
    PolicyHandler,
)
from .chats import (
    ChatHandler,
    ChatRunsHandler,
    ChatsHandler,
    EstimateHandler,
    FeedbackHandler,
    MessagesHandler,
)
from .document import DocumentHandler
from .health import HealthHandler
from .keys import KeyHandler, KeysHandler
from .person import MeHandler, RememberedHandler, UsageHandler
from .prices import PricesHandler
from .runs import ApprovalHandler, CancelHandler, RunHandler, SentHandler, UndoHandler
from .services import Services
from .shelf import AgentsHandler, DatasetsHandler, ModelsHandler
from .stream import StreamHandler
from .unknown import UnknownHandler

PREFIX = "autoanalyst/api/v1/"
"""Below the server's base address."""

ROUTES: dict[str, type[AnalystHandler]] = {
    "health": HealthHandler,
    "me": MeHandler,
    "agents": AgentsHandler,
    "models": ModelsHandler,
    "chats": ChatsHandler,
    "chats/{chat_id}": ChatHandler,
    "chats/{chat_id}/messages": MessagesHandler,
    "chats/{chat_id}/runs": ChatRunsHandler,
    "runs/{run_id}": RunHandler,
    "runs/{run_id}/cancel": CancelHandler,
    "runs/{run_id}/approvals/{call_id}": ApprovalHandler,
    "runs/{run_id}/undo": UndoHandler,
    "runs/{run_id}/sent": SentHandler,
    "messages/{message_id}/feedback": FeedbackHandler,
    "datasets": DatasetsHandler,
    "keys": KeysHandler,
    "keys/{provider}": KeyHandler,
    "usage": UsageHandler,
    "estimate": EstimateHandler,
    "remembered": RememberedHandler,
    "budgets": BudgetsHandler,
    "budgets/{budget_id}": BudgetHandler,
    "admin/budgets": AdminBudgetsHandler,
    "admin/budgets/{budget_id}": AdminBudgetHandler,
    "admin/policy": PolicyHandler,
    "admin/prices": PricesHandler,
    "admin/usage/summary": SummaryHandler,
    "admin/usage/daily": DailyHandler,
    "admin/usage/models": ModelUsageHandler,
    "admin/usage/users": UserUsageHandler,
    "admin/grants/{kernel}": GrantHandler,
    "admin/stream": AdminStreamHandler,
    "openapi.json": DocumentHandler,
    "stream": StreamHandler,
}

EVERYTHING_ELSE = r"autoanalyst(?:/.*)?"


def rules(services: Services) -> Iterator[tuple[str, type[AnalystHandler], dict[str, Any]]]:
    """The routes as the server takes them."""
    given = {"services": services}
    for path, handler in ROUTES.items():
        literal = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
        yield PREFIX + re.sub(r"{\w+}", "([^/]+)", literal), handler, given
    yield EVERYTHING_ELSE, UnknownHandler, given
