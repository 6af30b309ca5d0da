"""Graph → live Values again."""

from gradgraph.engine.inputs import is_number
from gradgraph.engine.ops import PRIMITIVES, Op
from gradgraph.engine.own_ops import fixed_op
from gradgraph.engine.value import Value
from gradgraph.errors import ReplayError
from gradgraph.graph.model import Graph, Node

MOST_NAMES = 10_000_000
"""Names in the scopes of live values, 80 MB of pointers."""


def to_values(graph: Graph) -> tuple[Value, ...]:
    """Return live Values by node id, with the recorded data and no gradients.

    `backward()` on the output then gives the recorded gradients bit for bit, if those came from one backward pass.
    An op that is no primitive is taken as recorded, with the local derivatives of each of its results. Without them,
    `backward()` through the result raises DerivativeError.

    Raises ReplayError if a primitive has other operands or params than it takes, or if groups are so many and so deep
    that the scopes of the values, each a tuple of all names on the way, would take more than 10,000,000 names.

    >>> from gradgraph import export
    >>> a = Value(3.0, label="a")
    >>> b, c = to_values(export(a * a))
    >>> c.backward()
    >>> b.label, c.data, b.grad
    ('a', 9.0, 6.0)
    """
    scopes = _scopes(graph)
    values: list[Value] = []
    for node in graph:
        values.append(
            Value.recorded(
                node.data,
                label=node.label,
                role=node.role,
                op=None if node.op is None else _op(graph, node, node.op),
                operands=tuple([values[operand] for operand in node.operands]),
                params=node.params,
                scope=scopes[node.group],
            )
        )
    return tuple(values)


def _op(graph: Graph, node: Node, name: str) -> Op:
    if name in PRIMITIVES:
        return primitive(node)
    declared = graph.ops.get(name)
    symbol, arity = (name, None) if declared is None else (declared.symbol, declared.arity)
    return fixed_op(name, symbol, arity, node.local)


def _scopes(graph: Graph) -> dict[int | None, tuple[str, ...]]:
    """Return the names down to each group that a node is in; () for no group."""
    depths: dict[int | None, int] = {None: 0}
    for group in graph.groups:
        depths[group.id] = depths[group.parent] + 1
    scopes: dict[int | None, tuple[str, ...]] = dict.fromkeys([node.group for node in graph], ())
    names = sum([depths[group_id] for group_id in scopes])
    if names > MOST_NAMES:
        raise ReplayError(f"the groups are nested too deep for live values: their scopes have {names:,} names")
    for group_id in scopes:
        way: list[str] = []
        here = group_id
        while here is not None:
            way.append(graph.groups[here].name)
            here = graph.groups[here].parent
        scopes[group_id] = tuple(reversed(way))
    return scopes


def primitive(node: Node) -> Op:
    """The primitive that made `node`. Raises ReplayError if we have none that takes its operands and params."""
    op = PRIMITIVES.get(node.op or "")
    if op is None:
        raise ReplayError(f"n{node.id}: the op {node.op!r} is not a primitive, so it cannot be computed again")
    if len(node.operands) != op.arity:
        raise ReplayError(f"n{node.id}: {op.name} takes {op.arity} operands, not {len(node.operands)}")
    for name in op.params:
        if not is_number(node.params.get(name)):
            raise ReplayError(f"n{node.id}: {op.name} needs a param {name!r} that is a number")
    return op
