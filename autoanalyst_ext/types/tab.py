"""What the engine and a page of the browser say to each other over the `stream` socket.

One JSON object per message, told apart by `kind`. Runs are started, stopped and approved by REST; here their
events come, and here the page is the hands: it carries out requests to the notebooks that it has open. Runs
belong to the engine and go on without a page. A page that comes back says how far it has heard (`watch`).
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from .cells import Output
from .chats import Chat
from .events import RunEvent
from .runs import Mode
from .value import Value

# --- from the page -------------------------------------------------------------------------------


class OpenNotebook(Value):
    """A notebook that a page has open."""

    path: str
    """Of the server's contents, without a slash in front."""
    kernel: str | None = None
    """Id of its kernel, if it has one."""


class TabHello(Value):
    """The first message of a page."""

    kind: Literal["hello"] = "hello"
    protocol: int
    version: str
    """Version of the page's extension."""
    tab: str
    """Made by the page when it was loaded. The same again when it connects anew."""
    notebooks: tuple[OpenNotebook, ...] = ()


class TabNotebooks(Value):
    """The notebooks that the page has open now, all of them; said when that changes."""

    kind: Literal["notebooks"] = "notebooks"
    notebooks: tuple[OpenNotebook, ...]


class Watch(Value):
    """Tell the events of a run from number `after` + 1 on, and go on telling."""

    kind: Literal["watch"] = "watch"
    run: str
    after: int = 0


class Unwatch(Value):
    """Tell no more of a run."""

    kind: Literal["unwatch"] = "unwatch"
    run: str


class CellSent(Value):
    """The page has sent the cell of an `execute` request to the kernel."""

    kind: Literal["sent"] = "sent"
    request: str
    message: str
    """Id of the execute request's message."""


class TabReplied(Value):
    """The reply to a request."""

    kind: Literal["replied"] = "replied"
    request: str
    value: dict[str, Any] = Field(default_factory=dict)
    """For `execute` a `TabExecuted`, for `withdraw` a `Withdrawn`, else empty."""
    error: str | None = None
    """Why it could not be carried out, in words for the user."""
    gone: bool = False
    """With an error: this page does not have the notebook open (any more); another one may."""


TabMessage = Annotated[
    TabHello | TabNotebooks | Watch | Unwatch | CellSent | TabReplied, Field(discriminator="kind")
]


class TabExecuted(Value):
    """How the page saw a cell end. What counts is what the engine heard from the kernel itself."""

    status: Literal["ok", "error", "aborted"]
    execution_count: int | None = None


class Withdrawn(Value):
    """Which cells were taken out, and which were left because somebody has changed them since."""

    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


# --- requests to a notebook ----------------------------------------------------------------------


class TabInsert(Value):
    """A new cell below cell `after`, or at the end where there is no such cell. Harmless to repeat."""

    op: Literal["insert"] = "insert"
    cell_id: str
    """The engine names it."""
    after: str | None
    source: str
    cell_type: Literal["code", "markdown"] = "code"
    metadata: dict[str, Any] = Field(default_factory=dict)


class TabReplace(Value):
    """Give a cell another source, if it still has the expected one; its outputs go."""

    op: Literal["replace"] = "replace"
    cell_id: str
    source: str
    expected: str


class TabRemove(Value):
    """Take a cell out, if it still has the expected source."""

    op: Literal["remove"] = "remove"
    cell_id: str
    expected: str


class FormerCell(Value):
    """A cell of the user that failed, and whose place a corrected one has taken."""

    cell_id: str
    source: str


class TabTakePlace(Value):
    """Put cell `cell_id` in the place of a cell that failed, if that still has its source.

    It keeps what the failed one had in its metadata. One step of the user's undo. Harmless to repeat.
    """

    op: Literal["take_place"] = "take_place"
    cell_id: str
    former: FormerCell


class TabExecute(Value):
    """Run a cell as the user would, if it still has the expected source."""

    op: Literal["execute"] = "execute"
    cell_id: str
    expected: str


class TabCell(Value):
    """A cell as it should stand in the notebook."""

    cell_id: str
    source: str
    cell_type: Literal["code", "markdown"] = "code"
    metadata: dict[str, Any] = Field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    execution_count: int | None = None
    former: FormerCell | None = None
    """The cell whose place it has taken: it goes, if it still has this source."""


class TabRestore(Value):
    """Make it so that these cells stand below cell `after`, with these outputs, without running them.

    Asked of a page that opens the notebook in mid-run: what it loaded may lack cells and outputs. A cell that
    somebody changed keeps its source and its outputs.
    """

    op: Literal["restore"] = "restore"
    after: str | None
    cells: tuple[TabCell, ...]


class CellAsLeft(Value):
    """A cell and the source that a run left it with."""

    cell_id: str
    expected: str
    former: FormerCell | None = None
    """The cell whose place it has taken: it comes back when this one goes."""


class TabWithdraw(Value):
    """Take the cells of a run out, in one step that the user's undo brings back."""

    op: Literal["withdraw"] = "withdraw"
    cells: tuple[CellAsLeft, ...]


TabRequest = Annotated[
    TabInsert | TabReplace | TabRemove | TabTakePlace | TabExecute | TabRestore | TabWithdraw,
    Field(discriminator="op"),
]

# --- from the engine -----------------------------------------------------------------------------


class RunningRun(Value):
    """A run that is under way, or waits."""

    run: str
    chat: str
    notebook: str
    """Path of the notebook that it acts on."""
    question: str


class TabWelcome(Value):
    """The answer to `hello`."""

    kind: Literal["welcome"] = "welcome"
    protocol: int
    version: str
    """Version of the engine's package."""
    who: str
    """The person that runs are booked to, for people."""
    model: str
    """The model that answers when nobody chooses one."""
    mode: Mode
    running: tuple[RunningRun, ...] = ()
    """This person's runs."""


class RunTold(Value):
    """An event of a run. Outputs are left out: the notebook has them."""

    kind: Literal["event"] = "event"
    run: str
    seq: int
    """1, 2, 3 ... within the run."""
    event: RunEvent


class RunRefused(Value):
    """A run did not begin: something is wrong with the question. It is the run's only and last message."""

    kind: Literal["refused"] = "refused"
    run: str
    seq: int
    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class RunningTold(Value):
    """Which of this person's runs are under way, whenever that changes."""

    kind: Literal["running"] = "running"
    running: tuple[RunningRun, ...]


class ChatTold(Value):
    """A chat of this person is new, has another title, or has moved to the top; or it is deleted."""

    kind: Literal["chat"] = "chat"
    chat: Chat
    deleted: bool = False


class TabWanted(Value):
    """A request to a notebook that the page has open; `replied` follows."""

    kind: Literal["request"] = "request"
    run: str
    request: str
    """Names the request. The same one may come again when the page has connected anew: it is carried out
    once, and replied to again."""
    notebook: str
    """Path of the notebook."""
    do: TabRequest


class TabFailed(Value):
    """A message of the page makes no sense, or names a run that is not there."""

    kind: Literal["failed"] = "failed"
    run: str | None = None
    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


ServerMessage = Annotated[
    TabWelcome | RunTold | RunRefused | RunningTold | ChatTold | TabWanted | TabFailed,
    Field(discriminator="kind"),
]
