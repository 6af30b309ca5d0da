"""Keys that stand twice in one object. Every common JSON parser keeps the last of them in silence."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter

import msgspec

from gradgraph.document.locating import TOKEN, Path, Step, members, rows
from gradgraph.document.rules import Broken, walk
from gradgraph.document.wire import Document
from gradgraph.graph.fields import ALWAYS, FIELDS
from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Node

_WHITE = b" \t\r\n"
"""The white space of JSON."""
_COLON = re.compile(rb"[ \t\r\n]*:")

_AT_A_TIME = 1024

_REQUIRED = sum(field.absent is ALWAYS for field in FIELDS)
_OPTIONAL = [(attrgetter(field.name), field) for field in FIELDS if field.absent is not ALWAYS]


def duplicate_keys(data: bytes, document: Document) -> Iterator[Broken]:
    """Yield every key of `data` that repeats one of its own object; `document` is what was decoded from it.

    A key shows in the text as a quote and a colon, with white space between at most. If there are as many as keys were
    decoded, none stands twice; if there are more, some may be look-alikes inside strings, and the rows concerned are
    read again with care.
    """
    if _like_keys(data) == _keys_of_header(document) + _keys_of_rows(document.nodes):
        return
    yield from repeated_in_header(data)
    texts = rows(members(data)["nodes"])
    for start in range(0, len(texts), _AT_A_TIME):
        some, nodes = texts[start : start + _AT_A_TIME], document.nodes[start : start + _AT_A_TIME]
        if _like_keys(b"".join(some)) != _keys_of_rows(nodes):
            for index, (text, node) in enumerate(zip(map(bytes, some), nodes, strict=True), start):
                if _like_keys(text) != len(members(text)) + len(node.params):
                    yield from repeated_keys(text, ("nodes", index))


def _like_keys(text: bytes) -> int:
    """Return how often a quote comes before a colon, with white space between at most: no less often than keys."""
    return text.translate(None, _WHITE).count(b'":')


def repeated_in_header(data: bytes) -> Iterator[Broken]:
    """Yield every key that repeats one of its own object outside the rows of `nodes`, which must be there."""
    nodes = bytes(members(data)["nodes"])
    start = data.rindex(nodes)
    yield from repeated_keys(data[:start] + b"[]" + data[start + len(nodes) :])


def _keys_of_rows(nodes: Sequence[Node]) -> int:
    """Return how many keys the rows of decoded nodes have if none is spelled out that says nothing."""
    count = _REQUIRED * len(nodes)
    for value_of, field in _OPTIONAL:
        values = map(value_of, nodes)
        if field.kind == "params":
            params = [value for value in values if value is not field.absent]
            count += len(params) + sum(map(len, params))
        else:
            count += len(nodes) - [*values].count(field.absent)
    return count


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
