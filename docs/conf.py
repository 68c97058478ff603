"""How Sphinx builds these pages: `make docs` from the root. Pages are Markdown (MyST)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_VERSION = re.search(r'__version__ = "(.+)"', (ROOT / "autoanalyst_ext" / "__init__.py").read_text("utf-8"))
assert _VERSION is not None

project = "AutoAnalyst for Jupyter"
author = "The AutoAnalyst contributors"
version = release = _VERSION[1]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "pydata_sphinx_theme"
html_title = project
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}
