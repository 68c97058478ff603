"""`Unlock`: where an administrator types the admin key, in the page and nowhere else.

The page sends it straight to the Jupyter server. It is no part of this widget's state: the kernel hears only
that the server has taken it, and until when.
"""

import anywidget
import traitlets

from .page import page_file


class Unlock(anywidget.AnyWidget):
    """A password field whose value the kernel never has."""

    _esm = page_file("unlock.js")
    kernel = traitlets.Unicode("").tag(sync=True)
    """Which kernel is to be let in: the last part of the address that the key is sent to."""
    locked = traitlets.Bool(False).tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    """Why it is locked, in the server's words."""
    takes_keys = traitlets.Bool(True).tag(sync=True)
    """Whether the server has a key that could be right."""
