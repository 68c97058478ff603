"""`autoanalyst ask`: one question, answered in a kernel of its own, with the evidence."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.console import Console

from ..engine import Engine
from ..errors import AnalystError, BadRequest, NotFound, Refused
from ..tools.turn import Permissions
from ..types.effects import Effect
from ..types.events import ApprovalNeeded, RunFinished
from ..types.runs import Answer, Choices, Mode
from .approve import ask_person
from .ends import FAILED, INTERRUPTED, STOPPED, configured, failed, run
from .handover import command_line, wanted_model
from .output import Screen
from .paper import Paper

if TYPE_CHECKING:
    from ..chats.session import ChatSession

SAMPLE_USED = "No --data given: asking about the sample of 545 invented houses."
EXIT = {"answered": 0, "abstained": 3, "failed": FAILED, "stopped": STOPPED}


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    question: str
    data: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    choices: Choices = field(default_factory=Choices)
    permissions: Permissions = field(default_factory=Permissions)
    notebook: Path | None = None
    as_json: bool = False


def _effects(_: click.Context, __: click.Parameter, value: str | None) -> frozenset[Effect]:
    names = frozenset(name.strip() for name in (value or "").split(",") if name.strip())
    if unknown := sorted(names - set(get_args(Effect))):
        raise click.BadParameter(
            f"no effect is called {', '.join(unknown)}; there are: {', '.join(get_args(Effect))}"
        )
    return frozenset(effect for effect in get_args(Effect) if effect in names)


@click.command("ask")
@click.option(
    "--data",
    multiple=True,
    metavar="[NAME=]PATH",
    help="A data file (CSV, Excel, Parquet, JSON ...), and what to call its table. May be repeated. "
    "Without it: the bundled sample of 545 invented houses.",
)
@click.option("--model", metavar="PROVIDER:MODEL", help="Who answers, e.g. offline:analyst or openai:gpt-5.")
@click.option("--agent", "agents", multiple=True, metavar="NAME", help="Which agent; may be repeated.")
@click.option("--mode", type=click.Choice(get_args(Mode)), help="auto (default), ask or suggest.")
@click.option(
    "--allow",
    callback=_effects,
    metavar="EFFECT,...",
    help=f"Effects that need no asking: {', '.join(get_args(Effect))}.",
)
@click.option("--temperature", type=click.FloatRange(0, 2), help="Temperature of the model.")
@click.option("--max-tokens", type=click.IntRange(1), help="Most output tokens of one model call.")
@click.option(
    "--notebook", type=click.Path(path_type=Path, dir_okay=False), help="Write the work into this notebook."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the answer as one JSON object, as the last line."
)
@click.option("--jsonl", is_flag=True, help="Read {id, data, question} objects, one a line, from stdin.")
@click.argument("question", required=False)
def command(
    data: tuple[str, ...],
    model: str | None,
    agents: tuple[str, ...],
    mode: Mode | None,
    allow: frozenset[Effect],
    temperature: float | None,
    max_tokens: int | None,
    notebook: Path | None,
    as_json: bool,
    jsonl: bool,
    question: str | None,
) -> None:
    """Ask QUESTION about data; `-` reads the question from stdin.

    Exit codes: 0 answered, 3 abstained, 1 failed, 2 wrong usage, 4 stopped by policy, a limit or a
    budget, 130 stopped by Ctrl-C.
    """
    try:
        engine = configured()
    except AnalystError as error:
        sys.exit(failed(error, as_json=as_json))
    permissions = Permissions(mode=mode or engine.mode, allowed=allow, rules=engine.admin_rules)
    choices = Choices(model=model, temperature=temperature, max_tokens=max_tokens)
    if jsonl:
        if question or data or notebook:
            raise click.UsageError("--jsonl takes questions and data from stdin, and writes no notebook.")
        from . import batch

        run(batch.answer_lines(engine, agents=agents, choices=choices, permissions=permissions))
    if not question:
        raise click.UsageError("What is the question? For example: autoanalyst ask 'Top 10 houses by area'")
    from_stdin = question == "-"
    asked = Asked(
        question=sys.stdin.read().strip() if from_stdin else question,
        data=data,
        agents=agents,
        choices=choices,
        permissions=replace(permissions, can_ask=not as_json and not from_stdin and _somebody_there()),
        notebook=notebook,
        as_json=as_json,
    )
    run(_ask(engine, asked), as_json=as_json)


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


async def _ask(engine: Engine, asked: Asked) -> int:
    progress = Console(stderr=not sys.stdout.isatty() or asked.as_json, highlight=False)
    screen = Screen(answers=Console(highlight=False), progress=progress, answer_text=not asked.as_json)
    async with engine:
        # The kernel needs a second to start, and so do the libraries: both at once.
        warm = asyncio.create_task(engine.warm_up())
        try:
            async with Paper.open(engine, asked.data, asked.notebook) as paper:
                await warm
                if not asked.data:
                    progress.print(SAMPLE_USED, style="dim")
                for note in paper.notes:
                    progress.print(note, style="yellow", markup=False)
                await paper.write_question(asked.question)
                session = await paper.session(engine, asked.question)
                answer, interrupted = await _follow(session, asked, paper, screen)
                if not (interrupted or asked.as_json):
                    model = await _instead(engine, asked, answer, screen)
                    if model is not None:
                        again = replace(asked, choices=asked.choices.model_copy(update={"model": model}))
                        answer, interrupted = await _follow(session, again, paper, screen)
        finally:
            # Whatever ended the command is what the user hears of; the libraries may finish loading.
            await asyncio.gather(warm, return_exceptions=True)
    if asked.as_json:
        click.echo(answer.model_dump_json())
    return INTERRUPTED if interrupted else EXIT[answer.status]


async def _instead(engine: Engine, asked: Asked, answer: Answer, screen: Screen) -> str | None:
    """The model to ask where the offline analyst could not answer, if somebody wants that."""
    command = command_line(asked.question, asked.data, asked.agents, asked.notebook)
    stopped = asyncio.Event()
    with interrupts(stopped.set):
        there = stopped if asked.permissions.can_ask else None
        return await wanted_model(engine, answer, screen, stopped=there, command=command)


async def _follow(session: "ChatSession", asked: Asked, paper: Paper, screen: Screen) -> tuple[Answer, bool]:
    """Show the run as it goes on; Ctrl-C stops it in good order, a second one at once."""
    answer: Answer | None = None
    stopped = asyncio.Event()
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if stopped.is_set():
            task.cancel()
        stopped.set()
        session.stop()

    asking = session.ask(
        asked.question, agents=asked.agents, choices=asked.choices, permissions=asked.permissions
    )
    try:
        with interrupts(stop):
            async with aclosing(asking) as events:
                async for event in events:
                    paper.note(event)
                    if isinstance(event, RunFinished):
                        answer = await paper.write_answer(event.answer)
                        event = RunFinished(answer=answer)
                    screen.show(event)
                    if isinstance(event, ApprovalNeeded):
                        await _decide(session, event, screen, stopped)
    finally:
        screen.close()
    if answer is None:
        raise BadRequest("The question ended without an answer.")
    return answer, stopped.is_set()


async def _decide(
    session: "ChatSession", event: ApprovalNeeded, screen: Screen, stopped: asyncio.Event
) -> None:
    """Ask the person and pass the verdict on; one that comes too late changes nothing."""
    yes = await ask_person(event, screen.progress, stopped)
    if stopped.is_set():
        return
    try:
        session.approve(event.call_id, event.code_hash, yes=yes)
    except (NotFound, Refused) as error:
        screen.progress.print(str(error), style="yellow", markup=False)


@contextmanager
def interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C, an end from outside and a closed terminal call `stop`.

    Where the loop cannot listen for signals (Windows), Ctrl-C ends the program instead.
    """
    loop = asyncio.get_running_loop()
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    try:
        for number in signals:
            loop.add_signal_handler(number, stop)
    except NotImplementedError:
        signals = []
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
