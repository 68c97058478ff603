"""The command line as a program of its own, in an empty home."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("autoanalyst"))
SECRETS = ("OPENAI", "ANTHROPIC", "GROQ", "AZURE", "AUTOANALYST", "JUPYTER")


@dataclass(frozen=True)
class Ran:
    """How the program ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The object on the last line of stdout."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


def environment(home: Path, **more: str) -> dict[str, str]:
    """A bare environment whose home is `home`, without a key or a keyring."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
    return {
        **kept,
        "HOME": str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "COLUMNS": "100",
        **more,
    }


def run(home: Path, *arguments: str, stdin: str | None = None, **more: str) -> Ran:
    """Run the program in `home` to its end."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=home,
        env=environment(home, **more),
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        timeout=90,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
