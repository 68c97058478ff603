"""What kernels of a Jupyter server are given, and what they are not."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import trustme
from traitlets.config import Config

from autoanalyst_ext.engine import Engine
from autoanalyst_ext.kernels import SCHEME, KernelSecrets
from autoanalyst_ext.notebooks.environment import KernelSettings

from .jupyter import JupyterServer, kernel_of, running

SECRETS = {
    "ADMIN_API_KEY": "a",
    "GOOGLE_CLIENT_SECRET": "g",
    "SMTP_PASSWORD": "s",
    "STRIPE_SECRET_KEY": "t",
    "OPENAI_API_KEY": "o",
    "PLAIN": "p",
    # Of a kernel that started the server:
    "AUTOANALYST_URL": "http://127.0.0.1:1/",
    "AUTOANALYST_KERNEL_SECRET": "outer.secret",
    "AUTOANALYST_CERTIFICATE": "/nowhere",
}
NAMES = f"{{name: os.environ[name] for name in {sorted(SECRETS)!r} if name in os.environ}}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    with running(tmp_path_factory.mktemp("server"), environment=SECRETS) as started:
        yield started


def test_a_kernel_has_the_address_and_a_secret_of_its_own_and_not_the_administrators(
    server: JupyterServer,
) -> None:
    with kernel_of(server) as first, kernel_of(server) as second:
        found, other = (kernel.run("import os", NAMES) for kernel in (first, second))
        secrets = KernelSecrets(server.folder / "data" / "autoanalyst")
        assert found == {
            "AUTOANALYST_URL": f"http://localhost:{server.port}/jupyter/",
            "AUTOANALYST_KERNEL_SECRET": secrets.of(first.id),
            "OPENAI_API_KEY": "o",
            "PLAIN": "p",
        }
        assert other["AUTOANALYST_KERNEL_SECRET"] == secrets.of(second.id)
        assert other["AUTOANALYST_KERNEL_SECRET"] != found["AUTOANALYST_KERNEL_SECRET"]


def test_a_terminal_of_the_server_has_no_secret_of_a_kernel(server: JupyterServer) -> None:
    name = server.call("POST", "terminals")["name"]
    shells = psutil.Process(server.pid).children()
    assert [shell.environ().get("AUTOANALYST_KERNEL_SECRET") for shell in shells] == ["outer.secret"]
    server.call("DELETE", f"terminals/{name}")


def test_the_secret_survives_a_restart_of_the_kernel(server: JupyterServer) -> None:
    with kernel_of(server) as kernel:
        before = kernel.run("import os", NAMES)
        assert kernel.connect()["where"] == "in the Jupyter server"
        kernel.restart()
        assert kernel.run("import os", NAMES) == before
        assert kernel.connect()["where"] == "in the Jupyter server"


MANAGER = """
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

class LoudManager(ServerKernelManager):
    async def start_kernel(self, **kw):
        kw["env"] = {**kw["env"], "LOUD": str(len(type(self).__mro__) > len(LoudManager.__mro__))}
        await super().start_kernel(**kw)
