"""How the offline analyst does on short questions as people write them, about eight invented tables.

The phrasings were written before anybody looked at what the grammar knows; each carries the pandas expression
of what is right (several where people could mean several), or nothing where silence is. Goals: as DABench's.

    python -m benchmarks.offline_phrases [REPORT] [PHRASES]
"""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, mean_squared_error
from sklearn.model_selection import train_test_split

from benchmarks.offline_asking import Reply, ask
from benchmarks.offline_judging import fits
from benchmarks.offline_scores import MS, RIGHT, WRONG, Verdict, tally
from benchmarks.offline_tables import tables

_KNOWN = {
    "pd": pd,
    "np": np,
    "stats": stats,
    **{each.__name__: each for each in (train_test_split, mean_squared_error, accuracy_score)},
    **{each.__name__: each for each in (LinearRegression, LogisticRegression, RandomForestClassifier)},
}
"""What the expressions use besides the tables."""
PHRASES = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True)
class Phrase:
    """Questions one after the other, of which the last is judged."""

    table: str
    kind: str
    ask: tuple[str, ...]
    expect: tuple[str | dict[str, Any], ...]
    """Any of these is right; none where the analyst should be silent."""


def phrases(file: Path = PHRASES) -> list[Phrase]:
    """All of a file, in order."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        each = json.loads(line)
        expect = each["expect"]
        accepted = () if expect is None else tuple(expect) if isinstance(expect, list) else (expect,)
        found.append(Phrase(each["table"], each["kind"], tuple(each["ask"]), accepted))
    return found


def expected(accepted: str | dict[str, Any], frames: dict[str, pd.DataFrame]) -> Any:
    """What plain pandas says; a task's names with the value of each."""
    if isinstance(accepted, str):
        return eval(accepted, {**_KNOWN, **frames})
    if "names" in accepted:
        return {"names": {name: eval(each, {**_KNOWN, **frames}) for name, each in accepted["names"].items()}}
    return accepted


def judged(phrase: Phrase, reply: Reply, frames: dict[str, pd.DataFrame]) -> Verdict:
    """An abstention is right where nothing can be right, and there alone."""
    if reply.kind == "abstained" and not phrase.expect:
        return "right"
    if reply.kind != "answered":
        return reply.kind
    return "right" if any(fits(expected(each, frames), reply) for each in phrase.expect) else "wrong"


def told(phrase: Phrase, reply: Reply, verdict: Verdict) -> str:
    """One that was not right, for the report."""
    lines = [f"=== {verdict} {phrase.kind} {phrase.table}: {' | '.join(phrase.ask)}", f"    {reply.text}"]
    if reply.code:
        lines += [f"    plan: {reply.sentence}", *(f"    | {line}" for line in reply.code.splitlines())]
        lines.append(f"    expected: {list(phrase.expect) or 'silence'}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure all; the exit code says whether the goals are held."""
    frames = tables()
    asked = [
        (each, ask({each.table: frames[each.table]}, *each.ask))
        for each in phrases(*map(Path, arguments[1:]))
    ]
    done = [(phrase, reply, judged(phrase, reply, frames)) for phrase, reply in asked]
    verdicts = [verdict for *_, verdict in done]
    print(f"{'all':14}{tally(verdicts)}")
    for kind in sorted({phrase.kind for phrase, *_ in done}):
        print(f"{kind:14}{tally([verdict for phrase, _, verdict in done if phrase.kind == kind])}")
    times = [reply.seconds * 1e3 for _, reply, _ in done]
    print(f"understanding: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")
    if arguments:
        order = ("wrong", "failed", "abstained")
        bad = sorted((each for each in done if each[2] in order), key=lambda each: order.index(each[2]))
        Path(arguments[0]).write_text("\n".join(told(*each) for each in bad) + "\n", encoding="utf-8")
        print(f"What was not right: {arguments[0]}")
    right, wrong = (verdicts.count(verdict) / len(done) for verdict in ("right", "wrong"))
    print(f"goals: {RIGHT:.0%} right, {WRONG:.0%} wrong, {MS:.0f} ms")
    return 0 if right >= RIGHT and wrong <= WRONG and statistics.median(times) <= MS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
