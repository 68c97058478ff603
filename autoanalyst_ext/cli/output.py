"""How a run looks in a terminal and in a pipe.

On a terminal: plan, code, outputs and answer, formatted by rich. In a pipe: the same words without
formatting, progress on stderr and the answer on stdout. Outputs are shown as the kernel gave them.
"""

import re
from textwrap import indent
from typing import assert_never

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown
from rich.padding import Padding
from rich.syntax import Syntax

from ..types.cells import (
    DisplayOutput,
    ErrorOutput,
    Execution,
    Output,
    OutputChange,
    ResultOutput,
    StreamOutput,
)
from ..types.events import (
    ApprovalNeeded,
    CellFinished,
    CellNotRun,
    CellOutput,
    CellProposed,
    CellReplaced,
    CellStarted,
    DataLoaded,
    Notice,
    Parked,
    PlanMade,
    ReceiptMade,
    Replayed,
    Resumed,
    RunEvent,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    TablesSeen,
    TextDelta,
)
from ..types.runs import Answer
from ..types.usage import TokenUsage

FIGURES = {
    "application/vnd.plotly.v1+json": "chart (plotly)",
    "image/png": "picture (PNG)",
    "image/svg+xml": "picture (SVG)",
}


# Data must not steer the terminal: escape sequences and control characters but tab and line ends go.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)


class Screen:
    """Shows the events of runs."""

    def __init__(self, *, answers: Console, progress: Console, answer_text: bool = True) -> None:
        self.answers = answers
        self.progress = progress
        self._answer_text = answer_text
        """False when the answer goes out another way (`--json`)."""
        self._status = progress.status("Thinking") if progress.is_terminal else None
        self._live: Live | None = None
        self._text = ""
        """What the model has said in this step; shown as it comes, on a terminal."""
        self._model = ""

    def show(self, event: RunEvent) -> None:
        """Show one event."""
        if not isinstance(event, TextDelta):
            self._end_text(said=isinstance(event, CellProposed | PlanMade))
        match event:
            case RunStarted():
                self._model = event.model
                self._busy("Thinking")
            case TablesSeen():
                for table in event.tables[:3]:
                    self._line(f"{table.name}: {table.rows:,} rows x {len(table.columns)} columns", "dim")
            case PlanMade():
                for line in event.lines:
                    self._line(f"- {line}", "bold")
            case CellProposed():
                self._proposed(event)
            case CellStarted():
                self._busy("Running the cell")
            case CellOutput():
                self._output(event.change)
            case CellFinished():
                self._finished_cell(event.execution, repairing=event.repairing)
            case CellNotRun():
                self._line(f"Not run: {event.reason}", "yellow")
            case ApprovalNeeded():
                self._idle()
            case Notice():
                self._line(event.text, "yellow" if event.code == "budget_warning" else "dim")
            case RunFinished():
                self._idle()
                self._answer(event.answer)
            case TextDelta():
                self._add_text(event.text)
            case StepStarted():
                self._text = ""
            case Replayed():
                self._line(f"Replayed: {event.answered_by} answered on {event.at:%Y-%m-%d}.", "dim")
            case StepFinished() | ReceiptMade() | CellReplaced() | DataLoaded() | Parked() | Resumed():
                pass  # the last four are a panel's
            case _:
                assert_never(event)

    @property
    def model(self) -> str:
        """`provider:model` that answered last, once a run has said so."""
        return self._model

    def note(self, text: str) -> None:
        """Say something quietly."""
        self._line(text, "dim")

    def close(self) -> None:
        """Stop what moves."""
        self._end_text(said=False)
        self._idle()

    def _add_text(self, text: str) -> None:
        """Show the model's words as they come; the finished answer takes their place."""
        self._text += text
        if not self.progress.is_terminal:
            return
        self._idle()
        if self._live is None:
            self._live = Live(console=self.progress, transient=True, refresh_per_second=8)
            self._live.start()
        self._live.update(Markdown(harmless(self._text), hyperlinks=False))

    def _end_text(self, *, said: bool) -> None:
        """Take the moving text away; what was `said` on the way to a cell stays, quietly."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        if said:
            self._line(self._text, "dim")
            self._text = ""

    def _proposed(self, event: CellProposed) -> None:
        again = " (repair)" if event.replaces else ""
        self._line(f"{event.label}  {event.purpose or 'code'}{again}", "bold")
        self._code(event.source)
        for finding in event.findings:
            self._line(f"    line {finding.line}: {finding.words}", "yellow")

    def _code(self, source: str) -> None:
        if self.progress.is_terminal:
            source = harmless(source)
            code = Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True)
            self.progress.print(Padding(code, (0, 0, 0, 4)))
        else:
            self._line(indent(source, "    "), "")

    def _output(self, change: OutputChange) -> None:
        if change.output is not None and change.op in ("append", "extend"):
            self._line(output_text(change.output), "", markup=False)

    def _finished_cell(self, execution: Execution, *, repairing: bool) -> None:
        if repairing:
            self._line(f"    failed: {execution.ename}. Its error goes back to the model.", "yellow")
        self._busy("Thinking")

    def _answer(self, answer: Answer) -> None:
        if self._answer_text:
            text = harmless(answer.answer)
            if self.answers.is_terminal:
                self.answers.print()
                self.answers.print(Markdown(text, hyperlinks=False))
            else:
                self.answers.print(text, markup=False, highlight=False, soft_wrap=True)
            if answer.suggestions:
                self.answers.print("\nThese questions can be answered:", markup=False, highlight=False)
            for question in answer.suggestions:
                self.answers.print(f"  - {question}", markup=False, highlight=False, soft_wrap=True)
            if answer.check is not None:
                self._line(answer.check.text.replace("`", ""), "dim" if answer.check.agrees else "yellow")
        self._line(footer(self._model, answer), "dim")

    def _line(self, text: str, style: str, *, markup: bool = False) -> None:
        if text := harmless(text).rstrip("\n"):
            self.progress.print(text, style=style, markup=markup, highlight=False, soft_wrap=True)

    def _busy(self, what: str) -> None:
        if self._status is not None:
            self._status.update(f"{what} ... (Ctrl-C stops)")
            self._status.start()

    def _idle(self) -> None:
        if self._status is not None:
            self._status.stop()


def harmless(text: str) -> str:
    """The text without what would steer a terminal."""
    return _ESCAPES.sub("", text)


def output_text(output: Output) -> str:
    """An output as a terminal can show it: its text, or what kind of picture it is."""
    match output:
        case StreamOutput():
            return output.text
        case ErrorOutput():
            return "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        case DisplayOutput() | ResultOutput():
            for mime, words in FIGURES.items():
                if mime in output.data:
                    return f"[{words}: see the notebook]"
            return str(output.data.get("text/plain", ""))


def footer(model: str, answer: Answer) -> str:
    """The last line of a run: model, tokens, cost, time, notebook."""
    usage = answer.usage
    parts = [model, f"{_tokens(usage.tokens)} tokens", _cost(answer), f"{answer.seconds:.1f} s"]
    if answer.notebook:
        parts.append(answer.notebook)
    return " · ".join(parts)


def _tokens(tokens: TokenUsage) -> str:
    return f"{tokens.input_tokens + tokens.output_tokens:,}"


def _cost(answer: Answer) -> str:
    usage = answer.usage
    if usage.cost_usd is None:
        return "unpriced"
    estimate = " (estimate)" if usage.estimated_requests else ""
    rest = f" + {usage.unpriced_requests} unpriced" if usage.unpriced_requests else ""
    return f"{'~' if estimate else ''}${usage.cost_usd}{estimate}{rest}"
