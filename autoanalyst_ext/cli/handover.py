"""After an abstention on the command line: a model that has a key is offered, and asked only after a yes."""

import asyncio
import shlex
from collections.abc import Sequence
from pathlib import Path

from ..chats.handover import is_offline, next_model
from ..engine import Engine
from ..types.runs import Answer
from .approve import says_yes
from .output import Screen


async def wanted_model(
    engine: Engine, answer: Answer, screen: Screen, *, stopped: asyncio.Event | None, command: Sequence[str]
) -> str | None:
    """The model that is to be asked after all.

    `stopped` ends the waiting for a yes. Where it is None nobody is there: then it is shown what to run,
    `command` with the model.
    """
    if answer.status != "abstained" or not is_offline(screen.model):
        return None
    model = await next_model(engine)
    if model is None:
        return None
    if stopped is None:
        line = shlex.join(["autoanalyst", "ask", "--model", model, *command])
        screen.note(f"To ask a model instead, run:\n    {line}")
        return None
    return model if await says_yes(f"Ask {model} instead?", screen.progress, stopped) else None


def command_line(
    question: str, data: Sequence[str], agents: Sequence[str], notebook: Path | None
) -> list[str]:
    """The words of the command that asked, without the model."""
    words = [word for path in data for word in ("--data", path)]
    words += [word for agent in agents for word in ("--agent", agent)]
    words += ["--notebook", str(notebook)] if notebook else []
    return [*words, "--", question]
