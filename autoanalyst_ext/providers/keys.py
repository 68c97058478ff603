"""`KeyRing`: where the keys of model providers come from, and where a new one is put.

In order: Jupyter configuration, environment, the system's keyring, a private file. Keys leave here only
inside a `SecretStr`, which shows itself as stars; nothing here logs or formats one.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from traitlets import Bool, Dict, Unicode, default
from traitlets.config import LoggingConfigurable

from ..errors import BadRequest, Refused
from .base import Provider

SERVICE = "autoanalyst"
"""The name that keys have in the system's keyring."""

Source = Literal["config", "environment", "keyring", "file"]


class KeyRing(LoggingConfigurable):
    """Finds, keeps and forgets provider keys."""

    keys = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Keys by provider name, e.g. {'anthropic': '...'}. They win over all other places. Prefer "
        "the system keyring (`autoanalyst key set PROVIDER`): configuration files are often open to others.",
    ).tag(config=True)

    use_keyring = Bool(
        True, help="Look for keys in the system's keyring, and store new ones there where it works."
    ).tag(config=True)

    folder = Unicode(
        help="Folder of the private file `keys.json`; by default `autoanalyst` in the Jupyter data folder."
    ).tag(config=True)

    @default("folder")
    def _default_folder(self) -> str:
        from jupyter_core.paths import jupyter_data_dir

        return str(Path(jupyter_data_dir()) / "autoanalyst")

    @property
    def path(self) -> Path:
        """The private key file; it need not exist."""
        return Path(self.folder) / "keys.json"

    def get(self, provider: Provider) -> SecretStr | None:
        """The key of a provider, or `None`; raises `Refused` when the key file is open to others."""
        found = self._find(provider)
        return found[1] if found is not None else None

    def source(self, provider: Provider) -> Source | None:
        """Where `get` finds the key."""
        found = self._find(provider)
        return found[0] if found is not None else None

    def set(self, provider: Provider, key: SecretStr) -> Literal["keyring", "file"]:
        """Store a key and say where: in the system's keyring if there is a working one, else in the file."""
        value = key.get_secret_value().strip()
        if not value:
            raise BadRequest(f"That is not a key for {provider.title}: it is empty.")
        if not (value.isascii() and value.isprintable()) or " " in value:
            # No header of HTTP could carry it.
            raise BadRequest(
                f"That is not a key for {provider.title}: it has spaces or special letters in it."
            )
        name = _name(provider)
        if self.use_keyring and _keyring_set(name, value):
            self._write({other: kept for other, kept in self._read().items() if other != name})
            return "keyring"
        self._write({**self._read(), name: value})
        return "file"

    def remove(self, provider: Provider) -> bool:
        """Forget a stored key; True if there was one. Configuration and environment are left alone."""
        name = _name(provider)
        removed = self.use_keyring and _keyring_delete(name)
        kept = self._read()
        if name in kept:
            self._write({other: value for other, value in kept.items() if other != name})
            removed = True
        return removed

    def _find(self, provider: Provider) -> tuple[Source, SecretStr] | None:
        name = _name(provider)
        if value := self.keys.get(name, "").strip():
            return "config", SecretStr(value)
        if provider.key_variable and (value := os.environ.get(provider.key_variable, "").strip()):
            return "environment", SecretStr(value)
        if self.use_keyring and (stored := _keyring_get(name)):
            return "keyring", SecretStr(stored)
        if value := self._read().get(name, ""):
            return "file", SecretStr(value)
        return None

    def _read(self) -> dict[str, str]:
        try:
            with self.path.open("rb") as file:
                self._check_private(os.fstat(file.fileno()))
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise BadRequest(f"The key file {self.path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise BadRequest(
                f"The key file {self.path} is damaged. Move it away and set the keys again."
            ) from error
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            raise BadRequest(f"The key file {self.path} is damaged. Move it away and set the keys again.")
        return content

    def _check_private(self, status: os.stat_result) -> None:
        if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
            raise Refused(
                f"Other accounts may read the key file {self.path}, so it is not used. "
                f"Run: chmod 600 {self.path}"
            )

    def _write(self, content: Mapping[str, str]) -> None:
        if not content and not self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.parent.chmod(0o700)
        # Written beside and moved into place: a crash leaves the old file or the new one, never half of one.
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(dict(content), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def _name(provider: Provider) -> str:
    return provider.key_name or provider.name


def _keyring() -> tuple[Any, tuple[type[Exception], ...]]:
    import keyring
    from keyring.errors import KeyringError

    # Backends reach for D-Bus sockets and system libraries; one that is broken is the same as none.
    return keyring, (KeyringError, OSError, RuntimeError)


def _keyring_get(name: str) -> str | None:
    keyring, failures = _keyring()
    try:
        stored: str | None = keyring.get_password(SERVICE, name)
    except failures:
        return None
    return stored


def _keyring_set(name: str, value: str) -> bool:
    keyring, failures = _keyring()
    try:
        keyring.set_password(SERVICE, name, value)
        # Some backends accept and forget.
        return bool(keyring.get_password(SERVICE, name) == value)
    except failures:
        return False


def _keyring_delete(name: str) -> bool:
    keyring, failures = _keyring()
    try:
        keyring.delete_password(SERVICE, name)
    except failures:
        return False
    return True
