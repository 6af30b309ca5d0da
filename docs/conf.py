"""Sphinx settings."""

import sys
from pathlib import Path

import gradgraph

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent / "examples"), str(HERE.parent)]

project = "gradgraph"
author = "The gradgraph authors"
copyright = "2026, the gradgraph authors"
release = gradgraph.__version__

extensions = [
    "sphinx.ext.autodoc",
    "gradgraph.sphinxext",
    "command_tables",
    "layout_pictures",
    "listed_pictures",
    "op_table",
    "option_tables",
    "public_names",
    "schema_tables",
    "service_tables",
]
html_theme = "furo"
html_title = "gradgraph"
exclude_patterns = ["_build"]
nitpicky = True
smartquotes = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
default_role = "code"
