"""The words of a view: names and expressions of its boxes."""

from collections.abc import Mapping
from functools import cached_property

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.expressions import Speller
from gradgraph.graph.structure.levels import Structure
from gradgraph.graph.structure.naming import models, name_boxes
from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.varying import find_varying
from gradgraph.words import listed


class Spelling:
    """The names and the expressions of the boxes of a partition, whose `runs` have one expression for all steps."""

    def __init__(self, structure: Structure, part: Partition, runs: list[Run]) -> None:
        self._structure, self._part, self._runs = structure, part, runs
        sequence = structure.in_steps(part, structure.boxes(part))
        self._of_box = name_boxes(structure.wiring, part, sequence, runs)

    def name(self, box: int) -> str:
        """Return the whole label of a box of one, else what it is called in expressions."""
        return self._structure.wiring.nodes[box].label if self._is_single(box) else self._of_box[box]

    def names(self, counts: Mapping[int, int]) -> str:
        """Return the names of several boxes, each after the number of its members."""
        names = {box: self.name(box) for box in self._of_box if box in counts}
        return ", ".join([f"{counts[box]:,} × {name}" if counts[box] > 1 else name for box, name in names.items()])

    def expression(self, box: int) -> str:
        """Return what each member of a box computes; "" for leaves."""
        return self._speller.expression(box) if self._structure.wiring.op[box] is not None else ""

    def step(self, run: Run) -> str:
        """Return what each step of a run computes after the first, and what all of them use."""
        wiring, last = self._structure.wiring, run.steps[1][-1]
        text = f"{self._of_box[last]} = {self.expression(last)}"
        inside = {box for step in run.steps for box in step}
        users = self._boxes.users
        shared = [
            self._of_box[box]
            for box in dict.fromkeys([operand for its in run.steps[1] for operand in self._boxes.operands[its]])
            if wiring.op[box] is None and box not in inside and len(inside.intersection(users[box])) >= len(run.steps)
        ]
        return f"{text}; uses {listed(shared)}" if shared else text

    def _is_single(self, box: int) -> bool:
        return bool(self._structure.wiring.nodes[box].label) and self._boxes.members[box] == 1

    @cached_property
    def _boxes(self) -> Boxes:
        return self._structure.boxes(self._part)

    @cached_property
    def _speller(self) -> Speller:
        structure, part = self._structure, self._part
        names = {root: self._of_box[box] for root, box in part.items()}
        after = models(structure.wiring, self._runs, start=1)
        pools = {root: after.get(box, box) for root, box in part.items()}
        varying = find_varying(structure.wiring, structure.cones, structure.cone_graph, pools, names)
        return Speller(structure.graph, structure.wiring, structure.cones, structure.cone_graph, pools, names, varying)
