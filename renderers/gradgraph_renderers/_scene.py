"""What is drawn, decided once from view and options: DOT, SVG and Mermaid only spell it."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from gradgraph.graph import Edge, Graph, Node
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._labels import number, visible
from gradgraph_renderers._tints import is_finite, largest_gradient, tint

MOST_CHARACTERS = 60
"""Characters of a name in titles and descriptions; boxes show labels whole."""

_UNORDERED = ("add", "mul")
"""Ops whose operands can change places: the others have their operands numbered."""


class Box(NamedTuple):
    """A value. `cells` are its label, if it has one, its data and its gradient; `tint` is the size of its gradient."""

    key: str
    node: Node
    kind: str
    is_output: bool
    cells: tuple[str, ...]
    tint: int


class Circle(NamedTuple):
    """The op that makes the value of node `node_id`."""

    key: str
    node_id: int
    symbol: str


class Stub(NamedTuple):
    """What stands for nodes that are not shown, where an edge leads to them: the operand's name, or how many users."""

    key: str
    text: str


class Wire(NamedTuple):
    """A line from a box to an op that uses it, or from an op to its value. `mark` is written on it, "" for nothing.

    `leads_out` if one end is a stub.
    """

    tail: str
    head: str
    mark: str
    leads_out: bool = False


class Cluster(NamedTuple):
    """A group: its name, the cluster around it, and the keys of what stands directly in it."""

    group_id: int
    name: str
    parent: int | None
    members: tuple[str, ...]


class Scene(NamedTuple):
    """Everything a drawing shows. Operand wires come by node and slot, each as often as it stands in the graph."""

    title: str
    description: str
    boxes: tuple[Box, ...]
    circles: tuple[Circle, ...]
    stubs: tuple[Stub, ...]
    wires: tuple[Wire, ...]
    clusters: tuple[Cluster, ...]


def build_scene(view: View, options: RenderOptions) -> Scene:
    """The scene of a view. Linear in what is shown."""
    graph = view.graph
    outputs = set(graph.outputs)
    largest = largest_gradient(view.nodes)
    boxes = tuple(
        Box(
            f"n{node.id}",
            node,
            node.role or ("leaf" if node.op is None else "result"),
            node.id in outputs,
            _cells(node, options),
            tint(node.grad, largest) if options.grad else 0,
        )
        for node in view.nodes
    )
    circles = tuple(
        Circle(f"n{node.id}op", node.id, _symbol(graph, node)) for node in view.nodes if node.op is not None
    )
    return Scene(
        _title(view),
        _description(view, largest, options),
        boxes,
        circles,
        tuple(_stubs(view)),
        tuple(_wires(view, options)),
        _clusters(view),
    )


def _symbol(graph: Graph, node: Node) -> str:
    """What stands on the circle: the op's name where its symbol is empty."""
    return visible(graph.symbol(node) or (node.op or "")[:MOST_CHARACTERS])


def _cells(node: Node, options: RenderOptions) -> tuple[str, ...]:
    label = (visible(node.label),) if node.label else ()
    grad = (f"grad {number(node.grad, options.precision)}",) if options.grad else ()
    return (*label, f"data {number(node.data, options.precision)}", *grad)


def _stubs(view: View) -> Iterable[Stub]:
    shown = {node.id for node in view.nodes}
    operands = dict.fromkeys([edge.tail for edge in view.cut if edge.tail not in shown])
    for operand in operands:
        yield Stub(f"n{operand}out", _called(view.graph[operand]))
    users = Counter([tail for tail, _ in {(edge.tail, edge.head) for edge in view.cut if edge.tail in shown}])
    for tail in sorted(users):
        yield Stub(f"n{tail}users", _count(users[tail], "more user"))


def _wires(view: View, options: RenderOptions) -> Iterable[Wire]:
    shown = {node.id for node in view.nodes}
    for edge in view.edges:
        yield Wire(f"n{edge.tail}", f"n{edge.head}op", _mark(view, edge, options))
    for node in view.nodes:
        if node.op is not None:
            yield Wire(f"n{node.id}op", f"n{node.id}", "")
    for edge in view.cut:
        if edge.head in shown:
            yield Wire(f"n{edge.tail}out", f"n{edge.head}op", _mark(view, edge, options), leads_out=True)
    for tail in sorted({edge.tail for edge in view.cut} & shown):
        yield Wire(f"n{tail}", f"n{tail}users", "", leads_out=True)


def _mark(view: View, edge: Edge, options: RenderOptions) -> str:
    """What is written on an operand edge: its number where the order matters, its local derivative if asked for."""
    head = view.graph[edge.head]
    marks = []
    if len(head.operands) > 1 and head.op not in _UNORDERED:
        marks.append(f"{edge.slot + 1}")
    if options.local and head.local:
        marks.append(f"∂ {number(head.local[edge.slot], options.precision)}")
    return ": ".join(marks)


def _clusters(view: View) -> tuple[Cluster, ...]:
    """The groups that hold something shown, or a group that does."""
    groups = view.graph.groups
    members: dict[int, list[str]] = {}
    for node in view.nodes:
        if node.group is not None:
            keys = members.setdefault(node.group, [])
            keys.append(f"n{node.id}")
            if node.op is not None:
                keys.append(f"n{node.id}op")
    needed = set(members)
    for group in reversed(groups):
        if group.id in needed and group.parent is not None:
            needed.add(group.parent)
    return tuple(
        Cluster(group.id, visible(group.name), group.parent, tuple(members.get(group.id, ())))
        for group in groups
        if group.id in needed
    )


def _title(view: View) -> str:
    outputs = _listed(_called(view.graph[output]) for output in view.graph.outputs)
    return f"Computation graph of {outputs}" + (f" ({view.note})" if view.note else "")


def _description(view: View, largest: float, options: RenderOptions) -> str:
    """The graph in a sentence or three."""
    graph = view.graph
    leaves = sum(node.op is None for node in view.nodes)
    symbols = _listed(dict.fromkeys(_symbol(graph, node) for node in view.nodes if node.op is not None))
    results = len(view.nodes) - leaves
    made = f" and {_count(results, 'result')} of {symbols}" if results else ""
    outputs = _listed(f"{_called(graph[id])} = {number(graph[id].data, options.precision)}" for id in graph.outputs)
    sentences = [
        f"{_count(len(view.nodes), 'value')}: {_count(leaves, 'leaf', 'leaves')}{made}",
        f"Output {outputs}",
    ]
    steepest = next((node for node in view.nodes if is_finite(node.grad) and abs(node.grad or 0.0) == largest), None)
    if options.grad:
        if steepest is not None:
            size = number(steepest.grad, options.precision)
            sentences.append(f"The largest gradient is {size}, of {_called(steepest)}")
        elif any(node.grad is not None for node in view.nodes):
            sentences.append("No gradient is finite")
        else:
            sentences.append("No gradient was computed")
    return ". ".join(sentences) + "."


def _called(node: Node) -> str:
    label = visible(node.label)
    return (label if len(label) <= MOST_CHARACTERS else label[: MOST_CHARACTERS - 1] + "…") or f"n{node.id}"


def _count(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _listed(names: Iterable[str], most: int = 12) -> str:
    every = list(names)
    shown = every if len(every) <= most else [*every[:most], f"{len(every) - most} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
