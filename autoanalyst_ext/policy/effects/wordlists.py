"""How the lists of names in this package are written: as words in a text."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def under(prefix: str, text: str) -> frozenset[str]:
    """The words of a text, each as a dotted path below `prefix`."""
    return frozenset(f"{prefix}.{name}" for name in text.split())
