"""To and from objects of the graphviz and pydot packages, for programs written for them."""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import graphviz
import pydot

from gradgraph.api import graph_of, render
from gradgraph.displayed import Displayed
from gradgraph.document.dot_lexing import spelled_at
from gradgraph.document.dot_parsing import Attributes, Mention, parse
from gradgraph.document.files import loads
from gradgraph.errors import DocumentError, Problem
from gradgraph.graph.model import Graph


class Drawing(Displayed, graphviz.Source):  # type: ignore[misc]  # graphviz ships no types
    """A `graphviz.Source` of our DOT: `.source`, `.render(…)` and the rest work as there, and need `dot` as there.

    Shown in a notebook, it is our own picture, or the text drawing where there is no layout engine: it never raises.
    """

    def __init__(self, graph: Graph, **options: Any) -> None:
        super().__init__(str(render(graph, "dot", **options)))
        self.graph = graph
        self.options = options

    def _displayed(self) -> tuple[Any, dict[str, Any]]:
        return self.graph, self.options


def to_graphviz(what: Any, **options: Any) -> Drawing:
    """Return our DOT as a `graphviz.Source`, whose display in a notebook never raises; `options` are those of `render`.

    >>> from gradgraph import Value
    >>> print(to_graphviz(Value(1.0, label="a")).source.splitlines()[0])
    digraph gradgraph {
    """
    return Drawing(graph_of(what), **options)


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR") -> Drawing:
    """Do what `to_graphviz` does, under the name and with the arguments of the well-known teaching notebook."""
    drawing = to_graphviz(root, direction=rankdir)
    drawing.format = format
    return drawing


def to_pydot(what: Any, **options: Any) -> pydot.Dot:
    """Return our DOT as a pydot graph, which a program can go on from; `options` are those of `render`.

    It is what pydot reads from that DOT, but made in time linear in it: pydot's grammar takes exponential time for
    groups inside each other.

    >>> from gradgraph import Value
    >>> drawing = to_pydot(Value(1.0, label="a") * 2)
    >>> sorted(node.get_name() for node in drawing.get_nodes() if node.get_name().startswith("n2"))
    ['n2', 'n2op']
    """
    data = str(render(what, "dot", **options)).encode()
    builder = _PydotBuilder(data)
    parse(data, builder)
    drawing: pydot.Dot = builder.parts[0]
    return drawing


def from_pydot(dot: pydot.Dot) -> Graph:
    """Return the graph that our DOT carries, as pydot read it or as `to_pydot` made it.

    Raises DocumentError, without lines, for any other drawing, and for one of a part of a graph.

    >>> from gradgraph import Value, export
    >>> graph = export(Value(1.0, label="a") * 2)
    >>> from_pydot(to_pydot(graph)) == graph
    True
    """
    try:
        return loads(dot.to_string(), "dot")
    except RecursionError:  # of pydot's, which writes a subgraph inside the call for the one around it
        raise DocumentError((Problem("the pydot graph nests subgraphs too deep for pydot to write it"),)) from None
    except DocumentError as error:  # places are those of a text that nobody has seen
        raise DocumentError(tuple(problem._replace(line=None, column=None) for problem in error.problems)) from None


class _PydotBuilder:
    """Makes pydot objects of the statements of our own DOT, as pydot's parser does; `parts` are those open."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.parts: list[Any] = []

    def begin(self, is_strict: bool, name: bytes) -> None:
        self.parts.append(pydot.Dot(name.decode(), graph_type="digraph", strict=is_strict))

    def open(self, name: bytes | None, at: int) -> None:
        part = pydot.Subgraph((name or b"").decode())
        self.parts[-1].add_subgraph(part)
        self.parts.append(part)

    def close(self) -> Any:
        return self.parts.pop() if len(self.parts) > 1 else self.parts[0]

    def defaults(self, kind: bytes, attributes: Attributes) -> None:
        if kind == b"graph" and len(self.parts) > 1:
            self.parts[-1].obj_dict["attributes"].update(self._spelled(attributes))
        else:
            self.nodes([Mention(kind, 0)], attributes)

    def mention(self, nodes: Sequence[Mention]) -> None:
        """Do nothing: the statement itself comes next."""

    def nodes(self, nodes: Sequence[Mention], attributes: Attributes) -> None:
        for name, _ in nodes:
            self.parts[-1].add_node(pydot.Node(name.decode(), **self._spelled(attributes)))

    def edges(self, ends: Sequence[Any], attributes: Attributes, at: int) -> None:
        for tails, heads in pairwise(ends):
            for (tail, _), (head, _) in product(tails, heads):
                edge = pydot.Edge(tail.decode(), head.decode(), **self._spelled(attributes))
                self.parts[-1].add_edge(edge)

    def _spelled(self, attributes: Attributes) -> dict[str, Any]:
        return {name.decode(): spelled_at(self._data, at).decode() for name, at in attributes.items()}
