"""The Sphinx extension, under the name that conf.py holds."""

from gradgraph.pages.sphinx.directive import setup as setup
