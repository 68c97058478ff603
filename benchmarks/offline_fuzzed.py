"""Ten thousand tables as nobody wants them, four questions each: every cell that is written must run.

Goal: none fails. The failures are printed with the seed that makes the table again.

    python -m benchmarks.offline_fuzzed [TABLES] [FIRST_SEED]
"""

import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Sequence

from tests.server.offline.test_fuzzed import QUESTIONS, outcome

SHOWN = 10


def main(arguments: Sequence[str]) -> int:
    """Ask; the exit code says whether all went well."""
    tables = int(arguments[0]) if arguments else 10_000
    first = int(arguments[1]) if len(arguments) > 1 else 0
    warnings.simplefilter("ignore")
    answered, failures = 0, Counter[str]()
    for seed in range(first, first + tables):
        try:
            answered += outcome(seed)
        except Exception as error:  # noqa: BLE001 any failure is counted and shown; that is what this is for
            what = traceback.format_exception_only(error)[-1].strip()[:100]
            failures[what] += 1
            if len(failures) <= SHOWN and failures[what] == 1:
                print(f"    seed {seed}: {what}")
    asked = f"{tables:,} tables, {tables * QUESTIONS:,} questions"
    print(f"{asked}, {answered:,} answered, {failures.total()} tables failed (goal: none)")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
