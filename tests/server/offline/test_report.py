"""Named answers: computed by one cell, written to the letter, and never over a figure that there is not."""

import re
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.agents.references import fill
from autoanalyst_ext.offline.answers.sentence import sentence
from autoanalyst_ext.offline.plan import (
    Case,
    Combined,
    Compare,
    Correlation,
    Derive,
    DropMissing,
    DropOutliers,
    Duplicates,
    Entry,
    ExtremeColumn,
    Fences,
    Flag,
    Limit,
    Literally,
    MissingValues,
    Normality,
    Outliers,
    Pick,
    Plan,
    Report,
    RowCount,
    Several,
    Share,
    Statistics,
    StrongestPair,
    SumShare,
    TopRows,
    ValueCounts,
    Verdict,
)
from autoanalyst_ext.types.cells import Execution

from . import oracles
from .cells import cell, column, measure, plan, said, value
from .profiling import result

FRAME = pd.DataFrame(
    {
        "id": range(101, 113),
        "kind": ["a", "b", "b", "c"] * 3,
        "x": [1.0, 2.0, 3.0, None, 5.0, 6.0, 7.0, 8.0, 90.0, 10.0, None, 12.0],
        "y": [2.5, 4.0, 6.5, 7.0, 10.0, 12.5, 14.0, 15.0, 181.0, 20.0, 21.0, 25.5],
    }
)
X = [one for one in FRAME["x"] if one == one]
PAIR = Correlation(left=column("x"), right=column("y"))
FAR = Outliers(column=column("x"), rule=Fences(), shown=column("id"))


def mean_of(name: str = "x", **parts: Any) -> Pick:
    """The mean of a column."""
    return Pick(finding=Statistics(measures=(measure("mean", name),)), **parts)


def kind(name: str) -> Compare:
    """The rows of a kind."""
    return Compare(column=column("kind"), operator="==", value=name)


def report(*entries: Entry, **parts: Any) -> Plan:
    """A plan for named answers."""
    return plan(Report(entries=entries), **parts)


def entry(source: Any, **options: Any) -> Entry:
    """One named answer."""
    return Entry(name="it", source=source, **options)


def written(asked: Plan, frame: pd.DataFrame = FRAME) -> dict[str, str]:
    """The answers as a reader of the format finds them, filled from what the cell came to."""
    found = result(value(asked, frame))
    execution = Execution(cell_id="cell", source=cell(asked), status="ok", result=found)
    filled = fill(said(asked, frame), {"c1": ("cell", execution)})
    assert filled.problems == ()
    return dict(re.findall(r"^@(\w+)\[([^\]\n]*)\]", filled.text, re.MULTILINE))


def it(source: Any, frame: pd.DataFrame = FRAME, **options: Any) -> str:
    """One answer as it is written."""
    steps = options.pop("steps", ())
    return written(report(entry(source, **options), steps=steps), frame)["it"]


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        (mean_of(), {"decimals": 2}, f"{oracles.mean(X):.2f}"),
        (mean_of(), {"decimals": 0}, f"{oracles.mean(X):.0f}"),
        (mean_of(), {}, f"{oracles.mean(X):.10g}"),
        (Pick(finding=RowCount()), {"decimals": 2}, "12.00"),
        (Pick(finding=RowCount(), part="count"), {"decimals": 2}, "12"),
        (Pick(finding=FAR, part="count"), {}, "1"),
        (Pick(finding=FAR, part="ids"), {}, "109"),
        (Pick(finding=FAR, part="rows"), {}, "8"),
        (Pick(finding=FAR, part="rest"), {}, "11"),
        (Pick(finding=FAR, part="share"), {"percent": True, "decimals": 1}, "8.3"),
        (Pick(finding=FAR, part="values"), {"decimals": 1}, "90.0"),
        (Pick(finding=MissingValues(scope="affected"), part="names"), {}, "x"),
        (Pick(finding=MissingValues(scope="columns"), part="most"), {}, "x"),
        (Pick(finding=Duplicates(columns=(column("kind"),)), part="count"), {}, "9"),
        (Pick(finding=ValueCounts(column=column("kind")), part="label"), {}, "b"),
        (Pick(finding=ValueCounts(column=column("kind")), part="value"), {}, "6"),
        (Pick(finding=TopRows(by=column("y"), largest=True, count=1, columns=(column("id"),))), {}, "109"),
        (Pick(finding=StrongestPair(), part="pair"), {}, "x, y"),
        (
            Pick(
                finding=ExtremeColumn(columns=(column("x"), column("y")), function="mean", largest=True),
                part="name",
            ),
            {},
            "y",
        ),
        (mean_of("y", by=(column("kind"),), part="label", largest=True), {}, "a"),
        (mean_of("y", by=(column("kind"),), part="names", largest=False), {}, "b, c, a"),
        (mean_of("y", where=kind("c")), {"decimals": 1}, "15.8"),
        (Literally(value="no"), {}, "no"),
        (Combined(operator="-", left=mean_of("y"), right=mean_of("x")), {"decimals": 2}, "12.18"),
    ],
)  # fmt: skip
def test_an_answer_is_written_to_the_letter(source: Any, options: dict[str, Any], expected: str) -> None:
    assert it(source, **options) == expected


