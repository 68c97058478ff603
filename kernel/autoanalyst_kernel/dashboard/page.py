"""What a page is given to show the parts of a dashboard: scripts and styles."""

from pathlib import Path

_STATIC = Path(__file__).parent / "static"


def page_file(name: str) -> str:
    """The text of a script or a style sheet."""
    return (_STATIC / name).read_text(encoding="utf-8")
