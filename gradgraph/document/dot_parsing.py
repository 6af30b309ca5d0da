"""The statements of a DOT text, handed one by one to a builder (https://graphviz.org/doc/info/lang.html).

Every road is iterative, and reads each lexeme once. What `dot` refuses is refused; node lists (`a, b -> c`), which it
takes without saying so in its documentation, are taken.
"""

from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from gradgraph.document.dot_lexing import END, HTML, MARK, NAME, STRING, NotDot, lexemes, meaning, spelled_at

MOST_NESTED = 5_000
"""Braces inside each other. The parser of `dot` gives up between 3,000 and 10,000."""

_KEYWORDS = frozenset((b"node", b"edge", b"graph", b"digraph", b"subgraph", b"strict"))
_WITH_DEFAULTS = frozenset((b"graph", b"node", b"edge"))

Attributes = dict[bytes, int]
"""The attributes of a statement, and where in the text their values start; of two with one name, the last."""

Part = TypeVar("Part")


class Mention(NamedTuple):
    """A node that a statement names, and where."""

    name: bytes
    at: int


class Builder(Protocol[Part]):
    """What is made of a text. `Part` is what it makes of a subgraph."""

    def begin(self, is_strict: bool, name: bytes) -> None:
        """Start the drawing."""

    def open(self, name: bytes | None, at: int) -> None:
        """Start a subgraph of the part that is open, None: one without a name."""

    def close(self) -> Part:
        """End the part that is open, and return it."""

    def defaults(self, kind: bytes, attributes: Attributes) -> None:
        """Set attributes of the open part (`graph`), or of what comes after in it (`node`, `edge`)."""

    def mention(self, nodes: Sequence[Mention]) -> None:
        """Take nodes into the open part, before anything else is said of them."""

    def nodes(self, nodes: Sequence[Mention], attributes: Attributes) -> None:
        """Set attributes of nodes."""

    def edges(self, ends: Sequence[Sequence[Mention] | Part], attributes: Attributes, at: int) -> None:
        """Draw edges from every node of each end to every node of the next one. `at` is where the last end is."""


def parse(data: bytes, builder: Builder[Part]) -> None:
    """Hand the statements of one directed graph to `builder`. Raises NotDot for any other text."""
    _Parser(data, builder).parse()


class _Parser(Generic[Part]):
    """The state of a parse: the lexeme that comes next and, of each open brace, the ends of an edge in the making."""

    def __init__(self, data: bytes, builder: Builder[Part]) -> None:
        self._data = data
        self._builder = builder
        self._lexemes = lexemes(data)
        self._chains: list[list[Sequence[Mention] | Part]] = []
        self._advance()

    def parse(self) -> None:
        self._head()
        while self._chains:
            if self._kind == MARK:
                self._brace()
            else:
                self._statement()
        if self._kind != END:
            raise NotDot("something follows the graph", self._at, "keep one graph in a file")

    def _advance(self) -> None:
        self._kind, self._text, self._at = next(self._lexemes)

    def _head(self) -> None:
        is_strict = self._keyword() == b"strict"
        if is_strict:
            self._advance()
        if self._keyword() != b"digraph":
            undirected = "this is a graph without directions" if self._keyword() == b"graph" else "this is no DOT"
            raise NotDot(undirected, self._at, "a drawing of ours starts with digraph")
        self._advance()
        name = b"" if self._text == b"{" else self._skip_id()
        self._builder.begin(is_strict, name)
        self._expect(b"{")
        self._chains.append([])

    def _brace(self) -> None:
        if self._text == b"{":
            self._open(None)
        elif self._text == b"}" and not self._chains[-1]:
            self._advance()
            self._chains.pop()
            closed = self._builder.close()
            if self._chains:
                self._chains[-1].append(closed)
                self._after_end()
        else:
            raise self._unexpected()

    def _open(self, name: bytes | None) -> None:
        at = self._at
        self._expect(b"{")
        if len(self._chains) > MOST_NESTED:
            raise NotDot(f"braces nest deeper than {MOST_NESTED} levels", at)
        self._builder.open(name, at)
        self._chains.append([])

    def _statement(self) -> None:
        keyword = self._keyword()
        if keyword == b"subgraph":
            self._advance()
            self._open(None if self._text == b"{" else self._name().name)
        elif keyword in _WITH_DEFAULTS and not self._chains[-1]:
            self._advance()
            if self._text != b"[":
                raise self._unexpected()
            self._builder.defaults(keyword, self._attributes())
            self._semicolon()
        else:
            first = self._name()
            if self._is(b"=") and not self._chains[-1]:
                self._advance()
                self._builder.defaults(b"graph", {first.name: self._at})
                self._skip_id()
                self._semicolon()
            else:
                self._node_list(first)

    def _node_list(self, first: Mention) -> None:
        nodes = [first]
        self._port()
        while self._is(b","):
            self._advance()
            nodes.append(self._name())
            self._port()
        self._builder.mention(nodes)
        self._chains[-1].append(nodes)
        self._after_end()

    def _port(self) -> None:
        for _ in range(2):
            if self._is(b":"):
                self._advance()
                self._skip_id()

    def _after_end(self) -> None:
        """Go on behind an end of an edge, which may be the only one: then it is no edge."""
        if self._is(b"->"):
            self._advance()
            return
        ends = self._chains[-1]
        last = ends[-1]
        at = last[-1].at if isinstance(last, list) else self._at
        attributes = self._attributes()
        if len(ends) > 1:
            self._builder.edges(ends, attributes, at)
        elif isinstance(last, list):
            self._builder.nodes(last, attributes)
        self._chains[-1] = []
        self._semicolon()

    def _attributes(self) -> Attributes:
        found: Attributes = {}
        while self._is(b"["):
            self._advance()
            while not self._is(b"]"):
                name = self._name().name
                self._expect(b"=")
                found[name] = self._at
                self._skip_id()
                if self._is(b",") or self._is(b";"):
                    self._advance()
            self._advance()
        return found

    def _name(self) -> Mention:
        """What an ID names. An HTML string names nothing, since Graphviz has changed its mind about what it would."""
        if self._kind == HTML:
            raise NotDot("an HTML string is no name", self._at, "quote it")
        at = self._at
        return Mention(meaning(self._skip_id()), at)

    def _skip_id(self) -> bytes:
        """The ID that comes next, as it is spelled."""
        kind, text, start = self._kind, self._text, self._at
        if kind in (MARK, END) or self._keyword():
            raise self._unexpected()
        self._advance()
        if kind != STRING or not self._is(b"+"):
            return text
        while self._is(b"+"):
            self._advance()
            if self._kind != STRING:
                raise NotDot("+ joins strings only", self._at, "quote what follows it")
            self._advance()
        return spelled_at(self._data, start)

    def _keyword(self) -> bytes:
        """The keyword that comes next, in lower case; nothing if none does."""
        if self._kind != NAME or len(self._text) > 8:
            return b""
        word = self._text.lower()
        return word if word in _KEYWORDS else b""

    def _is(self, mark: bytes) -> bool:
        return self._text == mark

    def _expect(self, mark: bytes) -> None:
        if self._text != mark:
            raise self._unexpected(f"instead of {mark.decode()}")
        self._advance()

    def _semicolon(self) -> None:
        if self._text == b";":
            self._advance()

    def _unexpected(self, instead: str = "here") -> NotDot:
        if self._kind == END:
            return NotDot("the DOT ends too soon", self._at)
        text = self._text.decode("utf-8", "replace")
        return NotDot(f"unexpected {text[:20]!r} {instead}", self._at)
