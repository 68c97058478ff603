"""The dashboard's line to the server: it says what is watched, misses nothing, comes back, and ends."""

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from autoanalyst_ext.types.admin import UsageTold
from autoanalyst_kernel.dashboard import connection as connections
from autoanalyst_kernel.dashboard.connection import Connection, pause

from .admin_server import SECONDS, AdminServer, admin_server, usage_view

WATCH = {"kind": "watch", "scope": "mine", "days": 30}


class Dashboard:
    """A connection, and what it is told."""

    def __init__(self, server: AdminServer) -> None:
        self._told: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self.line = Connection(self._told.put, url=server.url, secret="kernel-1.code", certificate=None)

    def told(self) -> dict[str, Any]:
        return self._told.get(timeout=SECONDS)


@pytest.fixture
def server() -> Iterator[AdminServer]:
    with admin_server() as started:
        yield started


@pytest.fixture
def dashboard(server: AdminServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    monkeypatch.setattr(connections, "FIRST_SECONDS", 0.05)
    made = Dashboard(server)
    made.line.watch(WATCH)
    yield made
    made.line.close()
    made.line._thread.join(SECONDS)
    assert not made.line._thread.is_alive()


def test_it_shows_the_kernels_secret_and_says_what_is_watched(
    server: AdminServer, dashboard: Dashboard
) -> None:
    connection, message = server.watched()
    assert message == WATCH
    assert server.authorizations == ["AnalystKernel kernel-1.code"]
    assert dashboard.line.kernel == "kernel-1"
    server.view(connection, usage_view(scope="mine"))
    assert dashboard.told()["view"]["now"]["usage"]["requests"] == 120


def test_another_choice_goes_over_the_same_connection(server: AdminServer, dashboard: Dashboard) -> None:
    server.watched()
    dashboard.line.watch({**WATCH, "days": 7})
    assert server.watched() == (1, {**WATCH, "days": 7})


def test_a_lost_connection_is_said_and_made_again_with_the_last_choice(
    server: AdminServer, dashboard: Dashboard
) -> None:
    server.watched()
    dashboard.line.watch({**WATCH, "days": 7})
    server.watched()
    server.drop(1)
    lost = dashboard.told()
    assert (lost["kind"], lost["message"]) == ("lost", "The Jupyter server has closed the connection.")
    assert server.watched() == (2, {**WATCH, "days": 7})


def test_after_a_missing_message_everything_is_asked_for_anew(
    server: AdminServer, dashboard: Dashboard
) -> None:
    connection, _ = server.watched()
    server.view(connection, usage_view())
    assert dashboard.told()["seq"] == 1
    server.tell(connection, UsageTold(seq=0, view=usage_view()), skip=1)
    assert dashboard.told()["message"] == "A message of the server was lost."
    assert server.left.get(timeout=SECONDS) == 1
    assert server.watched()[0] == 2


def test_a_refusal_is_said_in_words_and_tried_again(server: AdminServer, dashboard: Dashboard) -> None:
    server.watched()
    server.refuse = 403
    server.drop(1)
    dashboard.told()
    assert dashboard.told()["message"] == "The Jupyter server does not know this kernel."
    server.refuse = 0
    assert server.watched()[0] == 2


def test_closing_ends_the_connection_and_its_threads(server: AdminServer, dashboard: Dashboard) -> None:
    server.watched()
    dashboard.line.close()
    assert server.left.get(timeout=SECONDS) == 1
    dashboard.line._thread.join(SECONDS)
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"autoanalyst-dashboard", "autoanalyst-socket"}


def test_pauses_grow_are_scattered_and_have_an_end() -> None:
    assert 0.75 <= pause(0) <= 1.25
    assert 6 <= pause(3) <= 10
    assert 22.5 <= pause(500) <= 37.5
    assert len({pause(0) for _ in range(20)}) > 1
