"""A model writes a plan in place of code; the cell is ours, and stands in the notebook like any other."""

from pathlib import Path
from typing import Any

from autoanalyst_ext.providers.script import Reply, ScriptedCall
from autoanalyst_ext.types.events import CellProposed
from tests.server.chats.desk import Desk, at_desk

MEDIAN = {
    "table": "sales",
    "by": ["city"],
    "ask": {"kind": "statistics", "measures": [{"function": "median", "column": "revenue"}]},
}


def planned(*plans: dict[str, Any]) -> list[Reply]:
    """A model that sends these plans, one after the other, and then answers."""
    calls = [ScriptedCall(name="run_plan", args={"plan": plan}) for plan in plans]
    answer = Reply(text="In Bern it is {{c1.Bern}}.")
    return [*(Reply(tool_calls=(call,)) for call in calls), answer]


def test_the_plan_s_cell_runs_and_begins_with_the_plan_in_words(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("What is the typical revenue by city?")
        assert answer.answer == "In Bern it is 35."
        (cell,) = answer.cells
        assert cell.source.startswith("# median of `revenue`, by `city`\n")
        assert desk.of(CellProposed)[0].purpose == "Median of `revenue`, by `city`"
        assert [claim.status for claim in answer.claims] == ["verified"]

    at_desk(tmp_path, scene, planned(MEDIAN), plan_tool=True)


def test_a_plan_that_does_not_fit_goes_back_to_the_model_and_nothing_runs(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("What is the typical revenue by city?")
        assert answer.answer == "In Bern it is 35."
        assert len(answer.cells) == 1
        assert "there is no column `town`; there is `city`" in str(desk.model.requests[-1])

    at_desk(tmp_path, scene, planned({**MEDIAN, "by": ["town"]}, MEDIAN), plan_tool=True)


def test_the_tool_is_offered_where_the_setting_says_so(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("What is the typical revenue by city?")
        assert "There is no tool run_plan. There are: run_cell," in str(desk.model.requests[-1])

    at_desk(tmp_path, scene, [*planned(MEDIAN)[:1], Reply(text="I do not know.")])
