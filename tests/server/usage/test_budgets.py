"""How budgets stand, and what is said of them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoanalyst_ext.errors import AnalystError, BudgetReached, LimitReached, PaidCallsOff, Refused, Unpriced
from autoanalyst_ext.store.attempts import NewAttempt
from autoanalyst_ext.store.budgets import BudgetRow
from autoanalyst_ext.types.usage import PICO, pico
from autoanalyst_ext.usage.budgets import (
    applying,
    concerns,
    is_warned,
    money,
    reached,
    state_of,
    unpriced,
    warning,
    words,
)
from autoanalyst_ext.usage.periods import period_of

NOW = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
GROUPS = {"team": ["ann"], "others": ["hub:bob"]}
MOST = 10**6 * PICO - 1
"""Pico-USD of the largest limit."""


def row(scope: Any = "everything", name: str = "", **more: Any) -> BudgetRow:
    defaults = {
        "id": "b1",
        "principal_id": None,
        "period": "month",
        "zone": "Europe/Berlin",
        "limit_pusd": pico("5"),
        "warn_percent": 80,
        "made_by": "admin ops",
        "created_at": NOW,
    }
    return BudgetRow(scope=scope, name=name, **{**defaults, **more})


PERIOD = period_of("month", "Europe/Berlin", NOW)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (row(), "monthly budget of everybody"),
        (row(principal_id="hub:ann", period="day"), "daily budget of ann"),
        (row(principal_id="odd", period="week"), "weekly budget of odd"),
        (row("group", "team"), "monthly budget of the group team"),
        (row("notebook", "a/b.ipynb"), "monthly budget for the notebook a/b.ipynb"),
        (row("chat", "0199", principal_id="hub:ann"), "monthly budget of ann for this chat"),
        (row("agent", "planner"), "monthly budget for @planner"),
        (row("model", "openai:gpt-5-mini"), "monthly budget for openai:gpt-5-mini"),
        (row("model", "openai:*"), "monthly budget for all models of openai"),
    ],
)
def test_a_budget_has_a_name_that_people_understand(budget: BudgetRow, said: str) -> None:
    assert words(budget) == said


def test_all_budgets_that_count_a_call_apply_at_once() -> None:
    rows = [
        row(),
        row("group", "team"),
        row("group", "others"),
        row("model", "groq:*"),
        row(principal_id="hub:ann"),
    ]
    call = NewAttempt(provider="openai", model="gpt-5", principal_id="hub:ann")
    assert applying(rows, call, GROUPS) == (rows[0], rows[1], rows[4])


@pytest.mark.parametrize(
    ("budget", "who", "seen"),
    [
        (row(), "hub:zoe", True),
        (row("model", "openai:*"), "hub:zoe", True),
        (row(principal_id="hub:ann"), "hub:ann", True),
        (row(principal_id="hub:ann"), "account:ann", False),
        (row("group", "team"), "hub:ann", True),
        (row("group", "team"), "hub:bob", False),
        (row("group", "others"), "hub:bob", True),
        (row("group", "others"), "account:bob", False),
    ],
)
def test_people_see_the_budgets_that_count_their_calls(budget: BudgetRow, who: str, seen: bool) -> None:
    assert concerns(budget, who, GROUPS) is seen


@given(st.integers(0, MOST), st.integers(0, MOST), st.integers(0, 2 * MOST), st.integers(1, 100))
def test_how_a_budget_stands_is_exact(limit: int, spent: int, held: int, warn: int) -> None:
    budget = row(limit_pusd=limit, warn_percent=warn)
    state = state_of(budget, PERIOD, spent=spent, held=held)
    assert pico(state.left_usd) == max(0, limit - spent - held)
    assert (pico(state.spent_usd), pico(state.held_usd)) == (spent, held)
    assert state.reached == (spent + held >= limit)
    assert state.warned == is_warned(budget, spent) == (Decimal(spent) >= Decimal(limit) * warn / 100)
    if limit:
        assert state.percent <= Decimal(spent) * 100 / limit < state.percent + 1


def test_the_warning_says_how_much_and_until_when() -> None:
    state = state_of(row(principal_id="hub:ann"), PERIOD, spent=pico("4.1"), held=pico("0.7"))
    assert warning(state) == (
        "82 % of the monthly budget of ann is used: $4.10 of $5.00. "
        "It begins again on Tue 01 Dec 2026, 00:00 (Europe/Berlin)."
    )


def test_the_refusal_says_what_happened_what_was_kept_and_what_to_do() -> None:
    error = reached(row(), PERIOD, spent=pico("4.1"), held=pico("0.7"), needed=pico("0.2000004"))
    assert str(error) == (
        "The monthly budget of everybody is reached: $4.10 of $5.00 is spent, $0.70 is set aside for calls "
        "under way and the next model call could cost up to $0.20. Nothing more was sent. Your question and "
        "everything so far are kept. Raise the budget, choose a cheaper model, or wait until "
        "Tue 01 Dec 2026, 00:00 (Europe/Berlin); the offline analyst (offline:analyst) answers free."
    )
    assert error.as_json()["detail"] == {
        "budget": "b1",
        "limit_usd": "5.00",
        "spent_usd": "4.10",
        "held_usd": "0.70",
        "needed_usd": "0.2000004",
        "period_end": "2026-11-30T23:00:00+00:00",
        "zone": "Europe/Berlin",
    }
    nothing_left = str(reached(row(), PERIOD, spent=pico("5.3"), held=0, needed=1))
    assert "is reached: $5.30 of $5.00 is spent. Nothing more was sent." in nothing_left


def test_a_model_of_unknown_price_is_refused_with_a_way_out() -> None:
    error = unpriced(row("group", "team"), "openai", "tiny")
    assert "Nobody knows what openai:tiny costs" in str(error)
    assert "under the monthly budget of the group team" in str(error)
    assert "autoanalyst admin price set openai:tiny" in str(error)


@pytest.mark.parametrize(
    ("kind", "above", "status", "code"),
    [
        (BudgetReached, LimitReached, 402, "budget_reached"),
        (PaidCallsOff, Refused, 403, "paid_calls_off"),
        (Unpriced, Refused, 403, "unpriced"),
    ],
)
def test_refusals_of_the_ledger_end_a_run_as_stopped(
    kind: type[AnalystError], above: type[AnalystError], status: int, code: str
) -> None:
    """`chats/run.py` takes limits and refusals for a stop, and everything else for a failure."""
    assert issubclass(kind, above)
    assert (kind.status, kind.code) == (status, code)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("12.4", "$12.40"),
        ("0.0042", "$0.0042"),
        ("0.00000053", "$0.00000053"),
        ("0", "$0.00"),
        ("1234567.891", "$1,234,567.89"),
    ],
)
def test_amounts_have_as_many_digits_as_it_takes(amount: str, said: str) -> None:
    assert money(Decimal(amount)) == said
