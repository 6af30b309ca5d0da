"""Stacks: cones that compute the same for the same; and layers, their coarser kin."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from gradgraph.graph.structure.quotient import ConeEdge, Quotient
from gradgraph.graph.structure.shapes import Cones
from gradgraph.graph.structure.wiring import Wiring

LEAST_HIDDEN = 2
"""Values that a stack must hide: two leaves, or two ops, are as well shown as they are."""

Partition = dict[int, int]
"""By the root of each cone: the least root of those in its box."""


def letters(wiring: Wiring, cones: Cones) -> Callable[[int], Hashable]:
    """Return what cones must have in common to be in one box: shape, op, role, and families of labels and scopes."""

    def letter(root: int) -> Hashable:
        return (
            cones.shape[root],
            wiring.op[root],
            wiring.nodes[root].role,
            wiring.is_output[root],
            wiring.stem[root],
            wiring.scope[root],
        )

    return letter


def classify(places: Sequence[int], letter: Callable[[int], Hashable], edges: Iterable[ConeEdge]) -> dict[int, int]:
    """Return classes of places that are in topological order: equal letters, used by the same classes in equal roles.

    It is the coarsest partition that is stable from the users' side, as a set. One pass from the outputs finds it. No
    cycle comes of it: where one class feeds another, every member of the first has a user in the second, so a cycle
    would be an endless path.
    """
    users: dict[int, set[tuple[int, int]]] = {place: set() for place in places}
    for edge in edges:
        users[edge.tail].add((edge.head, edge.role))
    table: dict[Hashable, int] = {}
    classes: dict[int, int] = {}
    for place in reversed(places):
        into = frozenset([(classes[head], role) for head, role in users[place]])
        classes[place] = table.setdefault((letter(place), into), len(table))
    return classes


def stack(
    places: Sequence[int],
    classes: dict[int, int],
    edges: Iterable[ConeEdge],
    weight: dict[int, int],
    numbered: Callable[[int], bool],
) -> Partition:
    """Return the boxes of places: members of one class that use the same classes, where that hides enough.

    So the expression of one member is true of all. A family of numbered labels is one box in any case.
    """
    uses: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        uses[edge.head].add(classes[edge.tail])
    members: dict[Hashable, list[int]] = {}
    for place in places:
        key = classes[place], frozenset(uses[place]) if place in uses else frozenset()
        members.setdefault(key, []).append(place)
    box: Partition = {}
    for alike in members.values():
        weights = [weight[place] for place in alike]
        is_one = len(alike) > 1 and (sum(weights) - max(weights) >= LEAST_HIDDEN or numbered(alike[0]))
        box.update(dict.fromkeys(alike, alike[0]) if is_one else zip(alike, alike, strict=True))
    return box


def layers(wiring: Wiring, cones: Cones, cone_graph: Quotient) -> Partition:
    """Return the boxes of cones that are alike and as far from the leaves, by the longest way.

    The last resort for stencils and butterflies: members of one layer there differ in their distance from the border,
    so no two have alike users. Edges lead from lower layers to higher ones, so there is no cycle. Leaves are alike if
    what uses them first is as far, and in the same role.
    """
    height = heights(cone_graph)
    uses: dict[int, set[tuple[int, int]]] = {}
    for edge in cone_graph.edges:
        if wiring.op[edge.tail] is None:
            uses.setdefault(edge.tail, set()).add((height[edge.head], edge.role))
    letter = letters(wiring, cones)
    least: dict[Hashable, int] = {}
    box: Partition = {}
    for root in cone_graph.roots:
        level: Hashable = height[root]
        if root in uses:
            first = min(uses[root])[0]
            level = frozenset([use for use in uses[root] if use[0] == first])
        box[root] = least.setdefault((letter(root), level), root)
    return box


def heights(cone_graph: Quotient) -> dict[int, int]:
    """Return how many cones are on the longest way from a leaf to each."""
    height = dict.fromkeys(cone_graph.roots, 0)
    for edge in reversed(cone_graph.edges):  # made from the outputs down, so now by ascending head
        height[edge.head] = max(height[edge.head], height[edge.tail] + 1)
    return height
