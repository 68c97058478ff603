"""Where keys come from, where they go, and that they show themselves nowhere."""

import logging
import os
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from pydantic import SecretStr
from traitlets.config import Config

from autoanalyst_ext.errors import BadRequest, Refused
from autoanalyst_ext.providers.anthropic import AnthropicProvider
from autoanalyst_ext.providers.keys import KeyRing
from autoanalyst_ext.providers.openai import OpenAIProvider, OpenAIResponsesProvider

ANTHROPIC = AnthropicProvider()
SECRET = "sk-very-secret"


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError(username)
        del self.kept[service, username]


class BrokenKeyring(MemoryKeyring):
    """A keyring whose daemon is gone."""

    def get_password(self, service: str, username: str) -> str | None:
        raise OSError("no bus")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError("no bus")


@pytest.fixture
def system_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


def value(ring: KeyRing) -> str | None:
    key = ring.get(ANTHROPIC)
    return key.get_secret_value() if key is not None else None


def test_without_a_key_there_is_none() -> None:
    ring = KeyRing()
    assert ring.get(ANTHROPIC) is None
    assert ring.source(ANTHROPIC) is None
    assert not ring.path.exists()


def test_config_wins_over_environment_over_keyring_over_file(
    monkeypatch: pytest.MonkeyPatch, system_keyring: MemoryKeyring
) -> None:
    ring = KeyRing(use_keyring=False)
    assert ring.set(ANTHROPIC, SecretStr("from-file")) == "file"
    assert (value(ring), ring.source(ANTHROPIC)) == ("from-file", "file")
    ring = KeyRing()
    system_keyring.set_password("autoanalyst", "anthropic", "from-keyring")
    assert (value(ring), ring.source(ANTHROPIC)) == ("from-keyring", "keyring")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-environment")
    assert (value(ring), ring.source(ANTHROPIC)) == ("from-environment", "environment")
    ring = KeyRing(config=Config({"KeyRing": {"keys": {"anthropic": "from-config"}}}))
    assert (value(ring), ring.source(ANTHROPIC)) == ("from-config", "config")


def test_an_empty_variable_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", " ")
    assert KeyRing().get(ANTHROPIC) is None


def test_a_new_key_goes_to_the_keyring_and_leaves_the_file(system_keyring: MemoryKeyring) -> None:
    KeyRing(use_keyring=False).set(ANTHROPIC, SecretStr("old"))
    ring = KeyRing()
    assert ring.set(ANTHROPIC, SecretStr("new")) == "keyring"
    assert value(ring) == "new"
    assert "old" not in ring.path.read_text()
    assert ring.remove(ANTHROPIC)
    assert ring.get(ANTHROPIC) is None
    assert not ring.remove(ANTHROPIC)


def test_a_broken_keyring_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", BrokenKeyring())
    ring = KeyRing()
    assert ring.get(ANTHROPIC) is None
    assert ring.set(ANTHROPIC, SecretStr(SECRET)) == "file"
    assert value(ring) == SECRET


def test_the_file_and_its_folder_are_private() -> None:
    ring = KeyRing()
    before = os.umask(0)
    try:
        ring.set(ANTHROPIC, SecretStr(SECRET))
    finally:
        os.umask(before)
    assert ring.path.stat().st_mode & 0o777 == 0o600
    assert ring.path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in ring.path.parent.iterdir()] == ["keys.json"]


def test_a_file_that_others_may_read_is_refused_with_the_remedy() -> None:
    ring = KeyRing()
    ring.set(ANTHROPIC, SecretStr(SECRET))
    ring.path.chmod(0o640)
    with pytest.raises(Refused, match=f"chmod 600 {ring.path}") as refusal:
        ring.get(ANTHROPIC)
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("content", ["{", "[]", '{"anthropic": 5}', "\xff"])
def test_a_damaged_file_is_an_error_and_not_an_empty_one(content: str) -> None:
    ring = KeyRing()
    ring.set(ANTHROPIC, SecretStr(SECRET))
    ring.path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadRequest, match="damaged"):
        ring.get(ANTHROPIC)
    assert ring.path.read_bytes() == content.encode("latin-1")


@pytest.mark.parametrize("text", ["", "  ", "a\nb"])
def test_what_is_no_key_is_not_stored(text: str) -> None:
    ring = KeyRing()
    with pytest.raises(BadRequest) as refusal:
        ring.set(ANTHROPIC, SecretStr(text))
    assert "a\nb" not in str(refusal.value)
    assert not ring.path.exists()


def test_keys_of_several_providers_live_together() -> None:
    ring = KeyRing()
    ring.set(ANTHROPIC, SecretStr("one"))
    ring.set(OpenAIProvider(), SecretStr("two"))
    assert ring.remove(ANTHROPIC)
    responses = ring.get(OpenAIResponsesProvider())
    assert responses is not None
    assert responses.get_secret_value() == "two", "both doors to OpenAI share its key"


def test_a_key_shows_itself_nowhere(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    ring = KeyRing(config=Config({"KeyRing": {"folder": str(tmp_path / "here")}}))
    ring.set(ANTHROPIC, SecretStr(SECRET))
    key = ring.get(ANTHROPIC)
    assert SECRET not in f"{key} {key!r} {ring} {ring!r} {caplog.text}"
    assert (tmp_path / "here" / "keys.json").exists()
