"""Bounds of the text that a model is given. What is left out is always said."""

RETURN_CHARACTERS = 8_000
"""Most characters of one tool return (about 2,000 tokens)."""

HISTORY_CHARACTERS = 160_000
"""Most characters of all tool returns of one request (about 40,000 tokens); the oldest are left out first."""

HISTORY_STEP = 40_000
"""How much is left out at once, so that the start of a long history stays the same for many requests."""

SMALL_GROUP = 5
"""A label or a figure must stand for at least this many rows to be a statistic and not a value."""

SHOWN_ROWS = 20
"""Rows of a result that are shown at most."""

NAME_CHARACTERS = 120
"""Longest name of a column that is shown whole."""


def clip(text: str, characters: int = RETURN_CHARACTERS) -> str:
    """Cut `text` to at most `characters`, at the end of a line where one is near, and say what is missing."""
    if len(text) <= characters:
        return text
    room = max(characters - 48, 0)
    kept = text[:room]
    line_end = kept.rfind("\n")
    if line_end > room // 2:
        kept = kept[:line_end]
    return f"{kept}\n... {len(text) - len(kept):,} more characters not shown"
