"""`%%analyst` and `%analyst`: a question in a cell, answered there.

The magic is synchronous: it holds the kernel's main thread until the answer is there, as any cell does.
What it asks of the engine and what the engine asks of the notebook is in `asking`; here is what was
written, what is shown when something is wrong, and what stays behind.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, no_var_expand

if TYPE_CHECKING:
    # What a question needs is loaded when one is asked: a notebook that only loads the extension is quick.
    from .answer import AnalystAnswer
    from .arguments import Arguments
    from .asking import Outcome
    from .client import Client
    from .display import View
    from .front_end import FrontEnd
    from .order import Order
    from .receipts import FoundReceipt
    from .recorded import Recorded

PROTOCOL = 1
"""Number of the wire's version; both sides must name the same."""

LAST = "_analyst"
"""The variable that holds the last answer, whatever it was called."""


@magics_class
class AnalystMagics(Magics):
    """The magics of one kernel, and what outlives a question: the home, our names, recorded values."""

    shell: Any

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._client: Client | None = None
        self._connecting = threading.Lock()
        self._records: Recorded | None = None
        self._orders: dict[str, Order] = {}
        self._left: dict[str, FoundReceipt] = {}
        """By cell: the receipt of its last answer, which no front end may have saved yet."""
        """By name of the conversation."""
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
        from . import arguments

        asked = arguments.parse(line)
        question = "\n".join(part for part in (asked.words, cell.strip()) if part)
        self._ask(asked, question, (line, cell))

    @no_var_expand
    @line_magic("analyst")  # type: ignore[arg-type]
    def ask_line(self, line: str) -> "AnalystAnswer | None":
        """Ask in one line, `answer = %analyst average price by city`, or look around.

        agents | models | datasets | usage | history | plain [PATH] | cancel | help
        """
        from . import arguments

        verb, _, rest = line.strip().partition(" ")
        if verb in arguments.VERBS or not verb:
            self._show(verb or "help", rest.strip())
            return None
        asked = arguments.parse(line)
        return self._ask(asked, asked.words, None)

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
        from .asking import NOT_BEGUN, Stopped
        from .client import Client, NoHome

        with self._connecting:  # Tab connects in a thread
            if self._client is None or not self._client.alive:
                try:
                    self._client = Client.connect(self._hello())
                except NoHome as error:
                    raise UsageError(str(error)) from None
                except KeyboardInterrupt:
                    raise Stopped(NOT_BEGUN) from None
            return self._client

    def _hello(self) -> dict[str, Any]:
        from importlib.metadata import PackageNotFoundError, version

        from .receipts import notebook_path

        try:
            package = version("autoanalyst-ext")
        except PackageNotFoundError:  # the kernel package alone, on a path of its own
            package = ""
        return {
            "kind": "hello",
            "protocol": PROTOCOL,
            "version": package,
            "notebook": str(notebook_path(self.shell) or ""),
        }

    # --- a question -------------------------------------------------------------------------------

    def _ask(self, asked: "Arguments", question: str, written: tuple[str, str] | None) -> "AnalystAnswer":
        """Ask, and leave the answer. `written` is line and body of the cell, where a whole cell asks."""
        from .client import Gone, Refusal
        from .turn import Busy

        if asked.name is not None:
            _check_free(asked.name, self.shell.user_ns)
        if not question.strip():
            raise UsageError("What is the question? Write it below the line with %%analyst.")
        try:
            return self._answered(asked, question, written)
        except (Busy, Gone, Refusal) as error:
            raise UsageError(str(error)) from None

    def _answered(
        self, asked: "Arguments", question: str, written: tuple[str, str] | None
    ) -> "AnalystAnswer":
        from . import receipts
        from .asking import Asking, Stopped
        from .client import Refusal
        from .display import View
        from .order import Order
        from .turn import turn

        cell = receipts.cell_id(self.shell) or question
        order = self._orders.setdefault(asked.chat, Order())
        known = self._client
        client = self.connected()
        with turn(client.wake) as interrupts:
            found = receipts.found(self.shell, question, written)
            found += [self._left[cell]] if written and cell in self._left else []
            message = self._message(asked, question, found, order.before(cell))
            view = View(self.shell, question, alone=written is not None)
            if client is not known:
                view.event({"kind": "notice", "code": "home", "text": _home(client)})
            try:
                outcome = Asking(self.shell, client, message, view, interrupts).run()
            except Refusal as error:
                view.stop(str(error))
                raise
            order.note(cell, question)
            answer = self._leave(asked, question, outcome, view, written)
            if outcome.receipt is not None:
                self._left[cell] = receipts.FoundReceipt(outcome.receipt, standing=False)
        outcome.check()
        if interrupts.stop_wanted:  # too late for this question, in time for the cells after it
            raise Stopped("Stopped when the question was answered.")
        return answer

    def _message(
        self, asked: "Arguments", question: str, found: "list[FoundReceipt]", before: str | None
    ) -> dict[str, Any]:
        from uuid import uuid4

        return {
            "kind": "ask",
            "id": uuid4().hex,
            "question": question,
            "agents": asked.agents,
            "model": asked.model,
            "mode": asked.mode,
            "scope": asked.scope,
            "chat": asked.chat,
            "folder": _folder(),
            "follows": before or "",
            "can_ask": _somebody_there(self.shell),
            "fresh": asked.fresh,
            "receipts": [
                {
                    "receipt": each.receipt,
                    "standing": each.standing,
                    "results": self._recorded().values_of(each.receipt),
                }
                for each in found
            ],
        }

    def _leave(
        self,
        asked: "Arguments",
        question: str,
        outcome: "Outcome",
        view: "View",
        written: tuple[str, str] | None,
    ) -> "AnalystAnswer":
        """Show the answer, hand the cells to the notebook, keep what a replay needs."""
        from .answer import AnalystAnswer
        from .arguments import asked_of

        below = self._insert(asked, outcome)
        view.finish(
            outcome.answer,
            outcome.html,
            outcome.cells,
            receipt=outcome.receipt,
            replayed=outcome.replayed,
            below=below,
            command=asked_of(outcome.instead, asked, written) if outcome.instead else "",
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
        if outcome.receipt is not None:
            self._recorded().note(outcome.receipt, outcome.cells, outcome.pending, view)
        return answer

    def _insert(self, asked: "Arguments", outcome: "Outcome") -> bool:
        """Whether the cells are below the question in the notebook, and not inside its output."""
        if outcome.pending or (outcome.replayed and not outcome.cells):
            return True
        if self._front_end is None or not asked.cells or outcome.replayed:
            return False
        return self._front_end.insert(outcome.answer["run_id"], outcome.cells, outcome.receipt)

    # --- replay -----------------------------------------------------------------------------------

    def _recorded(self) -> "Recorded":
        if self._records is None:
            from .recorded import Recorded

            self._records = Recorded(self.connected)
        return self._records

    def _cell_ran(self, result: Any) -> None:
        """A cell has run, the user's or ours."""
        if self._records is not None:
            self._records.cell_ran(result)

    # --- looking around ---------------------------------------------------------------------------

    def _show(self, verb: str, rest: str) -> None:
        from IPython.display import display

        from . import verbs
        from .client import Gone, Refusal
        from .receipts import notebook_path

        if rest and verb not in ("plain", "usage"):
            raise UsageError(
                f"%analyst {verb} takes nothing more. To ask a question, begin with other words."
            )
        try:
            match verb:
                case "datasets":
                    shown = verbs.datasets(self.shell.user_ns, Path(_folder()))
                case "help":
                    shown = verbs.helps()
                case "plain":
                    shown = verbs.plain(rest, notebook_path(self.shell))
                case "usage":
                    from . import own_usage

                    shown = own_usage.usage(self.connected(), rest)
                case _:
                    shown = getattr(verbs, verb)(self.connected())
        except (Gone, Refusal) as error:
            raise UsageError(str(error)) from None
        display(shown)  # type: ignore[no-untyped-call]


def _home(client: "Client") -> str:
    """Where the engine runs; said once, at the first question."""
    return client.note or f"The analyst runs {client.where}."


def _check_free(name: str, namespace: Mapping[str, Any]) -> None:
    """Raise `UsageError` where `--as` would take a table's only name."""
    from .frames import TABLES
    from .results import is_a

    if any(is_a(namespace.get(name), *kind) for kind in TABLES):
        raise UsageError(f"`{name}` is a table. Choose another name: --as answer")


def _folder() -> str:
    """The kernel's folder; data files are looked for there."""
    try:
        return os.getcwd()
    except OSError:
        raise UsageError(
            "The folder that this kernel works in is gone. Go to another one: `%cd FOLDER`."
        ) from None


def _somebody_there(shell: Any) -> bool:
    """Whether a person can be asked: the front end takes input, or there is a terminal."""
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        return bool(getattr(kernel, "_allow_stdin", False))
    return sys.stdin is not None and sys.stdin.isatty()
