"""The levels at which a graph can be shown: partitions of its cones, from fine to coarse."""

from collections import Counter
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Literal

from gradgraph.graph.model import Graph
from gradgraph.graph.structure.boxes import Boxes, boxes_of, in_steps
from gradgraph.graph.structure.cones import find_cones
from gradgraph.graph.structure.gathering import gather, runs_of, users_of
from gradgraph.graph.structure.marks import mark_of, role_marks, shape_marks
from gradgraph.graph.structure.quotient import quotient
from gradgraph.graph.structure.regions import dominators, regions
from gradgraph.graph.structure.runs import Run, find_runs, one_box_a_run
from gradgraph.graph.structure.stacks import Partition, classify, heights, layers, letters, stack
from gradgraph.graph.structure.wiring import wire
from gradgraph.graph.views import MOST_BOXES

LevelName = Literal["cones", "stacks", "gathered", "first step", "runs", "regions", "layers", "first layers"]

LEVELS: tuple[LevelName, ...] = (
    "cones",
    "stacks",
    "gathered",
    "first step",
    "runs",
    "regions",
    "layers",
    "first layers",
)
CHAIN: tuple[LevelName, ...] = ("cones", "stacks", "first step", "runs")
"""Levels each of which is inside the next: the way in which a box opens."""
DEEPEST_REGIONS = 3
"""Depth of regions in the tree of dominators, from the outputs: deeper ones are as many as stacks."""


