"""Views in which the structure of a graph is shown: a box for each cone, stack, run, region or layer."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property, reduce

import msgspec

from gradgraph.graph.model import Node
from gradgraph.graph.structure.levels import LevelName, Structure
from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.spelling import Spelling
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.trees import TOP, Tree
from gradgraph.graph.structure.wires import BoxWire, wires
from gradgraph.graph.views import Fold, FoldKind, Pattern, View, covered
from gradgraph.words import counted

_NOTES: dict[LevelName, str] = {
    "cones": 'each expression is one box; fold="none" shows every value',
    "stacks": 'expressions that are alike are one box; fold="cones" shows each of them',
    "gathered": 'expressions that are alike are one box, and leaves of the same users too; fold="stacks" shows each',
    "first step": 'steps that are alike are one box, but for the first; fold="stacks" shows every step',
    "runs": 'steps that are alike are one box; fold="steps" shows the first step by itself',
    "regions": 'what leads only to one value is one box with it; fold="stacks" shows more',
    "layers": 'expressions that are alike and as far from the leaves are one box; fold="stacks" shows more',
    "first layers": 'layers that are alike are one box, but for the first; fold="stacks" shows more',
}


def show(
    view: View, structure: Structure, level: LevelName, most: int | None = None, spelled: LevelName | None = None
) -> View:
    """Return the view with the boxes of a level in the place of its nodes.

    A box of one node that has a label is that node, unless it is drawn in another group. Without a label it has the
    name that it has in expressions.

    With `most`, only so many boxes are shown, the first and the last of the computation. With `spelled`, a coarser
    level, the boxes are called as that level calls what they are in.
    """
    graph, roots = view.graph, structure.cones.root
    part = structure.level(level)
    base, runs = _base(structure, spelled or level)
    boxes = structure.boxes(part)
    sequence = structure.in_steps(part, boxes)
    shown = {node.id for node in covered(view)}
    inside: dict[int, list[int]] = {box: [] for box in sequence}
    for place in sorted(shown):
        inside[part[roots[place]]].append(place)
    sequence = [box for box in sequence if inside[box]]
    left_out = 0
    if most is not None and len(sequence) > most:
        left_out = len(sequence) - most
        sequence = [*sequence[: most - most // 2], *sequence[len(sequence) - most // 2 :]]
    spelling = Spelling(structure, base, runs)
    writer = _Folds(structure, part, base, runs if spelled is None else [], level, spelling, _exits(structure, part))
    nodes: list[Node] = []
    folds: list[Fold] = []
    place_of: dict[int, int] = {}
    for number, box in enumerate(sequence):
        place_of.update(dict.fromkeys(inside[box], number))
        first = graph.nodes[inside[box][0]]
        fold = writer.fold(box, inside[box], len(nodes))
        if len(inside[box]) == 1 and first.label == fold.name and not fold.step and fold.group == first.group:
            nodes.append(first)
        else:
            folds.append(fold)
    edges, cut = [], []
    for edge in (*view.edges, *view.cut):
        tail, head = place_of.get(edge.tail), place_of.get(edge.head)
        if tail is None or head is None:
            if tail is not None or head is not None:
                cut.append(edge)
        elif tail != head:
            edges.append(edge)
    edges.sort(key=lambda edge: place_of[edge.head])
    count = sum([len(inside[box]) for box in sequence])
    note = f"{counted(count, 'value')} in {counted(len(sequence), 'box', 'boxes')}: {_NOTES[level]}"
    if left_out:
        note += f"; {counted(left_out, 'box', 'boxes')} between the first and the last left out"
    patterns = [
        Pattern(inside[wire.tail][0], inside[wire.head][0], wire.pattern)
        for wire in wires(structure.cone_graph, part)
        if inside[wire.tail] and inside[wire.head] and writer.is_told(wire)
    ]
    return msgspec.structs.replace(
        view,
        nodes=tuple(nodes),
        edges=tuple(edges),
        cut=tuple(cut),
        folds=tuple(folds),
        note=f"{view.note}; {note}" if view.note else note,
        patterns=tuple(patterns),
    )


def _base(structure: Structure, level: LevelName) -> tuple[Partition, list[Run]]:
    """Return the finest boxes that a level shows, and which of them are steps of a run."""
    if level == "cones":
        return structure.level("cones"), []
    if level in ("layers", "first layers"):
        return structure.layers, structure.layer_runs if level == "first layers" else []
    return structure.stacks, structure.runs if level in ("first step", "runs") else []


def _exits(structure: Structure, part: Partition) -> dict[int, list[int]]:
    """Return the roots in each box that are used outside it or are outputs."""
    leaving = {tail for tail, head, _ in structure.cone_graph.edges if part[tail] != part[head]}
    exits: dict[int, list[int]] = {}
    for root, box in part.items():
        if root in leaving or structure.wiring.is_output[root]:
            exits.setdefault(box, []).append(root)
    return exits


class _Folds:
    """Makes the folds of a level."""

    def __init__(
        self,
        structure: Structure,
        part: Partition,
        base: Partition,
        runs: Sequence[Run],
        level: LevelName,
        spelling: Spelling,
        exits: dict[int, list[int]],
    ) -> None:
        self._structure, self._base, self._level = structure, base, level
        self._spelling, self._exits = spelling, exits
        self._members: dict[int, list[int]] = {}
        for root, box in part.items():
            self._members.setdefault(box, []).append(root)
        first_open = level != "runs"
        self._run_of = {
            min([box for step in run.steps[first_open:] for box in step]): (run, len(run.steps) - first_open)
            for run in runs
        }
        self._step_of = {box: step for run in runs for step, its in enumerate(run.steps, 1) for box in its}
        self._gathered = {box: its for box in self._members if len(its := self._leaves_in(box)) > 1}
        self._groups = Tree()
        for group in structure.graph.groups:
            self._groups.add(group.id, TOP if group.parent is None else group.parent)

    def fold(self, box: int, places: list[int], at: int) -> Fold:
        """Return the fold of these nodes of a box."""
        graph, wiring = self._structure.graph, self._structure.wiring
        members, exits = self._members[box], self._exits.get(box, [])
        nodes = tuple([graph.nodes[place] for place in places])
        is_parameter = all(wiring.nodes[place].role == "parameter" for place in places)
        within = self._users(places) if is_parameter else places
        group = self._around(within)
        if box in self._run_of:
            run, count = self._run_of[box]
            name = f"steps {len(run.steps) - count + 1:,} to {len(run.steps):,}"
            last = {self._step_of[self._base[exit]] for exit in exits}
            step = f"step {min(last):,}" if len(last) == 1 else ""
            return Fold(group, nodes, at, 1, 1, "run", name, self._spelling.step(run), count, tuple(exits), step)
        if box in self._gathered:
            name = self._spelling.names(self._gathered[box])
            return Fold(group, nodes, at, 1, 1, "stack", name, exits=tuple(exits))
        is_region = self._level == "regions" and len({self._base[root] for root in members}) > 1
        head = self._base[exits[-1]] if is_region and exits else self._base[members[0]]
        count = len(exits or members) if is_region else len(members)
        kind: FoldKind = (
            "region" if is_region else "cone" if count == 1 else "layer" if "layers" in self._level else "stack"
        )
        name, expression = self._spelling.name(head), self._spelling.expression(head)
        step = self._spelling.place(head)
        return Fold(group, nodes, at, 1, 1, kind, name, expression, count, tuple(exits), step)

    def _leaves_in(self, box: int) -> Counter[int]:
        """Return the boxes of leaves that were gathered in a box, with the number of their leaves."""
        if self._level in ("cones", "stacks", "layers", "regions") or box in self._run_of:
            return Counter()
        return Counter([self._base[root] for root in self._members[box]])

    def is_told(self, wire: BoxWire) -> bool:
        """Return whether the pattern of a wire says something: none of steps and gathered leaves, few of one member."""
        ends = wire.tail, wire.head
        if self._level == "regions" or not self._run_of.keys().isdisjoint(ends) or wire.tail in self._gathered:
            return False
        return wire.pattern == "some" or all(len(self._members[end]) > 1 for end in ends)

    def _around(self, places: Collection[int]) -> int | None:
        """Return the innermost group that holds all these nodes."""
        groups = {self._structure.graph.nodes[place].group for place in places}
        found = reduce(self._groups.meet, [TOP if group is None else group for group in groups])
        return None if found == TOP else found

    def _users(self, leaves: Collection[int]) -> list[int]:
        """Return the users of parameters, for what only one scope uses is drawn there; themselves, if nothing does."""
        found = [head for leaf in leaves for head in self._users_of.get(leaf, ())]
        return found or [*leaves]

    @cached_property
    def _users_of(self) -> dict[int, list[int]]:
        """By leaf: its users."""
        users: dict[int, list[int]] = {}
        for head, tails in enumerate(self._structure.wiring.operands):
            for tail in tails:
                if self._structure.wiring.op[tail] is None:
                    users.setdefault(tail, []).append(head)
        return users
