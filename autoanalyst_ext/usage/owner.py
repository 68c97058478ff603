"""Which process an attempt belongs to, and whether that process still lives."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from ..store.attempts import Owner

_PROC = Path("/proc")


def this_process() -> Owner:
    """The process that runs this."""
    pid = os.getpid()
    start = _started(pid)
    assert start is not None, "this process lives"
    return Owner(pid=pid, start=start, boot=_place())


Standing = Literal["alive", "gone", "other_boot", "other_container"]
"""`other_boot`: of this machine before it restarted, or of another machine. The last two say that nobody
here can look at the process."""


def standing(owner: Owner) -> Standing:
    """Whether a process lives. Pids are reused, so it is the same only if it also began at the same time."""
    if owner.boot != _place():
        return "other_container" if owner.boot.split("/")[0] == _place().split("/")[0] else "other_boot"
    return "alive" if _started(owner.pid) == owner.start else "gone"


def is_gone(owner: Owner, *, one_system: bool) -> bool:
    """Whether a process has surely ended. `one_system`: what it wrote to is shared by one running system
    only, as a SQLite file in use is, so that an earlier boot is over."""
    found = standing(owner)
    return found == "gone" or (found == "other_boot" and one_system)


def _started(pid: int) -> str | None:
    """When a process began, as text that never changes while it lives; None if there is no such process."""
    if not (_PROC / "self" / "stat").exists():
        return _started_elsewhere(pid)
    try:
        line = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in brackets may hold spaces and brackets; the fields after the last one do not.
    fields = line.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _started_elsewhere(pid: int) -> str | None:
    import psutil  # type: ignore[import-untyped]

    try:
        return str(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


@cache
def _place() -> str:
    """The boot of the system and the pid namespace; start times are absolute where there is no /proc."""
    boot = _PROC / "sys" / "kernel" / "random" / "boot_id"
    if not boot.exists():
        return "local"
    namespace = (_PROC / "self" / "ns" / "pid").readlink()
    return f"{boot.read_text(encoding='ascii').strip()}/{namespace}"
