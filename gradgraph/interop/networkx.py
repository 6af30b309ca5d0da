"""To and from graphs of the networkx package."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gradgraph.api import graph_of
from gradgraph.document.files import dumps, loads
from gradgraph.errors import CycleError, DocumentError, Problem, ToolMissing
from gradgraph.graph.fields import ALWAYS, REQUIRED_FIRST, Field
from gradgraph.graph.model import Graph, Node, OpDeclaration
from gradgraph.toposort import toposort

if TYPE_CHECKING:
    import networkx

_FIELDS = tuple(field for field in REQUIRED_FIRST if field.name not in ("id", "operands"))
"""What a node has as attributes. Its id is its name, and its operands are edges."""

_GRAPH_FACTS = ("outputs", "ops", "groups", "meta", "ext")


def to_networkx(what: Any) -> "networkx.MultiDiGraph[int]":
    """Return the graph as a `networkx.MultiDiGraph`, with an edge from every operand to its user, keyed by its `slot`.

    Nodes are ids, and have the fields of Node that say something as attributes; those of the graph are `outputs`,
    `ops`, `groups`, `meta` and `ext`. networkx is the extra `gradgraph[networkx]`; raises ToolMissing without it.

    >>> from gradgraph import Value
    >>> a = Value(3.0, label="a")
    >>> drawn = to_networkx(a - a)
    >>> list(drawn.edges(keys=True)), drawn.nodes[0]
    ([(0, 1, 0), (0, 1, 1)], {'data': 3.0, 'grad': None, 'label': 'a', 'role': 'input'})
    """
    graph = graph_of(what)
    facts = {name: getattr(graph, name) for name in _GRAPH_FACTS}
    drawn = _networkx().MultiDiGraph(**facts)
    for node in graph:
        drawn.add_node(node.id, **{field.name: getattr(node, field.name) for field in _FIELDS if field.is_there(node)})
    for edge in graph.edges:
        drawn.add_edge(edge.tail, edge.head, key=edge.slot, slot=edge.slot)
    return drawn


def from_networkx(drawn: "networkx.MultiDiGraph[Any]") -> Graph:
    """Return the graph of a `networkx.MultiDiGraph` of that shape, whatever its nodes are called.

    A node needs `data`, and `op` if edges lead to it; operands go by the `slot` of their edges. Where `ops` says
    nothing of an op, its symbol is its name; without `outputs`, those are the nodes that nothing uses. Ids stay where
    they are those of a document, and are made anew otherwise. Raises CycleError for a cycle, and DocumentError for what
    no document can hold.

    >>> from gradgraph import Value, export
    >>> a = Value(3.0, label="a")
    >>> graph = export(a - a)
    >>> from_networkx(to_networkx(graph)) == graph
    True
    """
    operands: dict[Any, list[Any]] = {name: [] for name in drawn.nodes}
    for tail, head, _ in sorted(drawn.edges(data="slot", default=0), key=lambda edge: edge[2]):
        operands[head].append(tail)
    used = {tail for tail, _ in drawn.edges()}
    outputs = [*drawn.graph.get("outputs", [name for name in drawn.nodes if name not in used])]
    try:
        order = _order(drawn, operands, outputs)
        ids = {name: id for id, name in enumerate(order)}
        nodes = [_node(ids[name], drawn.nodes[name], tuple([ids[each] for each in operands[name]])) for name in order]
        ops = {node.op: OpDeclaration(node.op, None) for node in nodes if node.op is not None}
        ops.update(drawn.graph.get("ops", {}))
        facts = {name: drawn.graph[name] for name in ("groups", "meta", "ext") if name in drawn.graph}
        graph = Graph(tuple(nodes), tuple([ids[each] for each in outputs]), ops, **facts)
        text = dumps(graph)
    except CycleError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        sentence = f"the networkx graph has not the shape that to_networkx gives ({error!r})"
        raise DocumentError((Problem(sentence),)) from error
    return loads(text)  # anyone may have made it: the reader of documents judges it


def _node(id: int, facts: Mapping[str, Any], operands: tuple[int, ...]) -> Node:
    if bool(operands) != ("op" in facts):
        raise ValueError("edges lead to nodes with an op, and to no others")
    said = {field.name: _value(field, facts) for field in _FIELDS if field.name in facts or field.absent is ALWAYS}
    return Node(id=id, operands=operands, **said)


def _value(field: Field, facts: Mapping[str, Any]) -> Any:
    """Return the value of a field, its numbers as floats. Raises KeyError for data that is missing."""
    match field.kind:
        case "number":
            return float(facts[field.name])
        case "number or null":
            number = facts.get(field.name)
            return None if number is None else float(number)
        case "numbers":
            return tuple([float(number) for number in facts[field.name]])
        case _:
            return facts[field.name]


def _order(drawn: Any, operands: dict[Any, list[Any]], outputs: list[Any]) -> list[Any]:
    """The nodes with operands before users: as they are numbered, if that is such an order."""
    names = [*drawn.nodes]
    numbered = set(names) == set(range(len(names)))
    if numbered and all(operand < name for name in names for operand in operands[name]):
        return sorted(names)
    canonical = {name: name for name in names}  # toposort tells items apart by identity
    return toposort(
        [canonical[name] for name in (*outputs, *names)], lambda name: [canonical[o] for o in operands[name]]
    )


def _networkx() -> Any:
    try:
        import networkx
    except ImportError:
        raise ToolMissing("networkx is not installed", "pip install 'gradgraph[networkx]'") from None
    return networkx
