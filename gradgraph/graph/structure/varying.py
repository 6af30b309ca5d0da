"""What differs among the members of a box, so that no expression shows it as if it were the same."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.shapes import Cones
from gradgraph.graph.structure.wiring import Wiring

Place = tuple[int, int]
"""A box, and a role in the expression of its members."""


class Varying(NamedTuple):
    """Where the members of a box differ: in numbers written in, in how many terms a sum has, in what they use.

    `operands` gives, by box and by the name of what one member uses, what all members together use in that role, where
    they differ. `several` are boxes of more than one member.
    """

    numbers: frozenset[Place]
    counts: frozenset[Place]
    operands: Mapping[int, Mapping[str, str]]
    several: frozenset[int]


def find_varying(
    wiring: Wiring, cones: Cones, cone_graph: Quotient, box: Mapping[int, int], names: Mapping[int, str]
) -> Varying:
    """Return what differs among the cones of one box; `box` and `names` are by root. Linear in the graph."""
    root, role = cones.root, cone_graph.role
    several = frozenset([its for its, count in Counter(box.values()).items() if count > 1])
    numbers: dict[Place, str] = {}
    other_numbers = set()
    for place, is_constant in enumerate(wiring.constant):
        if is_constant and root[place] != place:
            at = box[root[place]], role[place]
            written = repr(wiring.nodes[place].data)
            if numbers.setdefault(at, written) != written:
                other_numbers.add(at)
    counts: dict[Place, Hashable] = {}
    other_counts = set()
    for total in cones.terms:
        its = box[root[total]]
        if its in several:
            found = frozenset(Counter(cones.shapes_of(total)).items())
            if counts.setdefault((its, role[total]), found) != found:
                other_counts.add((its, role[total]))
    return Varying(
        frozenset(other_numbers), frozenset(other_counts), _operands(cone_graph, box, names, several), several
    )


def _operands(
    cone_graph: Quotient, box: Mapping[int, int], names: Mapping[int, str], several: frozenset[int]
) -> dict[int, dict[str, str]]:
    used: dict[tuple[int, int], set[str]] = {}
    for tail, head, role in cone_graph.edges:
        if box[head] in several:
            used.setdefault((head, role), set()).add(names[tail])
    first: dict[Place, set[str]] = {}
    differ: dict[Place, set[str]] = {}
    for (head, role), found in used.items():
        at = box[head], role
        if first.setdefault(at, found) != found:
            differ.setdefault(at, set(first[at])).update(found)
    said: dict[int, dict[str, str]] = {}
    for (its, _), found in differ.items():
        ways = sorted(found)
        text = f"({' or '.join(ways[:2])}{' or …' if len(ways) > 2 else ''})"
        said.setdefault(its, {}).update(dict.fromkeys(ways, text))
    return said
