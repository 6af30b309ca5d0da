"""A graph with numbers as a picture shows them."""

import math

import msgspec

from gradgraph.graph.model import Graph


def rounded(graph: Graph, digits: int, *, keep_local: bool = False) -> Graph:
    """Return the graph with numbers of so many significant digits, and without local derivatives unless they are kept.

    A number that rounding would make infinite stays as it is, and so do params, which decide what an op computes.

    >>> from gradgraph import Value, export
    >>> [node.data for node in rounded(export(Value(0.123456) * 2), 4)]
    [0.1235, 2.0, 0.2469]
    """
    nodes = [
        msgspec.structs.replace(
            node,
            data=_rounded(node.data, digits),
            grad=None if node.grad is None else _rounded(node.grad, digits),
            local=tuple([_rounded(slope, digits) for slope in node.local]) if keep_local else (),
        )
        for node in graph
    ]
    return msgspec.structs.replace(graph, nodes=tuple(nodes))


def _rounded(number: float, digits: int) -> float:
    near = float(f"{number:.{digits}g}")
    return near if math.isfinite(near) else number
