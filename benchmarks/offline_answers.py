"""How the offline analyst does on DABench's questions: right, wrong or silent, by level and by concept.

The questions, labels and tables stay in the folder that is given; the rule of what is right is that of the
`score_dabench.py` beside them. Goals: at least 60 % right, at most 5 % wrong, a median of 50 ms a question.

    python -m benchmarks.offline_answers FOLDER [REPORT]    measure; what was wrong or silent goes to REPORT
    python -m benchmarks.offline_answers --serve            answer questions as JSON lines, for the scorer
"""

import importlib.util
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.offline_asking import Reply, ask, loaded
from benchmarks.offline_scores import MS, RIGHT, WRONG, Verdict, tally


@dataclass(frozen=True)
class Asked:
    """One question and what came of it."""

    question: dict[str, Any]
    label: dict[str, str]
    reply: Reply
    verdict: Verdict
    seconds: float
    """From the question to the answer."""


def prompt(question: dict[str, Any]) -> str:
    """The question as a person would paste it."""
    parts = (
        question["question"],
        f"Constraints:\n{question['constraints']}",
        f"Format:\n{question['format']}",
    )
    return "\n\n".join(parts) + "\n"


def answered(question: dict[str, Any], table: str | Path) -> Reply:
    """Ask about one file."""
    with tempfile.TemporaryDirectory() as folder:
        return ask(loaded(table, folder), prompt(question))


def serve() -> None:
    """The scorer's JSON lines: a question in, an answer out; nothing where the analyst abstains."""
    for line in sys.stdin:
        question = json.loads(line)
        reply = answered(question, question["csv"])
        print(json.dumps({"answer": reply.text if reply.kind == "answered" else "", "usage": {}}), flush=True)


def measured(folder: Path) -> Iterator[Asked]:
    """Every question of the folder, in order."""
    rule = _scorer(folder)
    labels = {each["id"]: dict(each["common_answers"]) for each in _lines(folder / "labels.jsonl")}
    for question in _lines(folder / "questions.jsonl"):
        begun = time.perf_counter()
        reply = answered(question, folder / "tables" / question["file_name"])
        seconds = time.perf_counter() - begun
        label = labels[question["id"]]
        yield Asked(question, label, reply, _verdict(reply, label, rule), seconds)


def _verdict(reply: Reply, label: dict[str, str], rule: Callable[..., dict[str, bool]]) -> Verdict:
    """An answer without the names that the format asks for is wrong too: nobody can read it."""
    if reply.kind != "answered":
        return reply.kind
    return "right" if all(rule({"common_answers": label.items()}, reply.text).values()) else "wrong"


def _scorer(folder: Path) -> Callable[..., dict[str, bool]]:
    """The judgement of the scorer that lies beside the questions."""
    spec = importlib.util.spec_from_file_location("score_dabench", folder / "score_dabench.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return lambda label, text: dict(scorer.judge(label, text, scorer.strict))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def shown(done: Sequence[Asked]) -> None:
    """Print the whole, then levels and concepts, then the times."""
    print(f"{'all':34}{tally([each.verdict for each in done])}")
    for level in ("easy", "medium", "hard"):
        print(f"{level:34}{tally([each.verdict for each in done if each.question['level'] == level])}")
    for concept in sorted({concept for each in done for concept in each.question["concepts"]}):
        inside = [each.verdict for each in done if concept in each.question["concepts"]]
        print(f"{concept:34}{tally(inside)}")
    for what, times in (
        ("understanding", [each.reply.seconds * 1e3 for each in done]),
        ("whole question", [each.seconds * 1e3 for each in done]),
    ):
        print(f"{what}: median {statistics.median(times):.0f} ms, p95 {_p95(times):.0f} ms")


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def report(done: Sequence[Asked]) -> str:
    """What was not right, the wrong ones first, then the failed ones, the reasons of the others last."""
    order = ("wrong", "failed", "abstained")
    bad = sorted((each for each in done if each.verdict in order), key=lambda each: order.index(each.verdict))
    return "\n\n".join(map(_told, bad)) + "\n"


def _told(each: Asked) -> str:
    lines = [
        f"=== {each.verdict} {each.question['id']} ({each.question['level']}; "
        f"{', '.join(each.question['concepts'])}; {each.question['file_name']})",
        prompt(each.question).strip(),
        f"--- label: {each.label}",
        f"--- {each.reply.kind}: {each.reply.text}",
    ]
    if each.reply.code:
        lines += [f"--- plan: {each.reply.sentence}", each.reply.code]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure, and write the report; the exit code says whether the goals are held."""
    if arguments[:1] == ["--serve"]:
        serve()
        return 0
    folder = Path(arguments[0]).resolve() if arguments and arguments[0] else None
    if folder is None or not (folder / "questions.jsonl").exists():
        print(
            "DABench is not here: get its development questions, labels and tables (CC BY-NC, not part of "
            "this project) and name their folder: make bench-offline DABENCH=folder"
        )
        return 0
    done = list(measured(folder))
    shown(done)
    if len(arguments) > 1:
        Path(arguments[1]).write_text(report(done), encoding="utf-8")
        print(f"What was not right: {arguments[1]}")
    share = {
        verdict: sum(each.verdict == verdict for each in done) / len(done) for verdict in ("right", "wrong")
    }
    fast = statistics.median(each.reply.seconds for each in done) * 1e3 <= MS
    print(f"goals: {RIGHT:.0%} right, {WRONG:.0%} wrong, {MS:.0f} ms")
    return 0 if share["right"] >= RIGHT and share["wrong"] <= WRONG and fast else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
