"""Graphs recomputed and compared. Only our primitives say how they are computed.

An op of another name is an engine's own. It claims nothing, so its value is unknown (None) at other leaves, and so is
everything that is computed of it.
"""

import math
from typing import Any

from gradgraph.engine.ops import PRIMITIVES

TOLERANCE = 1e-7


def close(a, b, tolerance=TOLERANCE):
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def own_ops(graph):
    """Return the names of the ops that are no primitives of ours."""
    return sorted({node.op for node in graph if node.op and node.op not in PRIMITIVES})


def _computed(node, primals):
    op = PRIMITIVES.get(node.op)
    if op is None or None in primals:
        return None
    if len(primals) != op.arity:
        raise ValueError(f"{node.op} of {len(primals)} operands")
    return op.forward(tuple(primals), node.params)


def recompute(graph, at):
    """Return the data of every node with some leaves changed: `at` gives id -> number."""
    data: list[float | None] = []
    for node in graph:
        is_leaf = node.op is None
        data.append(at.get(node.id, node.data) if is_leaf else _computed(node, [data[i] for i in node.operands]))
    return data


def false_claim(graph):
    """Return the first node whose data is not what its op gives for the data of its operands, or None."""
    for node in graph:
        if node.op is not None:
            expected = _computed(node, [graph[i].data for i in node.operands])
            if expected is not None and not close(node.data, expected, 1e-5):
                return node
    return None


def match(graph, numbers):
    """Return which leaf of the program each exported leaf is, by data: all numbers differ."""
    return {
        node.id: at for node in graph if node.op is None for at, x in enumerate(numbers) if close(node.data, x, 1e-9)
    }


def moving(graph, matched):
    """Return the nodes that depend on a leaf of the program, not on numbers alone."""
    found = set(matched)
    for node in graph:
        if any(i in found for i in node.operands):
            found.add(node.id)
    return found


def outline(graph, matched, known):
    """Return a mark for the shape of a graph: the same mark means the same shape.

    A node of one operand counts as that operand, and numbers do not count: a-b, a+(-b) and a+b*(-1) have one shape.
    What is left is which parts meet, in which order, down to the leaves. `known` numbers the
    places where parts meet; two graphs that are compared share it.
    """
    shapes: dict[int, Any] = {}
    for node in graph:
        parts = tuple(shapes[i] for i in node.operands if i in shapes)
        if node.id in matched:
            shapes[node.id] = "leaf", matched[node.id]
        elif len(parts) > 1:
            shapes[node.id] = known.setdefault(parts, len(known))
        elif parts:
            shapes[node.id] = parts[0]
    return shapes.get(graph.outputs[0])


def same_shape(graph, matched, own, own_matched):
    known: dict[tuple[Any, ...], int] = {}
    return outline(graph, matched, known) == outline(own, own_matched, known)


def swapped(graph, matched, own, own_matched, points):
    """Return the first + or * of `graph` whose operands are the other way round than in `own`, or None.

    Nodes of the two graphs are the same if they compute the same at each point. One of a*b and b*a may be either.
    """
    orders: dict[tuple[Any, str], list[list[Any]]] = {}
    for node, result, operands in _commutative(own, own_matched, points):
        orders.setdefault((result, node.op), []).append(operands)
    for node, result, operands in _commutative(graph, matched, points):
        allowed = orders.get((result, node.op), [])
        if operands not in allowed and operands[::-1] in allowed:
            return node
    return None


def _commutative(graph, matched, points):
    """Yield each + and * of two moving operands, what it computes at the points, and what its operands do."""
    columns = [recompute(graph, {i: point[at] for i, at in matched.items()}) for point in points]
    rows = [tuple(row) for row in zip(*columns, strict=True)]
    found = moving(graph, matched)
    for node in graph:
        if node.op in ("add", "mul") and all(i in found for i in node.operands) and None not in rows[node.id]:
            yield node, _rounded(rows[node.id]), [_rounded(rows[i]) for i in node.operands]


def _rounded(row):
    return tuple(float(f"{x:.6g}") for x in row)


def written(graph):
    """Write the first nodes of a graph in one line."""
    rows = [
        f"n{n.id}={n.op}({','.join(f'n{i}' for i in n.operands)})" if n.op else f"n{n.id}={n.data:.4g}" for n in graph
    ]
    return " ".join(rows[:14]) + (" …" if len(rows) > 14 else "")
