"""The dashboard's figures and tables: how they read, how they changed, and what leaves as CSV."""

import csv
import io
from typing import Any

import pytest

from autoanalyst_kernel.dashboard import summary, tables
from autoanalyst_kernel.dashboard.figures import percent, short, tiles
from autoanalyst_kernel.dashboard.tables import Cell, Table

from .admin_server import totals, usage_view, used


def shown(**changes: Any) -> dict[str, Any]:
    """A view as it comes over the wire, with other totals."""
    view: dict[str, Any] = usage_view().model_copy(update=changes).model_dump(mode="json")
    return view


def tile(view: dict[str, Any], key: str) -> Any:
    return next(each for each in tiles(view) if each["key"] == key)


def test_the_first_row_has_five_figures_with_their_change() -> None:
    row = {each["label"]: (each["value"], each["sign"], each["change"]) for each in tiles(shown())}
    assert row == {
        "Spend": ("$4.25", "up", "25 % from $3.40"),
        "Requests": ("120", "up", "20 % from 100"),
        "Active users": ("2", "up", "1 from 1"),
        "Success rate": ("95 %", "up", "5 points from 90 %"),
        "Median time to answer": ("2.1 s", "down", "0.4 s from 2.5 s"),
    }


def test_money_has_digits_enough_to_be_seen_and_is_exact_on_hover() -> None:
    spend = tile(shown(now=totals(used(3, "0.000000530001"))), "spend")
    assert spend["value"] == "$0.00000053"
    assert spend["exact"] == "$0.000000530001 exactly"


def test_what_has_no_price_and_what_is_estimated_is_said() -> None:
    spend = tile(shown(now=totals(used(9, "1.20", unpriced=3, estimated=2))), "spend")
    assert (spend["value"], spend["note"]) == ("~$1.20", "+ 3 unpriced, 2 estimated")
    assert "3 requests without a known price, left out" in spend["exact"]
    unknown = tile(shown(now=totals(used(3, None, unpriced=3))), "spend")
    assert (unknown["value"], unknown["sign"], unknown["change"]) == ("unpriced", "", "from $3.40")


def test_nothing_before_is_no_growth() -> None:
    row = tiles(shown(before=totals(used())))
    assert [each["sign"] for each in row] == ["", "", "up", "", ""]
    assert row[0]["change"] == "none in the 30 days before"


def test_the_same_as_before_is_no_change() -> None:
    view = shown(now=totals(used(100, "3.40"), answered=45, failed=5, seconds=2.52, users=1))
    assert {each["change"] for each in tiles(view)} == {"as in the 30 days before"}
    assert {each["sign"] for each in tiles(view)} == {""}


@pytest.mark.parametrize(
    ("rate", "words"), [(0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_only_all_is_a_hundred_percent(rate: float, words: str) -> None:
    assert percent(rate) == words


@pytest.mark.parametrize(
    ("number", "words"), [(999, "999"), (1200, "1.2k"), (12_000, "12k"), (3_400_000, "3.4M")]
)
def test_long_counts_are_short(number: int, words: str) -> None:
    assert short(number) == words


def test_days_come_newest_first_and_all_of_them() -> None:
    found = tables.days(shown())
    assert len(found.rows) == 30
    assert [cell.text for cell in found.rows[0][:3]] == ["2026-11-22", "$4.25", "120"]


def test_rows_in_view_keep_their_places_and_new_ones_come_last() -> None:
    rows = tuple((Cell(name, name),) for name in ("new", "b", "a", "newer"))
    assert Table(("Name",), rows).in_order_of(["a", "b", "gone"]).names == ["a", "b", "new", "newer"]


def test_a_csv_holds_no_formula_and_its_figures_are_figures() -> None:
    names = ("=HYPERLINK(1)", " +1", "@x", "-5", "\t=1", "\uff1d1", 'a "b", c', "line\nend")
    view = shown()
    user = view["users"][0]
    view["users"] = [{**user, "user": name} for name in names]
    view["users"][0]["usage"]["cost_usd"] = "-0.000000000001"
    head, *rows = csv.reader(io.StringIO(tables.users(view).as_csv()))
    assert head[:2] == ["User", "Cost (USD)"]
    assert [row[0] for row in rows[:6]] == [f"'{name}" for name in names[:6]]
    assert [row[0] for row in rows[6:]] == list(names[6:])
    assert {row[1] for row in rows} == {"-0.000000000001"}  # one usage, shared by all


def test_the_summary_says_of_when_it_is_and_names_nobody() -> None:
    bundle = summary.bundle(shown())
    for text in bundle.values():
        assert "as of 2026-11-22 21:05 UTC" in text
        assert "ada" not in text
    assert "<td>$4.25</td>" in bundle["text/html"]


def test_a_model_with_a_hostile_name_stays_text_in_the_summary() -> None:
    view = usage_view(models=(("x:<img src=x onerror=alert(1)>|`b`", 1, "0.10"),)).model_dump(mode="json")
    bundle = summary.bundle(view)
    assert "<img" not in bundle["text/html"]
    assert "\\<img" in bundle["text/markdown"]
    assert "\\|\\`b\\`" in bundle["text/markdown"]
