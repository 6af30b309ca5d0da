"""From a place in a JSON document to its line and column."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

Step = str | int
Path = Sequence[Step]

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
"""One token of a JSON text: a string, a bracket or mark, or another scalar."""


def pointer(path: Path) -> str:
    """The JSON Pointer (RFC 6901) of a path of keys and indices.

    >>> pointer(["nodes", 7, "a/b~c"])
    '/nodes/7/a~1b~0c'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    r"""The line and the column, from 1 and in characters, of the byte at `offset`.

    >>> line_and_column('{"é": 1,\n "b": 2}'.encode(), 11)
    (2, 2)
    """
    line_start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[line_start:offset].decode("utf-8", "replace")) + 1


def members(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of a JSON object, each as it is spelled; of two with one key, the last."""
    return msgspec.json.decode(text, type=dict[str, msgspec.Raw])


def rows(text: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """The items of a JSON array, each as it is spelled."""
    return msgspec.json.decode(text, type=list[msgspec.Raw])


def too_deep(data: bytes, most: int) -> int | None:
    """The byte offset of the first bracket nested deeper than `most`, or None. Reads only as far as that.

    >>> too_deep(b'{"a": [[["[["]]]}', 3)
    8
    """
    depth = 0
    for token in TOKEN.finditer(data):
        if token[0] in b"[{":
            depth += 1
            if depth > most:
                return token.start()
        elif token[0] in b"]}":
            depth -= 1
    return None


class Locator:
    """Finds where values start in one JSON text, which must be well formed. Rows of `nodes` are found fast."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at `path`; of the last value on the way where the path leads nowhere."""
        return line_and_column(self._data, self.offset(path))

    def places(self, paths: Sequence[Path]) -> list[tuple[int, int]]:
        """Line and column of the values at some paths."""
        return [self.place(path) for path in paths]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte."""
        return line_and_column(self._data, offset)

    def offset(self, path: Path) -> int:
        """The byte offset of the value at `path`, or of the last value on the way.

        >>> Locator(b'{"nodes": [{}, {"id": 2}]}').offset(["nodes", 1, "id"])
        22
        """
        first = TOKEN.search(self._data)
        at = first.start() if first else 0
        for depth, step in enumerate(path):
            if depth == 1 and path[0] == "nodes" and isinstance(step, int):
                found = self._rows[step] if step < len(self._rows) else None
            else:
                found = next((child.offset for child in _children(self._data, at) if child.step == step), None)
            if found is None:
                break
            at = found
        return at

    @cached_property
    def _rows(self) -> list[int]:
        offsets = []
        at = self.offset(["nodes"])
        for row in rows(members(self._data)["nodes"]):
            at = self._data.index(row, at)  # only white space and a comma stand between rows
            offsets.append(at)
            at += memoryview(row).nbytes
        return offsets


def _key(token: bytes) -> str:
    """The key that a token spells; the token itself if it is no text, in a document that is refused for it."""
    try:
        return msgspec.json.decode(token, type=str)
    except msgspec.DecodeError:
        return token.decode()


class _Child(NamedTuple):
    step: Step
    offset: int


def _children(data: bytes, start: int) -> Iterator[_Child]:
    """The members of the object or the items of the array that starts at `start`; none for a scalar."""
    depth = 0
    step: Step = -1
    for token in TOKEN.finditer(data, start):
        kind = token[0]
        if depth == 1 and kind not in b"]}:,":
            if isinstance(step, int) and data[start : start + 1] == b"[":
                step += 1
                yield _Child(step, token.start())
            elif step == -1:
                step = _key(kind)
            else:
                yield _Child(step, token.start())
                step = -1
        if kind in b"[{":
            depth += 1
        elif kind in b"]}":
            depth -= 1
        if depth == 0:
            return
