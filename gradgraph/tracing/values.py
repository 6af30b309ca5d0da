"""Live Values → Graph."""

from collections.abc import Iterable, Mapping
from typing import Any

from gradgraph.engine.ops import Op
from gradgraph.engine.own_ops import DefinedOp, contradicted, documented, is_turned, local_of, same_rules
from gradgraph.engine.value import Value
from gradgraph.graph.frozen import EMPTY, FrozenMap
from gradgraph.graph.model import Graph, Group, Node, OpDeclaration
from gradgraph.toposort import toposort
from gradgraph.tracing.foreign import Adopted, adopt, is_foreign, not_an_output
from gradgraph.tracing.naming import Name, names_of


def trace(outputs: Any, names: Any = None) -> Graph:
    """Return the graph of everything that one output or several depend on, as `gradgraph.export` says.

    Raises TypeError if an output is not a Value, ValueError if there is none or if two ops of one name differ.
    """
    adopted = _as_outputs(outputs)
    return _trace(adopted.outputs, adopted.meta, {} if names is None else _named(adopted, names))


def _named(adopted: Adopted, names: Any) -> dict[int, Name]:
    """Return the names of our values, by their id()."""
    live = adopted.theirs or toposort(adopted.outputs, lambda value: value.operands)
    found = names_of(names, live)
    return {id(adopted.ours[key]) if adopted.ours else key: name for key, name in found.items()}


def _as_outputs(outputs: Any) -> Adopted:
    """Return the outputs as values of ours, and what is known of the engine that they are from."""
    if isinstance(outputs, Value):
        return Adopted((outputs,), (), {}, EMPTY)
    values = tuple(outputs) if isinstance(outputs, Iterable) and not is_foreign(outputs) else (outputs,)
    if not values:
        raise ValueError("there is nothing to export: no outputs were given")
    if all(map(is_foreign, values)):
        return adopt(values)
    for value in values:
        if not isinstance(value, Value):
            raise not_an_output(value)
    return Adopted(values, (), {}, EMPTY)


def _trace(outputs: tuple[Value, ...], meta: Mapping[str, Any], names: Mapping[int, Name]) -> Graph:
    order = toposort(outputs, lambda value: value.operands)
    ids: dict[int, int] = {}
    ops: dict[str, Op] = {}
    groups = _Groups()
    nodes: list[Node] = []
    doubts = contradicted(order)
    for node_id, value in enumerate(order):
        ids[id(value)] = node_id
        op = value.op
        operands = value.operands
        data = value.data
        local: tuple[float, ...] = ()
        label, role, scope = value.label, value.role, value.scope
        if names and (name := names.get(id(value))):
            label, scope = label or name.label, scope or name.groups
            role = "parameter" if name.is_parameter and role != "constant" else role
        params = value.params
        if op is not None:
            if op.__class__ is Op:
                local = op.partials(data, tuple([operand.data for operand in operands]), params)
            else:
                local = local_of(value)
                if is_turned(value, local):
                    operands, local = operands[::-1], local[::-1]
                op, params = documented(op, params, doubts)
            if ops.get(op.name) is not op:
                _declare(ops, op)
        nodes.append(
            Node(
                node_id,
                data,
                value.grad if value.has_grad else None,
                label,
                role if op is None else None,
                None if op is None else op.name,
                tuple([ids[id(operand)] for operand in operands]),
                FrozenMap(params) if params else EMPTY,
                local,
                groups.index_of(scope) if scope else None,
            )
        )
    return Graph(
        tuple(nodes),
        tuple([ids[id(output)] for output in outputs]),
        {name: OpDeclaration(op.symbol, op.arity) for name, op in ops.items()},
        tuple(groups.rows),
        meta,
    )


def _declare(ops: dict[str, Op], op: Op) -> None:
    """Add an op to those of a document. Several may share a name and differ in how many operands they take.

    Raises ValueError if two that `gradgraph.op` defined share a name and differ in their rules.
    """
    known = ops.setdefault(op.name, op)
    if isinstance(op, DefinedOp) and isinstance(known, DefinedOp) and not same_rules(op, known):
        raise ValueError(f"two ops of this graph are called {op.name!r} and have other rules: give one another name")
    if known.arity != op.arity:
        ops[op.name] = known._replace(arity=None)


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
