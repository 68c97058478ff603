"""The comm with a front end that can insert cells, played by a bare client."""

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autoanalyst_kernel.front_end import TARGET, announce

from .front import Front, front

ANNOUNCE = """
import os
os.environ["AUTOANALYST_URL"] = "http://127.0.0.1/"
from types import SimpleNamespace
from IPython import get_ipython
from autoanalyst_kernel.front_end import announce
front_end = announce(get_ipython())
cells = [SimpleNamespace(id="a", source="1 + 1", outputs=[], execution_count=3, status="ok",
                         metadata={"autoanalyst": {"run": "r", "label": "c1"}}, value=2)]
"""
INSERT = "print(front_end.insert('r', cells, {'run_id': 'r'}))"


@pytest.fixture
def kernel() -> Iterator[Front]:
    with front() as found:
        yield found


def of(heard: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each["content"] for each in heard if each["msg_type"] == kind]


def say(kernel: Front, kind: str, **content: Any) -> None:
    kernel.client.shell_channel.send(kernel.client.session.msg(kind, content))


def opened(kernel: Front) -> str:
    """Load; the id of the comm that the kernel opens."""
    found = of(kernel.run(ANNOUNCE), "comm_open")
    assert [(each["target_name"], each["data"]) for each in found] == [(TARGET, {"protocol": 1})]
    return str(found[0]["comm_id"])


def test_a_front_end_that_answers_gets_the_cells_while_the_cell_runs(kernel: Front) -> None:
    comm = opened(kernel)
    assert kernel.value("front_end.present") is False
    say(kernel, "comm_msg", comm_id=comm, data={"hands": 1})
    assert kernel.value("front_end.present") is True
    heard = kernel.run(INSERT, metadata={"cellId": "question"})
    kinds = [each["msg_type"] for each in heard]
    assert kinds.index("comm_msg") < kinds.index("stream")
    assert of(heard, "comm_msg") == [
        {
            "comm_id": comm,
            "data": {
                "insert": {
                    "after": "question",
                    "run": "r",
                    "receipt": {"run_id": "r"},
                    "cells": [
                        {
                            "id": "a",
                            "source": "1 + 1",
                            "outputs": [],
                            "execution_count": 3,
                            "metadata": {"autoanalyst": {"run": "r", "label": "c1"}},
                        }
                    ],
                }
            },
        }
    ]
    assert of(heard, "stream")[0]["text"] == "True\n"


def test_a_front_end_without_the_target_closes_it_and_nothing_is_sent(kernel: Front) -> None:
    comm = opened(kernel)
    say(kernel, "comm_close", comm_id=comm, data={})
    heard = kernel.run(INSERT, metadata={"cellId": "question"})
    assert of(heard, "stream")[0]["text"] == "False\n"
    assert not of(heard, "comm_msg")


def test_a_page_that_was_loaded_again_opens_its_own(kernel: Front) -> None:
    first = opened(kernel)
    say(kernel, "comm_msg", comm_id=first, data={"hands": 1})
    say(kernel, "comm_close", comm_id=first, data={})
    assert kernel.value("front_end.present") is False
    say(kernel, "comm_open", comm_id="mine", target_name=TARGET, data={"hands": 1})
    heard = kernel.run(INSERT, metadata={"cellId": "question"})
    assert [each["comm_id"] for each in of(heard, "comm_msg")] == ["mine"]


@pytest.mark.parametrize("data", [{}, {"hands": 2}, {"hands": "1"}, [], None])
def test_only_hands_that_we_understand_count(kernel: Front, data: Any) -> None:
    comm = opened(kernel)
    say(kernel, "comm_msg", comm_id=comm, data=data)
    assert kernel.value("front_end.present") is False


def test_without_a_cell_to_insert_below_nothing_is_sent(kernel: Front) -> None:
    comm = opened(kernel)
    say(kernel, "comm_msg", comm_id=comm, data={"hands": 1})
    assert of(kernel.run(INSERT), "stream")[0]["text"] == "False\n"


def test_unloading_closes_the_comms(kernel: Front) -> None:
    comm = opened(kernel)
    say(kernel, "comm_msg", comm_id=comm, data={"hands": 1})
    heard = kernel.run("front_end.close()\nprint(front_end.present)")
    assert [each["comm_id"] for each in of(heard, "comm_close")] == [comm]
    assert of(heard, "stream")[0]["text"] == "False\n"


def test_a_plain_terminal_has_none() -> None:
    found = announce(InteractiveShell())
    assert not found.present
    found.close()


def test_without_a_server_of_ours_no_front_end_is_bothered(kernel: Front) -> None:
    heard = kernel.run(ANNOUNCE.replace('os.environ["AUTOANALYST_URL"] =', "unset ="))
    assert of(heard, "comm_open") == []