class Structure:
    """The structure of a graph. Each level is a partition of its nodes whose boxes form no cycle.

    Nothing in it depends on data or gradients, on the ids of nodes or on the names of labels. What was not asked for
    is not computed. All takes time linear in the graph, but for sorting the users of a box and the meets of dominators,
    which add a logarithm.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.wiring = wire(graph)
        self.cones = find_cones(self.wiring)
        self.cone_graph = quotient(self.wiring, self.cones)
        self.roots = self.cone_graph.roots
        self._letter = letters(self.wiring, self.cones)

    def level(self, name: LevelName) -> Partition:
        """Return the box of each cone: by its root, the least root of those in its box."""
        if name == "cones":
            return {root: root for root in self.roots}
        if name == "stacks":
            return self.stacks
        if name == "gathered":
            boxes = self.boxes(self.stacks)
            return gather(self.stacks, boxes, self._alone_in_role(users_of(boxes)))
        if name == "first step":
            return self._with_runs(self.stacks, self.runs, first_open=True)
        if name == "runs":
            return self._with_runs(self.stacks, self.runs, first_open=False)
        if name == "regions":
            return self.regions
        if name == "layers":
            return self.layers
        return self._with_runs(self.layers, self.layer_runs, first_open=True)

    def _with_runs(self, part: Partition, runs: list[Run], first_open: bool) -> Partition:
        """Return the partition in which steps are one box, and so are the leaves that every step uses."""
        if not runs:
            return part
        boxes = self.boxes(part)
        gathered = gather(part, boxes, self._alone_in_role(runs_of(boxes, runs)))
        return one_box_a_run(gathered, runs, first_open)

    def _alone_in_role(self, key: Callable[[int], Hashable]) -> Callable[[int], Hashable]:
        """Return the key of leaves with their role added."""

        def with_role(leaf: int) -> Hashable:
            its = key(leaf)
            return None if its is None else (its, self.wiring.nodes[leaf].role)

        return with_role

    @cached_property
    def classes(self) -> dict[int, int]:
        """By root: which cones compute the same for the same."""
        return classify(self.roots, self._letter, self.cone_graph.edges)

    @cached_property
    def stacks(self) -> Partition:
        """Cones that compute the same for the same, of the same."""
        values = self.cone_graph.values
        return stack(self.roots, self.classes, self.cone_graph.edges, values, self._is_numbered)

    def _is_numbered(self, root: int) -> bool:
        return "#" in self.wiring.stem[root]

    @cached_property
    def regions(self) -> Partition:
        """What only one box leads on from, as deep in the graph as few boxes allow."""
        tree = dominators(self.cone_graph, self.wiring.is_output)
        for depth in range(DEEPEST_REGIONS, 0, -1):
            part = regions(self.cone_graph, self.classes, tree, depth)
            if len(set(part.values())) <= MOST_BOXES:
                break
        return part

    @cached_property
    def layers(self) -> Partition:
        """Cones that are alike and as far from the leaves."""
        return layers(self.wiring, self.cones, self.cone_graph)

    @cached_property
    def runs(self) -> list[Run]:
        """Runs of stacks."""
        return self._runs_of(self.stacks)

    @cached_property
    def layer_runs(self) -> list[Run]:
        """Runs of layers."""
        return self._runs_of(self.layers)

    @cached_property
    def heights(self) -> dict[int, int]:
        """How far each cone is from the leaves."""
        return heights(self.cone_graph)

    def boxes(self, part: Partition) -> Boxes:
        """Return the graph of the boxes of a partition."""
        return boxes_of(self.cone_graph, part, self.heights)

    def _runs_of(self, part: Partition) -> list[Run]:
        boxes = self.boxes(part)
        values: dict[int, int] = dict.fromkeys(boxes.members, 0)
        for root in self.roots:
            values[part[root]] += self.cone_graph.values[root]

        def letter(box: int) -> Hashable:
            return self.cones.shape[box], self.wiring.op[box], boxes.members[box]

        def leaf_letter(box: int) -> Hashable:
            return self.wiring.nodes[box].role, self.wiring.stem[box], boxes.members[box]

        return find_runs(boxes, self.in_steps(part, boxes), letter, leaf_letter, values.__getitem__)

    def in_steps(self, part: Partition, boxes: Boxes) -> list[int]:
        """Return boxes in an order in which steps come one by one; it is the same for any order of nodes.

        What is alike in all steps comes first in the rank of a box: its shape, and the least of its roles. What leads
        from it to the outputs, which differs, comes last.
        """
        shapes, roles, classes = self._marks
        least: dict[int, tuple[int, int]] = {}
        for root, box in part.items():
            marks = roles.get(root, 0), classes[self.classes[root]]
            least[box] = min(least.get(box, marks), marks)
        outputs = [part[self.cones.root[output]] for output in self.graph.outputs]
        stems, families = self.wiring.stem, Counter(self.wiring.stem)  # labels tell apart only what else is alike

        def rank(box: int) -> tuple[int, ...]:
            shape = shapes[self.cones.shape[box]]
            return -boxes.height[box], boxes.members[box], shape, *least[box], families[stems[box]], box

        return in_steps(boxes, outputs, rank)

    @cached_property
    def _marks(self) -> tuple[list[int], dict[int, int], dict[int, int]]:
        """Numbers that are the same for any order of nodes: of shapes, of the least role of a cone, and of classes.

        That of a class is made of its shape and of all that leads from it to the outputs.
        """
        shapes = shape_marks(self.cones)
        roles = role_marks(self.cone_graph, shapes)
        users: dict[int, set[tuple[int, int]]] = {}
        least: dict[int, int] = {}
        first = {self.classes[root]: root for root in self.roots}
        wanted = set(first.values())
        for tail, head, role in self.cone_graph.edges:
            least[tail] = min(least.get(tail, roles[role]), roles[role])
            if tail in wanted:
                users.setdefault(tail, set()).add((self.classes[head], role))
        classes: dict[int, int] = {}
        for root in sorted(wanted, reverse=True):
            node = self.wiring.nodes[root]
            into = sorted([(classes[its], roles[role]) for its, role in users.get(root, ())])
            classes[self.classes[root]] = mark_of(shapes[self.cones.shape[root]], node.op, node.role, into)
        return shapes, least, classes
