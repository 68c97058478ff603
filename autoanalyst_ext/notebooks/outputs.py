"""`OutputLog`: what a kernel says on iopub becomes a cell's list of outputs, merged as nbformat has it.

Nothing that fits is cut. Past `OUTPUT_BYTES` the rest is dropped and the log is `flooded`; who reads
the kernel then stops the cell. Which messages belong to the cell is the caller's to know.
"""

from collections.abc import Mapping
from typing import Any, Literal

from ..types.cells import DisplayOutput, ErrorOutput, Output, OutputChange, ResultOutput, StreamOutput

OUTPUT_BYTES = 10 * 2**20
"""Most bytes of output that one cell keeps."""

ERROR_BYTES = 64 * 2**10
"""An error of this size is kept even where the log is full: it says why the cell ended."""


class _Kept:
    """One output. The text of a stream grows in parts, so that many small writes stay cheap."""

    def __init__(self, output: Output, size: int, display_id: str | None = None) -> None:
        self._output = output
        self.size = size
        self.display_id = display_id
        self.stream = output.name if isinstance(output, StreamOutput) else None
        self._more: list[str] = []

    def extend(self, text: str, size: int) -> None:
        self._more.append(text)
        self.size += size

    def output(self) -> Output:
        if self._more and isinstance(self._output, StreamOutput):
            text = "".join((self._output.text, *self._more))
            self._output, self._more = StreamOutput(name=self._output.name, text=text), []
        return self._output


class OutputLog:
    """The outputs of one execution, in order."""

    def __init__(self, limit: int = OUTPUT_BYTES) -> None:
        self.flooded = False
        """True once something did not fit."""
        self._limit = limit
        self._size = 0
        self._kept: list[_Kept] = []
        self._clear_next = False

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All outputs so far."""
        return tuple(kept.output() for kept in self._kept)

    def take(self, kind: str, content: Mapping[str, Any], size: int) -> tuple[OutputChange, ...]:
        """Add a message of type `kind` and `size` bytes; what it changed. Other types change nothing."""
        if kind == "clear_output":
            return self._clear(wait=bool(content.get("wait")))
        if kind == "update_display_data":
            return self.update(_display_id(content), content, size)
        if kind not in {"stream", "display_data", "execute_result", "error"}:
            return ()
        cleared = self._clear(wait=False) if self._clear_next else ()
        if kind == "stream":
            return cleared + self._write(content["name"], clean(content["text"]))
        output = _error(content, size) if kind == "error" else _display(kind, content)
        if kind == "error":
            size = min(size, ERROR_BYTES)
        return cleared + self._append(output, size, _display_id(content))

    def shows(self, display_id: str | None) -> bool:
        """Whether an output of this log can be updated under `display_id`."""
        return display_id is not None and any(kept.display_id == display_id for kept in self._kept)

    def update(
        self, display_id: str | None, content: Mapping[str, Any], size: int
    ) -> tuple[OutputChange, ...]:
        """Put new content into every display of this id."""
        changes = []
        for index, kept in enumerate(self._kept):
            if display_id is None or kept.display_id != display_id:
                continue
            if self._size - kept.size + size > self._limit:
                self.flooded = True
                break
            output = _display(kept.output().output_type, {**content, "execution_count": _count(kept)})
            self._size += size - kept.size
            self._kept[index] = _Kept(output, size, display_id)
            changes.append(OutputChange(op="replace", index=index, output=output))
        return tuple(changes)

    def _clear(self, *, wait: bool) -> tuple[OutputChange, ...]:
        self._clear_next = wait
        if wait or not self._kept:
            return ()
        self._kept, self._size = [], 0
        return (OutputChange(op="clear"),)

    def _write(self, name: Literal["stdout", "stderr"], text: str) -> tuple[OutputChange, ...]:
        size = len(text) if text.isascii() else len(text.encode())
        if size > (room := self._limit - self._size):
            self.flooded = True
            text = text.encode()[: max(room, 0)].decode(errors="ignore")
            size = len(text.encode())
        if not text:
            return ()
        piece = StreamOutput(name=name, text=text)
        if self._kept and self._kept[-1].stream == name:
            self._kept[-1].extend(text, size)
            self._size += size
            return (OutputChange(op="extend", index=len(self._kept) - 1, output=piece),)
        return self._append(piece, size, None)

    def _append(self, output: Output, size: int, display_id: str | None) -> tuple[OutputChange, ...]:
        if size > self._limit - self._size:
            self.flooded = True
            if not isinstance(output, ErrorOutput):
                return ()
        self._kept.append(_Kept(output, size, display_id))
        self._size += size
        return (OutputChange(op="append", index=len(self._kept) - 1, output=output),)


def clean(value: Any) -> Any:
    """The same JSON value without lone surrogates, which a kernel can print but no UTF-8 can hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def _display(kind: str, content: Mapping[str, Any]) -> Output:
    data, metadata = clean(dict(content["data"])), clean(dict(content.get("metadata") or {}))
    if kind == "execute_result":
        return ResultOutput(data=data, metadata=metadata, execution_count=content.get("execution_count"))
    return DisplayOutput(data=data, metadata=metadata)


def _error(content: Mapping[str, Any], size: int) -> ErrorOutput:
    traceback = content.get("traceback", ()) if size <= ERROR_BYTES else ()
    return ErrorOutput(
        ename=clean(content["ename"]),
        evalue=clean(content["evalue"])[:ERROR_BYTES],
        traceback=tuple(clean(line) for line in traceback),
    )


def _count(kept: _Kept) -> int | None:
    output = kept.output()
    return output.execution_count if isinstance(output, ResultOutput) else None


def _display_id(content: Mapping[str, Any]) -> str | None:
    display_id = (content.get("transient") or {}).get("display_id")
    return display_id if isinstance(display_id, str) else None
