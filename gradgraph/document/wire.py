"""A document as `msgspec` decodes it, and the graph that a sound one holds."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import force_setattr

from gradgraph.document.lookalikes import NON_FINITE, is_marked, number_or_text, unmarked
from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Graph, Group, Index, Node, OpDeclaration

FORMAT = "gradgraph"

_NUMBER_OR_NULL = (float, type(None))


class Document(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A document as it is decoded. Its nodes hold the strings that stand for the numbers JSON lacks."""

    format: Literal["gradgraph"]
    version: str
    ops: dict[str, OpDeclaration]
    outputs: list[Index]
    nodes: list[Node]
    groups: list[Group] | msgspec.UnsetType = msgspec.UNSET
    meta: Mapping[str, Any] = EMPTY
    ext: Mapping[str, Any] = EMPTY


class Sound(NamedTuple):
    """A document that every rule and limit has passed. Only `reading.decode` makes one, and only it becomes a graph."""

    document: Document


def to_graph(sound: Sound) -> Graph:
    """Return the graph of a sound document, which is used up: its nodes become those of the graph."""
    document = sound.document
    is_escaped = is_marked(document.ext)
    for node in document.nodes:
        if type(node.data) is not float or type(node.grad) not in _NUMBER_OR_NULL:
            force_setattr(node, "data", _float(node.data))
            force_setattr(node, "grad", _float(node.grad))
        if str in map(type, node.local):
            force_setattr(node, "local", tuple([_float(number) for number in node.local]))
        if node.params is not EMPTY:
            params = {name: _param(value, is_escaped) for name, value in node.params.items()}
            force_setattr(node, "params", params)
    return Graph(
        tuple(document.nodes),
        tuple(document.outputs),
        document.ops,
        tuple(document.groups or ()),
        document.meta,
        unmarked(document.ext),
    )


def _float(number: Any) -> Any:
    return NON_FINITE[number] if isinstance(number, str) else number


def _param(value: Any, is_escaped: bool) -> Any:
    if isinstance(value, tuple):
        return tuple([_param(item, is_escaped) for item in value])
    return number_or_text(value, is_escaped=is_escaped) if isinstance(value, str) else value
