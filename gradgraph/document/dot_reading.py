"""DOT that our renderer wrote → the document that it carries.

The values of our attributes are decoded one by one, become rows, and are judged by the rules of JSON documents. Then
the drawing is compared with the graph: what `dot` draws, apart from labels and looks, is what is read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gradgraph.document.dot_drawing import Drawing, drawing_of
from gradgraph.document.dot_lexing import NotDot, meaning, spelled_at
from gradgraph.document.duplicate_keys import repeated_keys
from gradgraph.document.locating import Path, lines_and_columns, members
from gradgraph.document.malformed import text_flaw
from gradgraph.document.reading import decode
from gradgraph.document.refusing import refuse, refused
from gradgraph.document.rules import Broken
from gradgraph.document.wire import Document, to_graph
from gradgraph.errors import DocumentError, Problem
from gradgraph.graph.fields import FIELDS, Kind
from gradgraph.graph.model import Graph, Group
from gradgraph.limits import Limits, how_to_raise, limits_from_environment
from gradgraph.words import shortened

_HEADER = b"gradgraph"
_FIELDS = {field.attribute.encode(): field for field in FIELDS if field.attribute}
"""The fields of a row that the attributes of a box hold."""

MOST_REPEATED = 16
"""Bytes that default attributes may repeat, for each byte of the DOT."""

_ATTRIBUTES = {field.key: attribute for attribute, field in _FIELDS.items()}
_NULLS = {field.key: None for field in FIELDS if field.kind == "number or null"}
_NODE = re.compile(rb"n(0|[1-9][0-9]{0,17})")
_CLUSTER = re.compile(rb"cluster_(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"null": None, "true": True, "false": False}


def from_dot(data: bytes, limits: Limits | None = None, source: str | None = None) -> Graph:
    """Return the graph that a DOT drawing of a whole graph carries.

    Raises DocumentError, with places in the DOT, for text that `dot` would not read, for a drawing that carries no
    graph or an unsound one, and for one that draws other nodes, edges or clusters than the graph it carries.
    """
    bounds = limits or limits_from_environment()
    places = _Start(data)
    try:
        refuse(_no_text(data, bounds), places, bounds, source)
        drawing = drawing_of(data, (_HEADER,), _FIELDS)
        rows = _Rows(data, drawing)
        text, flaws = rows.document()
    except NotDot as error:
        raise refused((error.broken,), places, source) from None
    refuse(flaws, places, bounds, source)
    try:
        sound = decode(text, bounds, source)
    except DocumentError as error:
        raise DocumentError(rows.placed(error.problems)) from None
    for compared in (_nodes, _edges, _clusters, _members):  # the later ones rely on what the earlier ones say
        refuse(compared(drawing, sound.document), places, bounds, source)
    return to_graph(sound)


def _no_text(data: bytes, bounds: Limits) -> Iterator[Broken]:
    if len(data) > bounds.max_bytes:
        sentence = f"the DOT is longer than max_bytes = {bounds.max_bytes}"
        yield Broken((), sentence, how_to_raise("max_bytes"), 0)
        return
    flaw = text_flaw(data)
    if flaw is not None:
        yield flaw
    elif b"\0" in data:
        yield Broken((), "a character is NUL, where Graphviz stops reading", "remove it", data.index(b"\0"))


class _Start:
    """The places of findings that are about the drawing as a whole: its start. Others have an offset of their own."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def offsets(self, paths: Sequence[Path]) -> list[int]:
        return [0] * len(paths)


