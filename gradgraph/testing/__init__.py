"""Checks for users and plug-in authors: gradients, promises of renderers and layouts, text drawings read back."""

from gradgraph.testing.gradients import GradientMismatch as GradientMismatch
from gradgraph.testing.gradients import check_gradients as check_gradients
from gradgraph.testing.layouts import check_layout as check_layout
from gradgraph.testing.renderers import check_renderer as check_renderer
from gradgraph.testing.text import ParsedText as ParsedText
from gradgraph.testing.text import parse_text as parse_text