def test_lists_keep_the_order_that_is_wanted() -> None:
    wide = Pick(finding=Outliers(column=column("y"), rule=Fences(factor=0.1), shown=column("id")), part="ids")
    found = it(wide).split(", ")
    assert len(found) > 2
    assert it(wide, order="descending").split(", ") == sorted(found, reverse=True)
    names = mean_of("y", by=(column("kind"),), part="names", largest=True)
    assert it(names, order="alphabetical") == "a, b, c"
    figures = mean_of("y", by=(column("kind"),), part="values", largest=True)
    assert it(figures, order="ascending", decimals=1) == "13.0, 15.8, 64.5"
    none = Pick(finding=Outliers(column=column("id"), rule=Fences()), part="values")
    assert it(none) == ""


def test_several_figures_stand_under_one_name() -> None:
    low, high = (Pick(finding=Statistics(measures=(measure(name),))) for name in ("min", "max"))
    both = Several(parts=(low, high, mean_of()), decimals=(0, 0, 3))
    assert it(both) == f"1, 90, {oracles.mean(X):.3f}"


def verdict(pick: Pick) -> Verdict:
    """A word by the size of a figure."""
    small, middle = (
        Limit(of=pick, operator="<", value=0.05),
        Limit(of=pick, operator="<", value=0.5, absolute=True),
    )
    return Verdict(
        cases=(Case(limits=(small,), text="small"), Case(limits=(middle,), text="middle")), otherwise="large"
    )


def test_a_word_follows_its_rule() -> None:
    r = Pick(finding=PAIR, part="r")
    assert it(verdict(r)) == "large"
    assert it(verdict(Pick(finding=PAIR, part="p_value"))) == "small"
    normal = Pick(finding=Normality(column=column("x")), part="p_value")
    word = Verdict(
        cases=(Case(limits=(Limit(of=normal, operator="<", value=0.05),), text="no"),), otherwise="yes"
    )
    assert it(word) == "no"
    share = Pick(finding=Share(of=Compare(column=column("kind"), operator="==", value="b")))
    assert it(verdict(share)) == "large"
    part = Pick(
        finding=SumShare(column=column("y"), of=Compare(column=column("kind"), operator="==", value="c"))
    )
    assert it(verdict(part)) == "middle"


def test_a_word_is_not_said_over_a_figure_that_there_is_not() -> None:
    flat = FRAME.assign(x=1.0)
    asked = report(
        Entry(name="r", source=Pick(finding=PAIR, part="r"), decimals=2),
        Entry(name="word", source=verdict(Pick(finding=PAIR, part="r"))),
    )
    assert written(asked, flat) == {"r": "nan"}
    assert "`r` and `word` have no value" in said(asked, flat)


def test_figures_before_and_after_steps_stand_side_by_side() -> None:
    asked = report(
        Entry(name="before", source=mean_of(steps=0), decimals=2),
        Entry(name="rows_without_gaps", source=Pick(finding=RowCount(), part="count", steps=1)),
        Entry(name="after", source=mean_of(), decimals=2),
        Entry(name="large", source=Pick(finding=Statistics(measures=(measure("sum", "large"),)))),
        steps=(
            DropMissing(columns=(column("x"),)),
            DropOutliers(column=column("x"), rule=Fences()),
            Derive(name="large", value=Flag(where=Compare(column=column("x"), operator=">", value=5))),
        ),
    )
    kept = [one for one in X if one < 90]
    assert written(asked) == {
        "before": f"{oracles.mean(X):.2f}",
        "rows_without_gaps": "10",
        "after": f"{oracles.mean(kept):.2f}",
        "large": str(sum(one > 5 for one in kept)),
    }
    assert "leave out rows without `x`" in sentence(asked)


def test_what_several_answers_need_is_written_once() -> None:
    source = cell(
        report(
            Entry(name="r", source=Pick(finding=PAIR, part="r")),
            Entry(name="p", source=Pick(finding=PAIR, part="p_value")),
            Entry(name="word", source=verdict(Pick(finding=PAIR, part="p_value"))),
        )
    )
    assert source.count("pearsonr") == 1
    assert source.count("dropna") == 1


def test_a_list_that_is_too_long_is_not_cut() -> None:
    frame = pd.DataFrame({"x": [0.0] * 1000 + [float(n) for n in range(1, 301)]})
    asked = report(entry(Pick(finding=Outliers(column=column("x"), rule=Fences()), part="values")))
    assert written(asked, frame) == {}
    assert "`it`" in said(asked, frame)
