"""Graph ↔ bytes and files: the canonical writer and the reader."""

import json
import os
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring as _plain_quote
from typing import Any, BinaryIO

from gradgraph.graph import Graph, Group, Node, OpDeclaration
from gradgraph.limits import DEFAULT_LIMITS, Limits
from gradgraph.rules import to_graph
from gradgraph.saving import save
from gradgraph.validation import decode, read

FORMAT = "gradgraph"
VERSION = "1.0"
MEDIA_TYPE = "application/vnd.gradgraph+json"

_ROWS_A_CHUNK = 4096
_SPELLED = {"nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}

try:
    from json.encoder import c_encode_basestring as _quote
except ImportError:  # an interpreter without the C accelerator
    _quote = _plain_quote


def dumps(graph: Graph) -> str:
    """The canonical document: the same graph gives the same text on every machine.

    >>> from gradgraph import Value, export
    >>> print(dumps(export(Value(2.0, label="x", role="parameter"))), end="")
    {
    "format": "gradgraph",
    "version": "1.0",
    "ops": {},
    "outputs": [0],
    "nodes": [
    {"id": 0, "label": "x", "role": "parameter", "data": 2.0, "grad": null}
    ]
    }
    """
    return "".join(_chunks(graph))


def dump(graph: Graph, target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the canonical document to a path, atomically, or to an open binary file, streaming rows.

    Raises OSError if that cannot be done; the old file is then untouched.
    """
    chunks = (chunk.encode() for chunk in _chunks(graph))
    if isinstance(target, (str, os.PathLike)):
        save(target, chunks)
    else:
        target.writelines(chunks)


def loads(text: str | bytes, *, limits: Limits = DEFAULT_LIMITS, source: str | None = None) -> Graph:
    """The graph of a document. Runs no code of its, and refuses whatever is not sound.

    Raises DocumentError with every problem, each with its place; `source` is the name they are reported under.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return to_graph(decode(data, limits, source))


def load(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> Graph:
    """The graph of a document file. Raises DocumentError as `loads` does, OSError if it cannot be read."""
    return loads(read(path, limits), limits=limits, source=os.fspath(path))


def _chunks(graph: Graph) -> Iterator[str]:
    yield f'{{\n"format": {_quote(FORMAT)},\n"version": {_quote(VERSION)},\n'
    for key, free in (("meta", graph.meta), ("ext", graph.ext)):
        if free:
            yield f'"{key}": {_json(free)},\n'
    yield f'"ops": {{{", ".join(f"{_quote(name)}: {_op(op)}" for name, op in graph.ops.items())}}},\n'
    if graph.groups:
        yield f'"groups": [{", ".join(map(_group, graph.groups))}],\n'
    yield f'"outputs": {list(graph.outputs)},\n"nodes": [\n'
    separator = ""
    for start in range(0, len(graph.nodes), _ROWS_A_CHUNK):
        yield separator + ",\n".join(map(_row, graph.nodes[start : start + _ROWS_A_CHUNK]))
        separator = ",\n"
    yield "\n]\n}\n"


def _op(op: OpDeclaration) -> str:
    return f'{{"symbol": {_quote(op.symbol)}, "arity": {"null" if op.arity is None else op.arity}}}'


def _group(group: Group) -> str:
    parent = "" if group.parent is None else f', "parent": {group.parent}'
    return f'{{"id": {group.id}, "name": {_quote(group.name)}{parent}}}'


def _row(node: Node) -> str:
    label = f', "label": {_quote(node.label)}' if node.label else ""
    if node.op is None:
        made = "" if node.role is None else f', "role": "{node.role}"'
    else:
        made = f', "op": {_quote(node.op)}, "operands": {list(node.operands)}'
        if node.params:
            made += f', "params": {_json(node.params)}'
    grad = "null" if node.grad is None else _number(node.grad)
    local = f', "local": [{", ".join(map(_number, node.local))}]' if node.local else ""
    group = "" if node.group is None else f', "group": {node.group}'
    return f'{{"id": {node.id}{label}{made}, "data": {_number(node.data)}, "grad": {grad}{local}{group}}}'


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
