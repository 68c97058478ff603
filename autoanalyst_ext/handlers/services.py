"""`Services`: what all routes share, built once by the extension and handed to each of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..kernels import KernelSecrets
    from ..policy.admin import Grants
    from .dashboards import Dashboards
    from .loader import EngineLoader
    from .relays import RelayManager


@dataclass(frozen=True)
class Services:
    """The engine, once somebody asks, and those who are connected to it."""

    engine: "EngineLoader"
    relays: "RelayManager"
    kernel_secrets: "KernelSecrets"
    grants: "Grants"
    dashboards: "Dashboards"
