"""Badges: ops on the boxes of their results, in the place of circles."""

from collections.abc import Sequence

import msgspec

from gradgraph.drawing.options import DrawingOptions, PictureOptions
from gradgraph.drawing.scene import Box, Cell, Circle, Cluster, Wire

MOST_WITH_CIRCLES = 30
"""Boxes of a picture whose ops are circles, where the size decides."""


def has_badges(options: DrawingOptions, boxes: int) -> bool:
    """Return whether ops are badges in a drawing of so many boxes."""
    ops = options.ops if isinstance(options, PictureOptions) else "circle"
    return ops == "badge" or (ops == "auto" and boxes > MOST_WITH_CIRCLES)


def with_badges(
    boxes: Sequence[Box], circles: Sequence[Circle], wires: Sequence[Wire], clusters: Sequence[Cluster]
) -> tuple[tuple[Box, ...], tuple[Wire, ...], tuple[Cluster, ...]]:
    """Return boxes, wires and clusters in which each circle is the first cell of its result's box.

    Wires that led to a circle lead to the box, with their marks, and the one from the circle to the box is gone.
    """
    ops = {circle.key: circle for circle in circles}
    on = {f"n{circle.node_id}": circle for circle in circles}
    badged = []
    for box in boxes:
        if box.key in on:
            circle = on[box.key]
            cells = (Cell(circle.symbol, "op"), *box.cells)
            box = msgspec.structs.replace(box, cells=cells, constants=circle.constants)
        badged.append(box)
    led = [
        msgspec.structs.replace(wire, head=f"n{ops[wire.head].node_id}") if wire.head in ops else wire
        for wire in wires
        if wire.tail not in ops
    ]
    kept = [cluster._replace(members=tuple([key for key in cluster.members if key not in ops])) for cluster in clusters]
    return tuple(badged), tuple(led), tuple(kept)
