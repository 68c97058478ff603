"""`Paper`: the notebook of one question on the command line.

It loads the data in ordinary cells, writes the question above the work and the answer below it, and
saves a notebook that runs without us.
"""

import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

from ..datasets.beside import SAMPLE, is_sample, sample_beside
from ..datasets.files import loading_cell
from ..engine import Engine
from ..errors import BadRequest, DataUnreadable
from ..notebooks.headless import HeadlessNotebook
from ..types.cells import Execution
from ..types.events import CellFinished, CellStarted, RunEvent, RunStarted, TablesSeen
from ..types.runs import Answer

if TYPE_CHECKING:
    from ..chats.session import ChatSession

RECEIPT = "autoanalyst"
"""Key of the notebook's metadata that holds the receipt; it also says that the file is ours."""


class Paper:
    """A headless notebook with data in it, and the file that it is saved to."""

    def __init__(self, notebook: HeadlessNotebook, target: Path | None) -> None:
        self.notebook = notebook
        self.target = target
        self.notes: list[str] = []
        """What the user should know of the data that was loaded."""
        self._receipt: dict[str, Any] = {}
        self._unfinished: set[str] = set()
        """Cells that were started and did not end well."""

    @classmethod
    @asynccontextmanager
    async def open(cls, engine: Engine, data: Sequence[str], target: Path | None) -> AsyncIterator["Paper"]:
        """Start a kernel where the notebook will be and load the data.

        Raises `BadRequest` for a target that cannot be written, before anything is started.
        """
        target = checked(target)
        folder = target.parent if target else Path.cwd()
        async with HeadlessNotebook.start(folder, scrub=engine.scrubbed()) as notebook:
            paper = cls(notebook, target)
            await paper.load(data)
            yield paper

    async def load(self, data: Sequence[str]) -> None:
        """Load each `[NAME=]PATH` in a cell of its own; raises `DataUnreadable` with the reason."""
        taken: set[str] = set()
        for item in data or [str(self._sample())]:
            name, path = split(item)
            cell = loading_cell(path.absolute(), folder=self.notebook.folder, name=name, taken=taken)
            taken.add(cell.name)
            self.notes += [cell.note] if cell.note else []
            inserted = await self.notebook.insert(cell.source)
            async for event in self.notebook.execute(inserted.id):
                if isinstance(event, Execution) and event.status != "ok":
                    raise DataUnreadable(
                        f"{path} could not be read as a table ({event.ename}: {event.evalue}). "
                        "Check the format, or load it yourself and save it as CSV or Parquet."
                    )

    async def session(self, engine: Engine, question: str) -> "ChatSession":
        """A new chat on this notebook, whose kernel was started for it alone."""
        chat = await engine.chats.create(engine.principal, question)
        return engine.chats.open(
            chat,
            principal=engine.principal,
            notebook=self.notebook,
            folder=self.notebook.folder,
            owned_kernel=True,
        )

    async def write_question(self, question: str) -> None:
        """Put the question above the work."""
        self._receipt["question"] = question
        await self.notebook.insert("> " + question.replace("\n", "\n> "), cell_type="markdown")

    def note(self, event: RunEvent) -> None:
        """Keep what the saved notebook must know: who answered, which data it saw, what did not finish."""
        if isinstance(event, CellStarted):
            self._unfinished.add(event.cell_id)
        elif isinstance(event, CellFinished) and event.execution.status == "ok":
            self._unfinished.discard(event.execution.cell_id)
        elif isinstance(event, RunStarted):
            self._receipt |= {"agents": list(event.agents), "model": event.model}
        elif isinstance(event, TablesSeen):
            seen = {table.name: table.fingerprint for table in event.tables}
            self._receipt["data"] = seen | self._receipt.get("data", {})

    async def write_answer(self, answer: Answer) -> Answer:
        """Put the answer below the work and save; returns it with the notebook's path."""
        if self.target is None:
            return answer
        await self._comment_out()
        await self.notebook.insert(answer.answer, cell_type="markdown")
        receipt = self._receipt | answer.model_dump(
            mode="json", include={"status", "run_id", "chat_id", "usage", "cost_usd", "seconds", "claims"}
        )
        receipt["cells"] = [{"id": cell.id, "label": cell.label} for cell in answer.cells]
        cells = await self.notebook.cells()
        receipt["sources"] = _sources([cell.model_dump() for cell in cells])
        await self.notebook.save(self.target, metadata={RECEIPT: receipt})
        return answer.model_copy(update={"notebook": str(self.target)})

    async def _comment_out(self) -> None:
        """What failed or was stopped stays readable, and the notebook still runs from top to bottom."""
        for cell in await self.notebook.cells():
            if cell.id in self._unfinished:
                quiet = indent(cell.source, "# ", lambda line: True)
                source = f"# This cell did not finish, so it is commented out.\n{quiet}"
                await self.notebook.replace(cell.id, source, expected=cell.source)

    def _sample(self) -> Path:
        """The sample table; beside the notebook when one is written, so that it runs without us."""
        if self.target is None:
            return Path(str(resources.files("autoanalyst_ext") / "data" / SAMPLE))
        folder = self.target.parent
        if (other := folder / SAMPLE).exists() and not is_sample(other):
            # Whoever keeps data under this name means that, and not our sample under another.
            raise BadRequest(
                f"{other} is there already and is not the sample. Name your data: --data {other}"
            )
        return sample_beside(folder)


def split(item: str) -> tuple[str | None, Path]:
    """`NAME=PATH` or `PATH`; a file whose name has an equals sign in it is a path."""
    name, equals, path = item.partition("=")
    if equals and name.isidentifier() and not Path(item).exists():
        return name, Path(path)
    return None, Path(item)


def checked(target: Path | None) -> Path | None:
    """The absolute path of a notebook that may be written; raises `BadRequest`."""
    if target is None:
        return None
    target = target.absolute()
    if target.suffix != ".ipynb":
        raise BadRequest(f"{target.name} is not a notebook's name. Write {target.stem}.ipynb")
    if not target.parent.is_dir():
        raise BadRequest(f"There is no folder {target.parent}. Make it, or choose another place.")
    if target.exists() and not _is_ours(target):
        raise BadRequest(
            f"{target} exists and is not as autoanalyst ask left it, so it is left alone. "
            "Choose another name."
        )
    try:
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise BadRequest(
            f"{target.parent} cannot be written ({error.strerror}). Choose another place for the notebook."
        ) from error
    return target


def _is_ours(path: Path) -> bool:
    """Whether `ask` wrote this notebook and nobody has changed its cells since."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    receipt = written.get("metadata", {}).get(RECEIPT) if isinstance(written, dict) else None
    return isinstance(receipt, dict) and receipt.get("sources") == _sources(written["cells"])


def _sources(cells: Sequence[Mapping[str, Any]]) -> str:
    """Hash of what all cells say."""
    texts = ["".join(cell["source"]) for cell in cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
