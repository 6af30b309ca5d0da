"""How much work a layout is, estimated from the graph before an engine starts."""

from graphlib import TopologicalSorter

from gradgraph.drawing.layout import Outline
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
    layers = _layers(plan)
    doubled = 2 if any(line.mark for line in plan.lines) else 1
    crossed = [doubled * abs(layers[line.head] - layers[line.tail]) for line in plan.lines]
    long = sum([s * s for s in crossed]) // _LONG
    framed = doubled * _framed_layers(plan, layers) // _FRAMED
    return 2 * len(plan.blocks) + sum([2 * s - 1 for s in crossed]) + long + framed


def _layers(plan: Outline) -> dict[str, int]:
    """Return the layer of each block: operands before users, and lines as short as can be told in two passes.

    The first pass puts everything as near to the leaves as it can be (longest-path layering). The second moves a
    block towards its users unless that makes more lines longer than shorter: what feeds it alone moves with it.
    `dot` finds the layers of each frame by itself, so what is in a frame is not moved towards users elsewhere,
    but for leaves, which move together.
    """
    frames = {key: frame.group_id for frame in plan.frames for key in frame.members}
    tails: dict[str, list[str]] = {key: [] for key in plan.blocks}
    heads: dict[str, list[str]] = {key: [] for key in plan.blocks}
    for line in plan.lines:
        tails[line.head].append(line.tail)
        heads[line.tail].append(line.head)
    layers: dict[str, int] = {}
    held: dict[str, int] = {}  # how many lines into a block get longer when it moves towards its users
    order = list(TopologicalSorter(tails).static_order())
    for key in order:
        layers[key] = max([layers[tail] + 1 for tail in tails[key]], default=0)
        held[key] = sum([min(1, held[tail]) if len(heads[tail]) == 1 else 1 for tail in tails[key]])
    loose: dict[int | None, list[str]] = {}  # by frame: leaves whose users are all elsewhere
    for key in reversed(order):
        frame = frames.get(key)
        pulling = [head for head in heads[key] if frame is None or frames.get(head) == frame]
        if len(pulling) >= max(held[key], 1):
            layers[key] = min([layers[head] for head in heads[key]]) - 1
        elif heads[key] and not tails[key]:
            loose.setdefault(frame, []).append(key)
    for keys in loose.values():
        first = min([layers[head] for key in keys for head in heads[key]])
        layers.update(dict.fromkeys(keys, first - 1))
    return layers


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
