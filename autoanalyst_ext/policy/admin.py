"""Who may see everyone's usage: people whom the configuration names, and whoever has an admin key.

`AdminGate` compares keys and slows down those who guess; `Grants` lets a kernel in for a while without
giving it a key. Keys are known here by their digests alone. Where they are kept is left to the caller.
"""

import hashlib
import hmac
import math
import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..errors import AnalystError, Refused

HEADER = "X-Admin-API-Key"
"""Of a request that brings a key. A key comes nowhere else."""
VARIABLE = "ADMIN_API_KEY"
SHORTEST = 32
"""Characters of a key that somebody chose."""
MOST_WRONG = 10
"""Wrong keys of one client in `WINDOW_SECONDS`."""
MOST_WRONG_IN_ALL = 60
WINDOW_SECONDS = 60.0
LONGEST_GRANT_SECONDS = 900.0
MAKE_ONE = "Run `autoanalyst admin create-key` on the server's machine"

Clock = Callable[[], float]


class AdminKeyRequired(AnalystError):
    """No key came along."""

    status, code = 401, "admin_key_required"


class AdminKeyWrong(Refused):
    """A key came along that is none of this server's."""

    code = "admin_key_wrong"


class AdminKeyInAddress(Refused):
    """A key came in the address, where logs and histories keep it."""

    code = "admin_key_in_address"


class TooManyWrongKeys(AnalystError):
    """Somebody guesses; `detail["retry_after"]` is seconds."""

    status, code = 429, "too_many_wrong_keys"


class AdminKeyNotSet(AnalystError):
    """The server has no key, so nobody can have the right one."""

    status, code = 503, "not_set"


def new_key() -> str:
    """A key of 256 random bits. Its beginning lets programs that look for leaked secrets find it."""
    return f"aa_admin_{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """What is kept of a key. Plain SHA-256 will do: what has 256 random bits cannot be guessed from it."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def is_usable(key: str) -> bool:
    """Whether a key that somebody chose is long enough, and can be sent in a header."""
    return len(key) >= SHORTEST and key.isascii() and key.isprintable()


def names_a_key(parameter: str) -> bool:
    """Whether a parameter of an address is meant to be an admin key, however it is written."""
    return "adminapikey" in re.sub(r"[^a-z]", "", parameter.lower())


@dataclass(frozen=True)
class Right:
    """Why somebody may see everyone's usage."""

    name: str
    """For the log."""
    digest: str | None = None
    """Of the key that it came by, with which it ends; `None`: the configuration names this person."""


class WrongKeys:
    """Counts wrong keys of the last minute. A client that sends too many is not listened to for a while.

    Not even with a right key: else a guesser would know the right one by the answer, and the limit would
    limit nothing. Others are listened to as before. When many clients guess together, each of them has one
    guess a minute; someone who has sent no wrong key is never locked out by those who have.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[tuple[float, str]] = deque()

    def wait(self, client: str) -> float:
        """Seconds until this client is listened to again; 0: now."""
        self._forget()
        own = [at for at, who in self._recent if who == client]
        allowed = MOST_WRONG if len(self._recent) < MOST_WRONG_IN_ALL else 1
        return own[-allowed] + WINDOW_SECONDS - self._clock() if len(own) >= allowed else 0.0

    def note(self, client: str) -> None:
        """This client has sent a wrong one."""
        self._recent.append((self._clock(), client))

    def _forget(self) -> None:
        while self._recent and self._recent[0][0] <= self._clock() - WINDOW_SECONDS:
            self._recent.popleft()


class AdminGate:
    """Decides who is an administrator.

    `key`: one that the configuration or the environment has, or none; `admins`: names of people, as the
    server's identity provider says them. Keys that were made are handed in with each question (`stored`:
    digest to name), so that one that was taken back ends at once in every process.
    """

    def __init__(self, key: str, admins: Collection[str], *, clock: Clock = time.monotonic) -> None:
        self._own = {digest(key): VARIABLE} if is_usable(key) else {}
        self._admins = frozenset(admins)
        self._wrong = WrongKeys(clock)

    def named(self, identity: str, display_name: str | None = None) -> Right | None:
        """The right of somebody whom the configuration names. Names that the server makes up are nobody's."""
        from .principal import is_anonymous  # with pydantic; a server loads this file before anybody asks

        is_admin = identity in self._admins and not is_anonymous(identity, display_name)
        return Right(identity) if is_admin else None

    def right(self, key: str, *, client: str, stored: Mapping[str, str]) -> Right:
        """The right that a key gives; `client` is who sent it, for counting.

        Raises `AdminKeyNotSet`, `AdminKeyRequired`, `TooManyWrongKeys` or `AdminKeyWrong`.
        """
        keys = {**stored, **self._own}
        if not keys:
            raise AdminKeyNotSet(f"This server has no admin key. {MAKE_ONE}, or set {VARIABLE}.")
        if not key:
            raise AdminKeyRequired(f"This needs the admin key, in the header {HEADER}.")
        seconds = math.ceil(self._wrong.wait(client))
        if seconds:
            raise TooManyWrongKeys(
                f"Too many wrong admin keys. Try again in {seconds} seconds.", retry_after=seconds
            )
        sent = digest(key)
        # All of them, so that the time tells nothing.
        found = [known for known in keys if hmac.compare_digest(sent, known)]
        if not found:
            self._wrong.note(client)
            raise AdminKeyWrong("That is not the admin key.")
        return Right(f"key {keys[found[0]]!r}", found[0])

    def is_set(self, stored: Mapping[str, str]) -> bool:
        """Whether anybody can be an administrator."""
        return bool(self._own or stored or self._admins)

    def holds(self, right: Right, stored: Mapping[str, str]) -> bool:
        """Whether the key that a right came by is still one."""
        return right.digest is None or right.digest in self._own or right.digest in stored


@dataclass(frozen=True)
class _Given:
    right: Right
    until: float


class Grants:
    """Kernels that may read everyone's usage for a while. In memory: a restart of the server ends them."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._given: dict[str, _Given] = {}

    def give(self, kernel_id: str, right: Right, seconds: float) -> datetime:
        """Let a kernel in; says until when. What was given before is replaced."""
        now = self._clock()
        # That one has ended is remembered for a day, to be told.
        self._given = {kernel: one for kernel, one in self._given.items() if one.until > now - 86_400}
        self._given[kernel_id] = _Given(right, now + seconds)
        return datetime.now(UTC) + timedelta(seconds=seconds)

    def end(self, kernel_id: str) -> bool:
        """Let a kernel in no more; True if it was let in."""
        given = self._given.pop(kernel_id, None)
        return given is not None and given.until > self._clock()

    def right(self, kernel_id: str) -> Right | None:
        """The right of a kernel that is let in now."""
        given = self._given.get(kernel_id)
        return given.right if given is not None and given.until > self._clock() else None

    def is_over(self, kernel_id: str) -> bool:
        """Whether a kernel was let in, and its time is over."""
        return kernel_id in self._given and self.right(kernel_id) is None
