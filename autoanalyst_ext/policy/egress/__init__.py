"""What a provider may see of the data. The door is `outgoing.py`; the rest puts facts into words for it."""

from .levels import describe
from .outgoing import IN_PROCESS, digest, payload, render_error, render_execution, render_tables

__all__ = ["IN_PROCESS", "describe", "digest", "payload", "render_error", "render_execution", "render_tables"]
