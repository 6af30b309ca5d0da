"""The canonical writer: the same graph gives the same text on every machine."""

import json
from collections.abc import Callable, Iterator, Mapping
from json.encoder import encode_basestring as _quote
from typing import Any

from gradgraph.document.lookalikes import escaped, marked, needs_mark
from gradgraph.document.versions import lowest_version
from gradgraph.document.wire import FORMAT
from gradgraph.graph.frozen import EMPTY, thaw
from gradgraph.graph.model import Graph, Group, Node, OpDeclaration

_ROWS_A_CHUNK = 4096
_SPELLED = {"None": "null", "nan": '"NaN"', "inf": '"Infinity"', "-inf": '"-Infinity"'}


def chunks(graph: Graph) -> Iterator[str]:
    """The JSON text of the document, many rows at a time."""
    yield "{\n"
    for key, value in header(graph):
        yield f'"{key}": {value},\n'
    yield '"nodes": [\n'
    row = row_writer(graph)
    separator = ""
    for start in range(0, len(graph.nodes), _ROWS_A_CHUNK):
        yield separator + ",\n".join(map(row, graph.nodes[start : start + _ROWS_A_CHUNK]))
        separator = ",\n"
    yield "\n]\n}\n"


def header(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield every key but `nodes`, in order, with its value as JSON. The version is the lowest that holds the graph."""
    yield "format", _quote(FORMAT)
    yield "version", _quote(lowest_version(graph.nodes))
    ext = marked(graph.ext) if escapes_texts(graph) else graph.ext
    for key, free in (("meta", graph.meta), ("ext", ext)):
        if free:
            yield key, json.dumps(thaw(free), sort_keys=True, ensure_ascii=False, allow_nan=False)
    yield "ops", f"{{{', '.join(f'{_quote(name)}: {_op(op)}' for name, op in graph.ops.items())}}}"
    if graph.groups:
        yield "groups", f"[{', '.join(map(_group, graph.groups))}]"
    yield "outputs", str([*graph.outputs])


def escapes_texts(graph: Graph) -> bool:
    """Return whether texts among the params would read as numbers, so that the document escapes them."""
    return needs_mark(graph.ext, [node.params for node in graph.nodes if node.params is not EMPTY])


def _op(op: OpDeclaration) -> str:
    return f'{{"symbol": {_quote(op.symbol)}, "arity": {"null" if op.arity is None else op.arity}}}'


def _group(group: Group) -> str:
    parent = "" if group.parent is None else f', "parent": {group.parent}'
    return f'{{"id": {group.id}, "name": {_quote(group.name)}{parent}}}'


def row_writer(graph: Graph) -> Callable[[Node], str]:
    """A function that writes a node of `graph` as JSON, on one line.

    Made for speed, since this is where saving a large graph spends its time: what nodes share is written once, and
    tuples are written by `repr`, whose brackets are cut off.
    """
    ends = ["}", *[f', "group": {group.id}}}' for group in graph.groups]]
    is_escaped = escapes_texts(graph)
    heads = {name: f', "op": {_quote(name)}, "operands": [' for name in graph.ops}

    def row(node: Node) -> str:
        data = repr(node.data)
        if data in _SPELLED:
            data = _SPELLED[data]
        grad = repr(node.grad)
        if grad in _SPELLED:
            grad = _SPELLED[grad]
        label = f', "label": {_quote(node.label)}' if node.label else ""
        end = ends[0 if node.group is None else node.group + 1]
        op = node.op
        if op is None:
            role = "" if node.role is None else f', "role": "{node.role}"'
            return f'{{"id": {node.id}{label}{role}, "data": {data}, "grad": {grad}{end}'
        operands = repr(node.operands)[1:-1].rstrip(",")
        params = f', "params": {params_text(node.params, is_escaped=is_escaped)}' if node.params else ""
        local = ""
        if node.local:
            numbers = repr(node.local)[1:-1].rstrip(",")
            if "n" in numbers:  # of nan or inf, which need another spelling
                numbers = ", ".join(map(spelled_number, node.local))
            local = f', "local": [{numbers}]'
        return f'{{"id": {node.id}{label}{heads[op]}{operands}]{params}, "data": {data}, "grad": {grad}{local}{end}'

    return row


def spelled_number(number: float | None) -> str:
    """A number as it stands in a document."""
    spelled = repr(number)
    return _SPELLED.get(spelled, spelled)


def spelled_label(label: str) -> str:
    """A label between quotes in JSON, in ASCII if something in it could not be seen."""
    return (_quote(label) if label.isprintable() else json.dumps(label))[1:-1]


def params_text(params: Mapping[str, Any], *, is_escaped: bool = False) -> str:
    """Return the params of a node as JSON, in the order of their names."""
    return "{" + ", ".join(f"{_quote(name)}: {_param(params[name], is_escaped)}" for name in sorted(params)) + "}"


def _param(value: Any, is_escaped: bool) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join([_param(item, is_escaped) for item in value]) + "]"
    if isinstance(value, str):
        return json.dumps(escaped(value) if is_escaped else value, ensure_ascii=False)
    return spelled_number(value) if isinstance(value, float) else json.dumps(value)
