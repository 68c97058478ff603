"""Everything below our prefix that is no route of ours."""

from tornado.web import HTTPError

from .base import AnalystHandler


class UnknownHandler(AnalystHandler):
    """Says that there is nothing here, to those who are signed in."""

    async def prepare(self, **_: object) -> None:
        """Send everybody away."""
        await super().prepare()
        raise HTTPError(404, "There is nothing at this address.")
