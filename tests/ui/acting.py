"""A model that plays a script, for tests of what a run does; and what a page's notebook and kernel hold."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from autoanalyst_ext.providers.script import Match, Pace, Reply, Script, ScriptedCall

from .lab import cells, run

SLOW = """
import time
counted.append(1)
for second in range(5):
    print("second", second, flush=True)
    time.sleep(0.5)
len(counted)
""".strip()
"""Prints for two and a half seconds, and counts how often it was run."""

LINES = "".join(f"second {number}\n" for number in range(5))
"""What `SLOW` prints."""


@dataclass(frozen=True)
class Part:
    """What the model does when the question has these words in it: it runs a cell, then answers."""

    words: str
    code: str = ""
    answer: str = "Done: {{c1}}."
    thinks: float = 0.0
    """Seconds before it says anything."""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """For its script."""
        pace = Pace(first=self.thinks)
        if not self.code:
            return (Reply(text=self.answer, pace=pace, match=Match(user=self.words)),)
        call = ScriptedCall(name="run_cell", args={"code": self.code, "purpose": self.words})
        wants = Match(user=self.words, has_tool_result=False)
        has = Match(user=self.words, has_tool_result=True)
        return (Reply(tool_calls=(call,), pace=pace, match=wants), Reply(text=self.answer, match=has))


def environment(folder: Path, *parts: Part) -> dict[str, str]:
    """A server's environment in which this model answers."""
    path = folder / "script.json"
    replies = tuple(reply for part in parts for reply in part.replies)
    path.write_text(Script(replies=replies).model_dump_json())
    return {"AUTOANALYST_MODEL": f"scripted:{path}"}


def printed(page: Page, path: str, source: str) -> str:
    """What the one cell with this source has printed, as the notebook shows it; fails where there are two."""
    (cell,) = [each for each in cells(page, path) if each["source"] == source]
    texts = [output["text"] for output in cell["outputs"] if output["output_type"] == "stream"]
    return "".join("".join(text) for text in texts)


def value(page: Page, path: str, expression: str) -> str:
    """What an expression is in the kernel of an open notebook."""
    text: str = page.evaluate(
        """async ([path, code]) => {
            const widgets = [...window.jupyterapp.shell.widgets('main')];
            const panel = widgets.find(each => each.context && each.context.path === path);
            const { kernel } = panel.sessionContext.session;
            const content = { code: '', silent: true, user_expressions: { it: code } };
            const reply = await kernel.requestExecute(content).done;
            const { it } = reply.content.user_expressions;
            return it.data ? it.data['text/plain'] : it.evalue;
        }""",
        [path, expression],
    )
    return text


def run_all(page: Page) -> None:
    """Run all cells of the notebook in front."""
    run(page, "notebook:run-all-cells")


OUTPUT = """([path, source, text]) => {
    const widgets = [...window.jupyterapp.shell.widgets('main')];
    const panel = widgets.find(each => each.context && each.context.path === path);
    const cells = panel ? panel.context.model.sharedModel.cells : [];
    const own = cells.filter(cell => cell.getSource() === source);
    return own.some(cell => JSON.stringify(cell.toJSON().outputs || []).includes(text));
}"""


def wait_for_output(page: Page, path: str, source: str, text: str) -> None:
    """Wait until the cell with this source shows this text."""
    page.wait_for_function(OUTPUT, arg=[path, source, text])
