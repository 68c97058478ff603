"""`Scene`: what a question finds: the conversation so far, the kernel's names, the tables."""

from dataclasses import dataclass
from pathlib import Path

from ..agents.conversation import Conversation
from ..notebooks.base import Notebook
from ..policy.effects import NamesBefore
from ..types.receipts import as_asked
from .receipts import Asked
from .request import Request
from .services import Services


@dataclass(frozen=True)
class Scene:
    """What is there before a question runs."""

    asked: Asked
    conversation: Conversation
    names: NamesBefore


async def look_around(
    request: Request,
    notebook: Notebook,
    services: Services,
    *,
    principal: str,
    chat_id: str,
    folder: Path | None,
    owned_kernel: bool,
) -> Scene:
    """Look at the chat and the kernel. Raises `StoreError`, `KernelGone`."""
    conversation = Conversation.load(await services.histories.load(principal, chat_id))
    names = NamesBefore(
        existing=await notebook.names(), fresh=await notebook.made(), owned=owned_kernel, folder=folder
    )
    asked = Asked(
        question=request.question,
        agents=request.written.agents,
        model=request.written.model,
        scope=request.written.scope,
        answerer=request.model,
        previous=await _previous(services, principal, chat_id, request),
        tables=request.tables,
        names=names.existing,
        made=names.fresh | conversation.made(),
        cells=conversation.cells(),
    )
    return Scene(asked, conversation, names)


async def _previous(services: Services, principal: str, chat_id: str, request: Request) -> str | None:
    """The question before this one; in the chat asking the same again is no other question."""
    if request.written.follows is not None:
        return request.written.follows or None
    page, _ = await services.chats.messages(principal, chat_id)
    said = (message.text for message in reversed(page) if message.role == "user")
    return next((text for text in said if as_asked(text) != as_asked(request.question)), None)
