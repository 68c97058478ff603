"""Random tables and random plans of them, said by templates: how many plans the understanding gives back.

Goals: at least 98 % right, at most 0.5 % wrong. What came out otherwise is printed, the wrong ones first.

    python -m benchmarks.offline_generated [QUESTIONS] [FIRST_SEED]
"""

import sys
import time
from collections.abc import Callable, Sequence

from tests.server.offline.asking import Drawn, drawn, following, verdicts

RIGHT, WRONG, SHOWN = 0.98, 0.005, 15


def show(of: str, found: Sequence[Drawn]) -> None:
    """How many of each kind, and a few of them."""
    kinds = [type(each.plan.ask).__name__ for each in found]
    counts = ", ".join(
        f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds), key=kinds.count, reverse=True)
    )
    print(f"{of}: {counts or 'none'}")
    for each in found[:SHOWN]:
        print(f"    {each.question}")


def measured(what: str, ask: Callable[[int], Drawn], seeds: range) -> bool:
    """Ask the questions of these seeds; whether they hold the goals."""
    begun = time.perf_counter()
    found = verdicts(map(ask, seeds))
    spent = (time.perf_counter() - begun) / len(seeds) * 1e3
    for verdict in ("wrong", "abstained"):
        show(verdict, found[verdict])
    shares = {verdict: len(each) / len(seeds) for verdict, each in found.items()}
    print(" · ".join(f"{verdict} {share:.2%}" for verdict, share in shares.items()), end=" ")
    goals = f"goals: {RIGHT:.0%} right, {WRONG:.1%} wrong"
    print(f"of {len(seeds):,} generated {what}, {spent:.1f} ms each ({goals})")
    return shares["right"] >= RIGHT and shares["wrong"] <= WRONG


def main(arguments: Sequence[str]) -> int:
    """Ask; the exit code says whether the goals are held."""
    questions = int(arguments[0]) if arguments else 20_000
    first = int(arguments[1]) if len(arguments) > 1 else 0
    held = measured("questions", drawn, range(first, first + questions))
    follow = measured("follow-ups", following, range(first, first + questions // 10))
    return 0 if held and follow else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
