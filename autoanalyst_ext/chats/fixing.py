"""What an agent is asked when a cell of the user's is to be fixed.

The task stays in the chat's history as the user's words, and those go to whatever model is asked next. So
its error is redacted for every model, also for one in this process, which needs no more of it.
"""

from ..offline.repairs.fix_task import FixTask
from ..policy.egress import render_error
from ..types.panel import FailedCell
from ..types.runs import EgressLevel


def task_of(fix: FailedCell, level: EgressLevel) -> str:
    """The instruction to fix a cell: its source as it is, and of its error what may leave at `level`."""
    source = _whole(fix.source)
    error = render_error(_whole(fix.ename), _whole(fix.evalue), (), source, (), level)
    return FixTask(source, error).text()


def _whole(text: str) -> str:
    """The text without halves of characters, which JSON can hold and nothing else can."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
