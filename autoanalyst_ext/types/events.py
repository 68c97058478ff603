"""Everything a run can say while it streams. Doors render these; nothing else comes up."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from .cells import Execution, OutputChange
from .effects import Finding
from .profiles import TableProfile
from .receipts import Receipt
from .runs import Answer
from .usage import TokenUsage
from .value import Value


class RunStarted(Value):
    """A run begins."""

    kind: Literal["run_started"] = "run_started"
    run_id: str
    chat_id: str
    agents: tuple[str, ...]
    model: str


class TablesSeen(Value):
    """The tables that the question can mean were profiled."""

    kind: Literal["tables_seen"] = "tables_seen"
    tables: tuple[TableProfile, ...]


class PlanMade(Value):
    """The plan of the run: one sentence, or one line per agent."""

    kind: Literal["plan_made"] = "plan_made"
    lines: tuple[str, ...]


class StepStarted(Value):
    """A model call begins."""

    kind: Literal["step_started"] = "step_started"
    step: int
    """1-based, within the run."""
    agent: str


class TextDelta(Value):
    """More text from the model. Partial: the step may still fail."""

    kind: Literal["text_delta"] = "text_delta"
    step: int
    text: str


class StepFinished(Value):
    """A model call has ended and is booked."""

    kind: Literal["step_finished"] = "step_finished"
    step: int
    agent: str
    attempt_id: str | None
    """The last attempt of the call, in the ledger."""
    model: str
    tokens: TokenUsage
    cost_usd: str | None
    """`None` when the price is unknown."""
    estimated: bool = False
    seconds: float = 0.0


class CellProposed(Value):
    """An agent wants to run code."""

    kind: Literal["cell_proposed"] = "cell_proposed"
    call_id: str
    label: str
    """What references call this cell: `c1`."""
    purpose: str
    source: str
    findings: tuple[Finding, ...] = ()
    """What it could do beyond computing; empty when it is safe."""
    replaces: str | None = None
    """Id of the failed cell that this one repairs."""


class ApprovalNeeded(Value):
    """The run waits for a yes or no to exactly this code."""

    kind: Literal["approval_needed"] = "approval_needed"
    call_id: str
    code_hash: str
    """SHA-256 of the source, hexadecimal."""
    source: str
    reason: str
    findings: tuple[Finding, ...] = ()


class CellNotRun(Value):
    """Code was inserted or shown, and not executed."""

    kind: Literal["cell_not_run"] = "cell_not_run"
    call_id: str
    cell_id: str
    source: str
    reason: str


class CellStarted(Value):
    """A cell is in the notebook and begins to execute."""

    kind: Literal["cell_started"] = "cell_started"
    call_id: str
    cell_id: str
    label: str


class CellOutput(Value):
    """An output of the running cell changed."""

    kind: Literal["cell_output"] = "cell_output"
    cell_id: str
    change: OutputChange


class CellFinished(Value):
    """A cell has executed."""

    kind: Literal["cell_finished"] = "cell_finished"
    call_id: str
    label: str
    execution: Execution
    repairing: bool = False
    """True when it failed and its error goes back to the model."""


class CellReplaced(Value):
    """A cell of the run corrected a failed one of the user's, ran well, and now stands in its place."""

    kind: Literal["cell_replaced"] = "cell_replaced"
    cell_id: str
    """The corrected cell."""
    former: str
    """Id of the cell that failed; it is not in the notebook any more."""
    source: str
    """What that one held."""


class Notice(Value):
    """Something the user should know: a retry, a limit, what a provider will see."""

    kind: Literal["notice"] = "notice"
    code: str
    text: str


class DataLoaded(Value):
    """There was no table in the kernel, so a cell that loads one was put before the answer's own cells."""

    kind: Literal["data_loaded"] = "data_loaded"
    cell_id: str
    source: str
    name: str
    """The variable."""
    path: str
    """The file, as the cell names it."""
    note: str = ""
    """What was left out; empty where everything was loaded."""


class Parked(Value):
    """The run waits for something that is not its own; `resumed` follows when it goes on."""

    kind: Literal["parked"] = "parked"
    why: Literal["queued", "kernel_busy", "notebook_closed"]
    """`queued`: another run has the notebook. `kernel_busy`: another cell is running. `notebook_closed`: no
    page has the notebook open."""
    text: str
    """The same for the user."""


class Resumed(Value):
    """A parked run goes on."""

    kind: Literal["resumed"] = "resumed"


class Replayed(Value):
    """The question is answered as it was answered before: no model is called.

    A `notice` with the code `replay_failed` takes it back: a model is asked after all.
    """

    kind: Literal["replayed"] = "replayed"
    at: datetime
    """UTC; when the model answered."""
    answered_by: str
    """`provider:model` that answered then."""
    pending: tuple[str, ...] = ()
    """Labels of cells in the notebook whose values the answer waits for."""


class ReceiptMade(Value):
    """The run was answered, and this is how: what a replay needs. It comes just before the end."""

    kind: Literal["receipt_made"] = "receipt_made"
    receipt: Receipt


class RunFinished(Value):
    """The run has ended; nothing follows."""

    kind: Literal["run_finished"] = "run_finished"
    answer: Answer


RunEvent = Annotated[
    RunStarted
    | TablesSeen
    | PlanMade
    | StepStarted
    | TextDelta
    | StepFinished
    | CellProposed
    | ApprovalNeeded
    | CellNotRun
    | CellStarted
    | CellOutput
    | CellFinished
    | CellReplaced
    | Notice
    | DataLoaded
    | Parked
    | Resumed
    | Replayed
    | ReceiptMade
    | RunFinished,
    Field(discriminator="kind"),
]
