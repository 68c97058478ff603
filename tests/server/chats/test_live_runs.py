"""Runs that belong to the engine: watched by pages that come and go, steered by REST."""

from pathlib import Path

import pytest

from autoanalyst_ext.errors import BadRequest, NotFound, Refused
from autoanalyst_ext.providers.script import Fault, Pace, Reply
from autoanalyst_ext.store.run_events import RunEvents
from autoanalyst_ext.store.runs import Runs

from .desk import runs
from .panel_stage import BOOK, PanelStage, at_a_panel

TOTAL = [runs('sales["revenue"].sum()'), Reply(text=("The total ", "is ", "{{c1}}."))]
NEVER = [runs("while True:\n    pass")]
WRITES = [runs('open("out.txt", "w").write("x")'), Reply(text="Done: {{c1}}.")]


def test_a_question_is_answered_in_the_page_and_told_in_order(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        told = await stage.ask("total revenue", page)
        assert [each["seq"] for each in told] == list(range(1, len(told) + 1))
        kinds = [each["event"]["kind"] for each in told if each["event"]["kind"] != "text_delta"]
        assert kinds == [
            "run_started", "tables_seen", "step_started", "step_finished", "cell_proposed", "cell_started",
            "cell_finished", "step_started", "step_finished", "run_finished",
        ]  # fmt: skip
        answer = told[-1]["event"]["answer"]
        assert (answer["status"], answer["answer"]) == ("answered", "The total is 231.")
        (finished,) = page.events(told[0]["run"], "cell_finished")
        assert (finished["execution"]["outputs"], finished["execution"]["execution_count"]) == ([], 2)
        assert list(page.hands.cells.values()) == ['sales["revenue"].sum()']

    at_a_panel(tmp_path, scene, TOTAL)


def test_what_is_stored_is_what_was_told_without_the_pieces_of_text(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("total revenue", page)
        told = [each["event"] for each in await page.hears_end(run)]
        stored = (await RunEvents(stage.engine.database).of_runs([run]))[run]
        assert [event.model_dump(mode="json") for event in stored] == [
            event for event in told if event["kind"] != "text_delta"
        ]
        kept = await Runs(stage.engine.database).get(stage.who.id, run)
        assert (kept.status, kept.notebook, kept.model) == ("answered", BOOK, "scripted:test")

    at_a_panel(tmp_path, scene, TOTAL)


def test_a_page_that_comes_back_hears_the_rest_from_any_number_on(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("total revenue", page)
        told = await page.hears_end(run)
        for after in range(len(told)):
            again = stage.open()
            await again.wire.hears("welcome")
            again.watch(run, after)
            assert await again.hears_end(run) == told[after:]
            await stage.leave(again)

    at_a_panel(tmp_path, scene, TOTAL)


def test_two_pages_hear_the_same_of_one_run_and_its_cells_are_in_the_page_that_asked(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        asking, looking = stage.open(), stage.open()
        run = await stage.start("total revenue", asking)
        looking.watch(run)
        first, second = await asking.hears_end(run), await looking.hears_end(run)
        assert [each for each in first if each["event"]["kind"] != "text_delta"] == [
            each for each in second if each["event"]["kind"] != "text_delta"
        ]
        assert len(asking.hands.cells) == 1
        assert not looking.hands.cells
        running = [[each["run"] for each in told["running"]] for told in looking.wire.of("running")]
        assert [run] in running
        assert (await looking.wire.hears("chat"))["chat"]["id"] == stage.chat

    at_a_panel(tmp_path, scene, TOTAL)


def test_watching_the_same_run_again_begins_anew_and_unwatching_ends_it(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("count for ever", page)
        await page.hears_event(run, "cell_started")
        page.wire.say(kind="unwatch", run=run)
        page.wire.say(kind="nonsense")
        assert (await page.wire.hears("failed"))["code"] == "bad_request"  # the unwatch was heard before it
        stage.runs.stop(stage.who, run)
        while stage.runs.running(stage.who):
            await page.wire.hears("running", running=[])
        assert not page.events(run, "run_finished")
        page.watch(run)
        assert [each["seq"] for each in await page.hears_end(run)][-1] == len(
            {each["seq"] for each in page.told_of(run)}
        )

    at_a_panel(tmp_path, scene, NEVER)


def test_a_run_that_is_not_there_cannot_be_watched(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        page.watch("nobody")
        failed = await page.wire.hears("failed", run="nobody")
        assert failed["code"] == "not_found"
        for steer in (stage.runs.stop, stage.runs.feed):
            with pytest.raises(NotFound):
                steer(stage.who, "nobody")

    at_a_panel(tmp_path, scene, table="")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"agents": ["nobody"]}, "unknown_agent"),
        ({"model": "nowhere:big"}, "unknown_model"),
        ({"model": "openai:gpt-4o"}, "key_missing"),
        ({"scope": ["nothing"]}, "bad_request"),
        ({"question": "  "}, "bad_request"),
    ],
)
def test_a_question_that_cannot_begin_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, object], code: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        given = {"question": "total revenue", **more}
        (refused,) = await stage.ask(str(given.pop("question")), page, **given)
        assert (refused["kind"], refused["seq"], refused["code"]) == ("refused", 1, code)
        assert not (await stage.engine.chats.messages(stage.who, stage.chat)).messages
        with pytest.raises(NotFound):
            await Runs(stage.engine.database).get(stage.who.id, refused["run"])
        assert not page.hands.cells

    at_a_panel(tmp_path, scene)


def test_a_model_that_policy_does_not_allow_is_refused(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        (refused,) = await stage.ask("total revenue", stage.open())
        assert refused["code"] == "refused"

    at_a_panel(tmp_path, scene, rules={"models": ["offline:*"]})


def test_an_unknown_kernel_or_chat_is_refused_at_once(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        with pytest.raises(NotFound):
            await stage.start("total", page, notebook={"path": BOOK, "kernel": "gone"})
        with pytest.raises(NotFound):
            await stage.start("total", page, chat="nowhere")
        assert not stage.runs.running(stage.who)

    at_a_panel(tmp_path, scene, table="")


def test_a_second_question_to_a_notebook_waits_its_turn_and_says_so(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        first = await stage.start("count for ever", page)
        await page.hears_event(first, "cell_started")
        other = (await stage.engine.chats.create(stage.who, "another")).id
        second = await stage.start("total revenue", page, chat=other)
        assert (await page.hears_event(second, "parked"))["why"] == "queued"
        assert [each.run for each in stage.runs.running(stage.who)] == [first, second]
        stage.runs.stop(stage.who, first)
        told = await page.hears_end(second)
        assert [each["event"]["kind"] for each in told[:3]] == ["parked", "resumed", "run_started"]
        assert told[-1]["event"]["answer"]["status"] == "answered"

    at_a_panel(tmp_path, scene, [*NEVER, *TOTAL])


def test_a_question_stopped_while_it_waits_was_never_asked(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        first = await stage.start("count for ever", page)
        await page.hears_event(first, "cell_started")
        second = await stage.start("total revenue", page)
        await page.hears_event(second, "parked")
        stage.runs.stop(stage.who, second)
        assert (await page.hears_end(second))[-1]["code"] == "stopped"
        stage.runs.stop(stage.who, first)
        assert (await page.hears_end(first))[-1]["event"]["answer"]["status"] == "stopped"

    at_a_panel(tmp_path, scene, NEVER)


def test_stop_ends_the_cell_and_the_run_and_keeps_both(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("count for ever", page)
        await page.hears_event(run, "cell_started")
        stage.runs.stop(stage.who, run)
        stage.runs.stop(stage.who, run)
        told = await page.hears_end(run)
        answer = told[-1]["event"]["answer"]
        assert (answer["status"], answer["error"]["code"]) == ("stopped", "interrupted")
        stage.runs.stop(stage.who, run)
        assert (await Runs(stage.engine.database).get(stage.who.id, run)).status == "interrupted"
        assert (await page.hands.run("1"))["status"] == "ok"  # the kernel is free again

    at_a_panel(tmp_path, scene, NEVER)


async def stands(stage: PanelStage, run: str, status: str) -> None:
    """Look until the run stands like that: it is written just after it is told."""
    while (await Runs(stage.engine.database).get(stage.who.id, run)).status != status:
        continue


def test_an_approval_waits_over_a_reload_and_is_asked_once(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("write it", page)
        asked = await page.hears_event(run, "approval_needed")
        await stage.leave(page)
        page = stage.open()
        page.watch(run)
        assert await page.hears_event(run, "approval_needed") == asked
        with pytest.raises(Refused):
            stage.says(run, asked, code_hash="0" * 64)
        await stands(stage, run, "waiting")
        stage.says(run, asked)
        told = await page.hears_end(run)
        assert told[-1]["event"]["answer"]["answer"] == "Done: 1."
        assert len(page.events(run, "approval_needed")) == 1
        with pytest.raises(NotFound):
            stage.says(run, asked)

    at_a_panel(tmp_path, scene, WRITES)


def test_code_that_a_person_refuses_is_not_run(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("write it", page)
        stage.says(run, await page.hears_event(run, "approval_needed"), yes=False)
        await page.hears_end(run)
        assert page.events(run, "cell_not_run")
        assert not (tmp_path / "work" / "out.txt").exists()

    at_a_panel(tmp_path, scene, [WRITES[0], Reply(text="Not done.")])


def test_a_run_goes_on_without_its_page_and_with_the_next(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("total revenue", page)
        await page.hears_event(run, "step_started")
        await stage.leave(page)
        page = stage.open()
        page.watch(run)
        told = await page.hears_end(run)
        assert told[-1]["event"]["answer"]["answer"] == "The total is 231."
        assert list(page.hands.cells.values()) == ['sales["revenue"].sum()']

    slow = Reply(tool_calls=TOTAL[0].tool_calls, pace=Pace(first=0.3))
    at_a_panel(tmp_path, scene, [slow, TOTAL[1]])


def test_the_settings_of_the_panel_go_before_the_configured_ones(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        own = {"rounds": 1, "temperature": 0.7, "max_tokens": 123}
        told = await stage.ask("total revenue", page, settings=own)
        assert told[-1]["event"]["answer"]["error"]["detail"] == {"limit": "rounds"}
        assert stage.engine.rounds != 1

    at_a_panel(tmp_path, scene, TOTAL)


def test_the_end_of_the_server_books_what_runs(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("count for ever", page)
        await page.hears_event(run, "cell_started")
        await stage.runs.close()
        kept = await Runs(stage.engine.database).get(stage.who.id, run)
        assert kept.status == "interrupted"
        assert not stage.runs.running(stage.who)
        with pytest.raises(Refused):
            await stage.start("again", page)

    at_a_panel(tmp_path, scene, NEVER)


def test_undo_takes_out_what_nobody_changed(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("two cells", page)
        await page.hears_end(run)
        first, second = page.hands.cells
        page.hands.cells[second] = "mine = 1"
        undone = await stage.runs.undo(stage.who, run)
        assert (undone.removed, undone.kept) == ((first,), (second,))
        assert list(page.hands.cells) == [second]

    at_a_panel(tmp_path, scene, [runs("a = 1\na"), runs("b = 2\nb"), Reply(text="{{c1}} {{c2}}")])


def test_a_run_that_is_under_way_or_another_ones_cannot_be_undone(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        run = await stage.start("count for ever", page)
        await page.hears_event(run, "cell_started")
        with pytest.raises(BadRequest):
            await stage.runs.undo(stage.who, run)
        other = stage.who.model_copy(update={"id": "account:other"})
        for steer in (stage.runs.stop, stage.runs.feed):
            with pytest.raises(NotFound):
                steer(other, run)
        with pytest.raises(NotFound):
            await stage.runs.undo(other, run)

    at_a_panel(tmp_path, scene, NEVER)


def test_a_broken_stream_ends_the_run_in_words(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        told = await stage.ask("total revenue", stage.open())
        assert told[-1]["event"]["answer"]["status"] == "failed"

    at_a_panel(tmp_path, scene, [Reply(text="The", fault=Fault(kind="cut"))])


FIX = {"cell_id": "bad", "source": "sales.revenu.sum()", "ename": "AttributeError", "evalue": "no"}


def test_a_fix_that_runs_takes_the_place_of_the_cell_that_failed(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        page.hands.cells = {"bad": FIX["source"], "last": "2"}
        told = await stage.ask("Fix this cell", page, fix=FIX)
        assert told[-1]["event"]["answer"]["answer"] == "231"
        assert list(page.hands.cells.values()) == ["sales.revenue.sum()", "2"]
        assert "sales.revenu.sum()" in str(stage.model.requests[0])
        messages = (await stage.engine.chats.messages(stage.who, stage.chat)).messages
        assert messages[0].text == "Fix this cell"
        run = told[-1]["run"]
        (replaced,) = page.events(run, "cell_replaced")
        assert (replaced["former"], replaced["source"]) == ("bad", FIX["source"])
        await stage.runs.undo(stage.who, run)
        assert page.hands.cells == {"bad": FIX["source"], "last": "2"}

    at_a_panel(tmp_path, scene, [runs("sales.revenue.sum()"), Reply(text="{{c1}}")])


def test_a_fix_leaves_a_cell_that_was_edited_meanwhile(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        page.hands.cells = {"bad": "mine", "last": "2"}
        await stage.ask("Fix this cell", page, fix=FIX)
        assert list(page.hands.cells.values()) == ["mine", "sales.revenue.sum()", "2"]

    at_a_panel(tmp_path, scene, [runs("sales.revenue.sum()"), Reply(text="{{c1}}")])


@pytest.mark.parametrize("code", ["sorted(sales.columns)", "sales.revenues.sum()"])
def test_what_only_looks_around_or_fails_too_is_no_fix(tmp_path: Path, code: str) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        page.hands.cells = {"bad": FIX["source"], "last": "2"}
        told = await stage.ask("Fix this cell", page, fix=FIX)
        assert list(page.hands.cells.values()) == [FIX["source"], code, "2"]
        assert not page.events(told[-1]["run"], "cell_replaced")

    at_a_panel(tmp_path, scene, [runs(code), Reply(text="I do not know.")])


def test_a_question_waits_for_the_cell_that_loads_the_data(tmp_path: Path) -> None:
    async def scene(stage: PanelStage) -> None:
        page = stage.open()
        await page.hands.run("del sales")
        (tmp_path / "work" / "sales.csv").write_text("revenue\n1\n2\n")
        page.hands.start("import time; time.sleep(1.5)\nimport pandas as pd\nmine = pd.DataFrame({'a': [1]})")
        told = await stage.ask("How many rows?", page)
        assert told[-1]["event"]["answer"]["status"] == "answered"
        assert not page.events(told[-1]["run"], "data_loaded")
        assert list(page.hands.cells.values()) == ["len(mine)"]

    at_a_panel(tmp_path, scene, [runs("len(mine)"), Reply(text="{{c1}}")])
