"""What a cell's code could do beyond computing. The door is `findings.py`; the rest are layers and lists."""

from .findings import findings, names_after
from .reader import NamesBefore

__all__ = ["NamesBefore", "findings", "names_after"]
