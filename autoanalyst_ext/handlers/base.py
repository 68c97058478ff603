"""What all our handlers share: errors go out as JSON, in one shape."""

import json
from http.client import responses
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from ..errors import AnalystError


class AnalystHandler(JupyterHandler):
    """A door of ours. The one place that turns errors into JSON."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with `{"error": {"code", "message", "detail"}}`."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, AnalystError):
            self.set_status(error.status)
            body = error.as_json()
        else:
            words = error.log_message if isinstance(error, HTTPError) else None
            reason = responses.get(status_code, "unknown")
            body = {
                "code": reason.lower().replace(" ", "_"),
                "message": words or reason,
                "detail": {},
            }
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"error": body}))
