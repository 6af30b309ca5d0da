"""Regions: what only one box leads on from."""

from functools import reduce

from gradgraph.graph.structure.quotient import ConeEdge, Quotient
from gradgraph.graph.structure.stacks import Partition, classify, stack
from gradgraph.graph.structure.trees import TOP, Tree


def dominators(cone_graph: Quotient, is_output: list[bool]) -> Tree:
    """Return the tree in which above a cone is the nearest that all its ways to the outputs go through."""
    tree = Tree()
    users: dict[int, list[int]] = {}
    for edge in cone_graph.edges:
        users.setdefault(edge.tail, []).append(edge.head)
    for root in reversed(cone_graph.roots):
        tree.add(root, reduce(tree.meet, users[root]) if root in users and not is_output[root] else TOP)
    return tree


def regions(cone_graph: Quotient, classes: dict[int, int], tree: Tree, depth: int) -> Partition:
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
