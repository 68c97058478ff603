"""`Outputs`: a kernel's messages become the outputs of a cell, merged as nbformat has them."""

from typing import Any

from .tee import Content

Output = dict[str, Any]

Displays = dict[str, list[Output]]
"""Display id to the outputs that show it."""


class Outputs:
    """The outputs of one execution, in order."""

    def __init__(self, outputs: list[Output], displays: Displays) -> None:
        """`outputs` is filled; `displays` is shared by cells that may update each other's displays."""
        self._outputs, self._displays = outputs, displays
        self._texts: list[str] = []
        """Text of the stream at the end, in parts, so that many small writes stay cheap."""
        self._clear_next = False

    def take(self, kind: str, content: Content) -> None:
        """Add a message."""
        if kind == "clear_output":
            self._clear_next = content["wait"]
            if not self._clear_next:
                self._clear()
        elif kind == "update_display_data":
            self._update(content)
        else:
            if self._clear_next:
                self._clear()
            self._append(kind, content)

    def finish(self) -> None:
        """Make the outputs complete."""
        if self._texts:
            self._outputs[-1]["text"] = "".join(self._texts)
            self._texts = []

    def _append(self, kind: str, content: Content) -> None:
        if kind == "stream":
            if not self._texts or self._outputs[-1]["name"] != content["name"]:
                self.finish()
                self._outputs.append({"output_type": "stream", "name": content["name"], "text": ""})
            self._texts.append(content["text"])
            return
        self.finish()
        shown = {key: value for key, value in content.items() if key != "transient"}
        self._outputs.append({"output_type": kind, **shown})
        if name := (content.get("transient") or {}).get("display_id"):
            self._displays.setdefault(name, []).append(self._outputs[-1])

    def _update(self, content: Content) -> None:
        for output in self._displays.get(content["transient"].get("display_id"), ()):
            output.update(data=content["data"], metadata=content["metadata"])

    def _clear(self) -> None:
        self._clear_next = False
        self._texts = []
        self._outputs.clear()
