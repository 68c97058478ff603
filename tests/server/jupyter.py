"""A real Jupyter server in a process of its own, and its real kernels, for tests."""

import ast
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

TOKEN = "open-sesame"

READY = """
def _jupyter_server_extension_points():
    return [{"module": "tells_when_ready"}]

def _load_jupyter_server_extension(server):
    pass

async def _start_jupyter_server_extension(server):
    print("port", server.port, flush=True)
"""
"""An extension that prints the server's port once the server listens."""

KEPT = ("PATH", "LANG", "TMPDIR", "SYSTEMROOT")

HELLO = {"kind": "hello", "protocol": 1, "version": "0", "notebook": ""}


class JupyterServer:
    """A running server. Everything it and its kernels keep is in `folder`."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        environment: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> None:
        """`python`: of the environment that the server is installed in."""
        self.folder = folder
        self.runtime = folder / "runtime"
        (folder / "library").mkdir(parents=True, exist_ok=True)
        (folder / "library" / "tells_when_ready.py").write_text(READY)
        (folder / "work").mkdir(exist_ok=True)
        with (folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [python, "-m", "jupyter", "server", *self._options(), *options],
                env=self.environment(environment or {}),
                # Kernels that are started without a path work where the server was started.
                cwd=folder / "work",
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        found = re.fullmatch(r"port (\d+)\n", self._process.stdout.readline())
        assert found is not None, self.log()
        self.port = int(found[1])
        self._tls = any(option.startswith("--ServerApp.certfile") for option in options)
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/jupyter/"

    @property
    def pid(self) -> int:
        return self._process.pid

    def _options(self) -> list[str]:
        return [
            "--no-browser",
            "--allow-root",
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.port=0",
            "--ServerApp.port_retries=0",
            "--ServerApp.base_url=/jupyter/",
            f"--ServerApp.root_dir={self.folder / 'work'}",
            "--ServerApp.jpserver_extensions=tells_when_ready=True",
        ]

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "HOME": str(self.folder),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "PYTHONPATH": str(self.folder / "library"),
            **more,
        }

    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the server's REST interface."""
        request = urllib.request.Request(
            f"{self.url}api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        )
        trusting = ssl._create_unverified_context() if self._tls else None
        with urllib.request.urlopen(request, timeout=60, context=trusting) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        finally:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()


class ServerKernel:
    """A kernel that a server started, spoken to directly."""

    def __init__(self, server: JupyterServer, name: str) -> None:
        self._server = server
        self.id: str = server.call("POST", "kernels", {"name": name})["id"]
        self._client = self._connected()

    def _connected(self) -> BlockingKernelClient:
        client = BlockingKernelClient(connection_file=str(self._server.runtime / f"kernel-{self.id}.json"))
        client.load_connection_file()
        # Replies are all that is needed: what is sent before the kernel listens waits for it.
        client.start_channels(iopub=False, stdin=False, hb=False)
        return client

    def run(self, code: str, expression: str = "None") -> Any:
        """Run code; the value of `expression` after it, which must be a literal."""
        reply = self._client.execute(
            code, user_expressions={"value": expression}, reply=True, timeout=60, store_history=False
        )
        content = reply["content"]
        assert content["status"] == "ok", "\n".join(content.get("traceback", []))
        value = content["user_expressions"]["value"]
        assert value["status"] == "ok", value
        return ast.literal_eval(value["data"]["text/plain"])

    def restart(self) -> None:
        self._client.stop_channels()
        self._server.call("POST", f"kernels/{self.id}/restart")
        self._client = self._connected()

    def connect(self, name: str = "client") -> dict[str, Any]:
        """Let the kernel connect to the engine; its client is then called `name`."""
        code = f"from autoanalyst_kernel.client import Client\n{name} = Client.connect({HELLO!r})"
        found: dict[str, Any] = self.run(
            code, f"{{'where': {name}.where, 'note': {name}.note, **{name}.welcome}}"
        )
        return found

    def leave(self) -> None:
        """Its server was killed, and it ends with it."""
        self._client.stop_channels()

    def end(self) -> None:
        self._client.stop_channels()
        self._server.call("DELETE", f"kernels/{self.id}")


@contextmanager
def running(
    folder: Path, *options: str, environment: dict[str, str] | None = None
) -> Iterator[JupyterServer]:
    server = JupyterServer(folder, *options, environment=environment)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def kernel_of(server: JupyterServer, name: str = "python3") -> Iterator[ServerKernel]:
    kernel = ServerKernel(server, name)
    try:
        yield kernel
    finally:
        kernel.end()
