"""A yes holds for one call and one source, once, for a while."""

import asyncio
import hashlib

import pytest

from autoanalyst_ext.errors import NotFound, Refused
from autoanalyst_ext.policy.approvals import Approval, Approvals, ApprovalVerdict, code_hash

CODE = "df.to_csv('out.csv')\n"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asked(clock: Clock | None = None) -> tuple[Approvals, Approval]:
    approvals = Approvals(clock=clock or Clock())
    return approvals, approvals.request("run", "call", CODE, notebook_id="nb")


def answered(clock: Clock | None = None, *, yes: bool = True) -> Approvals:
    approvals, approval = asked(clock)
    approvals.answer("run", "call", approval.code_hash, yes=yes)
    return approvals


def test_a_yes_lets_exactly_this_code_run() -> None:
    assert answered().consume("run", "call", CODE)


def test_a_yes_is_used_once() -> None:
    approvals = answered()
    assert approvals.consume("run", "call", CODE)
    assert not approvals.consume("run", "call", CODE)


@pytest.mark.parametrize("changed", [CODE + " ", CODE[:-1], CODE.replace("out", "Out"), ""])
def test_a_changed_byte_is_refused_and_ends_the_approval(changed: str) -> None:
    approvals = answered()
    assert not approvals.consume("run", "call", changed)
    assert not approvals.consume("run", "call", CODE)


def test_another_call_and_another_run_are_refused() -> None:
    approvals = answered()
    assert not approvals.consume("run", "call2", CODE)
    assert not approvals.consume("run2", "call", CODE)
    assert approvals.consume("run", "call", CODE)


def test_a_yes_expires() -> None:
    clock = Clock()
    approvals = answered(clock)
    clock.now += 600
    assert not approvals.consume("run", "call", CODE)


def test_an_answer_to_other_code_is_refused() -> None:
    approvals, _ = asked()
    with pytest.raises(Refused, match="has changed"):
        approvals.answer("run", "call", code_hash("other"), yes=True)
    with pytest.raises(Refused, match="has changed"):
        approvals.answer("run", "call", "not a hash, ünd not ASCII", yes=True)
    assert not approvals.consume("run", "call", CODE)


def test_an_answer_that_comes_too_late_is_refused() -> None:
    clock = Clock()
    approvals, approval = asked(clock)
    clock.now += 600
    assert approvals.pending() == ()
    with pytest.raises(Refused, match="too late"):
        approvals.answer("run", "call", approval.code_hash, yes=True)
    assert not approvals.consume("run", "call", CODE)


def test_a_second_answer_is_refused() -> None:
    approvals, approval = asked()
    approvals.answer("run", "call", approval.code_hash, yes=False)
    with pytest.raises(Refused, match="before"):
        approvals.answer("run", "call", approval.code_hash, yes=True)
    assert not approvals.consume("run", "call", CODE)


def test_an_answer_to_nothing_is_not_found() -> None:
    with pytest.raises(NotFound):
        Approvals().answer("run", "call", code_hash(CODE), yes=True)


def test_nothing_runs_before_the_answer() -> None:
    approvals, approval = asked()
    assert not approvals.consume("run", "call", CODE)
    assert approvals.pending() == (approval,)


def test_asking_again_voids_the_first_yes() -> None:
    approvals = answered()
    approvals.request("run", "call", "other", notebook_id="nb")
    assert not approvals.consume("run", "call", CODE)


def test_the_hash_is_sha256_of_the_utf8_source() -> None:
    assert code_hash("ä\n") == hashlib.sha256(b"\xc3\xa4\n").hexdigest()
    assert code_hash("\ud800") != code_hash("\ud801")


@pytest.mark.parametrize(("yes", "verdict"), [(True, "yes"), (False, "no")])
def test_who_waits_hears_the_answer(yes: bool, verdict: ApprovalVerdict) -> None:
    async def main() -> None:
        approvals, approval = asked()
        waiting = asyncio.create_task(approvals.wait("run", "call"))
        await asyncio.sleep(0)
        assert not waiting.done()
        approvals.answer("run", "call", approval.code_hash, yes=yes)
        assert await waiting == verdict
        assert approvals.consume("run", "call", CODE) is yes

    asyncio.run(asyncio.wait_for(main(), 5))


def test_who_waits_too_long_hears_that_it_expired() -> None:
    async def main() -> None:
        approvals = Approvals(seconds=0.01)
        approvals.request("run", "call", CODE, notebook_id="nb")
        assert await approvals.wait("run", "call") == "expired"
        assert approvals.pending() == ()
        with pytest.raises(NotFound):
            await approvals.wait("run", "call")

    asyncio.run(asyncio.wait_for(main(), 5))


def test_a_revoked_approval_ends_the_wait_and_the_yes() -> None:
    async def main() -> None:
        approvals, _ = asked()
        waiting = asyncio.create_task(approvals.wait("run", "call"))
        await asyncio.sleep(0)
        approvals.revoke("run")
        assert await waiting == "revoked"

    asyncio.run(asyncio.wait_for(main(), 5))
    approvals = answered()
    approvals.revoke("run", "call")
    assert not approvals.consume("run", "call", CODE)


def test_a_yes_that_is_revoked_before_the_waiter_wakes_does_not_count() -> None:
    async def main() -> None:
        approvals, approval = asked()
        waiting = asyncio.create_task(approvals.wait("run", "call"))
        await asyncio.sleep(0)
        approvals.answer("run", "call", approval.code_hash, yes=True)
        approvals.revoke("run", "call")
        assert await waiting == "revoked"
        assert not approvals.consume("run", "call", CODE)

    asyncio.run(asyncio.wait_for(main(), 5))


def test_many_calls_at_once_each_get_their_own_answer() -> None:
    async def main() -> None:
        approvals = Approvals()
        sources = {f"call{number}": f"x = {number}" for number in range(50)}
        for call, source in sources.items():
            approvals.request("run", call, source, notebook_id="nb")
        waiting = [asyncio.create_task(approvals.wait("run", call)) for call in sources]
        await asyncio.sleep(0)
        for number, approval in enumerate(reversed(approvals.pending())):
            approvals.answer("run", approval.call_id, approval.code_hash, yes=number % 2 == 0)
        verdicts = await asyncio.gather(*waiting)
        used = [approvals.consume("run", call, source) for call, source in sources.items()]
        assert used == [verdict == "yes" for verdict in verdicts]
        assert used.count(True) == 25

    asyncio.run(asyncio.wait_for(main(), 5))


def test_of_many_that_use_one_yes_only_one_may() -> None:
    async def main() -> None:
        approvals = answered()

        async def use() -> bool:
            await asyncio.sleep(0)
            return approvals.consume("run", "call", CODE)

        results = await asyncio.gather(*(use() for _ in range(20)))
        assert results.count(True) == 1

    asyncio.run(asyncio.wait_for(main(), 5))


def test_safe_cells_from_now_on_changes_the_mode_of_this_notebook_only() -> None:
    approvals, approval = asked()
    approvals.answer("run", "call", approval.code_hash, yes=True, remember=True)
    assert approvals.mode("nb", "ask") == "auto"
    assert approvals.mode("nb", "suggest") == "suggest"
    assert approvals.mode("other", "ask") == "ask"
    assert approvals.remembered() == ("nb",)
    approvals.forget("nb")
    assert approvals.mode("nb", "ask") == "ask"


def test_a_no_is_not_remembered() -> None:
    approvals, approval = asked()
    approvals.answer("run", "call", approval.code_hash, yes=False, remember=True)
    assert approvals.remembered() == ()
