"""The rules of a document that types cannot state.

Most of them a JSON Schema cannot state either: that ids are places, that operands point back, that names are declared.
They only judge: nothing in a document changes here.
"""

import math
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from gradgraph.document.locating import Path, members, rows
from gradgraph.document.versions import fields_after
from gradgraph.document.wire import Document
from gradgraph.graph.frozen import EMPTY
from gradgraph.limits import how_to_raise
from gradgraph.words import shortened

# A schema states three of these too, so both ways of judging a document say the same words.
OP_WITHOUT_OPERANDS = "an op goes only with operands"
OPERANDS_WITHOUT_OP = "operands, params and local go only with an op"
BEYOND_FLOAT = "the number is beyond the range of a float64"
ROLE_OF_A_RESULT = "a role is for leaves, and this node has an op"


class Broken(NamedTuple):
    """A broken rule: where, what, and what would mend it. `offset` is the byte at fault where no path leads there."""

    path: Path
    sentence: str
    remedy: str | None = None
    offset: int | None = None


def broken_rules(document: Document) -> Iterator[Broken]:
    """Yield every broken rule, in document order, in one pass."""
    groups = document.groups or []
    for key, items in (("outputs", document.outputs), ("nodes", document.nodes)):
        if not items:
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
    arities = {name: op.arity for name, op in document.ops.items()}
    for name, arity in arities.items():
        if overflows(arity):
            yield Broken(("ops", name, "arity"), BEYOND_FLOAT)
    for index, node in enumerate(nodes):
        if node.id != index:
            sentence = f"id {short(node.id)} is not the place of the node"
            yield Broken(("nodes", index, "id"), sentence, f"must be {index}")
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
        if node.local and len(node.local) != len(operands):
            yield Broken(
                ("nodes", index, "local"),
                f"{len(node.local)} local derivatives for {len(operands)} operands",
                "must be one for each",
            )
        if node.params is not EMPTY:
            for path, number in walk(node.params, ("nodes", index, "params")):
                if overflows(number):
                    yield Broken(path, BEYOND_FLOAT)


def keys_of_later_versions(text: bytes, document: Document) -> Iterator[Broken]:
    """Yield every key of a row that the version of the document does not have; `text` is what it was decoded from.

    Types take such a key, for they are those of the newest version. It is spelled as it is, or with an escape.
    """
    later = {field.key: field.since for field in fields_after(document.version)}
    if not any(f'"{key}"'.encode() in text for key in later) and not (later and b"\\u" in text):
        return
    for index, row in enumerate(rows(members(text)["nodes"])):
        for key in members(row):
            if key in later:
                sentence = f"a document of version {document.version} has no key {key!r}"
                yield Broken(("nodes", index, key), sentence, f"it comes with version {later[key]}")


def short(value: str | float | None) -> str:
    """Return a text or a number as Python spells it, or its beginning.

    >>> short("x" * 1000), short(10**50)
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'", '100000000000000000000000000000000000000…')
    """
    text = value if isinstance(value, str) else repr(value)
    text = shortened(text, 40)
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
