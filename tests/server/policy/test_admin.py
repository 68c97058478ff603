"""Who is an administrator: keys, people whom the configuration names, guessing, and grants of kernels."""

import pytest

from autoanalyst_ext.policy.admin import (
    LONGEST_GRANT_SECONDS,
    MOST_WRONG,
    MOST_WRONG_IN_ALL,
    AdminGate,
    AdminKeyNotSet,
    AdminKeyRequired,
    AdminKeyWrong,
    Grants,
    Right,
    TooManyWrongKeys,
    digest,
    is_usable,
    names_a_key,
    new_key,
)

OWN, MADE = "a key that somebody chose, long enough", new_key()
STORED = {digest(MADE): "admin"}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def gate(key: str = OWN, *, admins: tuple[str, ...] = (), clock: Clock | None = None) -> AdminGate:
    return AdminGate(key, admins, clock=clock or Clock())


def refused(asked: AdminGate, key: str = "wrong", client: str = "here") -> int:
    """The status that a key is refused with."""
    with pytest.raises((AdminKeyNotSet, AdminKeyRequired, AdminKeyWrong, TooManyWrongKeys)) as error:
        asked.right(key, client=client, stored=STORED)
    return error.value.status


def test_a_key_that_was_chosen_and_one_that_was_made_open_and_say_whose_they_are() -> None:
    assert gate().right(OWN, client="here", stored=STORED).name == "key 'ADMIN_API_KEY'"
    assert gate("").right(MADE, client="here", stored=STORED).name == "key 'admin'"
    assert refused(gate(), "") == 401
    assert refused(gate(), MADE[:-1]) == 403
    assert refused(gate(), "é\ud800") == 403


@pytest.mark.parametrize("key", ["", "short", "x" * 31, "é" * 40, "two\nlines" * 8])
def test_a_key_that_is_too_short_or_cannot_be_sent_opens_nothing(key: str) -> None:
    assert not is_usable(key)
    with pytest.raises(AdminKeyNotSet, match="autoanalyst admin create-key"):
        gate(key).right(key, client="here", stored={})


def test_keys_that_are_made_differ_and_only_their_digest_is_known() -> None:
    assert len({new_key() for _ in range(100)}) == 100
    assert MADE not in str(STORED)
    assert is_usable(MADE)


def test_a_key_that_was_taken_back_ends_the_rights_that_it_gave() -> None:
    right = gate("").right(MADE, client="here", stored=STORED)
    assert gate("").holds(right, STORED)
    assert not gate("").holds(right, {})
    assert gate("").holds(Right("ann"), {}), "a person has no key that could end"


def test_people_whom_the_configuration_names_need_no_key_and_made_up_names_are_nobodys() -> None:
    made_up = "0123456789abcdef" * 2
    asked = gate("", admins=("ann", made_up, "anonymous"))
    assert asked.named("ann", "Ann") == Right("ann")
    assert asked.named("bob", "Bob") is None
    assert asked.named(made_up, "Anonymous Io") is None
    assert asked.named("anonymous") is None
    assert asked.is_set({})


def test_who_guesses_is_not_listened_to_for_a_while_and_others_are() -> None:
    clock = Clock()
    asked = gate(clock=clock)
    assert [refused(asked) for _ in range(MOST_WRONG + 2)] == [403] * MOST_WRONG + [429] * 2
    with pytest.raises(TooManyWrongKeys) as limited:
        asked.right(OWN, client="here", stored=STORED)  # a guesser must not learn that it is right
    assert limited.value.detail == {"retry_after": 60}
    assert asked.right(OWN, client="elsewhere", stored=STORED)
    clock.now += 60
    assert asked.right(OWN, client="here", stored=STORED)


def test_when_many_guess_together_each_has_one_guess_and_who_has_guessed_nothing_comes_in() -> None:
    clock = Clock()
    asked = gate(clock=clock)
    assert {refused(asked, client=str(number)) for number in range(MOST_WRONG_IN_ALL)} == {403}
    assert refused(asked, OWN, client="7") == 429
    assert refused(asked, client="new") == 403
    assert refused(asked, client="new") == 429
    assert asked.right(OWN, client="newer", stored=STORED)
    clock.now += 61
    assert asked.right(OWN, client="7", stored=STORED)


@pytest.mark.parametrize(
    "name",
    ["admin_api_key", "X-Admin-API-Key", "x_admin_api_key", "ADMIN_API_KEY", "adminApiKey", "adminapikey"],
)
def test_a_key_in_an_address_is_known_however_it_is_written(name: str) -> None:
    assert names_a_key(name)


@pytest.mark.parametrize("name", ["days", "key", "token", "admin"])
def test_other_parameters_are_none(name: str) -> None:
    assert not names_a_key(name)


def test_a_grant_is_one_kernels_and_ends_by_itself_or_when_it_is_taken_back() -> None:
    clock, right = Clock(), Right("key 'admin'", digest(MADE))
    grants = Grants(clock)
    grants.give("one", right, LONGEST_GRANT_SECONDS)
    assert grants.right("one") == right
    assert (grants.right("other"), grants.is_over("other")) == (None, False)
    clock.now += LONGEST_GRANT_SECONDS
    assert (grants.right("one"), grants.is_over("one")) == (None, True)
    assert not grants.end("one"), "it had ended"
    grants.give("one", right, 10)
    assert grants.end("one")
    assert (grants.right("one"), grants.is_over("one")) == (None, False)
