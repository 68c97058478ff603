"""AutoAnalyst for Jupyter: a data analyst that lives inside the notebook."""

__version__ = "0.1.0"
