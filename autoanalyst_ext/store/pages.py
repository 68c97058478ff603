"""Cursors of keyset pages: where the last page ended, as opaque text.

A page is found by the values of its last row, never by counting rows, so the deepest page costs as
much as the first and nothing is shown twice when rows are added meanwhile.
"""

import base64
import binascii
import json

from ..errors import BadRequest

MOST = 200
"""Rows on one page at most."""


def cursor(*values: str | int) -> str:
    """The opaque text of a row's sort values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def position(cursor_text: str, *kinds: type) -> tuple[str | int, ...]:
    """The values in a cursor, of exactly these types; raises BadRequest for text that is not ours."""
    try:
        padded = cursor_text + "=" * (-len(cursor_text) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (UnicodeError, binascii.Error, json.JSONDecodeError) as error:
        raise BadRequest("This page marker is not one of ours. Start again from the first page.") from error
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise BadRequest("This page marker is not one of ours. Start again from the first page.")
    return tuple(values)


def clamped(limit: int) -> int:
    """A page size between 1 and `MOST`."""
    return max(1, min(limit, MOST))
