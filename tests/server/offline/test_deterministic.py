"""The same question gives the same cell, to the byte: again and again, in every process, with no network."""

import os
import subprocess
import sys

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .asking import drawn

QUESTIONS = 40
IN_A_PROCESS = """
import hashlib, sys

def cut(event, arguments):
    if event.startswith(("socket.", "http.", "urllib.")):
        raise RuntimeError(f"the network was used: {event} {arguments}")

sys.addaudithook(cut)
from autoanalyst_ext.offline.analyst import understand
from tests.server.offline.asking import drawn

digest = hashlib.sha256()
for seed in range(int(sys.argv[1])):
    each = drawn(seed)
    digest.update(repr(understand(each.question, each.tables)).encode())
print(digest.hexdigest())
"""


def found_by(hash_seed: str) -> str:
    """A digest of all that is understood in an interpreter of its own."""
    run = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, str(QUESTIONS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_processes_with_other_hashes_find_the_same_and_need_no_network() -> None:
    assert len({found_by(hash_seed) for hash_seed in ("0", "1", "4242")}) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_runs_are_one(seed: int) -> None:
    each = drawn(seed)
    assert len({cell_of(understand(each.question, each.tables)) for _ in range(100)}) == 1


def cell_of(found: Planned | Abstained) -> str:
    """All that is shown of it."""
    return found.code if isinstance(found, Planned) else repr(found)
