"""From places in a JSON document to lines and columns, all in one pass of the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from gradgraph.words import shortened

Step = str | int
Path = Sequence[Step]

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
"""A string, or one that is open to the end of the text. It always matches, so no text is looked through twice."""

TOKEN = re.compile(_STRING + rb'|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
"""One token of a JSON text: a string, a bracket or mark, or another scalar."""

_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+[\[\]{}]", re.DOTALL)
_SCALAR = re.compile(_STRING + rb'|[^\s\[\]{}:,"]*+', re.DOTALL)
_GAP = re.compile(rb"[\s,]*+")
_KEY = re.compile(rb"[\s,]*+(" + _STRING + rb")\s*+:\s*+", re.DOTALL)

_PLAIN = re.compile(rb'[^\[\]{}"]*+')
_COMMA = re.compile(b",")
_MANY = 16
"""Items of an array that are worth a look whether they can be passed at once."""

LONGEST_STEP = 100
"""Characters of a key in a pointer; the rest is cut."""


def pointer(path: Path) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of keys and indices; of a key of over 100 characters, the beginning.

    >>> pointer(["nodes", 7, "a/b~c"])
    '/nodes/7/a~1b~0c'
    """
    return "".join("/" + shortened(str(step), LONGEST_STEP).replace("~", "~0").replace("/", "~1") for step in path)


