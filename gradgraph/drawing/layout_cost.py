"""How much work a layout is, estimated from the graph before an engine starts."""

from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_layers import estimated_layers
from gradgraph.errors import ToolLimit
from gradgraph.limits import Limits, how_to_raise

_LONG, _FRAMED = 32, 10
"""What the square of a line's length and the layers of a frame are divided by; found by benchmarks/layout_cost.py."""


_DRAW_LESS = "draw less of the graph (--focus, --max-boxes), use -f text"


def check_cost(plan: Outline, limits: Limits) -> None:
    """Raise ToolLimit, with the figures and the remedy, for more than Graphviz can place in useful time."""
    most = limits.max_layout_cost
    if costs_at_most(plan, most):
        return
    blocks, lines, least = len(plan.blocks), len(plan.lines), _least_cost(plan)
    figure = f"at least {least:,}" if least > most else f"{layout_cost(plan):,}"
    raise ToolLimit(
        f"the layout of {blocks:,} boxes and circles and {lines:,} edges would cost {figure}, more than "
        f"max_layout_cost = {most:,}",
        f"{_DRAW_LESS}, or {how_to_raise('max_layout_cost')}",
        ("layout", "layered"),
    )


def check_drawn(plan: Outline, limits: Limits) -> None:
    """Raise ToolLimit, with the figures and the remedy, for more than an engine of linear cost may place."""
    most = limits.max_drawn
    blocks, lines = len(plan.blocks), len(plan.lines)
    if max(blocks, lines) > most:
        raise ToolLimit(
            f"the picture would have {blocks:,} boxes and circles and {lines:,} edges, more than max_drawn = {most:,}",
            f"{_DRAW_LESS}, or {how_to_raise('max_drawn')}",
        )


def costs_at_most(plan: Outline, most: int) -> bool:
    """Return whether the layout of `plan` costs no more than that; quick for one that is far too large."""
    return _least_cost(plan) <= most and layout_cost(plan) <= most


def _least_cost(plan: Outline) -> int:
    return 2 * len(plan.blocks) + len(plan.lines)


def layout_cost(plan: Outline) -> int:
    """Return what a layered layout of `plan` costs, in things to place. Time grows with its square.

    `dot` finds layers, then places on them (Gansner et al., A Technique for Drawing Directed Graphs, 1993). Both steps
    place each box and circle, which so counts 2. The second gives a line that crosses s layers a point on each layer
    between, and places each of its s pieces as it does a box: so a line counts 2s - 1. Long lines side by side take
    more steps to straighten, so each counts s²/32 more. A frame has two sides on each of its layers, and counts a tenth
    of these layers. When any line has a mark, `dot` doubles all layers to make room for it. Linear in blocks, lines and
    frames.

    >>> from gradgraph.drawing.layout import Block, Line
    >>> blocks = dict.fromkeys("abc", Block(9.0, 9.0))
    >>> layout_cost(Outline(blocks, (Line("a", "b"), Line("b", "c"), Line("a", "c")), ()))
    11
    """
    layers = estimated_layers(plan)
    doubled = 2 if any(line.mark for line in plan.lines) else 1
    crossed = [doubled * abs(layers[line.head] - layers[line.tail]) for line in plan.lines]
    long = sum([s * s for s in crossed]) // _LONG
    framed = doubled * _framed_layers(plan, layers) // _FRAMED
    return 2 * len(plan.blocks) + sum([2 * s - 1 for s in crossed]) + long + framed


def _framed_layers(plan: Outline, layers: dict[str, int]) -> int:
    """Return on how many layers each frame is, all frames together."""
    inside: dict[int, list[int]] = {frame.group_id: [layers[key] for key in frame.members] for frame in plan.frames}
    count = 0
    for frame in reversed(plan.frames):  # what is inside a frame comes after it
        found = inside[frame.group_id]
        if found:
            first, last = min(found), max(found)
            count += last - first + 1
            if frame.parent is not None:
                inside[frame.parent] += [first, last]
    return count
