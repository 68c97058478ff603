"""What of a run's events leaves the engine, and what of it is kept. Pure.

Outputs stay behind: the notebook has them. What is kept is what a page needs to show the run again.
"""

from ..types.events import CellFinished, CellOutput, ReceiptMade, RunEvent, RunFinished, TextDelta


def without_outputs(event: RunEvent) -> RunEvent | None:
    """An event as a client hears it; None when it has heard it before, or hears it at the end."""
    match event:
        case CellOutput() | ReceiptMade():
            return None
        case CellFinished():
            light = {"outputs": (), "result": None, "tables": ()}
            return event.model_copy(update={"execution": event.execution.model_copy(update=light)})
        case RunFinished():
            cells = tuple(cell.model_copy(update={"outputs": ()}) for cell in event.answer.cells)
            return RunFinished(answer=event.answer.model_copy(update={"cells": cells}))
    return event


def to_keep(event: RunEvent) -> RunEvent | None:
    """An event as it is stored; None for pieces of text, which the step and the answer have."""
    return None if isinstance(event, TextDelta) else without_outputs(event)
