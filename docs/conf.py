"""Sphinx settings."""

project = "gradgraph"
author = "The gradgraph authors"
copyright = "2026, the gradgraph authors"
release = "0.1.0"

extensions = ["sphinx.ext.autodoc", "sphinx.ext.doctest"]
html_theme = "furo"
html_title = "gradgraph"
exclude_patterns = ["_build"]
nitpicky = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
default_role = "code"
