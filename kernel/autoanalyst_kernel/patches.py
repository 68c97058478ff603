"""`Patches`: methods of living objects that are replaced for a while, and put back as they were."""

from typing import Any

_MISSING = object()


class Patches:
    """Replaced attributes of instances."""

    def __init__(self) -> None:
        self._before: list[tuple[Any, str, Any]] = []

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Give `owner` an attribute of its own in place of the one it has."""
        self._before.append((owner, name, vars(owner).get(name, _MISSING)))
        setattr(owner, name, value)

    def undo(self) -> None:
        """Put everything back, the last first, whatever others have put or wrapped there meanwhile."""
        while self._before:
            owner, name, before = self._before.pop()
            if before is not _MISSING:
                setattr(owner, name, before)
            elif name in vars(owner):
                delattr(owner, name)
