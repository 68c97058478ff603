"""`Principal`: who a run is booked to.

Panel, magic and command line of one person are one principal: the hub's user, else the user that a
named identity provider gives, else the operating-system account. Jupyter's anonymous identities are
random per browser and per call, so they count as nobody.
"""

import os
import re
import sys
from collections.abc import Mapping
from typing import Literal

from ..types.value import Value

PrincipalSource = Literal["hub", "identity", "account"]


class Principal(Value):
    """A person or account."""

    id: str
    """Stable and unique in one database: source and name, e.g. `account:ann`."""
    name: str
    """For people."""
    source: PrincipalSource


def principal_of(
    *, hub_user: str | None, identity: str | None, display_name: str | None = None, account: str
) -> Principal:
    """Who this is, from what is known.

    `hub_user` is the JupyterHub's name of the server's owner; `identity` and `display_name` are
    `username` and `display_name` of the Jupyter server's user, anonymous or not; `account` is the name of
    the operating-system account.
    """
    if hub_user and hub_user.strip():
        return Principal(id=f"hub:{hub_user.strip()}", name=hub_user.strip(), source="hub")
    if identity and identity.strip() and not is_anonymous(identity, display_name):
        name = (display_name or "").strip() or identity.strip()
        return Principal(id=f"identity:{identity.strip()}", name=name, source="identity")
    return Principal(id=f"account:{account}", name=account, source="account")


def is_anonymous(identity: str, display_name: str | None = None) -> bool:
    """Whether a Jupyter user name is one that the server makes up: 32 hexadecimal digits, `Anonymous ...`."""
    if identity.strip().lower() == "anonymous":
        return True
    made_up = re.fullmatch(r"[0-9a-f]{32}", identity.strip()) is not None
    return made_up and (display_name is None or display_name.startswith("Anonymous "))


def here(
    identity: str | None = None,
    display_name: str | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
) -> Principal:
    """The principal of this process, for a request of this Jupyter user where there is one."""
    return principal_of(
        hub_user=environ.get("JUPYTERHUB_USER"),
        identity=identity,
        display_name=display_name,
        account=account_name(),
    )


def account_name() -> str:
    """Name of the account that this process runs as.

    Asked of the system by the effective user id: the variables `LOGNAME` and `USER` can say anything. An id
    without a name (usual in containers) is written as a number.
    """
    if sys.platform == "win32":
        return os.getlogin()
    import pwd  # not there on Windows

    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
