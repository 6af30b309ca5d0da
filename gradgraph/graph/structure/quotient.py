"""Cones as nodes of a graph of their own, and the role that each operand has in the expression of its user."""

from collections import Counter
from typing import NamedTuple

from gradgraph.graph.structure.shapes import Cones
from gradgraph.graph.structure.wiring import Wiring

MOST_SIBLINGS = 4
"""Operands of an op that its roles tell of: more would make an op of a thousand operands cost a million."""

RoleKey = tuple[int, str, int, tuple[int | str, ...]]
"""What makes a role: that of the expression around, the op, the slot where it matters, and the operands beside."""


class ConeEdge(NamedTuple):
    """The cone of `tail` is an operand, in this role, of the cone of `head`. Both are roots."""

    tail: int
    head: int
    role: int


class Quotient(NamedTuple):
    """The graph of cones: `roots` in topological order, an edge for each operand edge between them, and their values.

    `values` counts the nodes of each cone. `roles` are what roles are made of; role 0 is that of the root itself. And
    `role` is, by node, that in its own cone.
    """

    roots: list[int]
    edges: list[ConeEdge]
    values: dict[int, int]
    roles: list[RoleKey]
    role: list[int]


def quotient(wiring: Wiring, cones: Cones) -> Quotient:
    """Return the graph of cones.

    A role is the way from an operand up to the root of its user: ops, slots, and the shapes beside it. Slots do not
    count where terms of a sum or two results of a lone product can change places. In a product that is a term like
    others they count: the q and the k of an attention stay apart.
    """
    root, total, seen = cones.root, cones.total, cones.seen
    alike = _repeated_terms(wiring, cones)
    roles: dict[RoleKey, int] = {(0, "", 0, ()): 0}
    above = [0] * len(root)  # the role that what uses the node has in its cone
    edges: list[ConeEdge] = []
    outside: list[int | str] = [
        -2 if op is not None else (node.role or -1) for op, node in zip(wiring.op, wiring.nodes, strict=True)
    ]
    for head in range(len(root) - 1, -1, -1):
        op = wiring.op[head]
        if op is None:
            continue
        top, law, tails, last = root[head], wiring.law[head], wiring.operands[head], total[head]
        around = above[last]
        is_sum = law is not None and law.family == "add"
        tokens: list[int | str] = []
        if not is_sum:
            for tail in tails[:MOST_SIBLINGS]:
                is_part = root[tail] != tail and total[tail] != last
                tokens.append(seen[tail] if is_part else outside[tail])
        slots_count = law is None or (head != top and last in alike)
        for slot, tail in enumerate(tails):
            if total[tail] == last:
                continue  # a longer sum: its terms have the role of its last node
            is_root = root[tail] == tail
            if is_sum:
                is_minus = slot in law.negates  # type: ignore[union-attr]  # sums have laws
                key: RoleKey = (around, "add", is_minus, () if is_root else (seen[tail],))
            else:
                beside = tuple([token for token, other in zip(tokens, tails, strict=False) if other != tail])
                key = (around, op, slot if slots_count or wiring.op[tail] is None else -1, beside)
            role = roles.get(key)
            if role is None:
                role = roles[key] = len(roles)
            if is_root:
                edges.append(ConeEdge(tail, top, role))
            else:
                above[tail] = role
    return Quotient(
        [place for place, its in enumerate(root) if place == its], edges, dict(Counter(root)), list(roles), above
    )


def _repeated_terms(wiring: Wiring, cones: Cones) -> set[int]:
    """Return the terms of sums that have the shape of another term beside them."""
    alike: set[int] = set()
    for total in cones.terms:
        if wiring.is_sum(total):
            shapes = cones.shapes_of(total)
            if len(set(shapes)) < len(shapes):
                counts = Counter(shapes)
                nodes = cones.nodes_of(total)
                alike.update([node for node, shape in zip(nodes, shapes, strict=True) if counts[shape] > 1])
    return alike
