"""View: what to show of a Graph."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from gradgraph.displayed import Displayed
from gradgraph.errors import OptionError
from gradgraph.graph.model import Edge, Graph, Node

_ID = re.compile(r"n?(0|[1-9][0-9]{0,18})")
MOST_NAMED = 8
"""Nodes listed in a message about a name that fits several."""


FoldMode = Literal["auto", "none", "groups", "cones", "stacks", "steps", "regions", "layers"]
"""What is shown as one box each. "auto" decides by the size of the graph."""
MOST_BOXES = 60
"""Boxes that a reader takes in at a glance."""
FoldKind = Literal["group", "cone", "stack", "layer", "run", "region"]
"""What a fold is: a group of the user, or a part of the structure that the graph has by itself."""


class Fold(NamedTuple):
    """Nodes that are shown as one box.

    A fold of the kind "group" holds nodes of the group with that id, as part number `part` of the group's `parts`. One
    of another kind is drawn inside that group, or outside all for None. `at` is its place among the nodes shown by
    themselves: before `nodes[at]` of its view. `name` and `expression` say what it computes: those of each of its
    `members`, which are expressions, steps or regions. `exits` are the ids of the nodes that are used outside it, or
    are outputs. `step` says which step of a run its members are, or, of a run, which one its exits are in. `makes`
    names what each step of a run makes for others: "4 × h₁[t]". `kinds` are the names of leaves of several kinds in one
    box, each with the ids of its leaves.
    """

    group: int | None
    nodes: tuple[Node, ...]
    at: int
    part: int = 1
    parts: int = 1
    kind: FoldKind = "group"
    name: str = ""
    expression: str = ""
    members: int = 1
    exits: tuple[int, ...] = ()
    step: str = ""
    makes: str = ""
    kinds: tuple[tuple[str, tuple[int, ...]], ...] = ()


class Pattern(NamedTuple):
    """How the members of two boxes are connected; both are called by the id of their first node."""

    tail: int
    head: int
    pattern: str


def fold_name(graph: Graph, fold: Fold) -> str:
    """Return what a fold is called: the name of its group, or what its members are called after their number.

    A run is called by its steps and what each of them makes.
    """
    if fold.kind == "group" and fold.group is not None:
        return graph.groups[fold.group].name
    if fold.kind == "run":
        return f"{fold.name}: {fold.makes}" if fold.makes else fold.name
    return several(fold.members, fold.name)


def several(count: int, name: str) -> str:
    """Return what so many values of one name are called.

    >>> several(4, "h₁"), several(1, "h₁")
    ('4 × h₁', 'h₁')
    """
    return f"{count:,} × {name}" if count > 1 else name


def fold_formula(fold: Fold) -> str:
    """Return what a box says of its fold after the name: what each member computes, after "="; "" for leaves.

    Of a run, what is computed is named, unless it is all that a step makes: then the name of the fold says so.
    """
    if fold.kind != "run":
        return f"= {fold.expression}" if fold.expression else ""
    made, _, rest = fold.expression.partition(" = ")
    return f"= {rest}" if re.fullmatch(rf"([0-9,]+ × )?{re.escape(made)}", fold.makes) else fold.expression


def any_number(names: Iterable[str]) -> str:
    """Return what stands for numbers that differ, where boxes have these names.

    >>> any_number(["x", "h₁"]), any_number(["b", "c"])
    ('c', 'k')
    """
    return "k" if "c" in names else "c"


def facing(graph: Graph, fold: Fold) -> tuple[Node, ...]:
    """Return the nodes whose numbers a fold's box shows: those that leave it, or all of a group's."""
    return tuple([graph.nodes[place] for place in fold.exits]) or fold.nodes


def around_fold(graph: Graph, fold: Fold) -> int | None:
    """Return the group that a fold is drawn in, None for none."""
    return graph.groups[fold.group].parent if fold.kind == "group" and fold.group is not None else fold.group


class View(Displayed, msgspec.Struct, frozen=True):
    """A graph and what to show of it. Ids stay those of the graph: the picture's n7 is the document's row 7.

    `nodes` are the nodes shown by themselves, in a topological order, and `folds` those shown as one. `edges` are the
    operand edges that lead from one of all these to another, in the order of their heads and by slot. `cut` are the
    operand edges with one end that is neither shown nor folded; renderers draw them as stubs. `note` says what was left
    out or folded, in a sentence for the reader of the picture, and is empty when nothing was. `patterns` say how boxes
    of more than one member are connected, where that is known.
    """

    graph: Graph
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cut: tuple[Edge, ...] = ()
    note: str = ""
    folds: tuple[Fold, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    def __repr__(self) -> str:
        folded = f" and {len(self.folds):,} folds" if self.folds else ""
        return f"<View of {len(self.nodes):,} nodes{folded} of {self.graph!r}>"


def everything(graph: Graph) -> View:
    """Return the view that hides nothing."""
    return View(graph, graph.nodes, graph.edges)


def covered(view: View) -> tuple[Node, ...]:
    """Return the nodes that are shown, by themselves or in a fold."""
    return (*view.nodes, *[node for fold in view.folds for node in fold.nodes]) if view.folds else view.nodes


def is_large(view: View, most: int | None = None) -> bool:
    """Return whether a view shows more nodes than a reader takes in, or more than `most`."""
    return len(view.nodes) + sum([len(fold.nodes) for fold in view.folds]) > (MOST_BOXES if most is None else most)


def in_order(view: View) -> Iterator[Node | Fold]:
    """Yield nodes and folds in the order of the computation."""
    start = 0
    for fold in view.folds:
        yield from view.nodes[start : fold.at]
        yield fold
        start = fold.at
    yield from view.nodes[start:]


def focus(graph: Graph, node: int | str, radius: int = 1) -> View:
    """The neighbourhood of one node: all nodes that `radius` edges or fewer lead to, along or against the flow.

    `node` is an id, as a number or as drawings write it ("n7"), or a label that only one node has. Raises OptionError
    for any other node, and for a radius below 0.

    >>> leaf, other = Node(id=0, label="a", data=3.0, grad=None), Node(id=1, label="b", data=1.0, grad=None)
    >>> square = Node(id=2, op="mul", operands=(0, 0), data=9.0, grad=None)
    >>> total = Node(id=3, op="add", operands=(2, 1), data=10.0, grad=None)
    >>> view = focus(Graph((leaf, other, square, total), (3,)), "a")
    >>> [node.id for node in view.nodes], view.cut
    ([0, 2], (Edge(tail=2, head=3, slot=0),))
    >>> view.note
    'n0 and what is next to it: 2 of 4 nodes'
    """
    if radius < 0:
        raise OptionError(f"a radius is 0 or more, not {radius}")
    centre = find(graph, node)
    users: list[list[int]] = [[] for _ in graph.nodes]
    for user in graph.nodes:
        for operand in user.operands:
            users[operand].append(user.id)
    shown = {centre.id}
    rim = [centre.id]
    for _ in range(radius):
        beside = {other for id in rim for other in (*graph[id].operands, *users[id])}
        rim = list(beside - shown)
        if not rim:
            break
        shown.update(rim)
    reach = {0: "", 1: " and what is next to it"}.get(radius, f" and what is {radius} edges from it or fewer")
    return _only(everything(graph), shown, f"n{centre.id}{reach}: {len(shown):,} of {len(graph):,} nodes")


def first_and_last(view: View, most: int) -> View:
    """Return the view with only `most` of its nodes, from both ends of its order; the view itself if it has no more."""
    if len(view.nodes) <= most:
        return view
    first = most - most // 2
    ends = (*view.nodes[:first], *view.nodes[len(view.nodes) - (most - first) :])
    return _only(view, {node.id for node in ends}, view.note)


def find(graph: Graph, name: int | str) -> Node:
    """The node that a user names: by id, as a number or as drawings write it ("n7"), or by a label that is its own.

    What drawings write for an id is one, whatever labels say; a bare number in a text is a label if a node has it.
    Raises OptionError when no node, or more than one, has the name.
    """
    text = str(name)
    labelled = () if isinstance(name, int) or (text.startswith("n") and _ID.fullmatch(text)) else graph.labelled(text)
    if len(labelled) == 1:
        return labelled[0]
    if labelled:
        some = ", ".join(f"n{node.id}" for node in labelled[:MOST_NAMED])
        rest = f" and {len(labelled) - MOST_NAMED:,} more" if len(labelled) > MOST_NAMED else ""
        raise OptionError(f"{len(labelled):,} nodes are labelled {text!r}: name one by its id ({some}{rest})")
    found = _ID.fullmatch(text)
    if not found or int(found[1]) >= len(graph):
        raise OptionError(f"no node has the label or id {text!r} (ids go from n0 to n{len(graph) - 1})")
    return graph[int(found[1])]


def _only(view: View, shown: set[int], note: str) -> View:
    """The part of a view that these nodes are."""
    edges = []
    cut = []
    for edge in (*view.edges, *view.cut):
        ends_shown = (edge.tail in shown) + (edge.head in shown)
        if ends_shown == 2:
            edges.append(edge)
        elif ends_shown == 1:
            cut.append(edge)
    nodes = tuple([node for node in view.nodes if node.id in shown])
    return msgspec.structs.replace(view, nodes=nodes, edges=tuple(edges), cut=tuple(cut), note=note)
