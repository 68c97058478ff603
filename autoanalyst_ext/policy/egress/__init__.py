"""What a provider may see of the data. The door is `outgoing.py`; the rest puts facts into words for it."""

from .levels import describe
from .outgoing import digest, payload, render_error, render_execution, render_tables

__all__ = ["describe", "digest", "payload", "render_error", "render_execution", "render_tables"]
