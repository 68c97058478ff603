"""The usage dashboard: `from autoanalyst_kernel.dashboard import Dashboard`, then `Dashboard()` in a cell."""

from .dashboard import Dashboard

__all__ = ["Dashboard"]
