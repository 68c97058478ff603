"""`Watched`: what a dashboard watches, and what it has heard of it. No widgets, no connection.

The server tells whole views, so nothing is added up here. Where everyone's usage is locked, one's own is
watched instead; figures of everyone that were already shown stay, and count as old.
"""

from datetime import date
from typing import Any, Literal

Message = dict[str, Any]
Scope = Literal["mine", "everyone"]

PERIODS = (7, 30, 90, 365)
"""Days that can be chosen."""


class Watched:
    """One dashboard's choice of figures, and the last ones."""

    def __init__(self, scope: Scope, days: int) -> None:
        self.wanted: Scope = scope
        """What the person wants to see."""
        self.days = days
        self.view: Message | None = None
        self.lock: Message | None = None
        """Why everyone's figures, which are wanted, may not be shown."""
        self.trouble = ""
        """What the server could not do, in its words."""
        self._instead = False
        """One's own are watched in place of everyone's."""

    @property
    def scope(self) -> Scope:
        """Whose usage is watched."""
        return "mine" if self._instead else self.wanted

    @property
    def message(self) -> Message:
        """What the server is told."""
        return {"kind": "watch", "scope": self.scope, "days": self.days}

    @property
    def is_old(self) -> bool:
        """Whether the figures shown are of before they were locked."""
        return self.lock is not None and self.view is not None and self.view["scope"] == "everyone"

    def choose(self, *, scope: Scope | None = None, days: int | None = None) -> None:
        """Watch something else. Everyone's is tried again, also where it was locked."""
        self.wanted = scope or self.wanted
        self.days = days or self.days
        if scope is not None:
            self._instead = False
            self.lock = None

    def take(self, message: Message) -> bool:
        """Hear what the server tells; tells whether it must now be told what is watched."""
        match message["kind"]:
            case "usage":
                self._shown(message["view"])
            case "locked" if self.scope == "everyone":
                self.lock, self.trouble = message, ""
                # Figures of everyone stay in view; without such there are one's own to show.
                self._instead = not self._has_everyones()
                return self._instead
            case "failed":
                self.trouble = str(message["message"])
        return False

    def _shown(self, view: Message) -> None:
        if (view["scope"], length(view)) != (self.scope, self.days):
            return  # of before the last choice
        self.view, self.trouble = view, ""
        if self.scope == "everyone":
            self.lock = None

    def _has_everyones(self) -> bool:
        return self.view is not None and (self.view["scope"], length(self.view)) == ("everyone", self.days)


def length(view: Message) -> int:
    """How many days a view is of."""
    return (date.fromisoformat(view["end"]) - date.fromisoformat(view["start"])).days + 1
