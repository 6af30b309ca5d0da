"""View: what to show of a Graph."""

from typing import NamedTuple

from gradgraph.graph import Edge, Graph, Node


class View(NamedTuple):
    """A graph and what to show of it. Ids stay those of the graph: the picture's n7 is the document's row 7.

    `nodes` are the nodes shown, in order, and `edges` the operand edges among them.
    """

    graph: Graph
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def everything(graph: Graph) -> View:
    """The view that hides nothing."""
    return View(graph, graph.nodes, graph.edges)
