"""Regions: what only one box leads on from."""

from functools import reduce

from gradgraph.graph.structure.quotient import ConeEdge, Quotient
from gradgraph.graph.structure.stacks import Partition, classify, stack

_TOP = -1
"""The place above all outputs."""


class Dominators:
    """The tree of dominators of cones, from the outputs: above a cone is the nearest that all its ways out go through.

    Built with jump pointers (Myers, An applicative random-access stack, 1983), so that meeting two cones takes
    logarithmic time, and no graph is slow.
    """

    def __init__(self, cone_graph: Quotient, is_output: list[bool]) -> None:
        self.depth = {_TOP: 0}
        self.above = {_TOP: _TOP}
        self._jump = {_TOP: _TOP}
        users: dict[int, list[int]] = {}
        for edge in cone_graph.edges:
            users.setdefault(edge.tail, []).append(edge.head)
        for root in reversed(cone_graph.roots):
            over = reduce(self._meet, users[root]) if root in users and not is_output[root] else _TOP
            jump = self._jump[over]
            is_even = self.depth[over] - self.depth[jump] == self.depth[jump] - self.depth[self._jump[jump]]
            self.above[root] = over
            self.depth[root] = self.depth[over] + 1
            self._jump[root] = self._jump[jump] if is_even else over

    def _meet(self, one: int, other: int) -> int:
        """Return the nearest place that is above both, or is one of them."""
        depth, jump, above = self.depth, self._jump, self.above
        if depth[one] < depth[other]:
            one, other = other, one
        while depth[one] > depth[other]:
            one = jump[one] if depth[jump[one]] >= depth[other] else above[one]
        while one != other:
            one, other = (jump[one], jump[other]) if jump[one] != jump[other] else (above[one], above[other])
        return one


def regions(cone_graph: Quotient, classes: dict[int, int], tree: Dominators, depth: int) -> Partition:
    """Return the boxes of regions of this depth, those that are alike in one stack.

    A region is a cone at most so deep in the tree, and all below the deepest of them. It has one way out, as a cone
    has, so there is no cycle.
    """
    home: dict[int, int] = {}
    for root in reversed(cone_graph.roots):
        home[root] = root if tree.depth[root] <= depth else home[tree.above[root]]
    between = [
        ConeEdge(home[edge.tail], home[edge.head], edge.role)
        for edge in cone_graph.edges
        if home[edge.tail] != home[edge.head]
    ]
    places = [root for root in cone_graph.roots if home[root] == root]
    weight = dict.fromkeys(places, 0)
    for root, its in home.items():
        weight[its] += cone_graph.values[root]
    inner = classify(places, classes.__getitem__, between)
    box = stack(places, inner, between, weight, lambda place: False)
    return named_by_least({root: box[its] for root, its in home.items()})


def named_by_least(part: dict[int, int]) -> Partition:
    """Return a partition with each box called by its least member."""
    least: dict[int, int] = {}
    for root in sorted(part):
        least.setdefault(part[root], root)
    return {root: least[part[root]] for root in sorted(part)}
