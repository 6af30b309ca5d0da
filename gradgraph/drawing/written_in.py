"""Constants that a drawing writes into the op that uses them, as `+ 0.1`, instead of drawing a box for each."""

from collections import Counter
from collections.abc import Mapping
from math import isfinite

from gradgraph.drawing.options import DrawingOptions
from gradgraph.graph.model import Node
from gradgraph.graph.views import View
from gradgraph.words import number

DRAWN = "·"
"""What is written where an operand has a wire."""

Constants = Mapping[int, Mapping[int, Node]]
"""By the id of a node, the constants that are written into its op, by slot."""


def written_in(view: View, options: DrawingOptions) -> Constants:
    """Return the constants that are written into an op: those of which a box would say no more.

    Such a constant has no label and finite numbers, one op uses it, once, in its own group, and it is no output. Each
    op keeps an operand with a wire. With local derivatives on the wires, and with links, every constant has its box.
    """
    found: dict[int, dict[int, Node]] = {}
    if options.local or options.link:
        return found
    constants = {node.id: node for node in view.nodes if _says_no_more(node)}
    for output in view.graph.outputs:
        constants.pop(output, None)
    if not constants:
        return found
    uses = Counter([edge.tail for edge in (*view.edges, *view.cut) if edge.tail in constants])
    shown = {node.id: node for node in view.nodes if node.op is not None}
    for tail, head, slot in view.edges:
        if tail in constants and uses[tail] == 1 and head in shown and shown[head].group == constants[tail].group:
            found.setdefault(head, {})[slot] = constants[tail]
    return {head: slots for head, slots in found.items() if len(slots) < len(shown[head].operands)}


def with_constants(symbol: str, node: Node, constants: Mapping[int, Node], precision: int) -> str:
    """Return the symbol of an op with the constants that are written into it, by slot.

    >>> one = Node(1, 0.1, None, role="constant")
    >>> with_constants("+", Node(2, 1.1, None, op="add", operands=(0, 1)), {1: one}, 4)
    '+ 0.1'
    >>> with_constants("-", Node(2, 1.1, None, op="sub", operands=(1, 0)), {0: one}, 4)
    '0.1 -'
    >>> with_constants("max", Node(2, 1.1, None, op="max", operands=(0, 1)), {1: one}, 4)
    'max(·, 0.1)'
    """
    if not constants:
        return symbol
    said = [
        number(constants[slot].data, precision) if slot in constants else DRAWN for slot in range(len(node.operands))
    ]
    if len(said) == 2 and not any(map(str.isalnum, symbol)):
        return f"{symbol} {said[1]}" if 1 in constants else f"{said[0]} {symbol}"
    return f"{symbol}({', '.join(said)})"


def _says_no_more(node: Node) -> bool:
    is_finite = isfinite(node.data) and (node.grad is None or isfinite(node.grad))
    return node.role == "constant" and not node.label and is_finite
