"""Budgets and the incident switch, seen by somebody who asks: a run ends between two steps, and keeps all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from autoanalyst_ext.policy.principal import here
from autoanalyst_ext.providers.script import Reply
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.types.budgets import NewBudget, PolicyChange
from autoanalyst_ext.types.events import CellFinished, Notice, RunFinished, StepFinished
from autoanalyst_ext.types.usage import TokenUsage, pico
from autoanalyst_ext.usage.budget_book import ADMIN
from autoanalyst_ext.usage.ledger import Opened
from tests.fakes.provider import FakeProvider

from .desk import Desk, at, at_desk, runs
from .panel_stage import BOOK, PanelStage, at_a_panel
from .test_with_providers import Scene, booked

MODEL = "openai:gpt-4o-mini"
"""60 cents for a million tokens of output: of the 8192 that a call may write, half a cent is set aside."""


def used(output_tokens: int) -> TokenUsage:
    return TokenUsage(input_tokens=1000, output_tokens=output_tokens)


def working(output_tokens: int = 8000) -> Reply:
    """A step that says something, runs a cell, and costs half a cent for each 8000 tokens."""
    reply = runs('sales["revenue"].sum()')
    return reply.model_copy(update={"text": "Let me add it up.", "usage": used(output_tokens)})


def play(folder: Path, scene: Scene, replies: Iterable[Reply], **traits: Any) -> None:
    with FakeProvider(list(replies)) as fake:
        at_desk(folder, lambda desk: scene(desk, fake), **at(fake, "openai", **traits))


async def limit(desk: Desk, dollars: str, **more: Any) -> str:
    made = await desk.engine.budgets.create(NewBudget(limit_usd=dollars, **more), made_by=f"{ADMIN}ops")
    return made.budget.id


def test_a_budget_ends_a_run_between_two_steps_and_everything_so_far_is_kept(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        budget = await limit(desk, "0.01", zone="Asia/Kathmandu")
        answer = await desk.ask("total revenue", model=MODEL)
        assert answer.status == "stopped"
        assert len(fake.exchanges) == 1, "the second call was not sent"
        assert answer.answer.startswith("Let me add it up.\n\nThe monthly budget of everybody is reached: ")
        assert "$0.005 of $0.01 is spent" in answer.answer or "$0.0049" in answer.answer
        assert "(Asia/Kathmandu); the offline analyst (offline:analyst) answers free." in answer.answer
        assert "Your question and everything so far are kept." in answer.answer
        assert answer.error is not None
        assert answer.error["code"] == "budget_reached"
        assert answer.error["detail"]["budget"] == budget
        assert answer.error["detail"]["limit_usd"] == "0.01"
        (done,) = desk.of(CellFinished)
        assert [cell.source for cell in answer.cells] == [done.execution.source]
        assert [cell.source for cell in await desk.notebook.cells()][-1] == done.execution.source
        assert answer.cost_usd == answer.error["detail"]["spent_usd"]
        assert [row.state for row in await booked(desk)] == ["settled"], "no attempt without a request"

        # Somebody raises it: the same chat goes on, and the offline analyst never stopped.
        offline = await desk.ask("total revenue", model="offline:analyst")
        assert (offline.status, offline.cost_usd) == ("answered", "0.00")
        assert await limit(desk, "0.05", zone="Asia/Kathmandu") == budget, "the same budget, another limit"
        again = await desk.ask("total revenue", model=MODEL)
        assert (again.status, again.answer) == ("answered", "It is 231.")

    play(tmp_path, scene, [working(), Reply(text="It is 231.", usage=used(10))])


def test_at_eighty_percent_a_run_says_so_once(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await limit(desk, "0.05")
        await limit(desk, "0.05", scope="model", name="OpenAI:GPT-4o-mini")
        await limit(desk, "5", scope="agent", name=desk.engine.agents.all()[0].name, period="day")
        answer = await desk.ask("total revenue", model=MODEL)
        assert answer.status == "answered"
        assert len(fake.exchanges) == 4
        texts = [notice.text for notice in desk.of(Notice) if notice.code == "budget_warning"]
        assert len(texts) == 2, "one for each budget, however many steps"
        assert texts[0].startswith("81 % of the monthly budget of everybody is used: $0.041")
        assert "of $0.05. It begins again on " in texts[0]
        assert "for OpenAI:GPT-4o-mini" in texts[1]
        codes = [event.code if isinstance(event, Notice) else type(event) for event in desk.events]
        assert codes.index("budget_warning") < codes.index(StepFinished), "with the call that it took"

    replies = [working(68_000), working(10), working(10), Reply(text="It is {{c1}}.", usage=used(10))]
    play(tmp_path, scene, replies)


def test_a_budget_of_nothing_lets_nothing_out(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await limit(desk, "0", principal=desk.engine.principal.id, period="day")
        answer = await desk.ask("total revenue", model=MODEL)
        assert answer.status == "stopped"
        assert answer.answer.startswith(
            f"The daily budget of {desk.engine.principal.name} is reached: $0.00 of $0.00"
        )
        assert fake.exchanges == []
        assert await booked(desk) == []

    play(tmp_path, scene, [])


@pytest.mark.parametrize(
    ("scope", "name", "counts"),
    [
        ("model", "openai:gpt-4o-mini", True),
        ("model", "OPENAI:*", True),
        ("model", "openai:gpt-4o", False),
        ("model", "openai:gpt-4o-mini-2024", False),
        ("model", "anthropic:*", False),
        ("agent", "planner", True),
        ("agent", "viz_agent", False),
        ("group", "team", True),
        ("group", "others", False),
    ],
)
def test_only_the_calls_that_a_budget_is_for_are_stopped(
    scope: str, name: str, counts: bool, tmp_path: Path
) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        await limit(desk, "0", scope=scope, name=name)
        answer = await desk.ask("total revenue", model=MODEL)
        assert answer.status == ("stopped" if counts else "answered")
        assert len(fake.exchanges) == (0 if counts else 1)

    groups = {"team": ["somebody", here().name], "others": ["somebody"]}
    play(tmp_path, scene, [Reply(text="It is 231.", usage=used(10))], groups=groups)


def test_paid_calls_are_switched_off_in_the_middle_of_a_run(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        change = PolicyChange(paid_calls="off", reason="The invoice is wrong.")
        ledger_settle = desk.engine.ledger.settle

        async def settle(*figures: Any, **more: Any) -> int | None:
            booked = await ledger_settle(*figures, **more)
            await desk.engine.budgets.set_policy(change, by=f"{ADMIN}ops")
            return booked

        desk.engine.ledger.settle = settle  # type: ignore[method-assign]
        answer = await desk.ask("total revenue", model=MODEL)
        desk.engine.ledger.settle = ledger_settle  # type: ignore[method-assign]
        assert answer.status == "stopped"
        assert len(fake.exchanges) == 1
        assert "Let me add it up.\n\nPaid model calls are switched off since " in answer.answer
        assert "The reason: The invoice is wrong. Nothing more was sent." in answer.answer
        assert answer.error is not None
        assert answer.error["code"] == "paid_calls_off"
        assert len(answer.cells) == 1
        assert (await desk.ask("total revenue", model="offline:analyst")).status == "answered"
        await desk.engine.budgets.set_policy(PolicyChange(paid_calls="on"), by=f"{ADMIN}ops")
        assert (await desk.ask("total revenue", model=MODEL)).answer == "It is 231."

    play(tmp_path, scene, [working(), Reply(text="It is 231.", usage=used(10))])


def test_a_model_of_unknown_price_is_refused_only_under_a_budget(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        assert (await desk.ask("total", model="openai:tiny-unknown-1")).status == "answered"
        await limit(desk, "5")
        answer = await desk.ask("total", model="openai:tiny-unknown-1")
        assert answer.status == "stopped"
        assert answer.answer.startswith("Nobody knows what openai:tiny-unknown-1 costs")
        assert answer.error is not None
        assert answer.error["code"] == "unpriced"
        assert len(fake.exchanges) == 1

    play(tmp_path, scene, [Reply(text="Here.", usage=used(10))])


def test_what_was_spent_before_counts_from_the_first_call_on(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        assert (await desk.ask("total revenue", model=MODEL)).status == "answered"
        spent = (await desk.engine.ledger.usage_of_principal(desk.engine.principal.id)).cost_usd
        assert spent is not None
        await limit(desk, spent)
        (state,) = (await desk.engine.budgets.all()).budgets
        assert (state.spent_usd, state.left_usd, state.percent, state.reached) == (spent, "0.00", 100, True)
        answer = await desk.ask("and the mean", model=MODEL)
        assert answer.error is not None
        assert answer.error["detail"]["spent_usd"] == spent
        assert pico(spent) > 0
        (state,) = (await desk.engine.budgets.all()).budgets
        assert (state.spent_usd, state.held_usd) == (spent, "0.00")

    play(tmp_path, scene, [Reply(text="Here.", usage=used(1000))])


def test_a_refused_call_is_never_tried_again(tmp_path: Path) -> None:
    async def scene(desk: Desk, fake: FakeProvider) -> None:
        opened: list[NewAttempt] = []
        ledger_open = desk.engine.ledger.open

        async def watched(attempt: NewAttempt, at_most: TokenUsage | None = None) -> Opened:
            opened.append(attempt)
            return await ledger_open(attempt, at_most)

        desk.engine.ledger.open = watched  # type: ignore[method-assign]
        await limit(desk, "0")
        await desk.ask("total revenue", model=MODEL)
        assert len(opened) == 1

    play(tmp_path, scene, [])


def test_a_panel_is_told_the_warning_and_the_stop_of_its_notebook_and_shows_them_again(
    tmp_path: Path,
) -> None:
    async def scene(stage: PanelStage) -> None:
        budgets = stage.engine.budgets
        new = NewBudget(scope="notebook", name=BOOK, limit_usd="0.012", warn_percent=40)
        await budgets.create(new, made_by=stage.who.id)
        other = new.model_copy(update={"name": "other.ipynb", "limit_usd": "0"})
        await budgets.create(other, made_by=stage.who.id)
        page = stage.open()
        events = [item["event"] for item in await stage.ask("total revenue", page, model=MODEL)]
        (warned,) = [event["text"] for event in events if event.get("code") == "budget_warning"]
        assert f"of the monthly budget for the notebook {BOOK} is used" in warned
        answer = events[-1]["answer"]
        assert (answer["status"], answer["error"]["code"]) == ("stopped", "budget_reached")
        assert answer["answer"].startswith("Let me add it up.")
        assert len(fake.exchanges) == 2
        again = await stage.engine.chats.run(stage.who, answer["run_id"])
        assert again.status == "stopped"
        (ended,) = [event.answer for event in again.events if isinstance(event, RunFinished)]
        assert (ended.answer, ended.error) == (answer["answer"], answer["error"])
        assert warned in [event.text for event in again.events if isinstance(event, Notice)]
        (state,) = (await budgets.of(stage.who.id, notebook=BOOK)).budgets
        assert (state.spent_usd, state.held_usd, state.mine) == (answer["cost_usd"], "0.00", True)

    with FakeProvider([working(), working(), Reply(text="It is 231.")]) as fake:
        at_a_panel(tmp_path, scene, **at(fake, "openai"))
