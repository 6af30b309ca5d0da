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
    "cones": 'each expression is one box. To see every value, draw it with fold="none"',
    "stacks": 'expressions that are alike are one box. To see each of them, draw it with fold="cones"',
    "gathered": "expressions that are alike are one box, and leaves of the same users too. "
    'To see each, draw it with fold="stacks"',
    "first step": 'steps that are alike are one box, but for the first. To see every step, draw it with fold="stacks"',
    "runs": 'steps that are alike are one box. To see the first by itself, draw it with fold="steps"',
    "regions": 'what leads only to one value is one box with it. To see more, draw it with fold="stacks"',
    "layers": "expressions that are alike and as far from the leaves are one box. "
    'To see more, draw it with fold="stacks"',
    "first layers": 'layers that are alike are one box, but for the first. To see more, draw it with fold="stacks"',
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
        Pattern(inside[wire.tail][0], inside[wire.head][0], said)
        for wire in wires(structure.cone_graph, part)
        if inside[wire.tail] and inside[wire.head] and (said := writer.pattern(wire))
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
            said, makes = self._spelling.step(run), self._spelling.makes(run, [self._base[exit] for exit in exits])
            return Fold(group, nodes, at, 1, 1, "run", name, said, count, tuple(exits), step, makes)
        if box in self._gathered:
            kinds = self._spelling.kinds(self._gathered[box])
            of_each = tuple([(name, tuple(leaves)) for name, leaves in kinds.items()])
            return Fold(group, nodes, at, 1, 1, "stack", ", ".join(kinds), exits=tuple(exits), kinds=of_each)
        is_region = self._level == "regions" and len({self._base[root] for root in members}) > 1
        head = self._base[exits[-1]] if is_region and exits else self._base[members[0]]
        count = len(exits or members) if is_region else len(members)
        kind: FoldKind = (
            "region" if is_region else "cone" if count == 1 else "layer" if "layers" in self._level else "stack"
        )
        name, expression = self._spelling.name(head), self._spelling.expression(head)
        step = self._spelling.place(head)
        return Fold(group, nodes, at, 1, 1, kind, name, expression, count, tuple(exits), step)

    def _leaves_in(self, box: int) -> dict[int, list[int]]:
        """Return the leaves that were gathered in a box, by the boxes that they are in at the finest level."""
        leaves: dict[int, list[int]] = {}
        if self._level not in ("cones", "stacks", "layers", "regions") and box not in self._run_of:
            for root in self._members[box]:
                leaves.setdefault(self._base[root], []).append(root)
        return leaves

    def pattern(self, wire: BoxWire) -> str:
        """Return what is said of a wire beside its number of edges; "" for most wires of boxes of one member.

        Of a wire into steps or out of them it is said if it is the same for all boxes in there, and of one step.
        """
        ends = wire.tail, wire.head
        if self._level == "regions" or wire.tail in self._gathered:
            return ""
        if not self._run_of.keys().isdisjoint(ends):
            return self._patterns_of_steps.get(ends, "")
        return wire.pattern if wire.pattern == "some" or all(len(self._members[end]) > 1 for end in ends) else ""

    @cached_property
    def _patterns_of_steps(self) -> dict[tuple[int, int], str]:
        """By the ends of a wire into the steps of one box, or out of them: its pattern, and the step that it is of."""
        home = {self._base[root]: box for box, its in self._members.items() for root in its}
        count = Counter(self._base.values())
        found: dict[tuple[int, int], set[str]] = {}
        for wire in wires(self._structure.cone_graph, self._base):
            ends = home[wire.tail], home[wire.head]
            inside = [end for end in (wire.tail, wire.head) if home[end] in self._run_of]
            if ends[0] != ends[1] and inside:
                is_said = len(inside) == 1 and wire.pattern != "some" and count[wire.tail] > 1 and count[wire.head] > 1
                said = f"{wire.pattern}, step {self._step_of[inside[0]]:,}" if is_said and wire.pattern else ""
                found.setdefault(ends, set()).add(said)
        return {ends: said for ends, its in found.items() if len(its) == 1 for said in its}

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
