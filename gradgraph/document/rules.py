"""The rules of a document that types cannot state, checked in one pass while its rows become a graph.

Most of them a JSON Schema cannot state either: that ids are places, that operands point back, that names are declared.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import force_setattr

from gradgraph.document.locating import Path
from gradgraph.document.lookalikes import NON_FINITE, is_marked, number_or_text, unmarked
from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Graph, Group, Index, Node, OpDeclaration
from gradgraph.limits import how_to_raise

_GRADS = (float, type(None))

FORMAT = "gradgraph"
VERSION = "1.0"
"""The version of the format that this program reads and writes."""


# A schema states three of these too, so both ways of judging a document say the same words.
OP_WITHOUT_OPERANDS = "an op goes only with operands"
OPERANDS_WITHOUT_OP = "operands, params and local go only with an op"
BEYOND_FLOAT = "the number is beyond the range of a float64"
ROLE_OF_A_RESULT = "a role is for leaves, and this node has an op"


class Document(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A document as it is decoded, before the rules are checked."""

    format: Literal["gradgraph"]
    version: str
    ops: dict[str, OpDeclaration]
    outputs: list[Index]
    nodes: list[Node]
    groups: list[Group] | msgspec.UnsetType = msgspec.UNSET
    meta: Mapping[str, Any] = EMPTY
    ext: Mapping[str, Any] = EMPTY


class Broken(NamedTuple):
    """A broken rule: where, what, and what would mend it. `offset` is the byte at fault where no path leads there."""

    path: Path
    sentence: str
    remedy: str | None = None
    offset: int | None = None


def broken_rules(document: Document) -> Iterator[Broken]:
    """Every broken rule, in document order.

    One pass, which also replaces the spelled-out numbers by the floats they stand for.
    """
    groups = document.groups or []
    for key, rows in (("outputs", document.outputs), ("nodes", document.nodes)):
        if not rows:
            yield Broken((key,), f"{key} must not be empty")
            return
    for index, group in enumerate(groups):
        if group.id != index:
            sentence = f"id {short(group.id)} is not the place of the group"
            yield Broken(("groups", index, "id"), sentence, f"must be {index}")
        if group.parent is not None and group.parent >= index:
            yield Broken(
                ("groups", index, "parent"),
                f"parent {short(group.parent)} is not an earlier group",
                f"must be below {index}",
            )
    nodes = document.nodes
    for slot, output in enumerate(document.outputs):
        if output >= len(nodes):
            yield Broken(("outputs", slot), f"output {short(output)} does not exist", f"must be below {len(nodes)}")
    is_escaped = is_marked(document.ext)
    arities = {name: op.arity for name, op in document.ops.items()}
    for name, arity in arities.items():
        if overflows(arity):
            yield Broken(("ops", name, "arity"), BEYOND_FLOAT)
    for index, node in enumerate(nodes):
        if node.id != index:
            sentence = f"id {short(node.id)} is not the place of the node"
            yield Broken(("nodes", index, "id"), sentence, f"must be {index}")
        if type(node.data) is not float or type(node.grad) not in _GRADS:
            _spell_out(node)
        if node.group is not None and node.group >= len(groups):
            yield Broken(("nodes", index, "group"), f"group {short(node.group)} is not declared in groups")
        op = node.op
        operands = node.operands
        if op is None:
            if operands or node.local or node.params is not EMPTY:
                yield Broken(("nodes", index), OPERANDS_WITHOUT_OP)
            continue
        if not operands:
            yield Broken(("nodes", index), OP_WITHOUT_OPERANDS)
            continue
        if node.role is not None:
            yield Broken(("nodes", index, "role"), ROLE_OF_A_RESULT)
        if max(operands) >= index:
            for slot, operand in enumerate(operands):
                if operand >= index:
                    yield Broken(
                        ("nodes", index, "operands", slot),
                        f"operand {short(operand)} is not an earlier node",
                        f"must be below {index}",
                    )
        if op not in arities:
            yield Broken(("nodes", index, "op"), f"op {short(op)} is not declared in ops")
        elif arities[op] not in (len(operands), None):
            yield Broken(
                ("nodes", index, "operands"),
                f"{short(op)} takes {short(arities[op])} operands, not {len(operands)}",
            )
        if node.local:
            if len(node.local) != len(operands):
                yield Broken(
                    ("nodes", index, "local"),
                    f"{len(node.local)} local derivatives for {len(operands)} operands",
                    "must be one for each",
                )
            if str in map(type, node.local):
                force_setattr(node, "local", tuple([_float(number) for number in node.local]))
        if node.params is not EMPTY:
            for path, number in walk(node.params, ("nodes", index, "params")):
                if overflows(number):
                    yield Broken(path, BEYOND_FLOAT)
            params = {name: _param(value, is_escaped) for name, value in node.params.items()}
            force_setattr(node, "params", params)


def to_graph(document: Document) -> Graph:
    """The graph of a document that breaks no rule, after `broken_rules` has run through it."""
    return Graph(
        tuple(document.nodes),
        tuple(document.outputs),
        document.ops,
        tuple(document.groups or ()),
        document.meta,
        unmarked(document.ext),
    )


def _spell_out(node: Node) -> None:
    force_setattr(node, "data", _float(node.data))
    force_setattr(node, "grad", _float(node.grad))


def _float(number: Any) -> Any:
    return NON_FINITE[number] if isinstance(number, str) else number


def _param(value: Any, is_escaped: bool) -> Any:
    if isinstance(value, tuple):
        return tuple([_param(item, is_escaped) for item in value])
    return number_or_text(value, is_escaped=is_escaped) if isinstance(value, str) else value


def short(value: str | float | None) -> str:
    """Return a text or a number as Python spells it, or its beginning.

    >>> short("x" * 1000), short(10**50)
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'", '100000000000000000000000000000000000000…')
    """
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= 40 else text[:39] + "…"
    return repr(text) if isinstance(value, str) else text


def free_form_flaws(document: Document, max_depth: int) -> Iterator[Broken]:
    """What is wrong in `meta` and `ext`, where anything goes: only nesting too deep and numbers too large."""
    for key, data in (("meta", document.meta), ("ext", document.ext)):
        for path, item in walk(data, (key,)):
            if isinstance(item, (dict, list)) and len(path) >= max_depth:
                yield Broken(path, f"nested deeper than max_depth = {max_depth}", how_to_raise("max_depth"))
            elif overflows(item):
                yield Broken(path, BEYOND_FLOAT)


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield everything in JSON-like data, the data itself first, each with its path. Iterative.

    >>> list(walk({"a": [1]}))
    [((), {'a': [1]}), (('a',), [1]), (('a', 0), 1)]
    """
    yield path, data
    stack = [(path, _inside(data))]
    while stack:
        here, rest = stack[-1]
        for step, item in rest:
            inner = (*here, step)
            yield inner, item
            if isinstance(item, (dict, list, tuple)):
                stack.append((inner, _inside(item)))
                break
        else:
            stack.pop()


def _inside(data: Any) -> Iterator[tuple[Any, Any]]:
    return iter(data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, (list, tuple)) else ()))


def overflows(number: Any) -> bool:
    """Whether a number, as Python's json decodes it, is beyond float64: 1e400, or an integer of 400 digits."""
    return (type(number) is float and math.isinf(number)) or (type(number) is int and abs(number) > sys.float_info.max)
