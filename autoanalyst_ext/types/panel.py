"""Bodies and replies of the REST routes that a panel uses."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from .chats import Chat, Message
from .events import RunEvent
from .runs import EgressLevel, Mode, RunStatus
from .value import Value

# --- starting and steering a run -----------------------------------------------------------------


class NotebookPlace(Value):
    """A place in a notebook that a page has open."""

    path: str
    """Of the server's contents, without a slash in front."""
    kernel: str
    """Id of its kernel."""
    after: str | None = None
    """Id of the cell below which new cells go; `None`: at the end."""


class FailedCell(Value):
    """A cell of the user that failed and is to be fixed."""

    cell_id: str
    source: str
    ename: str
    evalue: str


class RunSettings(Value):
    """What the user's settings say about runs; `None` leaves it to the server's."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    rounds: int | None = Field(default=None, ge=1, le=200)
    repairs: int | None = Field(default=None, ge=0, le=50)
    tokens: int | None = Field(default=None, ge=1, le=100_000_000)
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    cell_seconds: float | None = Field(default=None, gt=0, le=86_400)


class RunOrder(Value):
    """A question to a chat: the body of `POST chats/{id}/runs`."""

    question: str = Field(min_length=1, max_length=100_000)
    tab: str
    """The page that asks; its hands come first."""
    notebook: NotebookPlace
    agents: tuple[str, ...] = ()
    model: str | None = None
    mode: Mode | None = None
    scope: tuple[str, ...] = ()
    """Names of the tables it is about; empty means all."""
    settings: RunSettings = RunSettings()
    fix: FailedCell | None = None
    """The question is to fix this cell."""


class RunTicket(Value):
    """A run that was accepted. Its events come over the socket."""

    run: str
    chat: str


class ApprovalAnswer(Value):
    """A person's answer to `approval_needed`: the body of `POST runs/{id}/approvals/{call_id}`."""

    code_hash: str
    yes: bool
    remember: bool = False
    """With a yes: safe cells of this notebook run by themselves from now on."""


# --- chats ---------------------------------------------------------------------------------------


class NewChat(Value):
    """The body of `POST chats`."""

    question: str = Field(min_length=1, max_length=100_000)
    """The first question; the chat is named after it. It is not asked by this."""


class ChatChange(Value):
    """The body of `PATCH chats/{id}`."""

    title: str = Field(min_length=1, max_length=200)


class ChatEntry(Chat):
    """A chat as the list shows it."""

    summary: str = ""
    """One line of the last answer, as plain text."""
    agents: tuple[str, ...] = ()
    """Who answered last."""
    notebook: str | None = None
    """Path of the notebook of its last run, where a panel asked."""
    cost_usd: str | None = "0.00"
    """Of all its runs; `None` where nothing had a price."""


class ChatPage(Value):
    """A page of the list, newest activity first."""

    chats: tuple[ChatEntry, ...]
    cursor: str | None = None
    """Of the next page; `None` on the last."""


class Feedback(Value):
    """What a person thinks of an answer: the body and the reply of `PUT messages/{id}/feedback`."""

    rating: int = Field(ge=1, le=5, strict=True)
    """Stars."""
    comment: str = Field(max_length=4_000)
    """May be empty."""


class RunView(Value):
    """A run, as a panel shows it again."""

    id: str
    chat_id: str
    status: RunStatus
    agents: tuple[str, ...]
    model: str
    notebook: str | None = None
    started_at: datetime
    ended_at: datetime | None = None
    events: tuple[RunEvent, ...] = ()
    """What it said, in order, without outputs and without pieces of text: the same as over the socket."""


class ShownMessage(Message):
    """A message with what belongs to it."""

    feedback: Feedback | None = None
    run: RunView | None = None
    """The run that wrote it, or for a question the run that it began and that has not answered yet."""


class MessagePage(Value):
    """The last messages of a chat, oldest first."""

    messages: tuple[ShownMessage, ...]
    cursor: str | None = None
    """Of the messages before them; `None` at the start."""


