"""What the kernel says to a panel in the front end: "put these finished cells below the one that runs".

One comm, target `autoanalyst.notebook`, one-way. When the extension is loaded in a kernel of a Jupyter
server that has us, the kernel opens a comm with the data `{"protocol": 1}` (elsewhere there is no panel, and
front ends would complain of an unknown target). A front end that can insert cells answers on it, or opens
one of its own (after a reload), with `{"hands": 1}`. Later, on every comm that was answered so:

    {"insert": {"after": CELL_ID, "run": RUN_ID, "receipt": RECEIPT or null,
                "cells": [{"id", "source", "outputs", "execution_count", "metadata"}]}}

The front end puts the cells below cell `after` as they are, without executing them, in place of those of an
earlier run of the same question, and keeps the receipt in the metadata of cell `after`, under
`autoanalyst.receipt`; JupyterLab sends a cell's metadata with each execute request, and that is where
`receipts` finds it. With it goes `autoanalyst.standing`: true while all cells of the receipt stand below,
unedited. The front end sends no reply: while a cell runs, none would arrive.
"""

import os
from collections.abc import Sequence
from typing import Any, Protocol

TARGET = "autoanalyst.notebook"
PROTOCOL = 1


class Insertable(Protocol):
    """A finished cell."""

    id: str
    source: str
    metadata: dict[str, Any]
    outputs: list[dict[str, Any]]
    execution_count: int | None


class FrontEnd:
    """The front ends that are connected to this kernel and can insert cells."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._comms: list[Any] = []
        """Open ones, answered or not."""
        self._hands: list[Any] = []

    @property
    def present(self) -> bool:
        """Whether somebody can insert cells."""
        return bool(self._hands)

    def insert(self, run_id: str, cells: Sequence[Insertable], receipt: dict[str, Any] | None) -> bool:
        """Have finished cells put below the cell that runs; tells whether somebody was asked to."""
        from .receipts import cell_id

        after = cell_id(self._shell)
        if after is None or not self._hands:
            return False
        shown = [
            {
                "id": cell.id,
                "source": cell.source,
                "outputs": cell.outputs,
                "execution_count": cell.execution_count,
                "metadata": cell.metadata,
            }
            for cell in cells
        ]
        for comm in self._hands:
            comm.send({"insert": {"after": after, "run": run_id, "receipt": receipt, "cells": shown}})
        return True

    def close(self) -> None:
        """Close every comm, and take no more."""
        if getattr(self._shell, "kernel", None) is None:
            return
        from comm import get_comm_manager

        for comm in list(self._comms):
            self._forget(comm)
            comm.close()
        get_comm_manager().unregister_target(TARGET, self._opened)

    def _announce(self) -> None:
        from comm import create_comm, get_comm_manager

        get_comm_manager().register_target(TARGET, self._opened)
        if "AUTOANALYST_URL" in os.environ:
            self._listen(create_comm(target_name=TARGET, data={"protocol": PROTOCOL}))

    def _opened(self, comm: Any, message: dict[str, Any]) -> None:
        """A front end has opened a comm."""
        self._listen(comm)
        self._heard(comm, message)

    def _listen(self, comm: Any) -> None:
        self._comms.append(comm)
        comm.on_msg(lambda message: self._heard(comm, message))
        comm.on_close(lambda _: self._forget(comm))

    def _heard(self, comm: Any, message: dict[str, Any]) -> None:
        data = message["content"].get("data")
        if isinstance(data, dict) and data.get("hands") == PROTOCOL and comm not in self._hands:
            self._hands.append(comm)

    def _forget(self, comm: Any) -> None:
        self._comms = [each for each in self._comms if each is not comm]
        self._hands = [each for each in self._hands if each is not comm]


def announce(shell: Any) -> FrontEnd:
    """Tell front ends that we are here. In a plain terminal there are none."""
    front_end = FrontEnd(shell)
    if getattr(shell, "kernel", None) is not None:
        front_end._announce()
    return front_end
