"""Runs: equal groups of boxes in a row, as the steps of a recurrent network or of an optimizer."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.periods import LEAST_REPEATS, repeats
from gradgraph.graph.structure.stacks import Partition

LEAST_HIDDEN = 6
"""Values that all steps but the first must have together: fewer are as well shown as they are."""


class Run(NamedTuple):
    """Steps in a row that compute the same, each from what came through those before.

    Each is the list of its boxes, leaves of its own included.
    """

    steps: list[list[int]]


def find_runs(
    boxes: Boxes,
    sequence: Sequence[int],
    letter: Callable[[int], Hashable],
    leaf_letter: Callable[[int], Hashable],
    weight: Callable[[int], int],
) -> list[Run]:
    """Return the runs of boxes in a sequence that puts operands before users.

    The steps of a run have the same letters, and wires from the same places: of the step, of the step before, or from
    one box outside that all use. The first step may start elsewhere. A leaf that only one step uses is part of it. Each
    step is a stretch of a topological order, plus leaves that only it uses, so steps and runs close no cycle.
    """
    word = [box for box in sequence if boxes.operands[box]]
    at = {box: place for place, box in enumerate(word)}
    found = []
    row = _Row(boxes, word, at, leaf_letter, {})
    for stretch in repeats([letter(box) for box in word]):
        start, period = stretch.start, stretch.period
        while stretch.end - start >= LEAST_REPEATS * period:
            end = start + period
            while end < stretch.end and row.is_like_the_one_before(end, start, period):
                end += 1
            count = (end - start) // period
            values = sum([weight(box) for box in word[start : start + period]])
            if (
                count >= LEAST_REPEATS
                and (count - 1) * values >= LEAST_HIDDEN
                and row.steps_are_linked(start, period, count)
            ):
                found.append([word[start + step * period : start + (step + 1) * period] for step in range(count)])
                start += count * period
            else:
                start += max(1, end - start - period + 1)
    return [_with_leaves(run, boxes) for run in found]


class _Row(NamedTuple):
    boxes: Boxes
    word: list[int]
    at: dict[int, int]
    leaf_letter: Callable[[int], Hashable]
    spans: dict[int, int]
    """By leaf: how far apart the first and the last box are that use it."""

    def is_like_the_one_before(self, place: int, start: int, period: int) -> bool:
        """Return whether a box has the wires of the box one period before.

        In the second step those count that do not come from the step before: the first step starts from other boxes.
        """
        now, before = (self._wires(one, start, period) for one in (place, place - period))
        if place < start + 2 * period:
            step = start + period
            now = {wire for wire in now if (place - wire >= step if isinstance(wire, int) else wire[0] != "own")}
            return now <= before
        return now == before

    def _wires(self, place: int, start: int, period: int) -> set[int | tuple[Hashable, ...]]:
        """Return where the operands of a box come from: how many boxes back in the run, or from outside."""
        wires: set[int | tuple[Hashable, ...]] = set()
        for operand in self.boxes.operands[self.word[place]]:
            there = self.at.get(operand)
            if there is None:
                wires.add(self._leaf(operand, period))
            else:
                wires.add(place - there if there >= start else ("outside", there))
        return wires

    def _leaf(self, leaf: int, period: int) -> tuple[Hashable, ...]:
        """Return the leaf itself if more than one step can use it; what it is like, if it belongs to one."""
        if leaf not in self.spans:
            places = [self.at[user] for user in self.boxes.users[leaf]]
            self.spans[leaf] = max(places) - min(places)
        return ("shared", leaf) if self.spans[leaf] >= period else ("own", self.leaf_letter(leaf))

    def steps_are_linked(self, start: int, period: int, count: int) -> bool:
        """Return whether each step takes something that has come through all the steps before it."""
        carried = {*self.word[start : start + period]}
        for first in range(start + period, start + count * period, period):
            before = len(carried)
            for box in self.word[first : first + period]:
                if not carried.isdisjoint(self.boxes.operands[box]):
                    carried.add(box)
            if len(carried) == before:
                return False
        return True


def _with_leaves(run: list[list[int]], boxes: Boxes) -> Run:
    """Return the run whose steps have the leaves that only they use."""
    steps = []
    for step in run:
        inside = set(step)
        leaves = [
            operand
            for operand in dict.fromkeys([operand for box in step for operand in boxes.operands[box]])
            if not boxes.operands[operand] and all(user in inside for user in boxes.users[operand])
        ]
        steps.append([*leaves, *step])
    return Run(steps)


def one_box_a_run(part: Partition, runs: Sequence[Run], first_open: bool) -> Partition:
    """Return the coarser partition in which each run is one box, or its first step is open and the others are one."""
    home = {box: box for box in part.values()}
    for run in runs:
        folded = [box for step in run.steps[first_open:] for box in step]
        home.update(dict.fromkeys(folded, min(folded)))
    return {root: home[box] for root, box in part.items()}
