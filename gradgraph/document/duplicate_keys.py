"""Keys that stand twice in one object. Every common JSON parser keeps the last of them in silence."""

import re
from collections.abc import Iterator
from itertools import chain

import msgspec

from gradgraph.document.locating import TOKEN, Path, Step, members, rows
from gradgraph.document.rules import Broken, Document, walk
from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Node

_SPACED_COLONS = (b" :", b"\t:", b"\n:", b"\r:")
_COLON = re.compile(rb"[ \t\r\n]*:")
_SPACED_KEY = re.compile(rb'"[ \t\r\n]+:')


def duplicate_keys(data: bytes, document: Document) -> Iterator[Broken]:
    """Every key of `data` that repeats one of its own object; `document` is what was decoded from it.

    A key shows in the text as a quote and a colon. If there are as many as keys were decoded, none stands twice;
    if there are more, some may be look-alikes inside strings, and the rows concerned are read again with care.
    """
    spaced = any(colon in data for colon in _SPACED_COLONS) and _SPACED_KEY.search(data) is not None
    if not spaced and data.count(b'":') == _keys_of_header(document) + sum(map(_keys_of_row, document.nodes)):
        return
    yield from repeated_in_header(data)
    for index, (row, node) in enumerate(zip(rows(members(data)["nodes"]), document.nodes, strict=True)):
        text = bytes(row)
        if spaced or text.count(b'":') != _keys_of_row(node):
            yield from repeated_keys(text, ("nodes", index))


def repeated_in_header(data: bytes) -> Iterator[Broken]:
    """Yield every key that repeats one of its own object outside the rows of `nodes`, which must be there."""
    nodes = bytes(members(data)["nodes"])
    start = data.rindex(nodes)
    yield from repeated_keys(data[:start] + b"[]" + data[start + len(nodes) :])


def _keys_of_row(node: Node) -> int:
    return (
        3
        + (node.label != "")
        + (node.role is not None)
        + 2 * (node.op is not None)
        + (0 if node.params is EMPTY else 1 + len(node.params))
        + (node.local != ())
        + (node.group is not None)
    )


def _keys_of_header(document: Document) -> int:
    groups = document.groups or []
    free = [data for data in (document.meta, document.ext) if data is not EMPTY]
    return (
        5
        + (document.groups is not msgspec.UNSET)
        + 3 * len(document.ops)
        + sum(2 + (group.parent is not None) for group in groups)
        + sum(1 + _count_keys(data) for data in free)
    )


def _count_keys(data: object) -> int:
    return sum(len(item) for _, item in walk(data) if isinstance(item, dict))


class _Object:
    """An object or array being read: the keys met so far, and the step to the value being read."""

    __slots__ = ("keys", "step")

    def __init__(self, is_object: bool) -> None:
        self.keys: set[str] | None = set() if is_object else None
        self.step: Step = -1


def repeated_keys(text: bytes, path: Path = ()) -> Iterator[Broken]:
    """Every repeated key of the JSON `text`, which stands at `path` of the document."""
    open_objects: list[_Object] = []
    for token in TOKEN.finditer(text):
        kind = token[0]
        if kind in b"]}":
            open_objects.pop()
            continue
        here = open_objects[-1] if open_objects else None
        if here is not None and kind not in b":,":
            if here.keys is None:
                here.step = int(here.step) + 1
            elif _is_key(text, token.end()):
                here.step = msgspec.json.decode(kind, type=str)
                if here.step in here.keys:
                    where = chain(path, (each.step for each in open_objects))
                    yield Broken(tuple(where), f"the key {here.step!r} stands twice in one object", "remove one")
                here.keys.add(here.step)
        if kind in b"[{":
            open_objects.append(_Object(kind == b"{"))


def _is_key(text: bytes, end: int) -> bool:
    return _COLON.match(text, end) is not None
