"""The arithmetic of estimates, to the last pico-USD."""

import pytest

from autoanalyst_ext.types.usage import TokenUsage
from autoanalyst_ext.usage.estimates import ASSUMED, Spread, question_tokens, replayed, spread
from autoanalyst_ext.usage.prices import Price, PriceBook

INPUT, READ, OUTPUT = 50_000, 5_000, 400_000
"""Pico-USD of a token of gpt-5-nano."""


def call(sent: int, said: int, **more: int) -> TokenUsage:
    return TokenUsage(input_tokens=sent, output_tokens=said, **more)


@pytest.fixture(scope="module")
def nano() -> Price:
    price = PriceBook().price("openai", "gpt-5-nano")
    assert price is not None
    return price


def test_a_question_counts_a_token_for_each_four_characters_begun() -> None:
    assert [question_tokens(length) for length in (0, 1, 4, 5, 100_000)] == [0, 1, 1, 2, 25_000]


def test_earlier_calls_are_replayed_with_the_context_of_now_and_keep_their_share_of_the_cache() -> None:
    before = (call(1_000, 100), call(1_500, 50, cache_read_tokens=1_000, reasoning_tokens=20))
    assert replayed(before, 5_000) == (
        call(5_000, 100),
        call(5_500, 50, cache_read_tokens=1_000 * 5_500 // 1_500, reasoning_tokens=20),
    )


def test_a_call_that_did_not_carry_the_chat_stays_as_it_was() -> None:
    helper = call(400, 30)
    assert replayed((call(1_000, 100), helper), 9_000) == (call(9_000, 100), helper)


def test_a_shorter_context_costs_less_and_is_never_below_nothing(nano: Price) -> None:
    before = [(call(90_000, 10, cache_read_tokens=90_000), call(90_500, 10, cache_read_tokens=90_000))]
    assert replayed(before[0], 0) == (call(0, 10), call(500, 10, cache_read_tokens=90_000 * 500 // 90_500))
    assert spread(nano, before, 0).high == 20 * OUTPUT + 3 * INPUT + 497 * READ


def test_the_range_is_the_middle_half_of_such_answers(nano: Price) -> None:
    answers = [[call(0, said)] for said in (500, 100, 400, 200, 300)]
    context = 1_000 * INPUT
    assert spread(nano, answers, 1_000) == Spread(
        context + 200 * OUTPUT, context + 300 * OUTPUT, context + 400 * OUTPUT
    )


def test_between_two_answers_the_range_is_the_wider_one(nano: Price) -> None:
    answers = [[call(0, said)] for said in (100, 200, 300, 400)]
    assert spread(nano, answers, 0) == Spread(100 * OUTPUT, 200 * OUTPUT, 400 * OUTPUT)


def test_one_answer_is_a_range_of_one(nano: Price) -> None:
    assert spread(nano, [[call(10, 10)]], 10) == Spread(*[10 * INPUT + 10 * OUTPUT] * 3)


def test_without_answers_to_learn_from_two_to_six_calls_are_assumed(nano: Price) -> None:
    low = 2 * 4_000 * INPUT + 500 * INPUT + 300 * OUTPUT
    typical = 3 * 4_000 * INPUT + 2_400 * INPUT + 800 * OUTPUT
    high = 6 * 4_000 * INPUT + 22_500 * INPUT + 3_400 * OUTPUT
    assert spread(nano, ASSUMED, 4_000) == Spread(low, typical, high)


def test_a_long_chat_is_estimated_at_the_price_of_long_calls() -> None:
    price = PriceBook().price("gemini", "gemini-2.5-pro")
    assert price is not None
    (tier,) = price.tiers
    found = spread(price, [[call(tier.above, 0)]], tier.above + 1).typical
    assert found == int(tier.rates.input * 10**6) * (tier.above + 1)
