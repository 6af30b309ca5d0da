"""Which layout engine places a drawing: the one that is named, or by a rule of the graph alone."""

import os
from collections.abc import Mapping

from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_cost import costs_at_most
from gradgraph.drawing.layout_layers import estimated_layers
from gradgraph.drawing.registry import OURS, layout_names
from gradgraph.errors import OptionError

VARIABLE = "GRADGRAPH_LAYOUT"
AUTO_COST = 1_500
"""Up to this cost, as `layout_cost` estimates it, "auto" takes `dot`. A 2-4-4-1 network costs 1,261. The first graphs
that `dot` draws badly cost more: a sum of 200 (1,820) is a diagonal 31,122 px wide, and a recurrent network of 5 steps
in groups (2,096) has lines that lead back. `python -m benchmarks.layout_cost` prints cost and time of more graphs."""
AUTO_WIDTH = 1_500.0
"""Up to this width in px, as `dot_width` estimates it, "auto" takes `dot`, whose pictures are then seldom wider than
1,600: of 300 random graphs, the estimate for 285 is at least 0.81 of the width. `layered` draws in rows what is longer.
`python -m benchmarks.layout_widths` prints both widths of many graphs."""
_SEPARATION = 25.2
"""px between two ranks of `dot`: 0.35 inches of 72 points. It is half of that where marks have ranks of their own."""


def auto_layout(plan: Outline) -> str:
    """Return the name of the engine that "auto" takes for an outline, whatever is installed.

    The direction of the drawing does not count: what would be wide from left to right is high from top to bottom.

    >>> from gradgraph.drawing.layout import Block
    >>> auto_layout(Outline({"a": Block(9.0, 9.0)}, (), ()))
    'dot'
    >>> auto_layout(Outline({f"n{number}": Block(9.0, 9.0) for number in range(9_999)}, (), ()))
    'layered'
    """
    small = costs_at_most(plan, AUTO_COST) and dot_width(plan) <= AUTO_WIDTH
    return "dot" if small else "layered"


def dot_width(plan: Outline) -> float:
    """Return about how wide the picture of `dot` is from left to right, in px.

    Each layer is as wide as its widest block. If any line has a mark, `dot` doubles the layers, and a mark is on the
    layer in the middle of its line. Linear in blocks and lines.

    >>> from gradgraph.drawing.layout import Block, Line
    >>> dot_width(Outline(dict.fromkeys("ab", Block(100.0, 9.0)), (Line("a", "b"),), ()))
    225.2
    """
    layers = estimated_layers(plan)
    doubled = 2 if any(line.mark for line in plan.lines) else 1
    widths: dict[int, float] = {}
    for key, layer in layers.items():
        widths[doubled * layer] = max(plan.blocks[key].width, widths.get(doubled * layer, 0.0))
    for line in plan.lines:
        if line.mark:
            middle = layers[line.tail] + layers[line.head]
            widths[middle] = max(line.mark.width, widths.get(middle, 0.0))
    ranks = max(widths, default=0) - min(widths, default=0)
    return sum(widths.values()) + ranks * _SEPARATION / doubled


def default_layout(environment: Mapping[str, str] = os.environ) -> str:
    """Return what the option `layout` is where nothing sets it: what GRADGRAPH_LAYOUT says, else "auto".

    Raises OptionError, which names the variable, for a name that no engine has.

    >>> default_layout({}), default_layout({"GRADGRAPH_LAYOUT": "layered"})
    ('auto', 'layered')
    >>> default_layout({"GRADGRAPH_LAYOUT": "tidy"})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    gradgraph.errors.OptionError: GRADGRAPH_LAYOUT is 'tidy', and no layout engine has that name (there are: auto, ...)
    """
    name = environment.get(VARIABLE) or "auto"
    if name in ("auto", *OURS) or name in layout_names():  # ours first: the others are searched for on the disk
        return name
    known = ", ".join(["auto", *layout_names()])
    raise OptionError(f"{VARIABLE} is {name!r}, and no layout engine has that name (there are: {known})")
