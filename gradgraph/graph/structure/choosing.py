"""Which level a picture shows: the finest that a reader takes in at a glance."""

from collections.abc import Sequence
from typing import Literal

from gradgraph.errors import TooLarge
from gradgraph.graph.folding import fold, outermost
from gradgraph.graph.model import Graph
from gradgraph.graph.structure.levels import LevelName, Structure
from gradgraph.graph.structure.opening import opened
from gradgraph.graph.structure.showing import show
from gradgraph.graph.views import MOST_BOXES, FoldMode, View, covered, is_large

WIRES_PER_BOX = 1.5
"""Wires that a picture may have for each box it may have: 90 for 60. More are read as a web."""
LEAST_BOXES = 3
"""Fewer runs, regions or layers say nothing of a large graph."""
_FINE: tuple[LevelName, ...] = ("cones", "stacks", "first step")
"""Levels that say what each box computes, however few there are."""
FINE_ENOUGH = 25
"""Boxes up to which a finer level is kept, even if the next one has less than half, if it has few wires for them."""

_RUNGS: tuple[LevelName | Literal["groups"], ...] = (
    "cones",
    "stacks",
    "first step",
    "groups",
    "runs",
    "regions",
    "layers",
    "first layers",
)
_LEVEL_OF: dict[str, LevelName] = {
    "cones": "cones",
    "stacks": "stacks",
    "steps": "first step",
    "regions": "regions",
    "layers": "layers",
}


def folded(view: View, mode: FoldMode, most: int | None = None, expand: Sequence[str] = ()) -> View:
    """Return the view as a mode shows it, with at most so many boxes if the mode is "auto" or "groups".

    "auto" shows every node if they are few, and else the first of cones, stacks, steps with the first open, groups,
    runs, regions and layers that has few boxes and few wires. It goes on to the next that does if that has less than
    half the boxes. In stacks that are still many, leaves that the same boxes use are one box. Where all levels have too
    many boxes, it shows the first and the last of the coarsest.

    Boxes whose names are in `expand` are opened. Raises OptionError for a name that no box has.

    >>> from gradgraph import Value, export
    >>> from gradgraph.graph.views import everything
    >>> chain = Value(1.0)
    >>> for _ in range(100):
    ...     chain = (chain * 0.5).tanh()
    >>> [fold.name for fold in folded(everything(export(chain)), "auto").folds]
    ['x₁', 'h₁[1]', 'steps 2 to 100']
    """
    if mode == "groups":
        view = fold(view, (), most) if most is not None else fold(view, outermost(view.graph))
    if mode in ("none", "groups") or (mode == "auto" and not is_large(view, most)):
        return opened(view, expand) if expand else view
    structure = Structure(view.graph)
    if mode == "auto":
        shown, level = _chosen(view, structure, MOST_BOXES if most is None else most)
    else:
        level = _LEVEL_OF[mode]
        if level == "layers" and len(set(structure.layers.values())) > MOST_BOXES:
            level = "first layers"
        shown = show(view, structure, level)
    return opened(shown, expand, structure, level) if expand else shown


def _chosen(view: View, structure: Structure, most: int) -> tuple[View, LevelName]:
    """Return what "auto" shows, and its level, which says nothing where groups are folded."""
    best: LevelName | None = None
    count, is_fine = 0, False
    fewest: tuple[int, LevelName] | None = None
    for rung in _RUNGS:
        if rung == "groups":
            shown = _by_groups(view, most) if best is None else None
            if shown is not None:
                return shown, "cones"
            continue
        boxes, wires = _size(structure, rung, view)
        if boxes < LEAST_BOXES and rung not in _FINE:
            continue
        if fewest is None or boxes < fewest[0]:
            fewest = boxes, rung
        if boxes > most or wires > WIRES_PER_BOX * most:
            continue
        if best is None or 2 * boxes < count:
            best, count = rung, boxes
            is_fine = boxes <= FINE_ENOUGH and wires <= WIRES_PER_BOX * FINE_ENOUGH
        if is_fine:
            break
    if best is None:
        level = fewest[1] if fewest else "cones"
        return show(view, structure, level, most), level
    if best == "stacks" and not is_fine and _size(structure, "gathered", view)[0] < count:
        best = "gathered"
    return show(view, structure, best), best


def _size(structure: Structure, level: LevelName, view: View) -> tuple[int, int]:
    """Return how many boxes of a level the view shows, and how many wires."""
    part, roots = structure.level(level), structure.cones.root
    shown = {part[roots[node.id]] for node in covered(view)}
    wires = {(part[tail], part[head]) for tail, head, _ in structure.cone_graph.edges}
    return len(shown), sum([tail != head and tail in shown and head in shown for tail, head in wires])


def _by_groups(view: View, most: int) -> View | None:
    """Return the view with groups of the user folded, None if that is not enough."""
    graph: Graph = view.graph
    if not graph.groups:
        return None
    try:
        shown = fold(view, (), most)
    except TooLarge:
        return None
    wires = {(edge.tail, edge.head) for edge in shown.edges}
    return shown if len(wires) <= WIRES_PER_BOX * most else None
