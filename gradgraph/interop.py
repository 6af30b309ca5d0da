"""To and from objects of the graphviz and pydot packages, for programs written for them."""

from collections.abc import Iterable
from typing import Any

import graphviz
import pydot

from gradgraph.document import from_dot
from gradgraph.engine import Value
from gradgraph.errors import RendererError
from gradgraph.graph import Graph
from gradgraph.notebook import mimebundle
from gradgraph.rendering import render
from gradgraph.tracing import export


class Drawing(graphviz.Source):  # type: ignore[misc]  # graphviz ships no types
    """A `graphviz.Source` of our DOT: `.source`, `.render(…)` and the rest work as there, and need `dot` as there.

    Shown in a notebook, it is our own picture, or the text drawing where there is no layout engine: it never raises.
    """

    def __init__(self, graph: Graph, **options: Any) -> None:
        super().__init__(str(render(graph, "dot", **options)))
        self.graph = graph
        self.options = options

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        return mimebundle(self.graph, include, exclude, **self.options)


def to_graphviz(what: Value | Iterable[Value] | Graph, **options: Any) -> Drawing:
    """Our DOT as a `graphviz.Source` whose display in a notebook never raises; `options` are those of `render`.

    >>> print(to_graphviz(Value(1.0, label="a")).source.splitlines()[0])
    digraph gradgraph {
    """
    return Drawing(what if isinstance(what, Graph) else export(what), **options)


def draw_dot(root: Value | Iterable[Value] | Graph, format: str = "svg", rankdir: str = "LR") -> Drawing:
    """The teaching notebook's drawing function, under its own name and arguments: `to_graphviz` does the same."""
    drawing = to_graphviz(root, direction=rankdir)
    drawing.format = format
    return drawing


def to_pydot(what: Value | Iterable[Value] | Graph, **options: Any) -> pydot.Dot:
    """Our DOT as a pydot graph, which a program can go on from; `options` are those of `render`.

    Raises RendererError if pydot cannot read it.

    >>> drawing = to_pydot(Value(1.0, label="a") * 2)
    >>> sorted(node.get_name() for node in drawing.get_nodes() if node.get_name().startswith("n2"))
    ['n2', 'n2op']
    """
    drawings = pydot.graph_from_dot_data(str(render(what, "dot", **options)))
    if not drawings:
        raise RendererError("pydot cannot read the drawing")
    return drawings[0]


def from_pydot(dot: pydot.Dot) -> Graph:
    """The graph that our DOT carries, as pydot read it or as `to_pydot` made it.

    Raises DocumentError for any other drawing, and for one of a part of a graph.

    >>> graph = export(Value(1.0, label="a") * 2)
    >>> from_pydot(to_pydot(graph)) == graph
    True
    """
    return from_dot(dot)
