"""Whether the analyst works, and if not, what to do about it."""

from typing import TYPE_CHECKING

from .. import __version__
from ..errors import AnalystError
from .base import AnalystHandler
from .operation import operation

if TYPE_CHECKING:
    from ..types.panel import Health


class HealthHandler(AnalystHandler):
    """`health`"""

    @operation("Whether the analyst works", reply="Health")
    async def get(self) -> "Health":
        """Load all that a question needs."""
        problem = ""
        try:
            await self.desk()
        except AnalystError as error:
            problem = str(error)
        from ..types.panel import Health

        return Health(status="broken" if problem else "ok", version=__version__, problem=problem)
