"""The words of a view: names and expressions of its boxes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.expressions import Speller
from gradgraph.graph.structure.levels import Structure
from gradgraph.graph.structure.naming import MOST_NAME, Names, is_figures, name_boxes
from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.steps import find_steps
from gradgraph.graph.structure.varying import find_varying
from gradgraph.graph.views import several
from gradgraph.words import listed, shortened

MOST_MADE = 3
"""Names of what a step makes that a box has in its title."""


class Spelling:
    """The names and the expressions of the boxes of a partition, whose `runs` have one expression for all steps."""

    def __init__(self, structure: Structure, part: Partition, runs: Sequence[Run]) -> None:
        self._structure, self._part = structure, part
        self._boxes: Boxes = structure.boxes(part)
        sequence = structure.in_steps(part, self._boxes)
        self._steps = find_steps(structure.wiring, part, self._boxes, runs)
        kinds = part if part is structure.layers else structure.classes
        self._names = name_boxes(structure.wiring, part, self._boxes, sequence, self._steps, kinds)

    def name(self, box: int) -> str:
        """Return the whole label of a box of one, else what it is called in expressions, and which step it is of."""
        own = self._names.own.get(box)
        name, label = own or self._names.family[box], self._structure.wiring.nodes[box].label
        if label and self._boxes.members[box] == 1 and name == shortened(label, MOST_NAME):
            name = label
        is_of_step = box in self._steps.of and not own and not is_figures(name)
        return f"{name}[{self._steps.of[box].number + 1:,}]" if is_of_step else name

    def place(self, box: int) -> str:
        """Return which step a box is of, "" for none."""
        step = self._steps.of.get(box)
        return f"step {step.number + 1:,} of {step.steps:,}" if step else ""

    def kinds(self, leaves: Mapping[int, Sequence[int]]) -> dict[str, list[int]]:
        """Return the leaves of several boxes by name, each name after the number of leaves that have it."""
        named: dict[str, list[int]] = {}
        for box in self._names.family:
            if box in leaves:
                named.setdefault(self.name(box), []).extend(leaves[box])
        return {several(len(its), name): its for name, its in named.items()}

    def expression(self, box: int) -> str:
        """Return what each member of a box computes; "" for leaves."""
        return self._speller.expression(box) if self._structure.wiring.op[box] is not None else ""

    def step(self, run: Run) -> str:
        """Return what each step of a run computes after the first, what all of them use, and what each has alone."""
        second = run.steps[1]
        inside = {box for step in run.steps for box in step}
        used = {operand for its in second for operand in self._boxes.operands[its]}
        shared = [box for box in used - inside if len(inside.intersection(self._boxes.users[box])) >= len(run.steps)]
        private = [box for box in second if self._structure.wiring.op[box] is None]
        text = f"{self._names.family[second[-1]]}[t] = {self.expression(second[-1])}"
        if shared:
            text += f"; all use {self._listed(shared)}"
        if private:
            text += f"; each has its own {self._listed(private)}"
        return text

    def makes(self, run: Run, boxes: Iterable[int]) -> str:
        """Return the names of what each step of a run makes for others; of its last box, if nothing leaves the run."""
        results = [box for box in dict.fromkeys(boxes) if self._structure.wiring.op[box] is not None]
        of_step = {box: number for number, step in enumerate(run.steps) for box in step}
        counts: Counter[tuple[str, int]] = Counter()
        for box in results or run.steps[1][-1:]:
            counts[self._names.family[box], of_step[box]] += self._boxes.members[box]
        made: dict[str, int] = {}
        for (name, _), count in counts.items():
            made[name] = max(made.get(name, 0), count)
        return listed([f"{several(count, name)}[t]" for name, count in made.items()], MOST_MADE)

    def _listed(self, boxes: Iterable[int]) -> str:
        """Return the names of boxes in the order in which they are numbered."""
        order = {box: place for place, box in enumerate(self._names.family)}
        order.update({box: order[its] for box, its in self._steps.first.items()})
        ordered = sorted(boxes, key=order.__getitem__)
        return listed(dict.fromkeys([self._names.family[box] for box in ordered]))

    @cached_property
    def _speller(self) -> Speller:
        structure, part, steps = self._structure, self._part, self._steps
        family = {root: self._names.family[box] for root, box in part.items()}
        own = {root: self._names.own[box] for root, box in part.items() if box in self._names.own}
        pools = {root: steps.second.get(box, box) for root, box in part.items()}
        varying = find_varying(structure.wiring, structure.cones, structure.cone_graph, pools, family)
        of = {root: steps.of[box] for root, box in part.items() if box in steps.of}
        graph, wiring = structure.graph, structure.wiring
        return Speller(graph, wiring, structure.cones, structure.cone_graph, pools, Names(family, own), of, varying)
