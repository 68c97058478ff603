"""A kernel with `%%analyst` and its real home, in an empty home folder, as a front end drives it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.manager import KernelManager

from autoanalyst_ext.providers.script import Reply, Script
from tests.fakes.provider import FakeProvider

from .kernel_program import SECONDS, KernelProgram, Ran, Whens

OURS = ("OPENAI", "ANTHROPIC", "GROQ", "AZURE", "AUTOANALYST", "JUPYTER", "JPY", "PYTEST_CURRENT_TEST")
TABLE = """import pandas as pd
revenue = [10, 20, 30, 40, 50, 60, 1, 2, 3, 4, 5, 6]
sales = pd.DataFrame({"city": ["Bern"] * 6 + ["Basel"] * 6, "revenue": revenue})
"""


def empty_home(folder: Path, fake: FakeProvider | None = None, **more: str) -> dict[str, str]:
    """An environment whose home is in `folder`; OpenAI's calls go to `fake`, which is then the default."""
    home = folder / "home"
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    settings = {}
    if fake is not None:
        settings = {
            "ProviderRegistry": {"base_urls": {"openai": fake.base_url("openai")}},
            "KeyRing": {"keys": {"openai": fake.key}},
            "Engine": {"model": "openai:gpt-4o-mini"},
        }
    (config / "autoanalyst_config.json").write_text(json.dumps(settings))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **kept,
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **more,
    }


def script(folder: Path, *replies: Reply, name: str = "script.json") -> str:
    """The model that gives these replies, in order."""
    path = folder / name
    path.write_text(Script(replies=replies).model_dump_json())
    return f"scripted:{path}"


@dataclass
class Shown:
    """A cell's outputs as they stand in the notebook when it has ended."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    _displays: list[str | None] = field(default_factory=list)
    _clear: bool = False

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        """Do with a message what a front end does."""
        display = (content.get("transient") or {}).get("display_id")
        if kind == "update_display_data":
            for place, name in enumerate(self._displays):
                if name == display:
                    self.outputs[place] = {"output_type": "display_data", **content}
            return
        if kind == "clear_output":
            self._clear = bool(content["wait"])
            if not content["wait"]:
                self.outputs, self._displays = [], []
            return
        if kind not in ("stream", "display_data", "execute_result", "error"):
            return
        if self._clear:
            self.outputs, self._displays, self._clear = [], [], False
        if kind == "stream" and self.outputs and self.outputs[-1].get("name") == content["name"]:
            self.outputs[-1]["text"] += content["text"]
            return
        self.outputs.append({"output_type": kind, **content})
        self._displays.append(display)

    @property
    def plain(self) -> str:
        """All that can be read without a browser."""
        texts = [o.get("text") or (o.get("data") or {}).get("text/plain", "") for o in self.outputs]
        return "\n".join(texts)

    @property
    def html(self) -> str:
        """Our own part of it, for a browser."""
        return "\n".join((o.get("data") or {}).get("text/html", "") for o in self.outputs)

    @property
    def receipt(self) -> dict[str, Any]:
        """The receipt that the output carries."""
        held = [o["metadata"]["autoanalyst"] for o in self.outputs if "autoanalyst" in o.get("metadata", {})]
        found: dict[str, Any] = held[-1]["receipt"]
        return found


def shown(ran: Ran) -> Shown:
    """The outputs of a cell that ran."""
    found = Shown()
    for kind, content in ran.messages:
        found.take(kind, content)
    return found


class MagicKernel(KernelProgram):
    """A kernel whose cells are questions."""

    def question(
        self, text: str, *options: str, cell: str | None = None, when: Whens = (), **metadata: Any
    ) -> tuple[Ran, Shown]:
        """Ask in a cell; `cell` is its id, and `metadata` the cell's own, as JupyterLab sends them."""
        sent = {**metadata, **({"cellId": cell} if cell else {})}
        ran = self.run(f"%%analyst {' '.join(options)}\n{text}\n", when=when, metadata=sent)
        return ran, shown(ran)

    def answers(self, text: str, *options: str, cell: str | None = None, **metadata: Any) -> Shown:
        """Ask, and be answered."""
        ran, found = self.question(text, *options, cell=cell, **metadata)
        assert ran.status == "ok", (ran.reply, found.plain)
        return found


@contextmanager
def magic_kernel(folder: Path, environment: dict[str, str], *, table: str = TABLE) -> Iterator[MagicKernel]:
    """A kernel in `folder` with the magic loaded and a small table; ended on leaving."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=environment, stdout=DEVNULL, stderr=DEVNULL)
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        kernel = MagicKernel(manager, client)
        assert kernel.run("%load_ext autoanalyst_kernel").status == "ok"
        assert kernel.run(table).status == "ok"
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
