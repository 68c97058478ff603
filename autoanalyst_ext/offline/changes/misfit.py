"""`MisfitError`: a set phrase that the last plan has no use for."""


class MisfitError(Exception):
    """A set phrase was understood, but the last plan has not what it changes; the text says what."""
