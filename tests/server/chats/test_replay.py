"""Questions that were answered before: answered again without a model, or asked anew, and why."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.chats.replay import refill
from autoanalyst_ext.policy.rules import AdminRules
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.store.runs import Runs
from autoanalyst_ext.tools.turn import Permissions
from autoanalyst_ext.types.events import (
    ApprovalNeeded,
    CellFinished,
    CellNotRun,
    CellStarted,
    Replayed,
    RunStarted,
    StepStarted,
)
from autoanalyst_ext.types.receipts import Receipt
from autoanalyst_ext.types.runs import Answer, Choices
from autoanalyst_ext.types.usage import Usage
from tests.fakes.provider import FakeProvider

from .desk import Desk, at, at_desk, runs
from .recorded import (
    SUM,
    TOTAL,
    another_chat,
    ask,
    forged,
    found,
    notices,
    number,
    receipt,
    run,
    was_replayed,
    why,
)

PAID = "openai:gpt-4o-mini"
TOTALLED = (runs(SUM), Reply(text="The total is {{c1}}."))
AVERAGED = (runs('sales["revenue"].mean()'), Reply(text="The mean is {{c2}}."))


def play(folder: Path, scene: Callable[[Desk, FakeProvider], Any], replies: Iterable[Reply]) -> None:
    """Play a scene whose models are at a fake provider that counts requests."""
    with FakeProvider(list(replies)) as fake:
        at_desk(folder, lambda desk: scene(desk, fake), **at(fake, "openai"))


# The same again


def test_asked_twice_the_second_needs_no_request_and_says_the_same_with_fresh_cells(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        first = await ask(desk, model=PAID)
        requests = len(fake.exchanges)
        second = await ask(desk, model=PAID)
        assert len(fake.exchanges) == requests == 2
        assert (second.status, second.answer) == ("answered", first.answer)
        assert second.usage == Usage()
        assert second.cost_usd == "0.00"
        assert [cell.source for cell in second.cells] == [SUM]
        (before,), (after,) = first.claims, second.claims
        assert (after.value, after.status, after.path) == (231, "verified", "c2")
        assert after.cell == second.cells[0].id != before.cell
        assert isinstance(desk.events[0], RunStarted)
        assert isinstance(desk.events[1], Replayed)
        assert desk.events[1].answered_by == PAID
        assert not desk.of(StepStarted)
        stored = await Runs(desk.engine.database).get(desk.engine.principal.id, second.run_id)
        assert (stored.model, stored.status) == (PAID, "answered")

    play(tmp_path, scene, TOTALLED)


def test_run_all_twice_asks_nothing_again(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        asked = (TOTAL, "and the mean") * 2
        answers = [(await ask(desk, question, model=PAID)).answer for question in asked]
        assert answers[:2] == answers[2:] == ["The total is 231.", "The mean is 19.25."]
        assert len(fake.exchanges) == 4

    play(tmp_path, scene, [*TOTALLED, *AVERAGED])


def test_a_notebook_is_replayed_from_its_top_in_a_new_chat(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        for question in (TOTAL, "and the mean"):
            await ask(desk, question, model=PAID)
        await another_chat(desk)
        answer = await ask(desk, "and the mean", model=PAID)
        assert was_replayed(desk)
        assert answer.answer == "The mean is 19.25."
        assert answer.claims[0].path == "c1"
        assert receipt(desk).cells[0].label == "c1"
        assert receipt(desk).template == "The mean is {{c1}}."

    play(tmp_path, scene, [*TOTALLED, *AVERAGED])


def test_a_door_that_is_no_cell_always_asks(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await desk.ask(TOTAL)
        assert (await desk.ask(TOTAL)).answer == "The total is 231, again."
        assert not was_replayed(desk)

    at_desk(tmp_path, scene, [*TOTALLED, runs(SUM), Reply(text="The total is {{c2}}, again.")])


def test_fresh_asks_anew_and_says_so(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk, fresh=True)
        assert why(desk) is None
        assert (await ask(desk, fresh=True)).answer == "Now 231."
        assert why(desk) == "Asked anew, because of --fresh."
        assert (await ask(desk)).answer == "Now 231."
        assert was_replayed(desk)

    at_desk(tmp_path, scene, [*TOTALLED, runs(SUM), Reply(text="Now {{c2}}.")])


# What changed


Step = Callable[[Desk, Receipt], Any]


async def _another_question(desk: Desk, recorded: Receipt) -> Answer:
    return await ask(desk, "whole revenue", receipts=[found(recorded)])


async def _another_model(desk: Desk, recorded: Receipt) -> Answer:
    config = {"model": None, "receipts": [found(recorded)]}
    return await ask(desk, **config)


async def _other_agents(desk: Desk, recorded: Receipt) -> Answer:
    return await ask(desk, agents=["planner"], receipts=[found(recorded)])


async def _another_scope(desk: Desk, recorded: Receipt) -> Answer:
    return await ask(desk, scope=["sales"], receipts=[found(recorded)])


async def _one_value(desk: Desk, recorded: Receipt) -> Answer:
    await run(desk, "sales.loc[3, 'revenue'] = 41")
    return await ask(desk)


async def _one_row_more(desk: Desk, recorded: Receipt) -> Answer:
    await run(desk, "sales.loc[12] = ['Bern', 7, 'canary-12']")
    return await ask(desk)


async def _one_column_more(desk: Desk, recorded: Receipt) -> Answer:
    await run(desk, "sales['more'] = 1")
    return await ask(desk)


async def _no_table(desk: Desk, recorded: Receipt) -> Answer:
    await run(desk, "del sales\nother = pd.DataFrame({'a': [1]})")
    return await ask(desk, receipts=[found(recorded)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_another_question, "the question has changed"),
        (_another_model, "another model is asked for"),
        (_other_agents, "the agents have changed"),
        (_another_scope, "the tables it is limited to have changed"),
        (_one_value, "the table `sales` has changed since"),
        (_one_row_more, "the table `sales` has changed since (12 rows then, 13 now)"),
        (_one_column_more, "the table `sales` has changed since (3 columns then, 4 now)"),
        (_no_table, "`sales` is not there"),
    ],
)
def test_what_changed_is_asked_anew_and_said(change: Step, words: str, tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        answer = await change(desk, receipt(desk))
        assert answer.answer == "Asked anew."
        assert not was_replayed(desk)
        assert why(desk) == f"Asked anew: {words}."

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Asked anew.")], model="scripted:test")


def test_another_question_before_it_asks_anew(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        await ask(desk, "and the mean")
        recorded = receipt(desk)
        assert recorded.follows == TOTAL
        await another_chat(desk)
        await ask(desk, "the largest")
        await ask(desk, "and the mean", receipts=[found(recorded)])
        assert why(desk) == "Asked anew: the question before it has changed."

    replies = [*TOTALLED, *AVERAGED, Reply(text="Sixty, I think."), Reply(text="Mean again.")]
    at_desk(tmp_path, scene, replies)


def test_a_table_that_the_code_does_not_read_may_change(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await run(desk, "other = pd.DataFrame({'a': [1, 2]})")
        await ask(desk)
        assert [table.name for table in receipt(desk).data] == ["sales"]
        await run(desk, "other = pd.DataFrame({'a': [1, 2, 3]})\nthird = other.copy()")
        await ask(desk)
        assert was_replayed(desk)

    at_desk(tmp_path, scene, TOTALLED)


def test_the_same_words_about_tables_of_another_notebook_are_no_news(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        await run(desk, "other = sales\ndel sales")
        await ask(desk)
        assert why(desk) is None
        assert not was_replayed(desk)

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Another notebook.")])


def test_blanks_around_the_question_do_not_count(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk, f"{TOTAL}\n")
        await ask(desk, f"\n{TOTAL}  \n")
        assert was_replayed(desk)

    at_desk(tmp_path, scene, TOTALLED)


# Without what the first answer needed


def test_a_colleague_without_a_key_and_with_an_empty_database_gets_the_answer(tmp_path: Path) -> None:
    recorded: list[Receipt] = []

    async def mine(desk: Desk, fake: FakeProvider) -> None:
        await ask(desk, model=PAID)
        recorded.append(receipt(desk))

    async def theirs(desk: Desk) -> None:
        answer = await ask(desk, model=PAID, receipts=[found(recorded[0])], permissions=no_models)
        assert (answer.status, answer.answer) == ("answered", "The total is 231.")
        assert was_replayed(desk)
        assert answer.usage.requests == 0

    no_models = Permissions(rules=AdminRules(models=("groq:*",)))
    play(tmp_path / "mine", mine, TOTALLED)
    at_desk(tmp_path / "theirs", theirs)


def test_a_default_model_that_changed_does_not_count(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        answer = await ask(desk, model=None)
        assert was_replayed(desk)
        assert answer.answer == "The total is 231."

    recorded: list[Receipt] = []

    async def first(desk: Desk) -> None:
        await ask(desk, model=None)
        recorded.append(receipt(desk))

    at_desk(tmp_path, first, TOTALLED, model="scripted:test")
    at_desk(tmp_path, scene, model="openai:gpt-4o-mini")


def test_an_abstention_is_repeated_for_the_same_model_only(tmp_path: Path) -> None:
    question = "what is the meaning of it all"

    async def without_key(desk: Desk) -> None:
        first = await ask(desk, question, model=None)
        assert first.status == "abstained"
        again = await ask(desk, question, model=None)
        assert was_replayed(desk)
        assert (again.status, again.answer, again.suggestions) == (
            "abstained",
            first.answer,
            first.suggestions,
        )

    async def with_key(desk: Desk) -> None:
        assert (await ask(desk, question, model=None)).answer == "Nothing."
        assert why(desk) == f"Asked anew: offline:analyst could not answer it, {PAID} may."

    at_desk(tmp_path, without_key, model="offline:analyst")
    with FakeProvider([Reply(text="Nothing.")]) as fake:
        at_desk(tmp_path, with_key, **at(fake, "openai", model=PAID))


def test_the_clients_receipts_come_before_the_stores(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        edited = forged(receipt(desk), template="In all {{c1}}.")
        assert (await ask(desk, receipts=[edited])).answer == "In all 231."
        assert (await ask(desk)).answer == "The total is 231."

    at_desk(tmp_path, scene, TOTALLED)


def test_a_strangers_receipt_does_not_get_into_the_store(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        foreign = forged(receipt(desk), question="the mean", template="The mean is {{c1}}.")
        assert (await ask(desk, "the mean", receipts=[foreign])).answer == "The mean is 231."
        assert (await ask(desk, "the mean")).answer == "Asked the model."

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Asked the model.")])


# Cells that stand in the notebook


def test_standing_cells_are_not_run_and_their_values_fill_the_answer(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        first = await ask(desk)
        cells = len(await desk.notebook.cells())
        answer = await ask(desk, receipts=[found(receipt(desk), standing=True, c1=number(5000))])
        assert answer.answer == "The total is 5,000."
        assert answer.claims[0].cell == first.cells[0].id
        assert [(cell.label, cell.source, cell.outputs) for cell in answer.cells] == [("c1", SUM, ())]
        assert desk.of(Replayed)[0].pending == ()
        assert not desk.of(CellStarted)
        assert len(await desk.notebook.cells()) == cells
        assert receipt(desk).answer == answer.answer

    at_desk(tmp_path, scene, TOTALLED)


def test_standing_cells_that_have_not_run_leave_the_recorded_figures_and_say_so(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        first = await ask(desk)
        recorded = receipt(desk)
        answer = await ask(desk, receipts=[found(recorded, standing=True)])
        assert answer.answer == first.answer
        assert [claim.status for claim in first.claims] == ["verified"]
        assert [claim.status for claim in answer.claims] == ["unverified"], "nothing has shown it yet"
        assert desk.of(Replayed)[0].pending == ("c1",)
        assert f"those of {recorded.at:%Y-%m-%d} until the cells below have run" in notices(desk)["pending"]
        assert receipt(desk) == recorded
        assert not desk.of(CellStarted)

    at_desk(tmp_path, scene, TOTALLED)


def test_refilling_gives_the_answer_with_other_figures(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        text, claims = refill(receipt(desk), {"c1": number(7)})
        assert text == "The total is 7."
        assert [(claim.value, claim.status, claim.path) for claim in claims] == [(7, "verified", "c1")]
        text, claims = refill(receipt(desk), {})
        assert text == "The total is (no such value)."
        assert claims[0].status == "contradicted"

    at_desk(tmp_path, scene, TOTALLED)


def test_an_answer_that_refers_to_an_earlier_question_is_replayed_after_it(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        await ask(desk, "compare with the mean")
        recorded = receipt(desk)
        assert [cell.label for cell in recorded.earlier] == ["c1"]
        assert [cell.label for cell in recorded.cells] == ["c2"]
        await another_chat(desk)
        await ask(desk)
        answer = await ask(desk, "compare with the mean", receipts=[found(recorded)])
        assert was_replayed(desk)
        assert answer.answer == "231 and 19.25."
        assert len(answer.cells) == 1
        await another_chat(desk)
        await ask(desk, "compare with the mean", receipts=[found(recorded)])
        assert why(desk) == "Asked anew: it builds on an answer that is not there."

    replies = [*TOTALLED, runs('sales["revenue"].mean()'), Reply(text="{{c1}} and {{c2}}.")]
    at_desk(tmp_path, scene, [*replies, Reply(text="No.")])


# What is not trusted


@pytest.mark.parametrize(
    "code", ["import os\nos.remove('precious.txt')", "sales.drop(index=0, inplace=True)", "!rm precious.txt"]
)
def test_dangerous_code_of_a_receipt_is_not_run(code: str, tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        (desk.notebook.folder / "precious.txt").write_text("kept")
        await ask(desk)
        evil = forged(receipt(desk), cells=[{"label": "c1", "source": code}], every_table=True)
        answer = await ask(desk, receipts=[evil])
        assert answer.status == "stopped"
        assert answer.answer.startswith("The code was not run. ")
        assert desk.of(CellNotRun)[0].source == code
        assert not desk.of(CellStarted)
        assert (desk.notebook.folder / "precious.txt").read_text() == "kept"
        assert await desk.value("len(sales)") == 12

    at_desk(tmp_path, scene, TOTALLED)


def test_dangerous_code_of_a_receipt_asks_where_somebody_is_there(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        code = "sales.drop(index=0, inplace=True)\nlen(sales)"
        edited = forged(receipt(desk), cells=[{"label": "c1", "source": code}])
        may = Permissions(can_ask=True)
        kinds = []
        async for event in desk.session.ask(
            TOTAL, choices=Choices(model="scripted:test"), permissions=may, receipts=[edited]
        ):
            kinds.append(event.kind)
            if isinstance(event, ApprovalNeeded):
                assert event.source == code
                desk.session.approve(event.call_id, event.code_hash, yes=True)
        assert kinds.index("approval_needed") < kinds.index("cell_started")
        assert await desk.value("len(sales)") == 11

    at_desk(tmp_path, scene, TOTALLED)


def _nested(depth: int) -> list[Any]:
    nest: list[Any] = []
    for _ in range(depth):
        nest = [nest]
    return nest


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"rows": "many"},
        {"cells": {"c1": SUM}},
        {"cells": [{"label": "c1; rm", "source": SUM}]},
        {"cells": [{"label": "c1", "source": SUM}] * 2},
        {"cells": _nested(5000)},
        {"surprise": _nested(5000)},
        {"answer": "x" * 10_000_000},
        {"answered_by": "x" * 300},
        {"at": "yesterday"},
        {"answer": "\ud800"},
        {"claims": [{"text": "1", "value": float("nan"), "cell": None, "path": None, "status": "verified"}]},
        {"claims": [{"text": "1", "value": 10**5000, "cell": None, "path": None, "status": "verified"}]},
        {"data": [{"name": "sales", "fingerprint": None, "rows": float("nan"), "columns": 3}]},
        {"template": 7},
    ],
    ids=lambda changes: f"{next(iter(changes))}",
)
def test_garbage_is_no_receipt(changes: dict[str, Any], tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        garbage = forged(receipt(desk), question="another", **changes)
        answer = await ask(desk, "another", receipts=[garbage])
        assert answer.answer == "Asked."
        assert not was_replayed(desk)
        assert notices(desk) == {}

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Asked.")])


def test_a_template_that_refers_to_nothing_recorded_asks_anew(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        await ask(desk, receipts=[forged(receipt(desk), template="{{c9}}")], fresh=False)
        assert was_replayed(desk)  # by the store's own

    at_desk(tmp_path, scene, TOTALLED)


def test_a_forged_abstention_proves_no_figure(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        claim = {"text": "999", "value": 999, "cell": "x", "path": "c1", "status": "verified"}
        evil = forged(receipt(desk), status="abstained", answer="The total is 999.", claims=[claim])
        answer = await ask(desk, receipts=[evil])
        assert answer.answer == "The total is 999 (unverified)."
        assert [claim.status for claim in answer.claims] == ["unverified"]
        text, claims = refill(receipt(desk).model_copy(update={"status": "abstained", "answer": "999"}), {})
        assert (text, claims[0].status) == ("999 (unverified)", "unverified")

    at_desk(tmp_path, scene, TOTALLED)


@pytest.mark.parametrize("changes", [{"data": []}, {"cells": [{"label": "c1", "source": "eval('sales')"}]}])
def test_a_receipt_that_leaves_out_what_its_code_reads_is_asked_anew(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        edited = forged(receipt(desk), question="another", **changes)
        answer = await ask(desk, "another", receipts=[edited])
        assert answer.answer == "Asked."
        assert why(desk) == "Asked anew: what is recorded of its data is incomplete."

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Asked.")])


def test_tables_that_standing_cells_make_are_no_data_of_later_questions(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk, "the first three")
        first = receipt(desk)
        await ask(desk, "what is revenue")
        second = receipt(desk)
        assert second.every_table
        await run(desk, "del top")
        await another_chat(desk)
        await ask(desk, "the first three", receipts=[found(first, standing=True)])
        await run(desk, first.cells[0].source)  # as *Run All* does
        answer = await ask(desk, "what is revenue", receipts=[found(second)])
        assert was_replayed(desk), why(desk)
        assert answer.answer == "What is sold."

    replies = [runs("top = sales.head(3)\ntop"), Reply(text="There."), Reply(text="What is sold.")]
    at_desk(tmp_path, scene, replies)


# What goes wrong


def test_a_recorded_cell_that_fails_now_asks_anew_with_a_notice(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await run(desk, "threshold = 0")
        await ask(desk)
        edited = forged(
            receipt(desk), cells=[{"label": "c1", "source": "1 + 1"}, {"label": "c2", "source": "1 / 0"}]
        )
        answer = await ask(desk, receipts=[edited])
        assert answer.answer == "The model says 231."
        assert notices(desk)["replay_failed"] == (
            "Asked anew: a recorded cell failed (ZeroDivisionError: division by zero)."
        )
        assert [cell.source for cell in answer.cells] == [SUM]
        assert [c.source for c in await desk.notebook.cells()][1:] == [SUM, SUM]
        stored = await Runs(desk.engine.database).get(desk.engine.principal.id, answer.run_id)
        assert stored.model == "scripted:test"
        assert receipt(desk).template == "The model says {{c2}}."

    at_desk(tmp_path, scene, [*TOTALLED, runs(SUM), Reply(text="The model says {{c2}}.")])


def test_a_recorded_cell_that_comes_to_something_else_asks_anew(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        edited = forged(receipt(desk), template="{{c1[0].nowhere}}")
        assert (await ask(desk, receipts=[edited])).answer == "Asked."
        assert "its cells came to something else" in notices(desk)["replay_failed"]

    at_desk(tmp_path, scene, [*TOTALLED, Reply(text="Asked.")])


def test_a_failed_replay_whose_model_has_no_key_says_so(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        edited = forged(receipt(desk), model=PAID, cells=[{"label": "c1", "source": "1 / 0"}])
        answer = await ask(desk, model=PAID, receipts=[edited])
        assert answer.status == "failed"
        assert answer.error is not None
        assert answer.error["code"] == "key_missing"
        assert "replay_failed" in notices(desk)

    at_desk(tmp_path, scene, TOTALLED)


def test_stop_ends_a_replay_and_the_next_question_can_follow(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        slow = forged(receipt(desk), cells=[{"label": "c1", "source": "import time\ntime.sleep(60)"}])
        last: Any = None
        async for event in desk.session.ask(
            TOTAL,
            choices=Choices(model="scripted:test"),
            receipts=[slow],
            permissions=Permissions(allowed=frozenset({"unknown"})),
        ):
            if isinstance(event, CellStarted):
                desk.session.stop()
            last = event
        assert last.answer.status == "stopped"
        assert last.answer.usage.requests == 0
        assert (await ask(desk)).answer == "The total is 231."

    at_desk(tmp_path, scene, TOTALLED)


def test_in_mode_suggest_the_recorded_cells_are_put_there_and_not_run(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        await ask(desk)
        answer = await ask(desk, permissions=Permissions(mode="suggest"))
        assert answer.answer == "The total is 231."
        assert not desk.of(CellFinished)
        assert [event.source for event in desk.of(CellNotRun)] == [SUM]
        assert desk.of(Replayed)[0].pending == ("c2",)
        assert "pending" in notices(desk)
        assert receipt(desk).template == "The total is {{c2}}."
        assert receipt(desk).claims[0].path == "c2"

    at_desk(tmp_path, scene, TOTALLED)


# Afterwards


def test_a_later_question_can_refer_to_a_replayed_answer(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await ask(desk, model=PAID)
        await another_chat(desk)
        await ask(desk, model=PAID)
        answer = await ask(desk, "say it again", model=PAID)
        assert answer.answer == "As I said, 231."
        said = fake.exchanges[-1].body.decode()
        assert TOTAL in said
        assert "The total is {{c1}}." in said
        assert "canary" not in said

    play(tmp_path, scene, [*TOTALLED, Reply(text="As I said, {{c1}}.")])


def test_a_replayed_answer_of_the_offline_analyst_stays_in_this_process(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        question = "average revenue for city Bern"
        first = await ask(desk, question, model="offline:analyst")
        assert first.status == "answered"
        await another_chat(desk)
        await ask(desk, question, model="offline:analyst")
        assert was_replayed(desk)
        await ask(desk, "and now?", model=PAID)
        said = fake.exchanges[-1].body.decode()
        assert first.cells[0].source not in said
        assert "not shown" in said

    play(tmp_path, scene, [Reply(text="Well.")])
