"""Kernel messages become nbformat outputs."""

from typing import Any

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st

from autoanalyst_ext.notebooks.outputs import ERROR_BYTES, OutputLog
from autoanalyst_ext.types.cells import DisplayOutput, Output, OutputChange, StreamOutput


def stream(text: str, name: str = "stdout") -> tuple[str, dict[str, Any], int]:
    return "stream", {"name": name, "text": text}, len(text.encode())


def display(
    text: str, display_id: str | None = None, kind: str = "display_data"
) -> tuple[str, dict[str, Any], int]:
    transient = {} if display_id is None else {"display_id": display_id}
    return kind, {"data": {"text/plain": text}, "metadata": {}, "transient": transient}, len(text)


def replay(changes: list[OutputChange]) -> list[Output]:
    """The list of outputs that a reader of the changes has."""
    outputs: list[Any] = []
    for change in changes:
        match change.op:
            case "clear":
                outputs.clear()
            case "append":
                assert change.index == len(outputs)
                outputs.append(change.output)
            case "replace":
                outputs[change.index] = change.output
            case "extend":
                before = outputs[change.index]
                assert isinstance(change.output, StreamOutput)
                outputs[change.index] = StreamOutput(name=before.name, text=before.text + change.output.text)
    return outputs


def test_writes_to_one_stream_are_one_output() -> None:
    log = OutputLog()
    for text in ("a", "b\n", "c"):
        log.take(*stream(text))
    log.take(*stream("oh", "stderr"))
    log.take(*stream("d"))
    assert [output.text for output in log.outputs if isinstance(output, StreamOutput)] == ["ab\nc", "oh", "d"]


def test_a_cleared_list_with_wait_is_cleared_by_the_next_output() -> None:
    log = OutputLog()
    log.take(*stream("old"))
    assert log.take("clear_output", {"wait": True}, 0) == ()
    assert len(log.outputs) == 1
    changes = log.take(*stream("new"))
    assert [change.op for change in changes] == ["clear", "append"]
    assert log.outputs == (StreamOutput(name="stdout", text="new"),)


def test_an_update_replaces_every_display_of_its_id_and_no_other() -> None:
    log = OutputLog()
    for text, name in (("1", "bar"), ("x", None), ("2", "bar")):
        log.take(*display(text, name))
    changes = log.take(*display("done", "bar", "update_display_data"))
    assert [change.index for change in changes] == [0, 2]
    shown = [output.data["text/plain"] for output in log.outputs if isinstance(output, DisplayOutput)]
    assert shown == ["done", "x", "done"]
    assert log.take(*display("lost", "nobody", "update_display_data")) == ()


def test_a_flood_keeps_exactly_what_fits_and_the_error_behind_it() -> None:
    log = OutputLog(limit=1_000)
    for _ in range(400):
        log.take(*stream("é" * 10))
    log.take(*display("y" * 2_000))
    log.take("error", {"ename": "KeyboardInterrupt", "evalue": "", "traceback": ["here"]}, 100)
    assert log.flooded
    first, last = log.outputs
    assert isinstance(first, StreamOutput)
    assert first.text == "é" * 500
    assert last.output_type == "error"


def test_a_huge_error_text_is_bounded() -> None:
    log = OutputLog()
    log.take("error", {"ename": "E", "evalue": "x" * 10**6, "traceback": ["y" * 10**6]}, 2 * 10**6)
    assert len(log.outputs[0].model_dump_json()) < 2 * ERROR_BYTES


def test_lone_surrogates_are_replaced_so_that_outputs_can_be_written() -> None:
    log = OutputLog()
    log.take("stream", {"name": "stdout", "text": "a\ud800b"}, 3)
    log.take("display_data", {"data": {"application/json": {"k\udc80": ["\ud800"]}}, "metadata": {}}, 9)
    assert "a?b" in log.outputs[0].model_dump_json()
    assert log.outputs[1].data == {"application/json": {"k?": ["?"]}}  # type: ignore[union-attr]


messages = st.one_of(
    st.builds(stream, st.text("ab\n", max_size=5), st.sampled_from(["stdout", "stderr"])),
    st.builds(display, st.text("xyz", max_size=5), st.sampled_from([None, "p", "q"])),
    st.builds(
        display, st.text("uvw", max_size=5), st.sampled_from(["p", "q"]), st.just("update_display_data")
    ),
    st.builds(lambda wait: ("clear_output", {"wait": wait}, 0), st.booleans()),
    st.just(("error", {"ename": "E", "evalue": "v", "traceback": ["t"]}, 9)),
    st.just(("execute_result", {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 3}, 1)),
    st.just(("comm_open", {}, 5)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(messages, max_size=25), st.integers(5, 60))
def test_whoever_follows_the_changes_has_the_same_outputs(sent: list[Any], limit: int) -> None:
    log = OutputLog(limit=limit)
    changes = [change for message in sent for change in log.take(*message)]
    assert replay(changes) == list(log.outputs)
    cell = {
        "id": "a", "cell_type": "code", "source": "", "metadata": {}, "execution_count": None,
        "outputs": [output.model_dump(mode="json") for output in log.outputs],
    }  # fmt: skip
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})
