"""`openapi.json`: the description of all routes, for programs that call them."""

import asyncio

from .base import AnalystHandler
from .operation import ANY_OBJECT, operation


class DocumentHandler(AnalystHandler):
    """`openapi.json`"""

    @operation("This description of the interface, as OpenAPI 3.1", reply=ANY_OBJECT)
    async def get(self) -> str:
        """Write it; it is made once."""
        from .openapi import document
        from .routes import ROUTES

        return await asyncio.to_thread(document, tuple(ROUTES.items()), self.base_url)
