"""Keys over REST: what is set counts at once, and every provider that takes one is listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ..server.jupyter import JupyterServer, kernel_of, running
from .rest import ask

NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
NOWHERE = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
"""Nobody answers there: which model is asked is known all the same."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with running(tmp_path, environment=NO_KEYRING | NOWHERE) as started:
        yield started
    assert "Traceback" not in started.log()


def model_of_a_run(server: JupyterServer, kernel: str) -> str:
    """The model that a question is asked when nobody chooses one."""
    order = {
        "question": "How many rows does cars have?",
        "tab": "t1",
        "notebook": {"path": "a.ipynb", "kernel": kernel},
    }
    chat = ask(server, "POST", "chats", {"question": order["question"]}).json["id"]
    run = ask(server, "POST", f"chats/{chat}/runs", order).json["run"]
    while (reply := ask(server, "GET", f"runs/{run}")).status == 404:  # it is written down in a moment
        pass
    assert ask(server, "POST", f"runs/{run}/cancel").status == 204
    model: str = reply.json["model"]
    return model


def test_a_key_counts_for_the_next_question(server: JupyterServer) -> None:
    with kernel_of(server) as kernel:
        kernel.run("import pandas as pd; cars = pd.DataFrame({'speed': [1, 2, 3]})")
        assert model_of_a_run(server, kernel.id) == "offline:analyst"
        assert ask(server, "PUT", "keys/openai", {"key": "sk-canary"}).status == 204
        chosen = ask(server, "GET", "me").json["model"]
        assert chosen.startswith("openai:")
        assert model_of_a_run(server, kernel.id) == chosen
        assert ask(server, "DELETE", "keys/openai").status == 204
        assert model_of_a_run(server, kernel.id) == "offline:analyst"


def test_a_configured_model_stays_whatever_keys_are_set(tmp_path: Path) -> None:
    with (
        running(tmp_path, environment=NO_KEYRING | {"AUTOANALYST_MODEL": "offline:analyst"}) as server,
        kernel_of(server) as kernel,
    ):
        kernel.run("import pandas as pd; cars = pd.DataFrame({'speed': [1, 2, 3]})")
        assert ask(server, "PUT", "keys/openai", {"key": "sk-canary"}).status == 204
        assert model_of_a_run(server, kernel.id) == "offline:analyst"


def test_every_provider_that_takes_a_key_is_listed_once(server: JupyterServer) -> None:
    listed = [key["provider"] for key in ask(server, "GET", "keys").json["keys"]]
    assert sorted(listed) == ["anthropic", "azure", "compatible", "groq", "openai"]
    assert ask(server, "PUT", "keys/azure", {"key": "0123"}).status == 204
    sources = {key["provider"]: key["source"] for key in ask(server, "GET", "keys").json["keys"]}
    assert sources["azure"] == "file"
