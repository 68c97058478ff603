"""What the engine and a client say to each other: a magic over a pipe or a socket, a panel over a socket.

One JSON object per message, told apart by `kind`. The client asks questions and is the hands: the
engine's requests to its notebook go to it, and it tells what it heard while a cell ran.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from .events import RunEvent
from .profiles import TableProfile
from .receipts import Receipt
from .results import Result
from .runs import Mode
from .value import Value

PROTOCOL = 1
"""Both sides must name the same number."""

# --- from the client -----------------------------------------------------------------------------


class Hello(Value):
    """The first message of a client."""

    kind: Literal["hello"] = "hello"
    protocol: int
    version: str
    """Version of the client's package."""
    notebook: str = ""
    """Path or name of the notebook, for people; empty where nobody knows it."""


class FoundReceipt(Value):
    """A receipt that the client found with the question's cell. Not trusted."""

    receipt: dict[str, Any]
    """A `Receipt`, if it is one."""
    standing: bool = False
    """Its cells stand below the question, unedited, so they need not be run."""
    results: dict[str, Result | None] = Field(default_factory=dict)
    """Label to the value of those of its cells that have run in this kernel."""


class Ask(Value):
    """A question. Its events follow, and one `ended` or `failed`."""

    kind: Literal["ask"] = "ask"
    id: str
    """Names the question in all messages about it."""
    question: str
    agents: tuple[str, ...] = ()
    model: str | None = None
    mode: Mode | None = None
    scope: tuple[str, ...] = ()
    """Names of the tables it is about; empty means all."""
    chat: str = ""
    """Name of the chat; empty is the client's own one."""
    folder: str
    """The kernel's working folder, absolute: relative paths in code start here."""
    can_ask: bool = False
    """Whether somebody is there to say yes or no."""
    fresh: bool = False
    """Ask the model even where a receipt says how it was answered before."""
    receipts: tuple[FoundReceipt, ...] = ()
    """Most likely first."""
    follows: str | None = None
    """The question before it, as the notebook has them now; empty where there is none. `None`: the client
    cannot tell, so the last other question of the chat counts."""


class Stop(Value):
    """Stop a question; it still ends with `ended`."""

    kind: Literal["stop"] = "stop"
    id: str


class Approve(Value):
    """A person's answer to an `approval_needed` event."""

    kind: Literal["approve"] = "approve"
    id: str
    call_id: str
    code_hash: str
    yes: bool
    remember: bool = False
    """With a yes: safe cells run by themselves from now on."""


class Heard(Value):
    """An output of the cell that an `execute` request runs, as the kernel's own message."""

    kind: Literal["heard"] = "heard"
    request: str
    type: Literal["stream", "display_data", "update_display_data", "execute_result", "error", "clear_output"]
    content: dict[str, Any]


class Replied(Value):
    """The reply to a request. `error` is set when it could not be carried out."""

    kind: Literal["replied"] = "replied"
    request: str
    value: dict[str, Any] = Field(default_factory=dict)
    """A `LookReply`, an `EvaluateReply` or an `ExecuteReply`, else empty."""
    error: str | None = None
    """In words for the user."""


class Query(Value):
    """Something else that the client wants to know; `found` or `failed` follows."""

    kind: Literal["query"] = "query"
    id: str
    what: Literal["agents", "models", "usage", "history", "cancel", "refill"]
    args: dict[str, Any] = Field(default_factory=dict)
    """For `refill`: `{"receipt": Receipt, "results": {label: Result}}`."""


ClientMessage = Annotated[Hello | Ask | Stop | Approve | Heard | Replied | Query, Field(discriminator="kind")]

# --- replies of the hands ------------------------------------------------------------------------


class LookReply(Value):
    """What is in the kernel's namespace."""

    tables: tuple[TableProfile, ...] = ()
    names: dict[str, str] = Field(default_factory=dict)
    """Variables to the names of their types."""
    made: tuple[str, ...] = ()
    """Names that runs of ours made and nobody rebound since."""


class EvaluateReply(Value):
    """What code came to."""

    result: Result | None = None
    """None where it failed."""


class ExecuteReply(Value):
    """How a cell ended; its outputs were `heard` before."""

    status: Literal["ok", "error", "interrupted"]
    ename: str | None = None
    evalue: str | None = None
    flooded: bool = False
    """It was stopped because it wrote more than an output may hold."""
    execution_count: int | None = None
    result: Result | None = None
    tables: tuple[TableProfile, ...] = ()
    """Tables that it made or changed."""
    seconds: float = 0.0


# --- from the engine -----------------------------------------------------------------------------


class Welcome(Value):
    """The answer to `hello`."""

    kind: Literal["welcome"] = "welcome"
    protocol: int
    version: str
    """Version of the engine's package."""
    model: str
    """The model that answers when nobody chooses one."""
    mode: Mode
    who: str
    """The person that runs are booked to."""


class Told(Value):
    """An event of a question's run. Outputs are left out: the client has them."""

    kind: Literal["event"] = "event"
    id: str
    event: RunEvent


class Look(Value):
    """Wants a `LookReply`."""

    op: Literal["look"] = "look"


class Evaluate(Value):
    """Wants an `EvaluateReply`: what code of ours that only reads comes to, without a cell."""

    op: Literal["evaluate"] = "evaluate"
    code: str


class Insert(Value):
    """A new cell below those that the run inserted before."""

    op: Literal["insert"] = "insert"
    cell_id: str
    """The engine names it."""
    source: str
    cell_type: Literal["code", "markdown"] = "code"
    metadata: dict[str, Any] = Field(default_factory=dict)


class Replace(Value):
    """Give an inserted cell another source; its outputs go."""

    op: Literal["replace"] = "replace"
    cell_id: str
    source: str


class Remove(Value):
    """Take an inserted cell out."""

    op: Literal["remove"] = "remove"
    cell_id: str


class Execute(Value):
    """Run an inserted cell; wants an `ExecuteReply`."""

    op: Literal["execute"] = "execute"
    cell_id: str


class Interrupt(Value):
    """Stop the cell that the named `execute` request runs; its own reply then follows, and none to this."""

    op: Literal["interrupt"] = "interrupt"
    of: str


NotebookRequest = Annotated[
    Look | Evaluate | Insert | Replace | Remove | Execute | Interrupt, Field(discriminator="op")
]


class Wanted(Value):
    """A request to the client's notebook; `replied` follows."""

    kind: Literal["request"] = "request"
    id: str
    """The question it is for."""
    request: str
    """Names the request."""
    do: NotebookRequest


class Ended(Value):
    """A question has ended; its last event was `run_finished`."""

    kind: Literal["ended"] = "ended"
    id: str
    html: str
    """The answer for a browser: made by us from Markdown, nothing of the model in it is markup."""
    receipt: Receipt | None = None
    """To be kept with the notebook; `None` when there is nothing to replay."""
    replayed: bool = False
    """No model was called."""
    pending: tuple[str, ...] = ()
    """Labels of cells below whose values the answer waits for: until then it shows the recorded figures."""
    instead: str | None = None
    """`provider:model` that could be asked, where the offline analyst could not answer and a key is there."""


class Found(Value):
    """The answer to a query."""

    kind: Literal["found"] = "found"
    id: str
    body: dict[str, Any]


class Failed(Value):
    """A question or query could not be begun, or the message makes no sense."""

    kind: Literal["failed"] = "failed"
    id: str | None
    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


EngineMessage = Annotated[Welcome | Told | Wanted | Ended | Found | Failed, Field(discriminator="kind")]
