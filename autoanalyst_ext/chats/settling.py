"""`Settling`: a question becomes a `Request`: who answers, with which model, what they are asked.

Everything that can be wrong with a question is found here, before anything is written, sent or done.
"""

import asyncio
from collections.abc import Sequence

from ..agents import mentions
from ..errors import BadRequest
from ..notebooks.base import Notebook
from ..types.profiles import TableProfile
from ..types.runs import Choices, ModelSettings, RunLimits
from .fixing import task_of
from .offline_check import planned
from .request import Origin, Request, Written
from .services import Defaults, Services

PLANNER = "planner"


class Settling:
    """Settles the questions of one chat."""

    def __init__(self, services: Services, defaults: Defaults, *, principal: str, chat_id: str) -> None:
        self._services, self._defaults = services, defaults
        self._principal, self._chat_id = principal, chat_id

    async def request(
        self, question: str, written: Written, choices: Choices, origin: Origin, notebook: Notebook
    ) -> Request:
        """The request; raises `BadRequest`, `UnknownAgent`, `KernelGone`, `StoreError`."""
        registry = self._services.agents
        # A lone half of a character (a broken argument of a command line) cannot be stored or sent.
        question = question.encode("utf-8", "replace").decode()
        tables = await notebook.tables()
        names = [table.name for table in tables]
        named = mentions.parse(question, tables=names, is_agent=registry.knows)
        if not named.question.strip():
            raise BadRequest("The question is empty. Write what you want to know about the data.")
        specs = [registry.get(name) for name in (*written.agents, *named.agents)] or [registry.get(PLANNER)]
        chosen = await self._choices(choices)
        settings = ModelSettings(
            temperature=chosen.temperature,
            max_tokens=chosen.max_tokens,
            timeout_seconds=self._defaults.timeout_seconds,
        )
        task = task_of(origin.fix, self._defaults.level) if origin.fix is not None else named.question
        model, first = chosen.model or await self._defaults.model(), self._defaults.first
        may_be_first = first not in (None, model) and not chosen.model and origin.fix is None
        is_first = may_be_first and await self._is_understood(task, tables)
        return Request(
            question=question,
            agents=tuple(dict.fromkeys(specs)),
            task=task,
            model=first if first and is_first else model,
            instead_of=model if is_first else None,
            settings=settings,
            level=self._defaults.level,
            tables=tables,
            written=written,
        )

    def limits(self, origin: Origin) -> RunLimits:
        """The configured limits, and what the user's settings say instead."""
        limits = self._defaults.limits
        own = origin.settings.model_dump(exclude_none=True, include=set(RunLimits.model_fields))
        return limits.model_copy(update=own)

    async def _is_understood(self, task: str, tables: Sequence[TableProfile]) -> bool:
        """Whether the offline analyst is sure what is asked."""
        return await asyncio.to_thread(planned, task, tables) is not None

    async def _choices(self, choices: Choices) -> Choices:
        """The run's choices over the chat's, over the principal's, over the configured ones."""
        store, who = self._services.choices, self._principal
        of_chat = await store.of_chat(who, self._chat_id)
        return choices.over(of_chat).over(await store.of_principal(who)).over(self._defaults.choices)
