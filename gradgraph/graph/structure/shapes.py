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
"""What makes a shape: the op or the family of a sum, its params, and the shapes of operands or terms. The params
of a product are how many factors are there again."""


class Term(NamedTuple):
    """A term of a sum or a factor of a product: its shape, its node, and whether it is in the cone of the sum."""

    shape: int
    node: int
    inside: bool


class Cones(NamedTuple):
    """The cones of a graph, by node.

    `root` is the one value of its cone that others use. `total` is the last node of the sum that it is an inner node
    of, or itself. `size` counts the results in its part of the cone. `shape` is that of its part, and `seen` is what
    its users see of it: OUTSIDE of a root. `keys` are what the shapes from FIRST_SHAPE on are made of.

    `terms` are the nodes that every sum adds, by the last node of the sum; ~node for one that it takes away. `minus` is
    by shape that of the same with the other sign.
    """

    root: list[int]
    total: list[int]
    shape: list[int]
    seen: list[int]
    size: list[int]
    terms: dict[int, list[int]]
    minus: dict[int, int]
    keys: list[ShapeKey]

    def shapes_of(self, total: int) -> list[int]:
        """Return the shapes of the terms of a sum."""
        return [self.seen[term] if term >= 0 else self.minus[self.seen[~term]] for term in self.terms[total]]

    def nodes_of(self, total: int) -> list[int]:
        """Return the nodes of the terms of a sum."""
        return [term if term >= 0 else ~term for term in self.terms[total]]

    def terms_of(self, total: int) -> list[Term]:
        """Return the terms of a sum, or the factors of a product."""
        pairs = zip(self.shapes_of(total), self.nodes_of(total), strict=True)
        return [Term(shape, node, self.root[node] != node) for shape, node in pairs]


def shape_cones(wiring: Wiring, cut: list[bool]) -> Cones:
    """Return the cones whose roots are the nodes that are cut, and those that are not used exactly once."""
    root, total = _roots(wiring, cut)
    count = len(root)
    shape, seen, size = [OUTSIDE] * count, [OUTSIDE] * count, [0] * count
    part = [0] * count  # of the size, what its users see of it
    terms: dict[int, list[int]] = {}
    minus: dict[int, int] = {}
    table: dict[ShapeKey, int] = {}
    laws, ops, all_params = wiring.law, wiring.op, wiring.params  # finding structure spends its time in this loop
    for head, tails in enumerate(wiring.operands):
        is_part = root[head] != head
        op = ops[head]
        if op is None:
            if is_part and wiring.constant[head]:
                shape[head] = seen[head] = CONSTANT
            continue
        size[head] = its_size = 1 + sum([part[tail] for tail in tails])
        if is_part:
            part[head] = its_size
        law = laws[head]
        if law is None:
            key: ShapeKey = (op, all_params[head], tuple([seen[tail] for tail in tails]))
        else:
            last = total[head]
            its = terms.get(last)
            if its is None:
                its = terms[last] = []
            for slot, tail in enumerate(tails):
                if total[tail] == last:
                    continue  # an inner node of the same sum
                if slot in law.negates:
                    its.append(~tail)
                    if seen[tail] not in minus:
                        minus[seen[tail]] = table.setdefault(("-", None, (seen[tail],)), len(table) + FIRST_SHAPE)
                else:
                    its.append(tail)
            if last != head:
                continue
            kinds = [seen[term] if term >= 0 else minus[seen[~term]] for term in its]
            if law.family == "add":
                key = ("add", None, frozenset(kinds))
            else:  # a square is no product of two
                key = (law.family, len(its) - len(set(its)) or None, tuple(sorted(kinds)))
        shape[head] = its_shape = table.setdefault(key, len(table) + FIRST_SHAPE)
        if is_part:
            seen[head] = its_shape
    return Cones(root, total, shape, seen, size, terms, minus, list(table))


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
