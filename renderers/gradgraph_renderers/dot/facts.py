"""What a drawing says of a graph beside the picture, so that a DOT file carries the whole graph."""

from gradgraph.plugins import Node, View, header, params_text, remember_short, spelled_label, spelled_number
from gradgraph_renderers.dot.quoting import quote_plain


def graph_facts(view: View) -> str:
    """The document's header as JSON; "" for a view of a part of the graph, from which no graph can be read."""
    if view.folds or len(view.nodes) < len(view.graph):
        return ""
    return "{" + ", ".join([f'"{key}": {value}' for key, value in header(view.graph)]) + "}"


def node_facts(node: Node, *, is_escaped: bool = False) -> str:
    """What a node's row in a document says, as attributes to go on with in DOT.

    Numbers are spelled as there, but for the quotes around NaN; lists have spaces between; params are JSON.

    >>> print(node_facts(Node(id=2, data=-6.0, grad=None, label="a", op="mul", operands=(0, 1), local=(-3.0, 2.0))))
    , id="n2", data="-6.0", grad="null", caption="a", op="mul", operands="0 1", local="-3.0 2.0"
    """
    facts = f', id="n{node.id}", data="{_number(node.data)}", grad="{_number(node.grad)}"'
    if node.label:
        facts += f", caption={_text(node.label)}"
    if node.role:
        facts += f', role="{node.role}"'
    if node.op is not None:
        facts += f", op={_text(node.op)}, operands={_list(node.operands)}"
    if node.params:
        facts += f", params={quote_plain(params_text(node.params, is_escaped=is_escaped))}"
    if node.local:
        facts += f", local={_list(node.local)}"
    return facts if node.group is None else f'{facts}, in_group="{node.group}"'


@remember_short
def _text(label: str) -> str:
    return quote_plain(spelled_label(label))


def _list(numbers: tuple[float, ...]) -> str:
    spelled = repr(numbers)[1:-1].rstrip(",").replace(",", "")
    if "n" in spelled:  # of nan or inf, which need another spelling
        spelled = " ".join(map(_number, numbers))
    return quote_plain(spelled)


def _number(number: float | None) -> str:
    spelled = repr(number)
    return spelled if spelled[-1] < "a" else spelled_number(number).strip('"')