class SentPart(Value):
    """A piece of what a provider was sent."""

    role: Literal["instructions", "user", "assistant", "tool_call", "tool_return"]
    name: str = ""
    """Of the tool, where it is one."""
    text: str


class SentCall(Value):
    """What one model call sent: the last of a run has all that the ones before it sent, too."""

    attempt_id: str
    model: str
    """`provider:model`."""
    level: EgressLevel
    digest: str
    """SHA-256 of the payload."""
    left: bool
    """False: the model is in this process, and nothing left the machine."""
    parts: tuple[SentPart, ...]
    cut: bool = False
    """True when it was too long to be kept whole."""


class Sent(Value):
    """The reply of `GET runs/{id}/sent`."""

    calls: tuple[SentCall, ...] = ()


# --- who, with what ------------------------------------------------------------------------------


class Me(Value):
    """The reply of `GET me`."""

    name: str
    source: Literal["hub", "identity", "account"]
    version: str
    model: str
    mode: Mode


class AgentEntry(Value):
    """An agent one can ask."""

    name: str
    title: str
    description: str
    aliases: tuple[str, ...] = ()


class Agents(Value):
    """The reply of `GET agents`."""

    agents: tuple[AgentEntry, ...]


class ModelEntry(Value):
    """A model one can ask."""

    name: str
    """`provider:model`."""
    title: str
    ready: bool
    why: str = ""
    """Why it is not."""
    default: bool = False
    local: bool = False
    """Nothing leaves this machine."""


class Models(Value):
    """The reply of `GET models`."""

    models: tuple[ModelEntry, ...]


class KeyEntry(Value):
    """A provider and whether its key is there. Never the key."""

    provider: str
    title: str
    source: str | None = None
    """Where the key was found, in words (`environment`, `keyring`, `file`); `None`: there is none."""


class Keys(Value):
    """The reply of `GET keys`."""

    keys: tuple[KeyEntry, ...]


class NewKey(Value):
    """The body of `PUT keys/{provider}`."""

    key: str = Field(min_length=1, max_length=4_096, repr=False)


class Health(Value):
    """The reply of `GET health`."""

    status: Literal["ok", "broken"]
    version: str
    problem: str = ""
    """What is broken, and what to do about it."""


class Remembered(Value):
    """Notebooks where safe cells run without asking, though the mode is `ask`."""

    notebooks: tuple[str, ...] = ()


# --- data ----------------------------------------------------------------------------------------


class TableEntry(Value):
    """A table in the kernel."""

    name: str
    rows: int
    columns: tuple[str, ...]
    starters: tuple[str, ...] = ()
    """Up to four questions about it: a lookup, a comparison, a chart, a statistic."""


class FileEntry(Value):
    """A data file beside the notebook."""

    name: str
    path: str
    """As a loading cell of this notebook names it."""
    bytes: int


class Surroundings(Value):
    """What a notebook has to ask about: the reply of `GET datasets`."""

    tables: tuple[TableEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    sample: bool = False
    """There is nothing else here, so the sample data may be offered."""
    starters: tuple[str, ...] = ()
    """Questions about the file or the sample, where there is no table yet."""
    problem: str = ""
    """Why the kernel could not be asked, in one sentence: another language, busy, gone."""


class LoadOrder(Value):
    """The body of `POST datasets`: which file a cell should load."""

    notebook: str
    """Path of the notebook."""
    kernel: str | None = None
    path: str | None = None
    """A data file: absolute, from `~`, or from the notebook's folder. `None`: the sample."""


class LoadingSource(Value):
    """An ordinary cell that loads a file: the reply of `POST datasets`."""

    name: str
    """The variable."""
    source: str
    note: str = ""
    """What is left out; empty where everything is loaded."""


class ErrorBody(Value):
    """What is inside `{"error": ...}`."""

    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class ErrorReply(Value):
    """Every reply that is not a success."""

    error: ErrorBody
