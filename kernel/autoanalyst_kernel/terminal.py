"""A question and its answer in a plain IPython terminal: lines as they come, nothing that moves."""

from collections.abc import Mapping
from textwrap import indent
from typing import Any

from .finished import Finished
from .wording import harmless


class Lines:
    """Prints what a run says."""

    def __init__(self) -> None:
        self._text = ""

    def event(self, event: Mapping[str, Any]) -> None:
        """Print what an event says, if it says something."""
        match event["kind"]:
            case "tables_seen":
                for table in event["tables"][:3]:
                    self._say(f"{table['name']}: {table['rows']:,} rows x {len(table['columns'])} columns")
            case "plan_made":
                for line in event["lines"]:
                    self._say(f"- {line}")
            case "step_started":
                self._text = ""
            case "text_delta":
                self._text += event["text"]
            case "cell_proposed":
                self._proposed(event)
            case "cell_finished" if event["repairing"]:
                error = event["execution"].get("ename") or event["execution"]["status"]
                self._say(f"    failed: {error}. Its error goes back to the model.")
            case "cell_not_run":
                self._say(f"Not run: {event['reason']}")
            case "notice":
                self._say(event["text"])

    def approval(self, event: Mapping[str, Any]) -> None:
        """Say why somebody has to decide; code and findings were printed when the cell was proposed."""
        self._say(event["reason"])

    def finish(self, shown: Finished) -> None:
        """Print the answer; notices and code that was not run were printed before."""
        self._say("\n" + "\n".join([*shown.said(), "", shown.footer]))

    def stop(self, words: str) -> None:
        """Print what the model had said, and why it ended."""
        if self._text.strip():
            self._say(self._text)
        self._say(words)

    def _proposed(self, event: Mapping[str, Any]) -> None:
        if self._text.strip():
            self._say(self._text)
            self._text = ""
        again = " (repair)" if event.get("replaces") else ""
        self._say(f"{event['label']}  {event['purpose'] or 'code'}{again}")
        self._say(indent(event["source"], "    "))
        for finding in event["findings"]:
            self._say(f"    line {finding['line']}: {finding['words']}")

    @staticmethod
    def _say(text: str) -> None:
        print(harmless(text).rstrip("\n"), flush=True)  # noqa: T201
