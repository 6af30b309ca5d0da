"""What is said of a drawing in words: its title, its description, and where numbers stop being finite."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from gradgraph.drawing.options import DrawingOptions
from gradgraph.graph.model import Graph, Node
from gradgraph.graph.views import View, covered
from gradgraph.visible_text import visible
from gradgraph.words import counted, listed, number

MOST_CHARACTERS = 60
"""Characters of a name in titles and descriptions; boxes show labels whole."""


def title(view: View, options: DrawingOptions) -> str:
    """What the picture is of, and what was left out of it."""
    graph = view.graph
    said = visible(options.title) or f"Computation graph of {listed([called(graph[id]) for id in graph.outputs])}"
    return f"{said} ({visible(view.note)})" if view.note else said


def description(view: View, options: DrawingOptions) -> str:
    """The graph in a sentence or three, or what the options say instead."""
    if options.desc:
        return visible(options.desc)
    graph = view.graph
    nodes = covered(view)
    leaves = sum([node.op is None for node in nodes])
    makers: dict[tuple[str, int], Node] = {}  # ops without params are the same wherever they are
    for node in nodes:
        if node.op is not None:
            makers.setdefault((node.op, node.id if node.params else -1), node)
    symbols = listed(dict.fromkeys([symbol(view, node) for node in makers.values()]))
    results = len(nodes) - leaves
    made = f" and {counted(results, 'result')} of {symbols}" if results else ""
    outputs = listed([f"{called(graph[id])} = {number(graph[id].data, options.precision)}" for id in graph.outputs])
    sentences = [f"{counted(len(nodes), 'value')}: {counted(leaves, 'leaf', 'leaves')}{made}", f"Output {outputs}"]
    if options.grad:
        sentences.append(_steepest(nodes, options.precision))
    origin = find_origin(graph, options.grad)
    if origin is not None:
        sentences.append(f"Numbers stop being finite at {called(origin.node)}, {origin.fact} {origin.spelled}")
    return ". ".join(sentences) + "."


def _steepest(nodes: Sequence[Node], precision: int) -> str:
    finite = [node for node in nodes if node.grad is not None and math.isfinite(node.grad)]
    if finite:
        node = max(finite, key=lambda node: abs(node.grad or 0.0))
        return f"The largest gradient is {number(node.grad, precision)}, of {called(node)}"
    computed = any(node.grad is not None for node in nodes)
    return "No gradient is finite" if computed else "No gradient was computed"


class Origin(NamedTuple):
    """Where numbers stop being finite: the node, its data or grad, and what it is there: nan, inf or -inf."""

    node: Node
    fact: str
    spelled: str


def find_origin(graph: Graph, grad: bool) -> Origin | None:
    """Return the first node whose data is not finite, else the first to which backward() gives such a gradient.

    Gradients count only if `grad`. Return None if there is neither.
    """
    for node in graph:
        if not math.isfinite(node.data):
            return Origin(node, "data", f"{node.data:g}")
    for node in reversed(graph.nodes if grad else ()):
        if node.grad is not None and not math.isfinite(node.grad):
            return Origin(node, "grad", f"{node.grad:g}")
    return None


def symbol(view: View, node: Node) -> str:
    """Return the text on the circle of an op: its symbol, or its name where that is empty."""
    return visible(view.graph.symbol(node) or (node.op or "")[:MOST_CHARACTERS])


def called(node: Node) -> str:
    """Return a name for the node: its label, or its id."""
    label = visible(node.label)
    return (label if len(label) <= MOST_CHARACTERS else visible(label[: MOST_CHARACTERS - 1]) + "…") or f"n{node.id}"
