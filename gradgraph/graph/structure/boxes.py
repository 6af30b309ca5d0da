"""The boxes of a partition as a graph, and an order of them in which the steps of a computation come one by one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.stacks import Partition


class Boxes(NamedTuple):
    """The boxes of a partition: `members` counts the cones of each, `operands` are the boxes each takes, each once."""

    members: Counter[int]
    operands: dict[int, list[int]]
    users: dict[int, list[int]]
    height: dict[int, int]


def boxes_of(cone_graph: Quotient, part: Partition, height: dict[int, int]) -> Boxes:
    """Return the boxes of a partition. The height of a box is that of its highest cone."""
    members = Counter([part[root] for root in cone_graph.roots])
    pairs = dict.fromkeys([(part[tail], part[head]) for tail, head, _ in cone_graph.edges])
    operands: dict[int, list[int]] = {box: [] for box in members}
    users: dict[int, list[int]] = {box: [] for box in members}
    for tail, head in pairs:
        if tail != head:
            operands[head].append(tail)
            users[tail].append(head)
    tops = dict.fromkeys(members, 0)
    for root in cone_graph.roots:
        tops[part[root]] = max(tops[part[root]], height[root])
    return Boxes(members, operands, users, tops)


def in_steps(boxes: Boxes, outputs: Iterable[int], rank: Callable[[int], tuple[int, ...]]) -> list[int]:
    """Return the boxes, operands before users, each as late as can be: depth first from the outputs, by rank.

    Boxes that use nothing and that several use come first.
    """
    ranks = {box: rank(box) for box in boxes.members}
    in_order = sorted(ranks, key=ranks.__getitem__)
    sequence = [box for box in in_order if not boxes.operands[box] and len(boxes.users[box]) > 1]
    done = set(sequence)
    ends = {*outputs, *[box for box, users in boxes.users.items() if not users]}
    for end in [box for box in in_order if box in ends]:
        if end in done:
            continue
        done.add(end)
        path: list[tuple[int, Iterator[int]]] = [(end, iter(sorted(boxes.operands[end], key=ranks.__getitem__)))]
        while path:
            box, rest = path[-1]
            for operand in rest:
                if operand not in done:
                    done.add(operand)
                    path.append((operand, iter(sorted(boxes.operands[operand], key=ranks.__getitem__))))
                    break
            else:
                sequence.append(box)
                path.pop()
    return sequence
