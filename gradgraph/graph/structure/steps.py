"""Which box of a step is which in the first one, and the number of the step that each box is in."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.wiring import Wiring


class Step(NamedTuple):
    """A step of a run: the number of the run, its own, from 0, and how many there are."""

    run: int
    number: int
    steps: int


class Steps(NamedTuple):
    """The steps of runs, by box.

    `of` is the step that a box is in, but for what only the first step has: what it starts from. `first` is the box in
    its place in the first step, and `second` that in the second step, for boxes of later steps: the first step may
    start from other boxes.
    """

    of: dict[int, Step]
    first: dict[int, int]
    second: dict[int, int]


def find_steps(wiring: Wiring, part: Partition, boxes: Boxes, runs: Sequence[Run]) -> Steps:
    """Return the steps of the boxes in runs. Linear in the graph.

    Results are in the same places in each step. A leaf of a step has the place of one that has the same users, beside
    the same leaves, and the same role and family of labels.
    """
    of = {
        box: Step(number, index, len(run.steps))
        for number, run in enumerate(runs)
        for index, step in enumerate(run.steps)
        for box in step
    }
    beside = _leaves_beside(wiring, part, of)
    first: dict[int, int] = {}
    second: dict[int, int] = {}
    for run in runs:
        places = [_places(step, wiring, boxes, beside) for step in run.steps]
        for found, start in ((first, 0), (second, 1)):
            for place in places[start + 1 :]:
                found.update({box: places[start][key] for key, box in place.items() if key in places[start]})
    again = {*first, *second, *first.values(), *second.values()}
    return Steps({box: step for box, step in of.items() if box in again}, {**second, **first}, second)


def _leaves_beside(wiring: Wiring, part: Partition, of: dict[int, Step]) -> dict[int, set[int]]:
    """Return, for the leaves in steps, the boxes of other leaves that one op takes with them."""
    beside: dict[int, set[int]] = {}
    if not of:
        return beside
    for tails in wiring.operands:
        leaves = [part[tail] for tail in tails if wiring.op[tail] is None and tail in part]
        hubs = {box for box in leaves if box not in of}
        for box in leaves:
            if box in of:
                beside.setdefault(box, set()).update(hubs)
    return beside


def _places(
    step: Iterable[int], wiring: Wiring, boxes: Boxes, beside: dict[int, set[int]]
) -> dict[tuple[Hashable, ...], int]:
    """Return the boxes of a step by their places in it."""
    results = {box: number for number, box in enumerate([box for box in step if wiring.op[box] is not None])}
    found: dict[tuple[Hashable, ...], int] = {}
    for box, number in results.items():
        found["result", number] = box
    for box in step:
        if box not in results:
            users = frozenset([results.get(user) for user in boxes.users[box]])
            hubs = frozenset(beside.get(box, ()))
            like = wiring.nodes[box].role, wiring.stem[box], boxes.members[box], users, hubs
            count = 0
            while (like, count) in found:
                count += 1
            found[like, count] = box
    return found
