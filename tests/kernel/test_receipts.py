"""Receipts in the notebooks of the kernel's folder: which are found, and what cannot get in the way."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .kernel_program import KernelProgram, kernel_program

QUESTION = 'How much is “revenue” of\tBérn?\nAnd "why"?'
RECEIPT: dict[str, Any] = {"question": QUESTION, "cells": [{"label": "c1", "source": "1"}]}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelProgram]:
    with kernel_program(tmp_path_factory.mktemp("kernel")) as program:
        program.run("from autoanalyst_kernel import receipts\nimport time, os")
        yield program


@pytest.fixture(autouse=True)
def folder(kernel: KernelProgram, tmp_path: Path) -> Path:
    kernel.run(f"os.chdir({str(tmp_path)!r})")
    return tmp_path


def asks(receipt: Any = RECEIPT, line: str = "--mode  auto ", **more: Any) -> dict[str, Any]:
    """A cell that asks, with a receipt in its output's metadata."""
    output = {"output_type": "display_data", "metadata": {"autoanalyst": {"receipt": receipt}}}
    return {"cell_type": "code", "source": f"%%analyst {line}\n{QUESTION}\n", "outputs": [output], **more}


def write(path: Path, *cells: Any, ascii_only: bool = False) -> Path:
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}, ensure_ascii=ascii_only))
    return path


def found(kernel: KernelProgram) -> Any:
    """What is found for the question: whether each receipt's cells stand below it."""
    cell = ("--mode auto", QUESTION)
    return kernel.value(f"[each.standing for each in receipts.found(shell, {QUESTION!r}, {cell!r})]")


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_receipt_of_the_same_cell_is_found(kernel: KernelProgram, folder: Path, ascii_only: bool) -> None:
    below = {"cell_type": "code", "source": "1", "outputs": []}
    write(folder / "a.ipynb", asks(), below, ascii_only=ascii_only)
    write(folder / "b.ipynb", asks(line="@other"))
    assert found(kernel) == [True]
    assert kernel.value(f"len(receipts.found(shell, {QUESTION!r}))") == 2


HOSTILE: list[Any] = [
    1, None, "x", [], [[]], {"source": 1}, {"source": [1]}, {"source": None, "outputs": 5},
    {"source": "x", "outputs": 5}, {"source": "x", "outputs": "autoanalyst"}, {"source": "x", "metadata": []},
    asks(metadata={"autoanalyst": "x"}, outputs=7), asks(receipt=[]), asks(receipt={"cells": 5}),
    asks(receipt={"cells": [5, None, {"source": 1}]}), asks(receipt={"cells": [], "pad": "x" * 2**21}),
]  # fmt: skip


@pytest.mark.parametrize("cell", HOSTILE, ids=range(len(HOSTILE)))
def test_a_notebook_that_makes_no_sense_is_passed_over(
    kernel: KernelProgram, folder: Path, cell: Any
) -> None:
    write(folder / "a.ipynb", asks())
    write(folder / "b.ipynb", cell, asks(line="@other"))
    assert False in found(kernel)


def test_values_that_make_no_sense_are_passed_over(kernel: KernelProgram) -> None:
    cells = [None, 1, {"label": 1, "source": "1"}, {"label": "c1"}, {"label": "c1", "source": "1"}]
    for earlier in (5, None, "x", {"a": 1}):
        receipt = {"cells": cells, "earlier": earlier}
        assert kernel.value(f"receipts.cells_of({receipt!r})") == [cells[-1]]


def test_files_that_are_no_notebooks_are_passed_over(kernel: KernelProgram, folder: Path) -> None:
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / "gone.ipynb").symlink_to(folder / "nowhere")
    (folder / "deep.ipynb").write_text(
        '{"autoanalyst": ' + "[" * 100_000 + json.dumps(QUESTION, ensure_ascii=False)
    )
    (folder / "bytes.ipynb").write_bytes(b'"autoanalyst"\xff' + QUESTION.encode())
    write(folder / "a.ipynb", asks())
    assert found(kernel) == [False]


def test_looking_through_a_folder_takes_its_time_at_most(kernel: KernelProgram, folder: Path) -> None:
    write(folder / "a.ipynb", asks())
    kernel.run("keep, receipts.LOOK_SECONDS = receipts.LOOK_SECONDS, -1.0")
    assert found(kernel) == []
    kernel.run("receipts.LOOK_SECONDS = keep")
    assert found(kernel) == [False]


def test_a_notebook_without_receipts_is_read_once(kernel: KernelProgram, folder: Path) -> None:
    path = write(folder / "a.ipynb", {"source": "1"})
    assert found(kernel) == []
    assert kernel.value(f"[str(each) for each in receipts._without if str(each) == {str(path)!r}]")
    write(path, asks())
    assert found(kernel) == [False]
