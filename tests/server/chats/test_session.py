"""One question at the desk, with a scripted model, a real kernel and a real database."""

import asyncio
from pathlib import Path

import pytest

from autoanalyst_ext.chats.candidates import Search
from autoanalyst_ext.chats.request import Origin, Request, Written
from autoanalyst_ext.errors import (
    BadRequest,
    LimitReached,
    NotFound,
    StoreUnwritable,
    UnknownAgent,
    UnknownModel,
)
from autoanalyst_ext.policy.approvals import code_hash
from autoanalyst_ext.providers.script import Fault, Reply, ScriptedCall
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.tools.base import ToolCall, ToolOutcome
from autoanalyst_ext.tools.run_cell import RunCell
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.events import (
    ApprovalNeeded,
    CellFinished,
    CellNotRun,
    CellProposed,
    CellStarted,
    PlanMade,
    RunStarted,
    StepFinished,
    TablesSeen,
    TextDelta,
)
from autoanalyst_ext.types.runs import Choices

from .desk import Desk, at_desk, cell, runs


def test_an_answer_is_filled_from_the_outputs_and_written_down(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total revenue")
        assert answer.status == "answered"
        assert answer.answer == "The total is 231."
        (claim,) = answer.claims
        assert (claim.value, claim.status, claim.path) == (231, "verified", "c1")
        assert claim.cell == answer.cells[0].id
        assert answer.cells[0].source == 'sales["revenue"].sum()'
        assert desk.events[0] == RunStarted(
            run_id=answer.run_id, chat_id=answer.chat_id, agents=("planner",), model="scripted:test"
        )
        assert desk.of(TablesSeen)[0].tables[0].name == "sales"
        kept = await Runs(desk.engine.database).get(desk.engine.principal.id, answer.run_id)
        assert kept.status == "answered"
        assert kept.answer is not None
        assert kept.answer.answer == answer.answer

    at_desk(tmp_path, scene, [runs('sales["revenue"].sum()'), Reply(text=("The total ", "is {{c1", "}}."))])


def test_text_streams_with_its_references_filled(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("total revenue")
        assert "".join(delta.text for delta in desk.of(TextDelta)) == "The total is 231 francs."
        assert not any("{" in delta.text for delta in desk.of(TextDelta))

    replies = [runs('sales["revenue"].sum()'), Reply(text=("The total is {", "{c1", "}} francs", "."))]
    at_desk(tmp_path, scene, replies)


def test_failing_code_goes_back_with_its_error_and_the_repair_replaces_the_cell(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("mean")
        assert answer.status == "answered"
        assert answer.answer == "19.25"
        assert [cell.label for cell in answer.cells] == ["c1"]
        first, second = desk.of(CellFinished)
        assert (first.execution.status, first.repairing, first.execution.ename) == ("error", True, "KeyError")
        assert first.execution.cell_id == second.execution.cell_id
        assert [c.source for c in await desk.notebook.cells()][1:] == ['sales["revenue"].mean()']

    replies = [runs('sales["revenu"].mean()'), runs('sales["revenue"].mean()'), Reply(text="{{c1}}")]
    at_desk(tmp_path, scene, replies)


def test_code_that_keeps_failing_ends_after_three_repairs(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("mean")
        assert answer.status == "stopped"
        assert answer.error is not None
        assert answer.error["code"] == "limit_reached"
        assert "The code failed 4 times (KeyError: 'nope3')" in answer.answer
        assert len(desk.of(CellFinished)) == 4

    at_desk(tmp_path, scene, [runs(f"sales['nope{n}'].mean()") for n in range(10)])


def test_the_very_same_failure_three_times_ends_earlier(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("mean")
        assert answer.status == "stopped"
        assert len(desk.of(CellFinished)) == 3

    at_desk(tmp_path, scene, [runs("sales['nope'].mean()") for _ in range(10)])


def test_cells_of_one_response_run_in_order_and_none_after_a_failure(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("go")
        assert answer.answer == "3 4"
        assert [event.label for event in desk.of(CellStarted)] == ["c1", "c2", "c2", "c3"]
        assert [event.execution.status for event in desk.of(CellFinished)] == ["ok", "error", "ok", "ok"]

    replies = [
        runs("a = 1\na", "b = a + sales['nope'].sum()\nb", "c = b + 1\nc"),
        runs("b = a + 2\nb", "c = b + 1\nc"),
        Reply(text="{{c2}} {{c3}}"),
    ]
    at_desk(tmp_path, scene, replies)


def test_nothing_runs_after_a_cell_that_waits_until_it_is_decided(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        order: list[str] = []
        may = Permissions(can_ask=True)
        async for event in desk.session.ask("go", choices=Choices(model="scripted:test"), permissions=may):
            order.append(event.kind)
            if isinstance(event, ApprovalNeeded):
                assert event.code_hash == code_hash(event.source)
                assert "cell_started" not in order
                desk.session.approve(event.call_id, event.code_hash, yes=True)
        started = [kind for kind in order if kind in ("approval_needed", "cell_started")]
        assert started == ["approval_needed", "cell_started", "cell_started"]
        assert await desk.value("len(sales)") == 6

    change = 'sales = sales[sales["city"] == "Bern"]\nlen(sales)'
    at_desk(tmp_path, scene, [runs(change, "n = len(sales)\nn"), Reply(text="{{c2}}")])


def test_a_no_leaves_the_kernel_as_it_was_and_the_rest_is_not_tried(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        may = Permissions(can_ask=True)
        kinds = []
        async for event in desk.session.ask("go", choices=Choices(model="scripted:test"), permissions=may):
            kinds.append(event.kind)
            if isinstance(event, ApprovalNeeded):
                desk.session.approve(event.call_id, event.code_hash, yes=False)
        assert "cell_started" not in kinds
        assert await desk.value("len(sales)") == 12

    at_desk(tmp_path, scene, [runs("del sales", "1 + 1"), Reply(text="I did not run it.")])


def test_an_approval_counts_for_exactly_the_code_that_was_shown(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        with pytest.raises(NotFound):
            desk.session.approve("call", code_hash("del sales"), yes=True)

    at_desk(tmp_path, scene)


def test_unsafe_code_is_shown_unexecuted_where_nobody_can_be_asked(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("write it")
        assert answer.status == "stopped"
        (left,) = desk.of(CellNotRun)
        assert "writes" in left.reason
        assert "Nobody can be asked" in left.reason
        assert not (tmp_path / "out.csv").exists()

    at_desk(tmp_path, scene, [runs('sales.to_csv("out.csv")'), Reply(text="It was not run.")])


def test_code_with_an_unknown_name_goes_back_to_the_model_and_asks_nobody(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("mean", permissions=Permissions(can_ask=True))
        assert answer.answer == "19.25"
        assert not desk.of(ApprovalNeeded)
        (left,) = desk.of(CellNotRun)
        assert left.reason == (
            "This code uses `sale`, which does not exist before this cell, so it would fail."
        )

    replies = [runs('sale["revenue"].mean()'), runs('sales["revenue"].mean()'), Reply(text="{{c1}}")]
    at_desk(tmp_path, scene, replies)


def test_an_allowed_effect_runs_by_itself(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("write it", permissions=Permissions(allowed=frozenset({"write"})))
        assert answer.status == "answered"
        assert (tmp_path / "out.csv").exists()

    at_desk(tmp_path, scene, [runs('sales.to_csv("out.csv")'), Reply(text="Written.")])


def test_suggest_inserts_a_cell_and_never_runs_it(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total", permissions=Permissions(mode="suggest"))
        assert answer.status == "answered"
        assert (await desk.notebook.cells())[-1].source == 'total = sales["revenue"].sum()'
        assert not desk.of(CellStarted)
        assert "total" not in await desk.notebook.names()

    at_desk(tmp_path, scene, [runs('total = sales["revenue"].sum()'), Reply(text="It is below.")])


def test_stop_in_a_cell_interrupts_it_and_the_next_question_works(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answers = []
        may = Permissions(allowed=frozenset({"unknown"}))
        async for event in desk.session.ask("wait", choices=Choices(model="scripted:test"), permissions=may):
            if isinstance(event, CellStarted):
                desk.session.stop()
            answers.append(event)
        stopped = answers[-1]
        assert stopped.kind == "run_finished"
        assert stopped.answer.status == "stopped"
        assert "Your question and everything so far are kept" in stopped.answer.answer
        again = await desk.ask("total")
        assert again.status == "answered"
        assert again.answer == "231"

    replies = [runs("import time\ntime.sleep(60)"), runs('sales["revenue"].sum()'), Reply(text="{{c1}}")]
    at_desk(tmp_path, scene, replies)


def test_leaving_early_stops_the_run(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        may = Permissions(allowed=frozenset({"unknown"}))
        events = desk.session.ask("wait", choices=Choices(model="scripted:test"), permissions=may)
        async for event in events:
            if isinstance(event, CellStarted):
                break
        await asyncio.wait_for(events.aclose(), 10)
        assert await asyncio.wait_for(desk.value("1 + 1"), 10) == 2

    at_desk(tmp_path, scene, [runs("import time\ntime.sleep(60)")])


async def settled(desk: Desk, question: str) -> Request:
    """What a question is, before it runs."""
    chosen = Choices(model="scripted:test")
    return await desk.session._settling.request(question, Written(), chosen, Origin(), desk.notebook)


def test_a_started_call_is_never_repeated(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        request = await settled(desk, "count")
        allowed = Permissions(allowed=frozenset({"reflect", "unknown"}))
        around = await desk.session._look(request)
        turn = (await desk.session._prepare(request, allowed, around, Search(), Origin())).turn
        call = ToolCall("same", "run_cell", {"code": "times = globals().get('times', 0) + 1\ntimes"})
        outcomes = []
        for _ in range(2):
            items = [item async for item in RunCell().call(call, turn)]
            outcomes += [item.facts for item in items if isinstance(item, ToolOutcome)]
        assert outcomes[0] == outcomes[1]
        assert outcomes[0]["execution"]["result"]["value"] == 1
        assert await desk.value("times") == 1

    at_desk(tmp_path, scene)


def test_a_call_id_that_a_model_uses_twice_means_two_calls(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("sum and maximum")
        assert answer.answer == "sum 231, max 60"
        assert len(desk.of(CellStarted)) == 2

    replies = [
        Reply(tool_calls=(cell('sales["revenue"].sum()', call_id="call_0"),)),
        Reply(tool_calls=(cell('sales["revenue"].max()', call_id="call_0"),)),
        Reply(text="sum {{c1}}, max {{c2}}"),
    ]
    at_desk(tmp_path, scene, replies)


def test_a_label_means_one_cell_for_the_whole_chat(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        first = await desk.ask("total")
        second = await desk.ask("maximum")
        assert second.answer == "The maximum is 60; the total was 231."
        assert [cell.label for cell in second.cells] == ["c2"]
        assert {claim.path: claim.cell for claim in second.claims} == {
            "c1": first.cells[0].id,
            "c2": second.cells[0].id,
        }

    replies = [
        runs('sales["revenue"].sum()'),
        Reply(text="{{c1}}"),
        runs('sales["revenue"].max()'),
        Reply(text="The maximum is {{c2}}; the total was {{c1}}."),
    ]
    at_desk(tmp_path, scene, replies)


def test_labels_go_on_after_several_agents_have_worked(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("@preprocessing_agent @stats_agent go")
        again = await desk.ask("more")
        assert [cell.label for cell in again.cells] == ["c3"]
        assert again.answer == "2 and 3"

    replies = [
        runs("1 + 0"),
        Reply(text="{{c1}}"),
        runs("1 + 1"),
        Reply(text="{{c2}}"),
        runs("1 + 2"),
        Reply(text="{{c2}} and {{c3}}"),
    ]
    at_desk(tmp_path, scene, replies)


def test_what_one_agent_left_failed_is_not_the_next_one_s_to_repair(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("@preprocessing_agent @stats_agent go")
        assert answer.status == "failed"
        assert [cell.label for cell in answer.cells] == ["c1", "c2"]
        assert answer.cells[0].source == 'sales["nope"]'

    replies = [runs('sales["nope"]'), Reply(text="I give up."), runs("1 + 1"), Reply(text="{{c2}}")]
    at_desk(tmp_path, scene, replies)


def test_the_planner_is_told_who_there_is(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        request = await settled(desk, "hello")
        model = desk.engine.providers.resolve("scripted:test", settings=request.settings)
        offered = desk.session._minds._loop("run", request, model, None).tools["plan"].description
        for agent in desk.engine.agents.all():
            assert (agent.name in offered) == (agent.name != "planner")

    at_desk(tmp_path, scene)


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (Reply(text="The half of", finish="length"), "stopped", "needs more words than one answer may have"),
        (Reply(text="No", finish="content_filter"), "failed", "content filter"),
        (Reply(text="  "), "failed", "gave no answer"),
    ],
)
def test_what_is_no_answer_is_not_called_one(tmp_path: Path, reply: Reply, status: str, words: str) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("hello")
        assert (answer.status, words in answer.answer) == (status, True), answer.answer

    at_desk(tmp_path, scene, [reply] * 3)


def test_a_figure_in_broken_off_text_is_marked_too(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("hello")
        assert answer.status == "failed"
        assert answer.answer.startswith("The mean is 48,213 (unverified) francs")
        assert [claim.status for claim in answer.claims] == ["unverified"]

    cut = Reply(text=("The mean is 48,213 ", "francs and ", "so on"), fault=Fault(kind="end", after=2))
    at_desk(tmp_path, scene, [cut])


def test_one_question_at_a_time_in_a_chat(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        async def second() -> None:
            async for _ in desk.session.ask("two", choices=Choices(model="scripted:test")):
                pass

        one = asyncio.create_task(desk.ask("one"))
        await asyncio.sleep(0)
        with pytest.raises(LimitReached, match="still answering"):
            await second()
        assert (await one).answer == "first"

    at_desk(tmp_path, scene, [Reply(text="first"), Reply(text="second")])


def test_a_stop_before_anything_has_begun_is_not_lost(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        asking = asyncio.create_task(desk.ask("one"))
        await asyncio.sleep(0)
        desk.session.stop()
        answer = await asking
        assert answer.status == "stopped"
        assert desk.model.requests == []

    at_desk(tmp_path, scene, [Reply(text="first")])


def test_an_end_that_cannot_be_stored_is_told_and_hangs_nobody(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        async def full(*_: object) -> None:
            raise StoreUnwritable("The disk is full.")

        desk.engine.chats._services.histories.save = full  # type: ignore[method-assign,assignment]
        answer = await asyncio.wait_for(desk.ask("one"), 20)
        assert answer.status == "failed"
        assert answer.answer.startswith("first\n\nThis answer could not be stored. The disk is full.")

    at_desk(tmp_path, scene, [Reply(text="first")])


def test_a_bug_of_ours_closes_the_run_and_is_raised(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError

        desk.model.request_stream = broken  # type: ignore[method-assign,assignment]
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(desk.ask("one"), 20)
        runs = await Runs(desk.engine.database).of_chat(desk.engine.principal.id, desk.session.chat.id)
        assert [(run.status, run.error_code) for run in runs] == [("failed", "internal")]

    at_desk(tmp_path, scene)


def test_broken_characters_in_a_question_break_nothing(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        assert (await asyncio.wait_for(desk.ask("mean \udcff price"), 20)).answer == "first"

    at_desk(tmp_path, scene, [Reply(text="first")])


def test_the_time_that_a_person_takes_is_not_the_run_s(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        may = Permissions(can_ask=True)
        async for event in desk.session.ask("go", choices=Choices(model="scripted:test"), permissions=may):
            if isinstance(event, ApprovalNeeded):
                await asyncio.sleep(2.1)
                desk.session.approve(event.call_id, event.code_hash, yes=True)
            if event.kind == "run_finished":
                assert event.answer.status == "answered", event.answer.answer

    at_desk(tmp_path, scene, [runs("del sales\n1 + 1"), Reply(text="{{c1}}")], seconds=2.0)


def test_abstaining_ends_the_run_with_what_can_be_asked(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("why")
        assert answer.status == "abstained"
        assert answer.suggestions == ("Total revenue",)
        assert "causes are not in the table" in answer.answer

    call = ScriptedCall(
        name="abstain",
        args={
            "understood": "sales",
            "not_understood": "causes are not in the table",
            "suggestions": ["Total revenue"],
        },
    )
    at_desk(tmp_path, scene, [Reply(tool_calls=(call, cell("1 + 1")))])


def test_broken_references_go_back_to_the_model_and_then_are_marked(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total")
        assert answer.answer == "231"
        again = await desk.ask("total")
        assert [claim.status for claim in again.claims] == ["contradicted"]

    bad = Reply(text="{{c1.nope}}")
    replies = [runs('sales["revenue"].sum()'), bad, Reply(text="{{c1}}"), bad, bad, bad]
    at_desk(tmp_path, scene, replies)


def test_a_figure_that_no_output_shows_is_marked(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("total")
        assert answer.answer == "It is 231, about 40 % (unverified) of the market."
        assert {(claim.text, claim.status) for claim in answer.claims} == {
            ("231", "verified"),
            ("40 %", "unverified"),
        }

    at_desk(
        tmp_path, scene, [runs('sales["revenue"].sum()'), Reply(text="It is 231, about 40 % of the market.")]
    )


def test_rounds_are_limited(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("go on")
        assert answer.status == "stopped"
        assert answer.answer.startswith("Stopped after 3 model calls")
        assert len(desk.of(StepFinished)) == 3
        assert len(answer.cells) == 3

    at_desk(tmp_path, scene, [runs(f"{n} + 1") for n in range(10)], rounds=3)


def test_unknown_tools_and_broken_arguments_are_told_to_the_model(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        assert (await desk.ask("go")).answer == "done"
        told = [
            part.metadata["notice"]
            for part in desk.model.requests[-1][-1].parts
            if getattr(part, "metadata", None)
        ]
        assert told[0].startswith("There is no tool launch_rocket")
        assert "not a JSON object" in told[1]
        assert told[2].startswith("The arguments of run_cell are not right: code: Field required")

    calls = (
        ScriptedCall(name="launch_rocket", args={}),
        ScriptedCall(name="run_cell", args="{broken"),
        ScriptedCall(name="run_cell", args={"purpose": "x"}),
    )
    at_desk(tmp_path, scene, [Reply(tool_calls=calls), Reply(text="done")])


def test_a_dead_kernel_ends_the_run_in_words(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask(
            "go", permissions=Permissions(allowed=frozenset({"unknown", "shell", "reflect"}))
        )
        assert answer.status == "failed"
        assert answer.error is not None
        assert answer.error["code"] == "kernel_gone"
        assert "The kernel died while the cell ran" in answer.answer

    at_desk(tmp_path, scene, [runs("import os\nos._exit(9)")])


def test_named_agents_work_in_order_in_one_kernel(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("@preprocessing_agent @statistical_analyst_agent double and sum")
        assert answer.status == "answered"
        assert answer.answer == "**Preprocessing**\n\nDoubled 12.\n\n**Statistics**\n\nThe sum is 462."
        agents = [event.agent for event in desk.of(StepFinished)]
        assert agents == ["preprocessing_agent"] * 2 + ["statistical_analytics_agent"] * 2
        second = desk.model.requests[2]
        assert "double" in str(second)
        assert "Doubled {{c1}}." in str(second)

    replies = [
        runs('doubled = sales["revenue"] * 2\nlen(doubled)'),
        Reply(text="Doubled {{c1}}."),
        runs("doubled.sum()"),
        Reply(text="The sum is {{c2}}."),
    ]
    at_desk(tmp_path, scene, replies)


def test_the_planner_hands_over_and_sums_up(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await desk.ask("clean and chart")
        assert answer.answer == "In short: 231."
        (plan,) = desk.of(PlanMade)
        assert plan.lines == ("@statistical_analytics_agent: sum the revenue",)

    def plan(agent: str) -> Reply:
        steps = [{"agent": agent, "task": "sum the revenue"}]
        return Reply(tool_calls=(ScriptedCall(name="plan", args={"steps": steps}),))

    replies = [
        plan("nobody_agent"),
        plan("planner"),
        plan("stats_agent"),
        runs('sales["revenue"].sum()'),
        Reply(text="It is {{c1}}."),
        Reply(text="In short: {{c1}}."),
    ]
    at_desk(tmp_path, scene, replies)


def test_what_is_wrong_with_a_question_is_said_before_anything_happens(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        for question, model, error in (
            ("   ", "scripted:test", BadRequest),
            ("@data_viz_agent", "scripted:test", BadRequest),
            ("@nobody hello", "scripted:test", UnknownAgent),
            ("hello", "nobody:test", UnknownModel),
        ):
            with pytest.raises(error):
                await desk.ask(question, model=model)
        messages, _ = await desk.engine.chats._services.chats.messages(
            desk.engine.principal.id, desk.session.chat.id
        )
        assert messages == ()

    at_desk(tmp_path, scene)


def test_a_chat_remembers_and_an_unchanged_look_is_not_repeated(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("one")
        await desk.ask("two")
        first, second = desk.model.requests
        assert str(second).count("'inspect_data'") == str(first).count("'inspect_data'")
        assert "answer one" in str(second)

    at_desk(tmp_path, scene, [Reply(text="answer one"), Reply(text="answer two")])


def test_the_model_is_chosen_by_the_run_then_the_chat_then_the_principal(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        who, store = desk.engine.principal.id, desk.engine.chats._services.choices

        async def model() -> str:
            async for event in desk.session.ask("total revenue"):
                if isinstance(event, RunStarted):
                    chosen = event.model
            return chosen

        assert await model() == "offline:analyst"
        await store.choose_for_principal(who, Choices(model="scripted:test"))
        assert await model() == "scripted:test"
        await store.choose_for_chat(who, desk.session.chat.id, Choices(model="offline:analyst"))
        assert await model() == "offline:analyst"

    at_desk(tmp_path, scene, [Reply(text="hello")], model="offline:analyst")


def test_proposed_code_comes_with_its_effects_in_words(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask("go")
        (proposed,) = desk.of(CellProposed)
        assert {finding.effect for finding in proposed.findings} == {"network"}
        assert "reads `https://example.com/a.csv` from the network" in [f.words for f in proposed.findings]

    at_desk(tmp_path, scene, [runs('pd.read_csv("https://example.com/a.csv")'), Reply(text="no")])
