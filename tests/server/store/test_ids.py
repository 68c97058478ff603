"""Ids are uuid7, unique, and in the order in which they were made."""

import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from autoanalyst_ext.store import ids


def test_an_id_is_a_uuid7_of_this_moment() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(ids.new_id())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= after + 1


def test_ids_of_one_millisecond_are_in_order() -> None:
    made = [ids.new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_stay_in_order_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert first < ids.new_id() < ids.new_id()


def test_threads_never_make_the_same_id_and_each_sees_order() -> None:
    def many(_: int) -> list[str]:
        return [ids.new_id() for _ in range(2_000)]

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(many, range(8)))
    assert all(one == sorted(one) for one in made)
    assert len({each for one in made for each in one}) == 16_000


def test_a_forked_child_makes_other_ids_than_its_parent() -> None:
    script = """
import os
from autoanalyst_ext.store.ids import new_id
new_id()
read, write = os.pipe()
pid = os.fork()
made = [new_id() for _ in range(300)]
if pid == 0:
    os.write(write, "\\n".join(made).encode())
    os._exit(0)
os.waitpid(pid, 0)
print(len({each[-12:] for each in made} & {each[-12:] for each in os.read(read, 10**6).decode().split()}))
"""
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "0\n"
