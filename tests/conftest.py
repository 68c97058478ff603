"""What all tests share: the end says what was left out, and what to install for it; no run is left to chance.

`pytest --hypothesis-profile free` searches further than the examples that every run tries.
"""

from collections import Counter

import pytest
from hypothesis import settings

settings.register_profile("free", derandomize=False, print_blob=True)
settings.register_profile("ordinary", derandomize=True)
settings.load_profile("ordinary")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes many minutes, unless it is asked for by `-m soak`."""
    if "soak" in config.getoption("markexpr"):
        return
    soak = [item for item in items if item.get_closest_marker("soak") is not None]
    if soak:
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if item not in soak]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the reasons for which tests were left out."""
    skipped = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    for reason, count in reasons.most_common():
        words = reason.removeprefix("Skipped: ")
        terminalreporter.write_line(f"Left out {count} tests: {words}", yellow=True, bold=True)
