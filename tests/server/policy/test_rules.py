"""The user's mode and the administrator's rules."""

import pytest

from autoanalyst_ext.policy.rules import AdminRules, decide, may_use_model
from autoanalyst_ext.types.effects import Effect, Finding
from autoanalyst_ext.types.runs import Mode


def finding(effect: Effect, words: str = "") -> Finding:
    return Finding(effect=effect, line=1, words=words or f"does {effect}")


WRITES = finding("write", "writes out.csv")
CONNECTS = finding("network", "opens a network connection (`requests.get`)")


@pytest.mark.parametrize(
    ("mode", "findings", "can_ask", "verdict"),
    [
        ("auto", (), True, "run"),
        ("auto", (), False, "run"),
        ("auto", (WRITES,), True, "ask"),
        ("auto", (WRITES,), False, "insert"),
        ("ask", (), True, "ask"),
        ("ask", (), False, "insert"),
        ("ask", (WRITES,), True, "ask"),
        ("suggest", (), True, "insert"),
        ("suggest", (WRITES,), True, "insert"),
    ],
)
def test_the_mode_decides(mode: Mode, findings: tuple[Finding, ...], can_ask: bool, verdict: str) -> None:
    decision = decide(mode, findings, can_ask=can_ask)
    assert decision.verdict == verdict
    assert bool(decision.reason) == (verdict != "run")


def test_allowed_effects_run_and_others_still_ask() -> None:
    allowed = frozenset[Effect]({"write"})
    assert decide("auto", (WRITES,), allowed=allowed, can_ask=False).verdict == "run"
    assert decide("auto", (WRITES, CONNECTS), allowed=allowed, can_ask=True).verdict == "ask"


def test_allowed_effects_do_not_answer_for_mode_ask() -> None:
    assert decide("ask", (WRITES,), allowed=frozenset({"write"}), can_ask=True).verdict == "ask"


def test_the_reason_names_what_the_code_does_and_why_it_was_not_run() -> None:
    decision = decide("auto", (WRITES, CONNECTS, WRITES), can_ask=False)
    assert decision.reason == (
        "This code writes out.csv and opens a network connection (`requests.get`). "
        "Nobody can be asked here, so it was not run."
    )


def test_a_long_reason_is_cut() -> None:
    many = [finding("write", f"writes {number}.csv") for number in range(9)]
    assert decide("auto", many, can_ask=True).reason.endswith("3.csv and does 5 more things.")


@pytest.mark.parametrize("mode", ["auto", "ask", "suggest"])
@pytest.mark.parametrize("can_ask", [True, False])
def test_an_effect_that_an_administrator_forbids_is_refused_in_every_mode(mode: Mode, can_ask: bool) -> None:
    rules = AdminRules(never=frozenset({"network"}))
    allowed = frozenset[Effect]({"network", "write"})
    decision = decide(mode, (WRITES, CONNECTS), allowed=allowed, rules=rules, can_ask=can_ask)
    assert decision.verdict == "refuse"
    assert "administrator" in decision.reason
    assert "requests.get" in decision.reason


@pytest.mark.parametrize("effect", ["shell", "install", "reflect", "unknown"])
def test_what_may_hide_a_forbidden_effect_is_asked_about_although_it_is_allowed(effect: Effect) -> None:
    rules = AdminRules(never=frozenset({"network"}))
    found = (finding(effect),)
    assert decide("auto", found, allowed=frozenset({effect}), rules=rules, can_ask=True).verdict == "ask"
    assert decide("auto", found, allowed=frozenset({effect}), rules=rules, can_ask=False).verdict == "insert"
    assert decide("auto", found, allowed=frozenset({effect}), can_ask=False).verdict == "run"


def test_never_run_inserts_even_safe_code() -> None:
    rules = AdminRules(never_run=True)
    assert decide("auto", (), rules=rules, can_ask=True).verdict == "insert"
    assert (
        decide("auto", (WRITES,), allowed=frozenset({"write"}), rules=rules, can_ask=True).verdict == "insert"
    )


@pytest.mark.parametrize(
    ("model", "patterns", "may"),
    [
        ("openai:gpt-5", ("*",), True),
        ("openai:gpt-5", ("openai:*",), True),
        ("OpenAI:GPT-5", ("openai:gpt-5",), True),
        ("openai:gpt-5-mini", ("openai:gpt-5",), False),
        ("anthropic:x", ("openai:*", "groq:*"), False),
        ("openai:gpt-5", (), False),
        ("offline:analyst", (), True),
    ],
)
def test_models_are_allowed_by_pattern(model: str, patterns: tuple[str, ...], may: bool) -> None:
    reason = may_use_model(model, None, AdminRules(models=patterns))
    assert (reason is None) == may
    assert may or (reason is not None and model in reason)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        (None, True),
        ("https://llm.corp/v1", True),
        ("https://LLM.corp:443/v1/", True),
        ("https://llm.corp/v1/team", True),
        ("https://llm.corp/v10", False),
        ("https://llm.corp/", False),
        ("http://llm.corp/v1", False),
        ("https://llm.corp:8443/v1", False),
        ("https://llm.corp.evil.com/v1", False),
        ("https://llm.corp@evil.com/v1", False),
        ("https://evil.com/https://llm.corp/v1", False),
        ("https://llm.corp/v1/../admin", False),
        ("https://llm.corp/v1/%2e%2e/admin", False),
        ("https://llm.corp:port/v1", False),
        ("https://[::1/v1", False),
        ("", False),
    ],
)
def test_base_urls_are_allowed_by_their_parts(url: str | None, may: bool) -> None:
    rules = AdminRules(base_urls=("https://llm.corp/v1",))
    assert (may_use_model("openai:x", url, rules) is None) == may


def test_any_base_url_is_allowed_without_a_rule() -> None:
    assert may_use_model("openai:x", "http://localhost:11434/v1", AdminRules()) is None
    assert may_use_model("openai:x", "http://localhost:11434/v1", AdminRules(base_urls=())) is not None
