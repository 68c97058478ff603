"""`%%analyst` and `%analyst`: a question in a cell, answered there.

The magic is synchronous: it holds the kernel's main thread until the answer is there, as any cell does.
What it asks of the engine and what the engine asks of the notebook is in `asking`; here is what was
written, what is shown when something is wrong, and what stays behind.
"""

import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand

from . import arguments, receipts
from .arguments import VERBS, Arguments
from .order import Order

if TYPE_CHECKING:
    from .answer import AnalystAnswer
    from .asking import Outcome
    from .client import Client
    from .display import View
    from .front_end import FrontEnd

PROTOCOL = 1
"""Number of the wire's version; both sides must name the same."""

LAST = "_analyst"
"""The variable that holds the last answer, whatever it was called."""


@dataclass(frozen=True)
class Waiting:
    """An answer whose figures wait for cells below its question."""

    receipt: dict[str, Any]
    labels: frozenset[str]
    view: "View"


@magics_class
class AnalystMagics(Magics):
    """The magics of one kernel, and what outlives a question: the home, our names, recorded values."""

    shell: Any

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._client: Client | None = None
        self._connecting = threading.Lock()
        self._results = receipts.Results()
        self._orders: dict[str, Order] = defaultdict(Order)
        """By name of the conversation."""
        self._waiting: list[Waiting] = []
        self._front_end: FrontEnd | None = None
        self._undo: list[Callable[[], None]] = []
        """What takes away what `load` added to the shell."""

    @no_var_expand
    @cell_magic("analyst")  # type: ignore[arg-type]
    def ask_cell(self, line: str, cell: str) -> None:
        """Ask about the data in this notebook.

            %%analyst [@agent ...] [--model M] [--mode auto|ask|suggest] [--data df,orders]
                      [--chat NAME] [--as NAME] [--no-cells] [--fresh]
            Which cities had the largest growth?

        `%analyst help` explains the options and lists what else there is.
        """
        asked = arguments.parse(line)
        question = "\n".join(part for part in (asked.words, cell.strip()) if part)
        self._ask(asked, question, receipts.found(self.shell, question, (line, cell)))

    @no_var_expand
    @line_magic("analyst")  # type: ignore[arg-type]
    def ask_line(self, line: str) -> "AnalystAnswer | None":
        """Ask in one line, `answer = %analyst average price by city`, or look around.

        agents | models | datasets | usage | history | plain [PATH] | cancel | help
        """
        verb, _, rest = line.strip().partition(" ")
        if verb in VERBS or not verb:
            self._show(verb or "help", rest.strip())
            return None
        asked = arguments.parse(line)
        return self._ask(asked, asked.words, receipts.found(self.shell, asked.words))

    def load(self) -> None:
        """Add what the shell must do for us besides the magics: completion, cells below, recorded values."""
        from . import completion, front_end, written

        self._undo.append(written.install(self.shell))
        self._undo.append(completion.install(self.shell, self.connected))
        self.shell.events.register("post_run_cell", self._cell_ran)
        self._undo.append(lambda: self.shell.events.unregister("post_run_cell", self._cell_ran))
        self._front_end = front_end.announce(self.shell)

    def unload(self) -> None:
        """Take it away again, and let go of the home."""
        for undo in self._undo:
            undo()
        if self._front_end is not None:
            self._front_end.close()
        if self._client is not None:
            self._client.close()

    def connected(self) -> "Client":
        """The client, connected now if it was not; raises `UsageError`."""
        from .client import Client, NoHome

        with self._connecting:  # Tab connects in a thread
            if self._client is None or not self._client.alive:
                try:
                    self._client = Client.connect(self._hello())
                except NoHome as error:
                    raise UsageError(str(error)) from None
            return self._client

    def _hello(self) -> dict[str, Any]:
        from importlib.metadata import PackageNotFoundError, version

        try:
            package = version("autoanalyst-ext")
        except PackageNotFoundError:  # the kernel package alone, on a path of its own
            package = ""
        path = receipts.notebook_path(self.shell)
        return {
            "kind": "hello",
            "protocol": PROTOCOL,
            "version": package,
            "notebook": str(path or ""),
        }

    # --- a question -------------------------------------------------------------------------------

    def _ask(self, asked: Arguments, question: str, found: list[receipts.FoundReceipt]) -> "AnalystAnswer":
        from .asking import Asking, Unanswered
        from .client import Gone, Refusal
        from .display import View

        if not question.strip():
            raise UsageError("What is the question? Write it below the line with %%analyst.")
        if Asking.active is not None:
            raise UsageError("A question cannot be asked by code that an answer runs.")
        known = self._client
        client = self.connected()
        view = View(self.shell, question)
        if client is not known:
            view.event({"kind": "notice", "code": "home", "text": _home(client)})
        cell = receipts.cell_id(self.shell) or question
        message = self._message(asked, question, found, self._orders[asked.chat].before(cell))
        try:
            outcome = Asking(self.shell, client, message, view).run()
            self._orders[asked.chat].note(cell, question)
            answer = self._leave(asked, question, outcome, view)
            outcome.check()
        except Refusal as error:
            view.stop(str(error))
            raise UsageError(str(error)) from None
        except (Gone, Unanswered) as error:
            raise UsageError(str(error)) from None
        return answer

    def _message(
        self, asked: Arguments, question: str, found: list[receipts.FoundReceipt], before: str | None
    ) -> dict[str, Any]:
        return {
            "kind": "ask",
            "id": uuid4().hex,
            "question": question,
            "agents": asked.agents,
            "model": asked.model,
            "mode": asked.mode,
            "scope": asked.scope,
            "chat": asked.chat,
            "folder": os.getcwd(),
            "follows": before or "",
            "can_ask": _somebody_there(self.shell),
            "fresh": asked.fresh,
            "receipts": [
                {
                    "receipt": each.receipt,
                    "standing": each.standing,
                    "results": self._results.of(each.receipt),
                }
                for each in found
            ],
        }

    def _leave(self, asked: Arguments, question: str, outcome: "Outcome", view: "View") -> "AnalystAnswer":
        """Show the answer, hand the cells to the notebook, keep what a replay needs."""
        from .answer import AnalystAnswer

        below = self._insert(asked, outcome)
        view.finish(
            outcome.answer,
            outcome.html,
            outcome.cells,
            receipt=outcome.receipt,
            replayed=outcome.replayed,
            below=below,
        )
        answer = AnalystAnswer(
            outcome.answer,
            outcome.cells,
            question=question,
            model=view.model,
            receipt=outcome.receipt,
            replayed=outcome.replayed,
        )
        self.shell.user_ns[LAST] = answer
        if asked.name is not None:
            self.shell.user_ns[asked.name] = answer
        self._remember(outcome, view)
        return answer

    def _insert(self, asked: Arguments, outcome: "Outcome") -> bool:
        """Whether the cells are below the question in the notebook, and not inside its output."""
        if outcome.pending or (outcome.replayed and not outcome.cells):
            return True
        if self._front_end is None or not asked.cells or outcome.replayed:
            return False
        return self._front_end.insert(outcome.answer["run_id"], outcome.cells, outcome.receipt)

    # --- replay -----------------------------------------------------------------------------------

    def _remember(self, outcome: "Outcome", view: "View") -> None:
        from . import frames

        if outcome.receipt is None:
            return
        self._results.watch(outcome.receipt)
        for cell in outcome.cells:
            if cell.status == "ok":
                self._results.keep(cell.source, frames.describe(cell.value))
        if outcome.pending:
            self._waiting.append(Waiting(outcome.receipt, frozenset(outcome.pending), view))

    def _cell_ran(self, result: Any) -> None:
        """A cell of the user's has run: it may be one that an answer waits for."""
        source = str(result.info.raw_cell or "").strip() if result.info is not None else ""
        if source not in self._results.watched or not result.success:
            return
        from . import frames

        self._results.keep(source, frames.describe(result.result))
        for waiting in tuple(self._waiting):
            values = self._results.of(waiting.receipt)
            if waiting.labels <= set(values):
                self._waiting.remove(waiting)
                self._refill(waiting, values)

    def _refill(self, waiting: Waiting, values: dict[str, Any]) -> None:
        from .client import Gone, Refusal

        try:
            found = self.connected().query("refill", receipt=waiting.receipt, results=values)
        except (UsageError, Gone, Refusal) as error:
            print(f"The answer above keeps its recorded figures: {error}", file=sys.stderr)  # noqa: T201
            return
        waiting.view.refill(found["text"], found["html"])

    # --- looking around ---------------------------------------------------------------------------

    def _show(self, verb: str, rest: str) -> None:
        from IPython.display import display

        from . import verbs
        from .client import Gone, Refusal

        if rest and verb != "plain":
            raise UsageError(
                f"%analyst {verb} takes nothing more. To ask a question, begin with other words."
            )
        try:
            match verb:
                case "datasets":
                    shown = verbs.datasets(self.shell.user_ns, Path.cwd())
                case "help":
                    shown = verbs.helps()
                case "plain":
                    shown = verbs.plain(rest, receipts.notebook_path(self.shell))
                case _:
                    shown = getattr(verbs, verb)(self.connected())
        except (Gone, Refusal) as error:
            raise UsageError(str(error)) from None
        display(shown)  # type: ignore[no-untyped-call]


def _home(client: "Client") -> str:
    """Where the engine runs; said once, at the first question."""
    return client.note or f"The analyst runs {client.where}."


def _somebody_there(shell: Any) -> bool:
    """Whether a person can be asked: the front end takes input, or there is a terminal."""
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        return bool(getattr(kernel, "_allow_stdin", False))
    return sys.stdin is not None and sys.stdin.isatty()
