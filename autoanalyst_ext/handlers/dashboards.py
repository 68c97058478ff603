"""`Dashboards`: everyone who watches usage now. One task looks whether it has changed, while anybody watches.

It looks at the database and not at what this process does, so that questions of other processes show too. A
view is summed up once for all who watch the same. Whether somebody may see it is asked anew at each look.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..errors import AnalystError
from ..policy.admin import HEADER, MAKE_ONE, VARIABLE, Grants, Right
from .dashboard import Dashboard, Write
from .loader import EngineLoader

if TYPE_CHECKING:
    from ..engine import Engine
    from ..policy.principal import Principal
    from ..types.admin import UsageView
    from ..usage.views import Wanted

LOOK_SECONDS = 0.5
"""Between two looks."""
REST_SECONDS = 0.1
"""Between two looks, however much is asked for."""
PAUSE_SECONDS = 1.0
"""After something went wrong."""

LOCKED = {
    "not_set": f"This server has no admin key, so it shows everyone only their own usage. {MAKE_ONE}, or set "
    f"{VARIABLE}.",
    "expired": "The time for which everyone's usage was shown is over. Give the admin key again to go on.",
    "key_required": "Everyone's usage is for administrators. Give the admin key to see it.",
}
NO_HEADER = f"Everyone's usage is for administrators. Connect with the admin key in the header {HEADER}."


class Dashboards:
    """Owns the connections of dashboards; `close` ends them all."""

    def __init__(self, engine: EngineLoader, grants: Grants, log: logging.Logger) -> None:
        self._engine = engine
        self._grants = grants
        self._log = log
        self._open: set[Dashboard] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._open)

    async def join(
        self, write: Write, *, user: "Principal | None", kernel_id: str | None, right: Right | None
    ) -> Dashboard:
        """A new connection: of a user, or of a kernel, which asks for whom the process works.

        Raises what is wrong with the engine's settings or its database.
        """
        engine = await self._engine.get()
        await engine.database.open()
        principal = user or engine.principal
        joined = Dashboard(write, principal=principal.id, kernel_id=kernel_id, right=right)
        self._open.add(joined)
        return joined

    def hear(self, dashboard: Dashboard, text: str | bytes) -> None:
        """A message of a dashboard: what it wants to see."""
        from pydantic import ValidationError

        from ..types.admin import UsageFailed, WatchUsage
        from ..usage.views import Wanted

        if dashboard not in self._open:
            return
        try:
            asked = WatchUsage.model_validate_json(text, strict=True)
        except ValidationError:
            words = "That is no message of a dashboard. It watches `mine` or `everyone`, 1 to 400 days."
            dashboard.tell(UsageFailed(seq=0, code="bad_request", message=words).model_dump_json())
            return
        principal = dashboard.principal if asked.scope == "mine" else ""
        dashboard.want(Wanted(asked.scope, asked.days, principal))
        if self._watching is None:
            self._watching = asyncio.create_task(self._supervise())
        self.wake()

    def wake(self) -> None:
        """Look now: somebody wants to see something, or may see more or less than before."""
        self._news.set()

    def leave(self, dashboard: Dashboard) -> None:
        """The other side went away. Harmless when it has been said already."""
        if dashboard not in self._open:
            return
        self._open.discard(dashboard)
        self._ends(asyncio.create_task(dashboard.close()))
        if not any(other.wanted for other in self._open) and self._watching is not None:
            self._watching.cancel()
            self._ends(self._watching)
            self._watching = None

    async def close(self) -> None:
        """End all connections."""
        for dashboard in tuple(self._open):
            self.leave(dashboard)
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _ends(self, task: "asyncio.Task[None]") -> None:
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _supervise(self) -> None:
        """Keep somebody watching: a mistake of ours must not leave all dashboards with old figures."""
        engine = await self._engine.get()
        while True:
            watching = asyncio.create_task(self._watch(engine))
            try:
                await asyncio.wait([watching])
            finally:
                watching.cancel()
                await asyncio.wait([watching])
            self._log.error("AutoAnalyst: usage is not watched; trying again.", exc_info=watching.exception())
            await asyncio.sleep(PAUSE_SECONDS)

    async def _watch(self, engine: "Engine") -> None:
        views = _Views(engine)
        while True:
            self._news.clear()
            pause = REST_SECONDS
            try:
                await self._look(engine, views)
            except AnalystError as error:
                self._tell_failure(error)
                pause = PAUSE_SECONDS
            await asyncio.sleep(pause)
            await _until(self._news, LOOK_SECONDS - REST_SECONDS)

    async def _look(self, engine: "Engine", views: "_Views") -> None:
        """Tell everybody what they watch, where it is news."""
        await views.look()
        # As of now: who wants something else while keys are read is told at the next look.
        wants = [(each, each.wanted) for each in self._open if each.wanted is not None]
        of_everyone = any(wanted.scope == "everyone" for _, wanted in wants)
        stored = await engine.admin_keys.digests() if of_everyone else {}
        watched: dict[Wanted, list[Dashboard]] = {}
        for dashboard, wanted in wants:
            locked = self._locked(dashboard, wanted, engine, stored)
            if locked is None:
                watched.setdefault(wanted, []).append(dashboard)
            elif dashboard.wanted == wanted:
                dashboard.tell(locked)
        views.keep(watched)
        for wanted, readers in watched.items():
            text = await views.text(wanted)
            for dashboard in readers:
                if dashboard.wanted == wanted:  # else it left meanwhile, or wants something else
                    dashboard.tell(text)

    def _locked(
        self, dashboard: Dashboard, wanted: "Wanted", engine: "Engine", stored: dict[str, str]
    ) -> str | None:
        """What is said to somebody who may not see what they want to; `None` where they may."""
        if wanted.scope == "mine":
            return None
        kernel_id, gate = dashboard.kernel_id, engine.admin_gate
        right = dashboard.right if kernel_id is None else self._grants.right(kernel_id)
        if right is not None and gate.holds(right, stored):
            return None
        if not gate.is_set(stored):
            return _locked_text("not_set", LOCKED["not_set"])
        if kernel_id is None:
            return _locked_text("key_required", NO_HEADER)
        code = "expired" if self._grants.is_over(kernel_id) else "key_required"
        return _locked_text(code, LOCKED[code])

    def _tell_failure(self, error: AnalystError) -> None:
        from ..types.admin import UsageFailed

        text = UsageFailed(seq=0, code=error.code, message=str(error)).model_dump_json()
        for dashboard in self._open:
            if dashboard.wanted is not None:
                dashboard.tell(text)


class _Views:
    """The views that are watched, each summed up again when something has changed."""

    def __init__(self, engine: "Engine") -> None:
        self._usage = engine.usage_views
        self._today = datetime.now(UTC).date()
        self._mark: tuple[int, ...] = ()
        self._shown: dict[Wanted, tuple[UsageView, str]] = {}
        self._fresh: set[Wanted] = set()

    async def look(self) -> None:
        """See whether anything has changed."""
        today, mark = datetime.now(UTC).date(), await self._usage.mark()
        if (today, mark) != (self._today, self._mark):
            self._today, self._mark = today, mark
            self._fresh.clear()

    def keep(self, watched: "dict[Wanted, list[Dashboard]]") -> None:
        """Forget the others."""
        self._shown = {wanted: shown for wanted, shown in self._shown.items() if wanted in watched}
        self._fresh &= watched.keys()

    async def text(self, wanted: "Wanted") -> str:
        """The message that shows a view; the same one while its figures are the same."""
        if wanted not in self._fresh:
            view = await self._usage.view(wanted)
            known = self._shown.get(wanted)
            if known is None or known[0].model_copy(update={"as_of": view.as_of}) != view:
                from ..types.admin import UsageTold

                self._shown[wanted] = view, UsageTold(seq=0, view=view).model_dump_json()
            self._fresh.add(wanted)
        return self._shown[wanted][1]


def _locked_text(code: str, message: str) -> str:
    from ..types.admin import UsageLocked

    return UsageLocked.model_validate({"seq": 0, "code": code, "message": message}).model_dump_json()


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than this."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=seconds)
    finally:
        waiting.cancel()
