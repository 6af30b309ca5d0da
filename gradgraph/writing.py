"""The canonical writer: the same graph gives the same text on every machine."""

import json
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring as _quote
from typing import Any

from gradgraph.graph import Graph, Group, Node, OpDeclaration
from gradgraph.rules import FORMAT, VERSION

_ROWS_A_CHUNK = 4096
_SPELLED = {"None": "null", "nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}


def chunks(graph: Graph) -> Iterator[str]:
    """The JSON text of the document, many rows at a time."""
    yield "{\n"
    for key, value in header(graph):
        yield f'"{key}": {value},\n'
    yield '"nodes": [\n'
    separator = ""
    for start in range(0, len(graph.nodes), _ROWS_A_CHUNK):
        yield separator + ",\n".join(map(row, graph.nodes[start : start + _ROWS_A_CHUNK]))
        separator = ",\n"
    yield "\n]\n}\n"


def header(graph: Graph) -> Iterator[tuple[str, str]]:
    """Every key but `nodes`, in order, with its value as JSON."""
    yield "format", _quote(FORMAT)
    yield "version", _quote(VERSION)
    for key, free in (("meta", graph.meta), ("ext", graph.ext)):
        if free:
            yield key, _json(free)
    yield "ops", f"{{{', '.join(f'{_quote(name)}: {_op(op)}' for name, op in graph.ops.items())}}}"
    if graph.groups:
        yield "groups", f"[{', '.join(map(_group, graph.groups))}]"
    yield "outputs", str([*graph.outputs])


def _op(op: OpDeclaration) -> str:
    return f'{{"symbol": {_quote(op.symbol)}, "arity": {"null" if op.arity is None else op.arity}}}'


def _group(group: Group) -> str:
    parent = "" if group.parent is None else f', "parent": {group.parent}'
    return f'{{"id": {group.id}, "name": {_quote(group.name)}{parent}}}'


def row(node: Node) -> str:
    """A node as JSON, on one line."""
    # Written for speed: this is where saving a large graph spends its time.
    data = repr(node.data)
    data = _SPELLED.get(data, data)
    grad = repr(node.grad)
    grad = _SPELLED.get(grad, grad)
    label = f', "label": {_quote(node.label)}' if node.label else ""
    group = "" if node.group is None else f', "group": {node.group}'
    if node.op is None:
        role = "" if node.role is None else f', "role": "{node.role}"'
        return f'{{"id": {node.id}{label}{role}, "data": {data}, "grad": {grad}{group}}}'
    operands = f', "op": {_quote(node.op)}, "operands": {[*node.operands]}'
    params = f', "params": {_json(node.params)}' if node.params else ""
    local = ""
    if node.local:
        local = f', "local": {[*node.local]}'
        if "n" in local[10:]:  # of nan or inf, which need another spelling
            local = f', "local": [{", ".join(map(_number, node.local))}]'
    return f'{{"id": {node.id}{label}{operands}{params}, "data": {data}, "grad": {grad}{local}{group}}}'


def _number(number: float) -> str:
    spelled = repr(number)
    return _SPELLED.get(spelled, spelled)


def _json(data: Any) -> str:
    """Free-form data, its keys sorted."""
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{_quote(key)}: {_json(data[key])}" for key in sorted(data)) + "}"
    if isinstance(data, (list, tuple)):
        return "[" + ", ".join(map(_json, data)) + "]"
    return _number(data) if isinstance(data, float) else json.dumps(data, ensure_ascii=False)
