"""Sphinx settings."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "gradgraph"
author = "The gradgraph authors"
copyright = "2026, the gradgraph authors"
release = "0.1.0"

extensions = ["sphinx.ext.autodoc", "schema_tables", "text_drawing"]
html_theme = "furo"
html_title = "gradgraph"
exclude_patterns = ["_build"]
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
default_role = "code"
