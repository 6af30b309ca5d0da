"""What a drawing says of a graph beside the picture, so that a DOT file carries the whole graph."""

from collections.abc import Iterator

from gradgraph.graph import Node
from gradgraph.views import View
from gradgraph.writing import header, params_text, spelled_label, spelled_number


def graph_facts(view: View) -> str:
    """The document's header as JSON; "" for a view of a part of the graph, from which no graph can be read."""
    if view.folds or len(view.nodes) < len(view.graph):
        return ""
    return "{" + ", ".join([f'"{key}": {value}' for key, value in header(view.graph)]) + "}"


def node_facts(node: Node) -> Iterator[tuple[str, str]]:
    """Attributes of a node and their values: what its row in a document says.

    Numbers are spelled as there, but for the quotes around NaN; lists have spaces between; params are JSON.

    >>> dict(node_facts(Node(id=2, data=-6.0, grad=None, label="a", op="mul", operands=(0, 1), local=(-3.0, 2.0))))
    {'id': 'n2', 'data': '-6.0', 'grad': 'null', 'caption': 'a', 'op': 'mul', 'operands': '0 1', 'local': '-3.0 2.0'}
    """
    yield "id", f"n{node.id}"
    yield "data", _number(node.data)
    yield "grad", _number(node.grad)
    if node.label:
        yield "caption", spelled_label(node.label)
    if node.role:
        yield "role", node.role
    if node.op is not None:
        yield "op", spelled_label(node.op)
        yield "operands", " ".join([str(operand) for operand in node.operands])
    if node.params:
        yield "params", params_text(node.params)
    if node.local:
        yield "local", " ".join([_number(number) for number in node.local])
    if node.group is not None:
        yield "in_group", str(node.group)


def _number(number: float | None) -> str:
    return spelled_number(number).strip('"')
