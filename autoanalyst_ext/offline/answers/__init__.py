"""Plans and results in words: the sentence before, the answer after, conventions, reasons."""
