"""Cones and their shapes: which values are one expression, and which expressions are alike.

A cone is a value and all that only it uses: a maximal fanout-free cone, as logic synthesis calls it (Cong and Ding,
FlowMap, 1994). Its shape is the expression with all operands from outside alike.
"""

from typing import NamedTuple

from gradgraph.graph.structure.wiring import Wiring

OUTSIDE, CONSTANT = 0, 1
"""Shapes of an operand from another cone, and of a number that is written into its expression."""
FIRST_SHAPE = 2

ShapeKey = tuple[str, object, tuple[int, ...] | frozenset[int]]
"""What makes a shape: the op or the family of a sum, its params, and the shapes of operands or terms."""


class Term(NamedTuple):
    """A term of a sum or a factor of a product: its shape, its node, and whether it is in the cone of the sum."""

    shape: int
    node: int
    inside: bool


class Cones(NamedTuple):
    """The cones of a graph, by node.

    `root` is the one value of its cone that others use. `total` is the last node of the sum that it is an inner node
    of, or itself. `size` counts the results in its part of the cone. `terms` are those of every sum, by its last node.
    `keys` are what the shapes from FIRST_SHAPE on are made of.
    """

    root: list[int]
    total: list[int]
    shape: list[int]
    size: list[int]
    terms: dict[int, list[Term]]
    keys: list[ShapeKey]


def shape_cones(wiring: Wiring, cut: list[bool]) -> Cones:
    """Return the cones whose roots are the nodes that are cut, and those that are not used exactly once."""
    root, total = _roots(wiring, cut)
    count = len(root)
    shape, size = [OUTSIDE] * count, [1] * count
    terms: dict[int, list[Term]] = {}
    table: dict[ShapeKey, int] = {}
    laws, ops, nodes = wiring.law, wiring.op, wiring.nodes  # this loop is where finding structure spends its time
    for head, tails in enumerate(wiring.operands):
        op = ops[head]
        if op is None:
            shape[head] = CONSTANT if wiring.constant[head] and root[head] != head else OUTSIDE
            size[head] = 0
            continue
        law, top, last = laws[head], root[head], total[head]
        kinds = []
        for slot, tail in enumerate(tails):
            inside = tail != top and root[tail] == top
            kind = OUTSIDE
            if inside:
                size[head] += size[tail]
                kind = shape[tail]
            if law is None:
                kinds.append(kind)
            elif not (inside and total[tail] == last):
                if slot in law.negates:
                    kind = table.setdefault(("-", None, (kind,)), len(table) + FIRST_SHAPE)
                terms.setdefault(last, []).append(Term(kind, tail, inside))
        if law is None:
            key: ShapeKey = (op, nodes[head].params or None, tuple(kinds))
        elif last == head:
            found = [term.shape for term in terms.get(head, ())]
            key = (law.family, None, frozenset(found) if law.family == "add" else tuple(sorted(found)))
        else:
            continue
        shape[head] = table.setdefault(key, len(table) + FIRST_SHAPE)
    return Cones(root, total, shape, size, terms, list(table))


def _roots(wiring: Wiring, cut: list[bool]) -> tuple[list[int], list[int]]:
    """Return the root of the cone, and the last node of the sum, of every node."""
    root = list(range(len(cut)))
    total = list(range(len(cut)))
    laws, operands = wiring.law, wiring.operands
    for place in range(len(cut) - 1, -1, -1):
        user = wiring.user[place]
        if user < 0 or cut[place]:
            continue
        root[place] = root[user]
        law, above = laws[place], laws[user]
        if (
            law is not None
            and above is not None
            and law.family == above.family
            and (above.joins is None or place in [operands[user][slot] for slot in above.joins])
        ):
            total[place] = total[user]
    return root, total
