"""How an error is told to a client: in the user's words where it has some, else as a bug of ours."""

import traceback

from ..errors import AnalystError
from ..logs import logger
from ..types.wire import Failed


def told(message_id: str | None, error: BaseException) -> Failed:
    """The message about `error`. A bug is logged with where it happened, and without its text."""
    if not isinstance(error, AnalystError):
        kind = type(error).__name__
        # The text of an exception may hold values of the user's data; files and lines do not.
        where = [f"{frame.name} {frame.filename}:{frame.lineno}" for frame in _frames(error)]
        logger().error("request broken", kind=kind, where=where)
        error = AnalystError(
            f"Something went wrong inside AutoAnalyst ({kind}). Your question is kept; ask it again."
        )
    return Failed(id=message_id, **error.as_json())


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)
