"""Cells, their executions and their outputs, in nbformat's own shapes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from .profiles import TableProfile
from .results import Result
from .value import Value


class StreamOutput(Value):
    """Text that a cell wrote to stdout or stderr."""

    output_type: Literal["stream"] = "stream"
    name: Literal["stdout", "stderr"]
    text: str


class DisplayOutput(Value):
    """Something a cell displayed."""

    output_type: Literal["display_data"] = "display_data"
    data: dict[str, Any]
    """MIME type to content, as nbformat has it."""
    metadata: dict[str, Any] = Field(default_factory=dict)


class ResultOutput(Value):
    """The value of a cell's last expression, as the front end shows it."""

    output_type: Literal["execute_result"] = "execute_result"
    data: dict[str, Any]
    metadata: dict[str, Any] = Field(default_factory=dict)
    execution_count: int | None = None


class ErrorOutput(Value):
    """An exception that ended a cell."""

    output_type: Literal["error"] = "error"
    ename: str
    evalue: str
    traceback: tuple[str, ...] = ()


Output = Annotated[
    StreamOutput | DisplayOutput | ResultOutput | ErrorOutput, Field(discriminator="output_type")
]


class OutputChange(Value):
    """One change to the list of outputs of a running cell."""

    op: Literal["append", "extend", "replace", "clear"]
    """`append` adds `output`; `extend` adds its text to the stream output at `index`; `replace`
    puts `output` at `index` (an updated display); `clear` empties the list."""
    index: int = 0
    output: Output | None = None


class Cell(Value):
    """One cell of a notebook."""

    id: str
    """nbformat's cell id."""
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    metadata: dict[str, Any] = Field(default_factory=dict)


ExecutionStatus = Literal["ok", "error", "interrupted", "timeout", "died", "unknown"]
"""How an execution ended.

`ok` and `error` are the kernel's own reply and nothing else. `interrupted`: stopped by the user.
`timeout`: it ran longer than allowed and was interrupted. `died`: the kernel ended under it.
`unknown`: it was started, and nobody could hear how it ended.
"""


class Execution(Value):
    """One execution of a cell's source."""

    cell_id: str
    source: str
    status: ExecutionStatus
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    """All outputs, uncut, in order."""
    ename: str | None = None
    """Class of the exception, when `status` is not `ok`."""
    evalue: str | None = None
    """Its text."""
    result: Result | None = None
    """The value of the last expression as data; `None` where there was none."""
    tables: tuple[TableProfile, ...] = ()
    """Profiles of the tables that this execution made or changed."""
    seconds: float = 0.0
