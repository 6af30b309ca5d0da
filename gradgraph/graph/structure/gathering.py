"""Leaves gathered in one box: those of a run, which each of its steps uses, and those that the same boxes use."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.stacks import Partition


def gather(part: Partition, boxes: Boxes, key: Callable[[int], Hashable]) -> Partition:
    """Return the coarser partition in which the boxes of leaves with one key are one; those with None stay apart.

    Leaves use nothing, so no box of several closes a cycle.
    """
    first: dict[Hashable, int] = {}
    home = {box: box for box in boxes.members}
    for box in sorted(boxes.members):
        its = None if boxes.operands[box] else key(box)
        if its is not None:
            home[box] = first.setdefault(its, box)
    return {root: home[box] for root, box in part.items()}


def users_of(boxes: Boxes) -> Callable[[int], Hashable]:
    """Return a key that leaves have in common if the same boxes use them."""
    return lambda leaf: frozenset(boxes.users[leaf]) or None


def runs_of(boxes: Boxes, runs: Sequence[Run]) -> Callable[[int], Hashable]:
    """Return a key that leaves have in common if every step of the same runs uses them, and the same boxes beside."""
    step_of = {
        box: (run, step) for run, its in enumerate(runs) for step, inside in enumerate(its.steps) for box in inside
    }

    def key(leaf: int) -> Hashable:
        steps: dict[int, set[int]] = defaultdict(set)
        beside = set()
        for user in boxes.users[leaf]:
            if user in step_of:
                run, step = step_of[user]
                steps[run].add(step)
            else:
                beside.add(user)
        if not steps or leaf in step_of or any(len(its) < len(runs[run].steps) for run, its in steps.items()):
            return None
        return frozenset(steps), frozenset(beside)

    return key
