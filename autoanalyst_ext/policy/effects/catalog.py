"""All lists of safe functions together, and the modules and known classes in them."""

from .allowed import ALIASES, BUILTINS, NUMPY, PANDAS, POLARS, SCIPY, STANDARD, STATSMODELS
from .charts import DRAWING
from .datafiles import READERS
from .learning import SKLEARN

__all__ = ["ALIASES", "BUILTINS", "CLASSES", "FUNCTIONS", "MODULES"]

FUNCTIONS = BUILTINS | STANDARD | PANDAS | POLARS | NUMPY | SCIPY | STATSMODELS | SKLEARN | DRAWING | READERS
"""Dotted paths of all functions, classes and constants that safe code may read."""

MODULES = (
    frozenset(
        ".".join(path.split(".")[:length]) for path in FUNCTIONS for length in range(1, path.count(".") + 1)
    )
    - FUNCTIONS
    - {"builtins"}
)
"""Their modules: they may be imported, and only walked through."""

CLASSES = {path.rsplit(".", 1)[1]: path for path in sorted(SKLEARN) if path.count(".") == 2} | {
    "make_subplots": "plotly.subplots.make_subplots"
}
"""Names that a notebook imports from a library directly and that mean nothing else."""
