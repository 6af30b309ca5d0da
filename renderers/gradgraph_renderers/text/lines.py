"""What a style of text drawing says of its lines, before they have columns."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from gradgraph.plugins import Edge, Fold, Node, View, around_fold, in_order
from gradgraph_renderers.text.charset import Charset


class Gap(NamedTuple):
    """A line before line number `at` that tells how many others are left out there, with something drawn before it."""

    at: int
    drawn: str
    said: str


class Sketch(NamedTuple):
    """The lines of a drawing, the view they are of, and notes on what they leave out.

    Line number i is for node number `places[i]` of the view, with `drawn[i]` before its facts. Those whose numbers are
    in `again` only refer to a line above.
    """

    view: View
    drawn: list[str]
    places: Sequence[int]
    again: frozenset[int]
    gap: Gap | None
    notes: tuple[str, ...]


def gap_in(at: int, drawn: str, what: str, chars: Charset) -> Gap:
    """The gap that says what is left out there."""
    return Gap(at, drawn, f"{chars.gap} {what} left out")


def with_rows_for_folds(view: View) -> View:
    """The view with a node for each fold, whose id is below 0: fold number i, from 0, becomes -1 - i.

    Operands that stand in a fold become that of its node, in these nodes and in `edges` and `cut`.
    """
    if not view.folds:
        return view
    row = {node.id: -1 - number for number, fold in enumerate(view.folds) for node in fold.nodes}
    edges, cut = (
        tuple([Edge(row.get(edge.tail, edge.tail), row.get(edge.head, edge.head), edge.slot) for edge in some])
        for some in (view.edges, view.cut)
    )
    operands: dict[int, list[int]] = {}
    for edge in (*edges, *cut):
        operands.setdefault(edge.head, []).append(edge.tail)
    nodes: list[Node] = []
    for thing in in_order(view):
        if isinstance(thing, Fold):
            key = row[thing.nodes[0].id]
            group = around_fold(view.graph, thing)
            leaving = only_exit(view, thing)
            data, grad = (leaving.data, leaving.grad) if leaving else (0.0, None)
            nodes.append(Node(key, data, grad, op="", operands=tuple(operands.get(key, ())), group=group))
        else:
            nodes.append(msgspec.structs.replace(thing, operands=tuple(operands.get(thing.id, ()))))
    return msgspec.structs.replace(view, nodes=tuple(nodes), edges=edges, cut=cut)


def only_exit(view: View, fold: Fold) -> Node | None:
    """Return the one node of a fold that is used outside it, None if it is not known, or not one."""
    return view.graph[fold.exits[0]] if len(fold.exits) == 1 else None