def lines_and_columns(data: bytes, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    r"""Return the line and the column, from 1 and in characters, of the bytes at `offsets`, in one pass of `data`.

    >>> lines_and_columns('{"é": 1,\n "b": 2}'.encode(), [11, 0])
    {0: (1, 1), 11: (2, 2)}
    """
    found: dict[int, tuple[int, int]] = {}
    at, line, column = 0, 1, 1
    for offset in sorted(set(offsets)):
        newlines = data.count(b"\n", at, offset)
        if newlines:
            at = data.rindex(b"\n", at, offset) + 1
            line, column = line + newlines, 1
        column += len(data[at:offset].decode("utf-8", "replace"))
        found[offset] = line, column
        at = offset
    return found


def members(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the members of a JSON object, each as it is spelled; of two with one key, the last."""
    return msgspec.json.decode(text, type=dict[str, msgspec.Raw])


def rows(text: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """Return the items of a JSON array, each as it is spelled."""
    return msgspec.json.decode(text, type=list[msgspec.Raw])


def too_deep(data: bytes, most: int) -> int | None:
    """Return the byte offset of the first bracket nested deeper than `most`, or None. Reads only as far as that.

    >>> too_deep(b'{"a": [[["[["]]]}', 3)
    8
    """
    depth = 0
    bracket = _TO_BRACKET.match(data)
    while bracket:
        depth += 1 if data[bracket.end() - 1] in b"[{" else -1
        if depth > most:
            return bracket.end() - 1
        bracket = _TO_BRACKET.match(data, bracket.end())
    return None


class Wanted:
    """A place that is looked for, once `offset` is set found, and the places wanted inside it, by step."""

    __slots__ = ("inside", "offset")

    def __init__(self) -> None:
        self.offset: int | None = None
        self.inside: dict[Step, Wanted] = {}

    def nearest(self, path: Path) -> int:
        """Return the offset of the place at `path`, or of the last on the way that was found."""
        here, offset = self, self.offset or 0
        for step in path:
            here = here.inside[step]
            if here.offset is None:
                break
            offset = here.offset
        return offset


def wanted(paths: Iterable[Path]) -> Wanted:
    """Return all places on the way to `paths`, as a tree."""
    root = Wanted()
    for path in paths:
        here = root
        for step in path:
            here = here.inside.setdefault(step, Wanted())
    return root


class _Open:
    """An object or array being read, which holds `left` wanted places; `step` leads to the value that was read last."""

    __slots__ = ("indices", "is_object", "left", "rows", "step", "wanted")

    def __init__(self, wanted: Wanted, is_object: bool) -> None:
        self.wanted = wanted
        self.is_object = is_object
        self.left = len(wanted.inside)
        self.step: Step = -1
        self.indices = sorted([step for step in wanted.inside if isinstance(step, int)], reverse=True)
        self.rows: Iterator[tuple[int, int]] | None = None
        """Of `nodes`: the wanted rows and where they start, which spares reading those between."""


class Locator:
    """Finds where values start in one JSON text, which must be well formed. Rows of `nodes` are found fast."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def offsets(self, paths: Sequence[Path]) -> list[int]:
        """Return the byte offsets of the values at `paths`; where a path leads nowhere, of the last value on the way.

        The text is read once, however many paths there are, and no further than the last of them.

        >>> Locator(b'{"nodes": [{}, {"id": 2}]}').offsets([["nodes", 1, "id"], ["nodes", 1, "no"]])
        [22, 15]
        """
        root = wanted(paths)
        self._find(root)
        return [root.nearest(path) for path in paths]

    def _find(self, root: Wanted) -> None:
        at = _after(_GAP, self.data, 0)
        root.offset = at
        path = [*self._opened(root, at)]
        at += 1
        unread = False  # whether a value starts at `at` that nobody has read
        to_close = 0  # objects and arrays around `at` that nothing more is wanted of
        while path:
            here = path[-1]
            if not here.left:
                path.pop()
                to_close += 1
                continue
            if here.rows is None and (unread or to_close):
                at = _end(self.data, at, to_close)
                unread, to_close = False, 0
            place = self._next(here, at)
            if place is None:
                here.left = 0
                continue
            at, unread, to_close = place, True, 0
            found = here.wanted.inside.get(here.step)
            if found is None or found.offset is not None:
                continue
            found.offset = at
            here.left -= 1
            for inner in self._opened(found, at, is_nodes=len(path) == 1 and here.step == "nodes"):
                path.append(inner)
                at, unread = at + 1, False

    def _opened(self, found: Wanted, at: int, *, is_nodes: bool = False) -> Iterator[_Open]:
        """Yield what opens at `at`, if anything does and more is wanted inside."""
        opening = self.data[at : at + 1]
        if found.inside and opening in (b"{", b"["):
            inner = _Open(found, opening == b"{")
            if is_nodes and opening == b"[":
                inner.rows = iter(self._wanted_rows(at + 1, found))
            yield inner

    def _wanted_rows(self, at: int, nodes: Wanted) -> list[tuple[int, int]]:
        starts: list[int] = []
        text = members(self.data)["nodes"]
        listed = rows(text)
        if listed and not self.data.startswith(bytes(listed[0]), _after(_GAP, self.data, at)):
            at = self.data.rindex(bytes(text)) + 1  # of two keys that are equal, the last was decoded
        for row in listed:
            starts.append(_after(_GAP, self.data, at))
            at = starts[-1] + memoryview(row).nbytes
        indices = sorted([step for step in nodes.inside if isinstance(step, int)])
        return [(index, starts[index]) for index in indices if index < len(starts)]

    def _next(self, here: _Open, at: int) -> int | None:
        """Return where the next value of what is open starts, and set the step to it; None if there is none."""
        if here.rows is not None:
            row = next(here.rows, None)
            if row is None:
                return None
            here.step, at = row
            return at
        if here.is_object:
            key = _KEY.match(self.data, at)
            if key is None:
                return None
            here.step = _key(key[1])
            return key.end()
        at = _after(_GAP, self.data, self._past_plain_items(here, at))
        here.step = int(here.step) + 1
        return at if self.data[at : at + 1] not in (b"]", b"}", b":", b"") else None

    def _past_plain_items(self, here: _Open, at: int) -> int:
        """Return where to go on in an array, `at` or beyond many numbers and words in which nothing is wanted."""
        step = int(here.step)
        while here.indices and here.indices[-1] <= step:
            here.indices.pop()
        commas = here.indices[-1] - max(step, 0) if here.indices else 0
        if commas < _MANY:
            return at
        end = _after(_PLAIN, self.data, at)
        commas = min(commas, self.data.count(b",", at, end))
        if commas < _MANY:
            return at
        here.step = step + commas - (step >= 0)
        return next(islice(_COMMA.finditer(self.data, at), commas - 1, None)).end()


def _key(token: bytes) -> str:
    """Return the key that a token spells; the token itself if it is no text, in a document that is refused for it."""
    try:
        return msgspec.json.decode(token, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return token.decode("utf-8", "replace")


def _end(data: bytes, at: int, levels: int = 0) -> int:
    """Return the end of the value that starts at `at`, or of so many objects and arrays around it."""
    if not levels and data[at : at + 1] not in (b"{", b"["):
        return _after(_SCALAR, data, at)
    while True:
        bracket = _TO_BRACKET.match(data, at)
        if bracket is None:
            return len(data)
        at = bracket.end()
        levels += 1 if data[at - 1] in b"[{" else -1
        if not levels:
            return at


def _after(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Return the end of what `pattern`, which fits anywhere, takes at `at`."""
    found = pattern.match(data, at)
    return at if found is None else found.end()
