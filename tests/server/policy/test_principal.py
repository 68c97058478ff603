"""Panel, magic and command line of one person are one principal."""

import logging
import os
import pwd
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.auth.identity import IdentityProvider

from autoanalyst_ext.policy.principal import account_name, here, is_anonymous, principal_of

ANONYMOUS = "0123456789abcdef0123456789abcdef"


def test_the_hub_user_comes_first() -> None:
    principal = principal_of(hub_user="ann", identity="bob", account="jovyan")
    assert (principal.id, principal.name, principal.source) == ("hub:ann", "ann", "hub")


def test_a_named_identity_comes_before_the_account() -> None:
    principal = principal_of(hub_user=None, identity="ann@x.org", display_name="Ann Lee", account="jovyan")
    assert (principal.id, principal.name, principal.source) == ("identity:ann@x.org", "Ann Lee", "identity")


@pytest.mark.parametrize(
    ("identity", "display"),
    [
        (ANONYMOUS, "Anonymous Io"),
        (ANONYMOUS, None),
        ("anonymous", None),
        ("Anonymous", "Anonymous"),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("hub_user", [None, "", " "])
def test_an_anonymous_identity_is_the_account(
    identity: str | None, display: str | None, hub_user: str | None
) -> None:
    principal = principal_of(hub_user=hub_user, identity=identity, display_name=display, account="ann")
    assert (principal.id, principal.source) == ("account:ann", "account")


def test_what_the_jupyter_server_makes_up_is_anonymous() -> None:
    handler: Any = SimpleNamespace(log=logging.getLogger("test"))
    user = IdentityProvider().generate_anonymous_user(handler)
    assert is_anonymous(user.username, user.display_name)


def test_a_person_whose_name_only_looks_made_up_is_a_person() -> None:
    assert not is_anonymous(ANONYMOUS, "Ann Lee")
    assert not is_anonymous("ann", "Anonymous Io")


def test_one_name_from_two_sources_is_two_principals() -> None:
    ids = {
        principal_of(hub_user="ann", identity=None, account="ann").id,
        principal_of(hub_user=None, identity="ann", account="ann").id,
        principal_of(hub_user=None, identity=None, account="ann").id,
    }
    assert len(ids) == 3


def test_the_account_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "mallory")
    assert account_name() != "mallory"
    assert here(environ={"USER": "mallory"}).name == account_name()


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    unused = 1 + max(entry.pw_uid for entry in pwd.getpwall())
    monkeypatch.setattr(os, "geteuid", lambda: unused)
    assert account_name() == str(unused)


def test_every_door_of_one_person_gives_the_same_principal() -> None:
    on_the_hub = {"JUPYTERHUB_USER": "ann"}
    assert here("ann", "Ann Lee", environ=on_the_hub) == here(environ=on_the_hub)
    assert here(ANONYMOUS, "Anonymous Io", environ={}) == here(environ={})
