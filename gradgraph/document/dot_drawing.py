"""What Graphviz makes of the statements of a DOT text: nodes with their attributes, edges, and clusters."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from gradgraph.document.dot_lexing import NotDot, meaning, spelled_at
from gradgraph.document.dot_parsing import Attributes, Mention, parse

_FEW = 8
"""Nodes that move out of a subgraph without a name when it ends, so that it need not be kept."""

NOTHING: Mapping[bytes, int] = {}


class Edge(NamedTuple):
    """An edge, and where the last node of its statement is."""

    tail: bytes
    head: bytes
    at: int


class Cluster(NamedTuple):
    """A subgraph that is framed, the cluster around it if there is one, and where it starts."""

    name: bytes
    around: bytes | None
    at: int


class Drawing(NamedTuple):
    """A directed graph as Graphviz has it after reading. Attributes are places of their values in the text.

    `facts` are attributes of the drawing and `nodes` those of each node, by name. `mentioned` says where each node
    comes first, and `members` where a cluster mentions a node, by the names of both.
    """

    facts: dict[bytes, int]
    nodes: dict[bytes, Mapping[bytes, int]]
    mentioned: dict[bytes, int]
    edges: list[Edge]
    clusters: list[Cluster]
    members: dict[tuple[bytes, bytes], int]


def drawing_of(data: bytes, facts: Collection[bytes], node_facts: Collection[bytes]) -> Drawing:
    """Return the drawing that a DOT text describes; only attributes of these names are kept of it and of its nodes.

    Raises NotDot for a text that is no directed graph, or whose subgraphs stand for more edges than it has bytes.

    >>> drawn = drawing_of(b'digraph { node [op="+"]; a; b [op="*"]; {a b} -> c }', (), [b"op"])
    >>> [(edge.tail, edge.head) for edge in drawn.edges]
    [(b'a', b'c'), (b'b', b'c')]
    >>> drawn.nodes
    {b'a': {b'op': 19}, b'b': {b'op': 34}, b'c': {b'op': 19}}
    """
    builder = _Builder(data, facts, node_facts)
    parse(data, builder)
    return builder.drawing


_REDRAWING = frozenset((b"cluster", b"clusterrank", b"concentrate", b"layerselect"))
"""Attributes of a graph by which Graphviz draws more or less than its statements say."""


class _Subgraph:
    """A subgraph: its name, what it holds, its named subgraphs, and its own defaults for nodes.

    `items` are names of nodes and other subgraphs, as they come, and stay empty where nobody will ask for them.
    """

    __slots__ = ("inner", "items", "name", "overrides")

    def __init__(self, name: bytes | None) -> None:
        self.name = name
        self.items: list[bytes | _Subgraph] = []
        self.inner: dict[bytes, _Subgraph] | None = None
        self.overrides = NOTHING


class _Open(NamedTuple):
    """A subgraph that is open, the innermost cluster it is in, and the defaults for nodes there."""

    part: _Subgraph
    cluster: bytes | None
    defaults: Mapping[bytes, int]


class _Builder:
    """Follows `lib/cgraph/grammar.y` and `attr.c`: what they do at each statement, for the attributes asked for.

    A node has the defaults of the part in which it comes first, at that moment. A named subgraph that comes again in
    the same part goes on where it ended. A strict graph has no two edges alike, and no graph two alike with one `key`.
    """

    def __init__(self, data: bytes, facts: Collection[bytes], node_facts: Collection[bytes]) -> None:
        self._data = data
        self._facts = frozenset(facts)
        self._node_facts = frozenset(node_facts)
        self._open: list[_Open] = []
        self._is_strict = False
        self._seen: set[tuple[bytes, ...]] = set()  # edges, where there can be only one
        self._budget = len(data)
        self.drawing = Drawing({}, {}, {}, [], [], {})

    def begin(self, is_strict: bool, name: bytes) -> None:
        self._is_strict = is_strict
        self._open.append(_Open(_Subgraph(name), None, NOTHING))

    def open(self, name: bytes | None, at: int) -> None:
        around = self._open[-1]
        outer = around.part
        part = None
        if name is not None:
            if outer.inner is None:
                outer.inner = {}
            part = outer.inner.get(name)
        cluster = name if name is not None and name[:7].lower() == b"cluster" else around.cluster
        if part is None:
            part = _Subgraph(name)
            if name is not None and outer.inner is not None:
                outer.inner[name] = part
                if cluster == name:
                    self.drawing.clusters.append(Cluster(name, around.cluster, at))
            if len(self._open) > 1:
                outer.items.append(part)
        defaults = {**around.defaults, **part.overrides} if part.overrides else around.defaults
        self._open.append(_Open(part, cluster, defaults))

    def close(self) -> _Subgraph:
        part = self._open.pop().part
        if len(self._open) > 1 and part.name is None and len(part.items) <= _FEW:
            items = self._open[-1].part.items
            items.pop()  # it is the last one, since nothing else came in while it was open
            items.extend(part.items)
        return part

    def defaults(self, kind: bytes, attributes: Attributes) -> None:
        if kind == b"graph":
            for name in _REDRAWING & attributes.keys():
                sentence = f"the attribute {name.decode()} changes which nodes, edges or clusters are drawn"
                raise NotDot(sentence, attributes[name], "remove it")
            if len(self._open) == 1:
                self.drawing.facts.update(_only(self._facts, attributes))
        elif kind == b"node":
            here = self._open[-1]
            new = _only(self._node_facts, attributes)
            if new:
                here.part.overrides = {**here.part.overrides, **new}
                self._open[-1] = here._replace(defaults={**here.defaults, **new})

    def mention(self, nodes: Sequence[Mention]) -> None:
        here = self._open[-1]
        known = self.drawing.nodes
        for name, at in nodes:
            if name not in known:
                known[name] = here.defaults
                self.drawing.mentioned[name] = at
            if here.cluster is not None:
                self.drawing.members.setdefault((here.cluster, name), at)
        if len(self._open) > 1:
            here.part.items += [name for name, _ in nodes]

    def nodes(self, nodes: Sequence[Mention], attributes: Attributes) -> None:
        new = _only(self._node_facts, attributes)
        if new:
            known = self.drawing.nodes
            for name, _ in nodes:
                known[name] = {**known[name], **new}

    def edges(self, ends: Sequence[Sequence[Mention] | _Subgraph], attributes: Attributes, at: int) -> None:
        key = None
        if b"key" in attributes:
            spelled = spelled_at(self._data, attributes[b"key"])
            # Graphviz takes an HTML string for the same key as the text inside.
            key = spelled[1:-1] if spelled[:1] == b"<" else meaning(spelled)
        if self._is_strict and key is not None:  # Graphviz then draws one or several, by the subgraphs they are in
            raise NotDot("an edge of a strict graph has a key", attributes[b"key"], "remove strict, or the key")
        named = [self._members(end, at) if isinstance(end, _Subgraph) else [name for name, _ in end] for end in ends]
        for tails, heads in pairwise(named):
            self._spend(len(tails) * len(heads), at)
            for tail in tails:
                for head in heads:
                    if self._is_new(tail, head, key):
                        self.drawing.edges.append(Edge(tail, head, at))

    def _is_new(self, tail: bytes, head: bytes, key: bytes | None) -> bool:
        if not self._is_strict and key is None:
            return True
        edge = (tail, head) if key is None else (tail, head, key)
        known = len(self._seen)
        self._seen.add(edge)
        return len(self._seen) > known

    def _members(self, whole: _Subgraph, at: int) -> list[bytes]:
        """Every node in a subgraph, once."""
        found: dict[bytes, None] = {}
        stack = [whole]
        while stack:
            part = stack.pop()
            self._spend(len(part.items), at)
            for item in part.items:
                if isinstance(item, _Subgraph):
                    stack.append(item)
                else:
                    found[item] = None
        return [*found]

    def _spend(self, steps: int, at: int) -> None:
        """Bound what edges between subgraphs cost. A drawing of ours spells each operand, in two bytes or more."""
        self._budget -= steps
        if self._budget < 0:
            raise NotDot("the subgraphs stand for more edges than the file has bytes", at)


def _only(names: frozenset[bytes], attributes: Attributes) -> Attributes:
    return {name: at for name, at in attributes.items() if name in names}
