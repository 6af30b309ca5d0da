"""Which layout engine places a drawing: the one that is named, or by a rule of the graph alone."""

import os
from collections.abc import Mapping

from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_cost import costs_at_most
from gradgraph.drawing.registry import OURS, layout_names
from gradgraph.errors import OptionError

VARIABLE = "GRADGRAPH_LAYOUT"
AUTO_COST = 1_500
"""Up to this cost, as `layout_cost` estimates it, "auto" takes `dot`. A 2-4-4-1 network costs 1,261. The first graphs
that `dot` draws badly cost more: a sum of 200 (1,820) is a diagonal 31,122 px wide, and a recurrent network of 5 steps
in groups (2,096) has lines that lead back. `python -m benchmarks.layout_cost` prints cost and time of more graphs."""


def auto_layout(plan: Outline) -> str:
    """Return the name of the engine that "auto" takes for an outline, whatever is installed.

    >>> from gradgraph.drawing.layout import Block
    >>> auto_layout(Outline({"a": Block(9.0, 9.0)}, (), ()))
    'dot'
    >>> auto_layout(Outline({f"n{number}": Block(9.0, 9.0) for number in range(9_999)}, (), ()))
    'layered'
    """
    return "dot" if costs_at_most(plan, AUTO_COST) else "layered"


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
