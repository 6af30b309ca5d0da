"""DOT from live values, side by side with the teaching notebook's way of drawing. Prints ratios of medians.

Run `make benchmark`. Every way is measured in turn, in one run, from the same values.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import graphviz
import pydot

from gradgraph import Value, render

NODES = int(os.environ.get("DRAWN_NODES", "60000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))


def trace(root: Value) -> tuple[list[Value], list[tuple[Value, Value]]]:
    """The values and the edges, as the notebook's function finds them, without its recursion."""
    nodes: dict[int, Value] = {}
    edges = {}
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if id(value) not in nodes:
            nodes[id(value)] = value
            for child in value._prev:
                edges[id(child), id(value)] = child, value
                waiting.append(child)
    return [*nodes.values()], [*edges.values()]


def with_graphviz(root: Value) -> str:
    """The notebook's drawing function, with graphviz.Digraph."""
    drawing = graphviz.Digraph(format="svg", graph_attr={"rankdir": "LR"})
    nodes, edges = trace(root)
    for value in nodes:
        name = str(id(value))
        label = f"{{ {value.label} | data {value.data:.4f} | grad {value.grad:.4f} }}"
        drawing.node(name=name, label=label, shape="record")
        if value._op:
            drawing.node(name=name + value._op, label=value._op)
            drawing.edge(name + value._op, name)
    for tail, head in edges:
        drawing.edge(str(id(tail)), str(id(head)) + head._op)
    return str(drawing.source)


def with_pydot(root: Value) -> str:
    """The same with pydot."""
    drawing = pydot.Dot(graph_type="digraph", rankdir="LR")
    nodes, edges = trace(root)
    for value in nodes:
        name = str(id(value))
        label = f'"{{ {value.label} | data {value.data:.4f} | grad {value.grad:.4f} }}"'
        drawing.add_node(pydot.Node(name, label=label, shape="record"))
        if value._op:
            drawing.add_node(pydot.Node(f'"{name}{value._op}"', label=f'"{value._op}"'))
            drawing.add_edge(pydot.Edge(f'"{name}{value._op}"', name))
    for tail, head in edges:
        drawing.add_edge(pydot.Edge(str(id(tail)), f'"{id(head)}{head._op}"'))
    return str(drawing.to_string())


def ours(root: Value) -> str:
    """Our DOT, from the same live values."""
    return str(render(root, "dot"))


def median_times(root: Value, ways: list[Callable[[Value], str]]) -> list[float]:
    """Seconds that each way takes, the median of some rounds in which they take turns."""
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for index, way in enumerate(ways):
            start = time.perf_counter()
            way(root)
            times[index].append(time.perf_counter() - start)
    return [statistics.median(each) for each in times]


def main() -> None:
    """Print the ratios for the example of a line fitted to points."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "examples"))
    from fit import squared_error

    root = squared_error(NODES // 7)
    root.backward()
    own, digraph, dot = median_times(root, [ours, with_graphviz, with_pydot])
    nodes, edges = trace(root)
    print(f"{len(nodes):,} values, {len(edges):,} distinct edges: ours {own:.2f} s")
    print(f"graphviz.Digraph / ours  {digraph / own:.2f}  (bound 5)")
    print(f"pydot / ours             {dot / own:.2f}  (bound 5)")


if __name__ == "__main__":
    main()