class _Rows:
    """The attributes of a drawing as the header and the rows of a document, and the way back to their places."""

    def __init__(self, data: bytes, drawing: Drawing) -> None:
        self._data = data
        self._drawing = drawing
        self._values: dict[int, str] = {}  # by place: a default attribute has one, and many nodes
        self._repeated = MOST_REPEATED * len(data)
        found = [name for name in drawing.nodes if _NODE.fullmatch(name)]
        self._names = sorted(found, key=lambda name: int(name[1:]))

    def document(self) -> tuple[bytes, list[Broken]]:
        """Return the document as JSON, and what keeps it from being one."""
        flaws: list[Broken] = []
        header = self._header(flaws)
        if header is None:
            return b"", flaws
        rows = [msgspec.Raw(self._row(index, name, flaws)) for index, name in enumerate(self._names)]
        return msgspec.json.encode({**header, "nodes": rows}), flaws

    def placed(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Return problems of the document with their places in the DOT."""
        offsets = [self._place(problem.pointer.split("/")[1:]) for problem in problems]
        places = lines_and_columns(self._data, offsets)
        moved = []
        for problem, offset in zip(problems, offsets, strict=True):
            line, column = places[offset]
            moved.append(problem._replace(line=line, column=column))
        return tuple(moved)

    def _place(self, steps: list[str]) -> int:
        """Where the DOT says what is at the end of these steps through the document."""
        if len(steps) < 2 or steps[0] != "nodes" or not int(steps[1]) < len(self._names):
            return self._drawing.facts[_HEADER]
        name = self._names[int(steps[1])]
        attribute = _ATTRIBUTES.get(steps[2], b"") if len(steps) > 2 else b""
        return self._drawing.nodes[name].get(attribute, self._drawing.mentioned[name])

    def _header(self, flaws: list[Broken]) -> dict[str, Any] | None:
        """What the document says before its rows, each value as it is spelled."""
        at = self._drawing.facts.get(_HEADER, 0)
        text = self._value(at) if at else ""
        if not text:
            sentence = "the DOT holds no whole graph: only what gradgraph wrote of all nodes can be read back"
            flaws.append(Broken((), sentence, offset=0))
            return None
        try:
            header = members(text.encode())
        except (msgspec.DecodeError, RecursionError) as error:
            flaws.append(Broken((), f"the attribute gradgraph is no JSON object: {_reason(error)}", offset=at))
            return None
        flaws += [broken._replace(offset=at) for broken in repeated_keys(text.encode())]
        if "nodes" in header:
            flaws.append(Broken(("nodes",), "the attribute gradgraph has rows, which boxes have", offset=at))
        return {**header}

    def _row(self, index: int, name: bytes, flaws: list[Broken]) -> bytes:
        """The row of a box as JSON. What is no number stays a text, for the rules to judge."""
        row: dict[str, Any] = {"id": int(name[1:]), **_NULLS}
        for attribute, at in self._drawing.nodes[name].items():
            key = _FIELDS[attribute].key
            text = self._value(at)
            if not text:  # which is how Graphviz says that there is no such attribute
                continue
            try:
                row[key] = _meaning(text, _FIELDS[attribute].kind)
            except (msgspec.DecodeError, RecursionError) as error:
                sentence = f"the attribute {attribute.decode()} is not spelled as in JSON: {_reason(error)}"
                flaws.append(Broken(("nodes", index, key), sentence, offset=at))
        return msgspec.json.encode(row)

    def _value(self, at: int) -> str:
        """What an attribute of ours says. Its backslashes are doubled, as in labels.

        Raises NotDot for default attributes that make the document much longer than the DOT.
        """
        if at in self._values:
            value = self._values[at]
            self._repeated -= len(value)
            if self._repeated < 0:
                raise NotDot("a default attribute is too long for so many nodes", at, "write it where it belongs")
            return value
        spelled = spelled_at(self._data, at)
        html = spelled[:1] == b"<"
        value = "an HTML string" if html else meaning(spelled).replace(b"\\\\", b"\\").decode()
        self._values[at] = value
        return value


def _meaning(text: str, kind: Kind) -> Any:
    """Return what an attribute holds, as a part of a row. Raises DecodeError for what is not spelled as in JSON."""
    match kind:
        case "text":
            return msgspec.json.decode(f'"{text}"', type=str)
        case "params":
            return msgspec.json.decode(text, type=msgspec.Raw)
        case "ids" | "numbers":
            return [*map(_number, text.split())]
        case "word":
            return text
        case _:
            return _number(text)


def _number(text: str) -> Any:
    return msgspec.Raw(text.encode()) if _NUMBER.fullmatch(text) else _WORDS.get(text, text)


def _reason(error: Exception) -> str:
    return "it nests too deep" if isinstance(error, RecursionError) else str(error).removeprefix("JSON is malformed: ")


def _nodes(drawing: Drawing, document: Document) -> Iterator[Broken]:
    known = {b"n%d" % node.id for node in document.nodes}
    known |= {b"n%dop" % node.id for node in document.nodes if node.op is not None}
    for name, at in drawing.mentioned.items():
        if name not in known:
            yield _drawn(f"the node {_shown(name)} is no part of the graph", at)


def _edges(drawing: Drawing, document: Document) -> Iterator[Broken]:
    missing: Counter[tuple[bytes, bytes]] = Counter()
    for node in document.nodes:
        if node.op is not None:
            missing.update([(b"n%d" % operand, b"n%dop" % node.id) for operand in node.operands])
            missing[b"n%dop" % node.id, b"n%d" % node.id] += 1
    for tail, head, at in drawing.edges:
        missing[tail, head] -= 1
        if missing[tail, head] < 0:
            yield _drawn(f"the edge {_shown(tail)} -> {_shown(head)} is drawn more often than the graph has it", at)
    for (tail, head), count in missing.items():
        if count > 0:
            at = drawing.mentioned.get(head, 0)
            yield _drawn(f"the edge {_shown(tail)} -> {_shown(head)} is drawn less often than the graph has it", at)


def _clusters(drawing: Drawing, document: Document) -> Iterator[Broken]:
    groups = document.groups or []
    drawn: set[int] = set()
    for name, around, at in drawing.clusters:
        group = _group(name, groups)
        if group is None:
            yield _drawn(f"the cluster {_shown(name)} is no group", at)
        elif group.id in drawn:
            yield _drawn(f"the cluster {_shown(name)} is drawn twice", at)
        elif around != (None if group.parent is None else b"cluster_%d" % group.parent):
            yield _drawn(f"the cluster {_shown(name)} is not in the group that the graph has it in", at)
        else:
            drawn.add(group.id)


def _members(drawing: Drawing, document: Document) -> Iterator[Broken]:
    spans = _spans(document.groups or [])
    for (cluster, name), at in drawing.members.items():
        own = document.nodes[int(name[1:].removesuffix(b"op"))].group
        start, end = spans[int(cluster[8:])]
        if own is None or not start <= spans[own][0] < end:
            yield _drawn(f"the node {_shown(name)} is in {_shown(cluster)}, but not in that group", at)
    for node in document.nodes:
        if node.group is not None and (b"cluster_%d" % node.group, b"n%d" % node.id) not in drawing.members:
            at = drawing.mentioned[b"n%d" % node.id]
            yield _drawn(f"the node n{node.id} is not in the cluster of its group", at)


def _group(name: bytes, groups: list[Group]) -> Group | None:
    found = _CLUSTER.fullmatch(name)
    return groups[int(found[1])] if found and int(found[1]) < len(groups) else None


def _spans(groups: list[Group]) -> list[tuple[int, int]]:
    """The place of each group when those inside a group come right after it, and the place after the last of them."""
    sizes = [1] * len(groups)
    for group in reversed(groups):
        if group.parent is not None:
            sizes[group.parent] += sizes[group.id]
    free: dict[int | None, int] = {None: 0}  # the next place in each group
    spans = []
    for group in groups:
        start = free[group.parent]
        free[group.parent] = start + sizes[group.id]
        free[group.id] = start + 1
        spans.append((start, start + sizes[group.id]))
    return spans


def _drawn(sentence: str, at: int) -> Broken:
    return Broken((), sentence, "the drawing must show the graph that it carries", at)


def _shown(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    return shortened(text, 20)
