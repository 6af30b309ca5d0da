"""Live Values → Graph."""

from collections.abc import Iterable, Mapping
from typing import Any

from gradgraph.engine.ops import Op
from gradgraph.engine.value import Value
from gradgraph.graph.frozen import EMPTY, FrozenMap
from gradgraph.graph.model import Graph, Group, Node, OpDeclaration
from gradgraph.toposort import toposort
from gradgraph.tracing.foreign import adopt, is_foreign, not_an_output


def trace(outputs: Any) -> Graph:
    """Return the graph of everything that one output or several depend on, as `gradgraph.export` says.

    Raises TypeError if an output is not a Value, ValueError if there is none.
    """
    values, meta = _as_outputs(outputs)
    return _trace(values, meta)


def _as_outputs(outputs: Any) -> tuple[tuple[Value, ...], Mapping[str, Any]]:
    """Return the outputs as values of ours, and the facts of the engine that they are from."""
    if isinstance(outputs, Value):
        return (outputs,), EMPTY
    values = tuple(outputs) if isinstance(outputs, Iterable) and not is_foreign(outputs) else (outputs,)
    if not values:
        raise ValueError("there is nothing to export: no outputs were given")
    if all(map(is_foreign, values)):
        adopted = adopt(values)
        return adopted.outputs, adopted.meta
    for value in values:
        if not isinstance(value, Value):
            raise not_an_output(value)
    return values, EMPTY


def _trace(outputs: tuple[Value, ...], meta: Mapping[str, Any]) -> Graph:
    order = toposort(outputs, lambda value: value.operands)
    ids: dict[int, int] = {}
    ops: dict[str, Op] = {}
    groups = _Groups()
    nodes: list[Node] = []
    for node_id, value in enumerate(order):
        ids[id(value)] = node_id
        op = value.op
        operands = value.operands
        data = value.data
        local: tuple[float, ...] = ()
        if op is not None:
            ops[op.name] = op
            local = op.partials(data, tuple([operand.data for operand in operands]), value.params)
        nodes.append(
            Node(
                node_id,
                data,
                value.grad if value.has_grad else None,
                value.label,
                value.role if op is None else None,
                None if op is None else op.name,
                tuple([ids[id(operand)] for operand in operands]),
                FrozenMap(value.params) if value.params else EMPTY,
                local,
                groups.index_of(value.scope) if value.scope else None,
            )
        )
    return Graph(
        tuple(nodes),
        tuple([ids[id(output)] for output in outputs]),
        {name: OpDeclaration(op.symbol, op.arity) for name, op in ops.items()},
        tuple(groups.rows),
        meta,
    )


class _Groups:
    """Scopes numbered as they are first met, each after the scope around it."""

    def __init__(self) -> None:
        self.rows: list[Group] = []
        self._inside: dict[tuple[int | None, str], int] = {}
        self._met: dict[int, tuple[tuple[str, ...], int | None]] = {}
        """By id(): values of one scope share its tuple, which is kept here so that its id stays its own."""

    def index_of(self, scope: tuple[str, ...]) -> int | None:
        met = self._met.get(id(scope))
        if met is None:
            met = self._met[id(scope)] = scope, self._index_of_last(scope)
        return met[1]

    def _index_of_last(self, scope: tuple[str, ...]) -> int | None:
        index = None
        for name in scope:
            around, index = index, self._inside.get((index, name))
            if index is None:
                index = self._inside[around, name] = len(self.rows)
                self.rows.append(Group(index, name, around))
        return index
