"""What a dashboard watches: everyone's usage where it may, its own where it may not, nothing old as new."""

from typing import Any

from autoanalyst_kernel.dashboard.watched import Watched

from .admin_server import usage_view

LOCKED = {"kind": "locked", "seq": 1, "code": "key_required", "message": "Give the admin key."}


def told(**view: Any) -> dict[str, Any]:
    return {"kind": "usage", "seq": 1, "view": usage_view(**view).model_dump(mode="json")}


def test_where_everyones_is_locked_ones_own_is_watched_instead() -> None:
    watched = Watched("everyone", 30)
    assert watched.take(LOCKED)
    assert watched.message == {"kind": "watch", "scope": "mine", "days": 30}
    assert not watched.take(told(scope="mine"))
    assert watched.view is not None
    assert watched.lock == LOCKED
    assert not watched.is_old


def test_the_key_opens_everyones_again() -> None:
    watched = Watched("everyone", 30)
    watched.take(LOCKED)
    watched.choose(scope="everyone")
    assert watched.message["scope"] == "everyone"
    watched.take(told())
    assert watched.lock is None


def test_figures_that_were_shown_stay_when_the_time_is_over_and_count_as_old() -> None:
    watched = Watched("everyone", 30)
    watched.take(told())
    assert not watched.take({**LOCKED, "code": "expired"})
    assert watched.is_old
    assert watched.scope == "everyone"
    watched.choose(scope="mine")
    watched.take(told(scope="mine"))
    assert not watched.is_old


def test_a_view_of_before_the_last_choice_is_not_shown() -> None:
    watched = Watched("mine", 30)
    watched.take(told(scope="mine", requests=1))
    watched.choose(days=7)
    watched.take(told(scope="mine", requests=2))
    watched.take(told(scope="everyone", days=7, requests=3))
    assert watched.view is not None
    assert watched.view["now"]["usage"]["requests"] == 1
    watched.take(told(scope="mine", days=7, requests=4))
    assert watched.view["now"]["usage"]["requests"] == 4


def test_a_lock_of_before_the_last_choice_locks_nothing() -> None:
    watched = Watched("everyone", 30)
    watched.choose(scope="mine")
    assert not watched.take(LOCKED)
    assert watched.lock is None


def test_trouble_is_said_until_there_are_figures_again() -> None:
    watched = Watched("mine", 30)
    watched.take({"kind": "failed", "seq": 1, "code": "x", "message": "The database is busy."})
    assert watched.trouble == "The database is busy."
    watched.take(told(scope="mine"))
    assert watched.trouble == ""