"""


def test_a_configured_kernel_manager_is_kept_and_settings_of_the_engine_count(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "loud.py").write_text(MANAGER)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(
        "c.AsyncMappingKernelManager.kernel_manager_class = 'loud.LoudManager'\n"
        "c.Engine.scrub_also = ['PLAIN']\n"
        f"c.Engine.data_dir = {str(tmp_path / 'kept')!r}\n"
    )
    with (
        running(tmp_path, "--Engine.scrub_kernel_keys=True", environment=SECRETS) as server,
        kernel_of(server) as kernel,
    ):
        assert kernel.run("import os", "os.environ['LOUD']") == "True"
        assert set(kernel.run("", NAMES)) == {"AUTOANALYST_URL", "AUTOANALYST_KERNEL_SECRET"}
        assert (tmp_path / "kept" / "kernel-secret").exists()
        assert kernel.connect()["where"] == "in the Jupyter server"


def test_a_kernel_trusts_the_servers_own_certificate_and_no_other(tmp_path: Path) -> None:
    files = {}
    for name in ("own", "other"):
        files[name] = tmp_path / f"{name}.pem"
        trustme.CA().issue_cert("notebooks.example.org").private_key_and_cert_chain_pem.write_to_path(
            files[name]
        )
    options = (f"--ServerApp.certfile={files['own']}", f"--ServerApp.keyfile={files['own']}")
    with running(tmp_path / "server", *options) as server, kernel_of(server) as kernel:
        assert kernel.connect()["where"] == "in the Jupyter server"
        kernel.run(f"import os; os.environ['AUTOANALYST_CERTIFICATE'] = {str(files['other'])!r}")
        found = kernel.connect("another")
        assert found["where"] == "in a process of its own"
        assert "cannot be reached" in found["note"]
        kernel.run("another.close()")


@pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")
def test_a_server_on_a_unix_socket_gives_no_address(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from autoanalyst_ext.kernels import local_address

    listening = {"certfile": "", "port": 8888, "base_url": "/", "sock": ""}
    for ip, host in {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]", "10.1.2.3": "10.1.2.3"}.items():
        assert local_address(SimpleNamespace(**listening, ip=ip)) == f"http://{host}:8888/"
    assert local_address(SimpleNamespace(**{**listening, "sock": "/s"}, ip="")) is None


# --- the secret ------------------------------------------------------------------------------------


def test_a_secret_opens_for_its_own_kernel_only(tmp_path: Path) -> None:
    secrets = KernelSecrets(tmp_path)
    assert secrets.kernel(f"{SCHEME} {secrets.of('one')}") == "one"
    code = secrets.of("one").partition(".")[2]
    for header in ("", SCHEME, f"{SCHEME} ", f"{SCHEME} one.", f"{SCHEME} two.{code}", f"Bearer one.{code}"):
        assert secrets.kernel(header) is None
    assert secrets.kernel(f"{SCHEME} one.{code[:-1]}é") is None


def test_the_secret_is_kept_for_the_next_server_and_for_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "autoanalyst"
    first = KernelSecrets(folder).of("one")
    assert KernelSecrets(folder).of("one") == first
    assert [path.name for path in folder.iterdir()] == ["kernel-secret"]
    if os.name == "posix":
        assert stat.S_IMODE((folder / "kernel-secret").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert KernelSecrets(tmp_path / "elsewhere").of("one") != first


def test_servers_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from autoanalyst_ext.kernels import KernelSecrets\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(KernelSecrets(Path(sys.argv[1]) / 'data').of('one'))"
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for server in servers:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
    for server in servers:
        assert server.stdin is not None
        server.stdin.write("\n")
        server.stdin.flush()
    assert len({server.communicate(timeout=30)[0] for server in servers}) == 1


def test_a_damaged_secret_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "kernel-secret").write_bytes(b"")
    with pytest.raises(OSError, match="is damaged"):
        KernelSecrets(tmp_path).of("one")


# --- provider keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "hub", "one_question", "notebook"),
    [
        (None, False, True, False),
        (None, True, True, True),
        (True, False, True, True),
        (False, True, False, False),
    ],
)
def test_provider_keys_are_kept_from_kernels_that_do_not_need_them(
    setting: bool | None, hub: bool, one_question: bool, notebook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "k")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    if hub:
        monkeypatch.setenv("JUPYTERHUB_USER", "ann")
    config = Config({"Engine": {"scrub_kernel_keys": setting, "scrub_also": ["MORE"]}})
    for settings in (KernelSettings(config=config), Engine(config=config)):
        assert ("GROQ_API_KEY" in settings.scrubbed()) is one_question
        assert ("GROQ_API_KEY" in settings.scrubbed(notebook=True)) is notebook
        assert "MORE" in settings.scrubbed(notebook=True)


HOUSE = """
from autoanalyst_ext.kernels import ServerHouse
from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated

class HouseHandler(APIHandler):
    @authenticated
    async def get(self, kernel):
        house = ServerHouse(self.serverapp)
        found = {
            "connection": house.connection(kernel),
            "no connection": house.connection("nobody"),
            "languages": [house.language(kernel), house.language("nobody")],
            "interrupts": [await house.interrupt(kernel), await house.interrupt("nobody")],
            "folders": [str(house.folder(path)) for path in ("a.ipynb", "b/c d.ipynb", "../x", "a\\0b")],
        }
        import json
        self.finish(json.dumps(found, default=bytes.decode))

def _jupyter_server_extension_points():
    return [{"module": "house"}]

def _load_jupyter_server_extension(server):
    server.web_app.add_handlers(".*", [("/jupyter/api/house/(.+)", HouseHandler)])
"""
"""An extension that says what the server is to the engine."""


def test_the_engine_finds_kernels_and_folders_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "house.py").write_text(HOUSE)
    work = tmp_path / "work"
    house = "--ServerApp.jpserver_extensions=house=True"
    with running(tmp_path, house) as server, kernel_of(server) as kernel:
        found = server.call("GET", f"house/{kernel.id}")
        file = json.loads((server.runtime / f"kernel-{kernel.id}.json").read_text())
    same = ("shell_port", "iopub_port", "control_port", "ip", "key", "transport", "signature_scheme")
    assert {name: found["connection"][name] for name in same} == {name: file[name] for name in same}
    assert found["no connection"] is None
    assert found["languages"] == ["python", ""]
    assert found["interrupts"] == [None, None]
    assert found["folders"] == [str(work), str(work / "b"), "None", "None"]
