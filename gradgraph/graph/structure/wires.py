"""Wires between boxes: how many operand edges each is, and whether they go from each to each."""

from collections import Counter
from typing import Literal, NamedTuple

from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.stacks import Partition

Pattern = Literal["", "each to each", "one to one", "some"]
"""How the members of two boxes are connected: "some" if not every member of both takes part. "" says no more than the
number of edges."""


class BoxWire(NamedTuple):
    """All operand edges from one box to another: their number, and how they connect the members."""

    tail: int
    head: int
    edges: int
    pattern: Pattern


def wires(cone_graph: Quotient, part: Partition) -> list[BoxWire]:
    """Return the wires between the boxes of a partition, by head and then by tail."""
    members = Counter(part.values())
    between: dict[tuple[int, int], Counter[tuple[int, int]]] = {}
    for tail, head, _ in cone_graph.edges:
        ends = part[head], part[tail]
        if ends[0] != ends[1]:
            between.setdefault(ends, Counter())[tail, head] += 1
    return [
        BoxWire(tail, head, sum(pairs.values()), _pattern(pairs, members[tail], members[head]))
        for (head, tail), pairs in sorted(between.items(), key=lambda item: item[0])
    ]


def _pattern(pairs: Counter[tuple[int, int]], tails: int, heads: int) -> Pattern:
    if tails == heads == 1:
        return ""
    if len(pairs) == tails * heads:
        return "each to each"
    if len({tail for tail, _ in pairs}) < tails or len({head for _, head in pairs}) < heads:
        return "some"
    return "one to one" if len(pairs) == tails == heads else ""
