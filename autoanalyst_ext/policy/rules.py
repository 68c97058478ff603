"""May this code run, may this model be used: the user's mode and the administrator's rules.

Pure: findings and rules are handed in. The user's `--allow` widens what runs by itself in mode `auto`;
it never loosens an administrator's rule.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal
from urllib.parse import unquote, urlsplit

from ..types.effects import Effect, Finding
from ..types.runs import Mode
from ..types.value import Value

Verdict = Literal["run", "ask", "insert", "refuse"]
"""`insert`: the code is put into the notebook and not executed. `refuse`: not even that."""

_HIDES_ANYTHING: frozenset[Effect] = frozenset({"shell", "install", "reflect", "unknown"})
"""Effects behind which every other one may hide."""
_MOST_WORDS = 4


class AdminRules(Value):
    """What an administrator set for everybody."""

    models: tuple[str, ...] = ("*",)
    """Patterns of allowed models, e.g. `anthropic:*`; the offline analyst is always allowed."""
    base_urls: tuple[str, ...] | None = None
    """Addresses that models may be called at, each with everything below it; `None` allows any. A
    provider's own address is governed by `models`."""
    never_run: bool = False
    """Code is inserted and never executed."""
    never: frozenset[Effect] = frozenset()
    """Effects that are refused, whoever agrees."""


class Decision(Value):
    """What happens to a piece of code, and why."""

    verdict: Verdict
    reason: str
    """A sentence for the person; empty when it simply runs."""


def decide(
    mode: Mode,
    findings: Sequence[Finding],
    *,
    allowed: frozenset[Effect] = frozenset(),
    rules: AdminRules | None = None,
    can_ask: bool,
) -> Decision:
    """What happens to code with these findings.

    `allowed` are the effects that the user accepted beforehand. `can_ask` is False where nobody can answer
    (no panel, no keyboard): what would ask is inserted unexecuted.
    """
    rules = rules or AdminRules()
    forbidden = [finding for finding in findings if finding.effect in rules.never]
    if forbidden:
        return Decision(
            verdict="refuse", reason=f"An administrator's rule forbids this code: it {_list(forbidden)}."
        )
    if rules.never_run:
        return Decision(verdict="insert", reason="An administrator's rule says that code is never run here.")
    if mode == "suggest":
        return Decision(
            verdict="insert", reason="In mode `suggest` code is inserted and left for you to run."
        )
    if failing := [finding for finding in findings if finding.fails]:
        return Decision(verdict="refuse", reason=f"This code {_list(failing)}, so it would fail.")
    if mode == "ask":
        return _ask("In mode `ask` every cell needs your yes.", findings, can_ask)
    if rules.never:
        # What may hide a forbidden effect is for a person to look at, not for a flag.
        allowed -= _HIDES_ANYTHING
    left = [finding for finding in findings if finding.effect not in allowed]
    if left:
        return _ask("", left, can_ask)
    return Decision(verdict="run", reason="")


def may_use_model(model: str, base_url: str | None, rules: AdminRules) -> str | None:
    """Why this model may not be called at this address, or `None` when it may.

    `model` is `provider:model`; `base_url` is `None` for the provider's own address.
    """
    if model.partition(":")[0] == "offline":
        return None
    if not any(fnmatchcase(model.lower(), pattern.lower()) for pattern in rules.models):
        return (
            f"An administrator's rule does not allow the model {model}. Allowed: {', '.join(rules.models)}."
        )
    if base_url is None or rules.base_urls is None:
        return None
    if not any(_is_below(base_url, allowed) for allowed in rules.base_urls):
        return f"An administrator's rule does not allow models at {base_url}."
    return None


def _ask(reason: str, findings: Sequence[Finding], can_ask: bool) -> Decision:
    why = f"{reason} This code {_list(findings)}.".strip() if findings else reason
    if can_ask:
        return Decision(verdict="ask", reason=why)
    return Decision(verdict="insert", reason=f"{why} Nobody can be asked here, so it was not run.")


def _list(findings: Sequence[Finding]) -> str:
    """The findings' words in a row, each once, the first few."""
    words = list(dict.fromkeys(finding.words for finding in findings))
    more = [f"does {len(words) - _MOST_WORDS} more things"] if len(words) > _MOST_WORDS else []
    shown = words[:_MOST_WORDS] + more
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _is_below(url: str, allowed: str) -> bool:
    """Whether the address is the allowed one or below it; compared by part, not by text."""
    try:
        there, rule = urlsplit(url), urlsplit(allowed)
        same = (there.scheme, there.hostname, _port(url)) == (rule.scheme, rule.hostname, _port(allowed))
    except ValueError:
        return False
    path, below = unquote(there.path).strip("/"), unquote(rule.path).strip("/")
    if ".." in path.split("/") or not there.hostname:
        return False
    return same and (not below or path == below or path.startswith(below + "/"))


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme)
