"""How much work a layout is, told from the graph before an engine starts."""

from graphlib import TopologicalSorter

from gradgraph.errors import ToolLimit
from gradgraph.layouts import Outline
from gradgraph.limits import Limits, how_to_raise

_LONG = 32
"""Layers from which on the length of a line costs more than its layers do; found by benchmarks/layout.py."""


def check_cost(plan: Outline, limits: Limits) -> None:
    """Raise ToolLimit, with the figures and the remedy, for more than Graphviz can place in useful time."""
    blocks, lines, most = len(plan.blocks), len(plan.lines), limits.max_layout_cost
    figure = f"at least {blocks + lines:,}"
    if blocks + lines <= most:
        cost = layout_cost(plan)
        if cost <= most:
            return
        figure = f"{cost:,}"
    raise ToolLimit(
        f"the layout of {blocks:,} boxes and circles and {lines:,} edges would cost {figure}, more than "
        f"max_layout_cost = {most:,}",
        f"draw less of the graph (--focus, --max-nodes), use -f text, or {how_to_raise('max_layout_cost')}",
    )


def layout_cost(plan: Outline) -> int:
    """Return what a layered layout of `plan` costs: what has to be placed, and more for long lines.

    `dot` puts everything on layers (Gansner et al., A Technique for Drawing Directed Graphs, 1993). A line that
    crosses s layers gets a point on each layer between, and each of its s pieces is placed as if it were a node: so a
    line counts 2s - 1, and a box or circle 1. That sum is the size of the problem that `dot -v` reports, and time
    grows with its square. Long lines side by side take more steps to straighten, which the s²/32 is for. When any
    line has a mark, `dot` doubles all layers to make room for it. Linear in blocks and lines.

    >>> from gradgraph.layouts import Block, Line
    >>> blocks = dict.fromkeys("abc", Block(9.0, 9.0))
    >>> layout_cost(Outline(blocks, (Line("a", "b"), Line("b", "c"), Line("a", "c")), ()))
    8
    """
    layers = _layers(plan)
    doubled = 2 if any(line.mark for line in plan.lines) else 1
    crossed = [doubled * abs(layers[line.head] - layers[line.tail]) for line in plan.lines]
    return len(plan.blocks) + sum([2 * s - 1 for s in crossed]) + sum([s * s for s in crossed]) // _LONG


def _layers(plan: Outline) -> dict[str, int]:
    """Return the layer of each block: operands before users, and lines as short as can be told in two passes.

    The first pass puts everything as near to the leaves as it can be (longest-path layering). The second moves a
    block towards its users unless that makes more lines longer than shorter: what feeds it alone moves with it.
    """
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
    for key in reversed(order):
        if len(heads[key]) >= max(held[key], 1):
            layers[key] = min([layers[head] for head in heads[key]]) - 1
    return layers
