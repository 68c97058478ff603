"""`Approvals`: the yes or no of a person to exactly one piece of code.

An approval holds for one call of one run and the SHA-256 of its source, is used once and expires. It lives
in the engine's process and nowhere else: not in the notebook, not in the browser. Used from one event loop.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ..errors import NotFound, Refused
from ..types.runs import Mode
from ..types.value import Value

ApprovalVerdict = Literal["yes", "no", "expired", "revoked"]

LIFETIME_SECONDS = 600.0


class Approval(Value):
    """A question to the person: may this code run?"""

    run_id: str
    call_id: str
    notebook_id: str
    code_hash: str
    """SHA-256 of the source, hexadecimal."""
    source: str


@dataclass
class _Asked:
    """An approval while it is open."""

    approval: Approval
    expires: float
    """On the clock of the `Approvals`."""
    verdict: ApprovalVerdict | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


def code_hash(source: str) -> str:
    """SHA-256 of a cell's source, hexadecimal."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


class Approvals:
    """All open approvals, and the notebooks where safe cells run from now on."""

    def __init__(
        self, *, seconds: float = LIFETIME_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._asked: dict[tuple[str, str], _Asked] = {}
        self._remembered: dict[str, None] = {}

    def request(self, run_id: str, call_id: str, source: str, *, notebook_id: str) -> Approval:
        """Open an approval. Asking again for the same call replaces the first question."""
        self.revoke(run_id, call_id)
        approval = Approval(
            run_id=run_id,
            call_id=call_id,
            notebook_id=notebook_id,
            code_hash=code_hash(source),
            source=source,
        )
        self._asked[run_id, call_id] = _Asked(approval, self._clock() + self._seconds)
        return approval

    def answer(
        self, run_id: str, call_id: str, given_hash: str, *, yes: bool, remember: bool = False
    ) -> None:
        """Take the person's answer to the code with this hash.

        `remember` with a yes: safe cells of the notebook run by themselves from now on. Raises
        `NotFound` when nothing is asked, `Refused` when it is other code, too late, or answered before.
        """
        asked = self._asked.get((run_id, call_id))
        if asked is None:
            raise NotFound("This question is no longer open. Ask again to get a new one.")
        if not hmac.compare_digest(asked.approval.code_hash.encode(), given_hash.encode()):
            raise Refused("The code has changed since it was shown. Nothing was run; look at it again.")
        if asked.verdict is not None:
            raise Refused("This question was answered before.")
        if self._is_late(asked):
            self._close(asked, "expired")
            raise Refused("The answer came too late. Nothing was run; ask again.")
        if yes and remember:
            self._remembered[asked.approval.notebook_id] = None
        asked.expires = self._clock() + self._seconds
        self._close(asked, "yes" if yes else "no")

    async def wait(self, run_id: str, call_id: str) -> ApprovalVerdict:
        """Wait for the answer; `expired` when none came in time. Raises `NotFound` when nothing is asked."""
        asked = self._asked.get((run_id, call_id))
        if asked is None:
            raise NotFound(f"Nothing is asked for call {call_id}.")
        while asked.verdict is None:
            left = asked.expires - self._clock()
            if left <= 0:
                self._close(asked, "expired")
                break
            try:
                async with asyncio.timeout(left):
                    await asked.answered.wait()
            except TimeoutError:
                continue  # the loop's clock and ours may differ; ours decides
        verdict = asked.verdict or "expired"
        if verdict != "yes" and self._asked.get((run_id, call_id)) is asked:
            del self._asked[run_id, call_id]
        return verdict

    def consume(self, run_id: str, call_id: str, source: str) -> bool:
        """Use a yes for exactly this source: True once. Any attempt ends the approval."""
        asked = self._asked.get((run_id, call_id))
        if asked is None or asked.verdict is None:
            return False
        del self._asked[run_id, call_id]
        same = hmac.compare_digest(asked.approval.code_hash, code_hash(source))
        return asked.verdict == "yes" and same and not self._is_late(asked)

    def pending(self) -> tuple[Approval, ...]:
        """Questions that wait for an answer, oldest first."""
        return tuple(
            asked.approval
            for asked in self._asked.values()
            if asked.verdict is None and not self._is_late(asked)
        )

    def revoke(self, run_id: str, call_id: str | None = None) -> None:
        """Take back an approval, answered or not; without `call_id` all of a run, e.g. when it ends."""
        for key in [key for key in self._asked if key[0] == run_id and call_id in (None, key[1])]:
            self._close(self._asked.pop(key), "revoked")

    def mode(self, notebook_id: str, mode: Mode) -> Mode:
        """The mode in this notebook: `ask` is `auto` where safe cells may run from now on."""
        return "auto" if mode == "ask" and notebook_id in self._remembered else mode

    def remembered(self) -> tuple[str, ...]:
        """Notebooks where safe cells run from now on, oldest first."""
        return tuple(self._remembered)

    def forget(self, notebook_id: str) -> None:
        """Ask for every cell of this notebook again."""
        self._remembered.pop(notebook_id, None)

    def _is_late(self, asked: _Asked) -> bool:
        return self._clock() >= asked.expires

    def _close(self, asked: _Asked, verdict: ApprovalVerdict) -> None:
        asked.verdict = verdict if asked.verdict is None or verdict == "revoked" else asked.verdict
        asked.answered.set()
