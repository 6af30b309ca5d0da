"""The Markdown fence, under the names that mkdocs.yml holds."""

from gradgraph.pages.markdown import fence as fence
from gradgraph.pages.markdown import make_fence as make_fence
from gradgraph.pages.markdown import makeExtension as makeExtension
from gradgraph.pages.markdown import validate as validate
