"""A project whose pages hold diagrams."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "pages"
extensions = ["gradgraph.sphinxext"]
exclude_patterns = ["markdown"]
numfig = True
html_theme = "furo"
man_pages = [("index", "pages", "diagrams", "nobody", 1)]
