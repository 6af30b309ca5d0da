"""The immutable intermediate representation: Node, Graph."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, overload

import msgspec
from msgspec.structs import force_setattr

from gradgraph.displayed import Displayed
from gradgraph.graph.frozen import EMPTY, FrozenMap, freeze
from gradgraph.words import symbol_text

if TYPE_CHECKING:
    Index = int
    Number = float
    Operands = tuple[int, ...]
    Local = tuple[float, ...]
    Params = Mapping[str, Any]
    Arity = int | None
    OptionalIndex = int | None
    OptionalName = str | None
    OptionalRole = Literal["input", "parameter", "constant"] | None
else:
    # msgspec decodes the rows of a document straight into these classes and reads their annotations as the wire
    # format, which differs from the types: a key with nothing to say is left out, never null, and the three floats
    # that JSON lacks are strings (the reader replaces them before anyone sees the node).
    Index = OptionalIndex = Annotated[int, msgspec.Meta(ge=0)]
    Number = float | Literal["NaN", "Infinity", "-Infinity"]
    Operands = Annotated[tuple[Index, ...], msgspec.Meta(min_length=1)]
    Local = Annotated[tuple[Number, ...], msgspec.Meta(min_length=1)]
    Scalar = float | int | bool | str
    Params = dict[str, Scalar | tuple[Scalar, ...]]
    Arity = Annotated[int, msgspec.Meta(ge=1)] | None
    OptionalName = str
    OptionalRole = Literal["input", "parameter", "constant"]


class Node(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """One value of a computation graph, immutable.

    `id` is its place in the graph and `operands` are ids, in order and with repeats. `data` is the primal; `grad`
    the gradient, None when it was not computed; `local` holds ∂self/∂operand, one per operand, or is empty when not
    recorded. `op` is the name of the op that made it, None for a leaf; `params` is what that op needs beyond
    operands; `role` is what a leaf is for; `group` is an index into the graph's groups, None for none.
    """

    id: Index
    data: Number
    grad: Number | None
    label: str = ""
    role: OptionalRole = None
    op: OptionalName = None
    operands: Operands = ()
    params: Params = EMPTY
    local: Local = ()
    group: OptionalIndex = None


class OpDeclaration(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a document says of an op: the symbol people see, and how many operands it takes (None: any number)."""

    symbol: str
    arity: Arity


class Group(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A named set of nodes, inside the group `parent` unless that is None. `id` is its place in the graph's groups."""

    id: Index
    name: str
    parent: OptionalIndex = None


class Edge(NamedTuple):
    """Node `tail` is operand number `slot` (from 0) of node `head`."""

    tail: int
    head: int
    slot: int


class Graph(Displayed, msgspec.Struct, frozen=True, eq=False):
    """A computation graph, immutable: `nodes` in topological order, the ids of its `outputs`, and what they refer to.

    `ops` maps op names to their declarations. `meta` and `ext` are free-form: facts about the graph, and data of other
    programs. `graph[3]` is node 3 and `graph["x1"]` the one node labelled x1. Graphs are equal when their canonical
    documents are: NaN equals NaN, and -0.0 differs from 0.0. Nothing is checked here: what comes from a file or from
    `export` is sound, and `validate` judges the rest.

    >>> leaf = Node(id=0, label="a", data=3.0, grad=None)
    >>> square = Node(id=1, op="mul", operands=(0, 0), data=9.0, grad=None)
    >>> graph = Graph((leaf, square), (1,), {"mul": OpDeclaration("*", 2)})
    >>> len(graph), graph["a"] is leaf, graph.edges
    (2, True, (Edge(tail=0, head=1, slot=0), Edge(tail=0, head=1, slot=1)))
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    ops: Mapping[str, OpDeclaration] = EMPTY
    groups: tuple[Group, ...] = ()
    meta: Mapping[str, Any] = EMPTY
    ext: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        for name in ("ops", "meta", "ext"):
            force_setattr(self, name, freeze(getattr(self, name)))
        for node in self.nodes:
            if type(node.params) is not FrozenMap:
                force_setattr(node, "params", freeze(node.params))

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Every operand edge, repeats included, by head and slot."""
        return tuple([Edge(tail, node.id, slot) for node in self.nodes for slot, tail in enumerate(node.operands)])

    def labelled(self, label: str) -> tuple[Node, ...]:
        """Return every node with this label."""
        return tuple([node for node in self.nodes if node.label == label])

    def symbol(self, node: Node) -> str:
        """Return what drawings show for the node's op, "" for a leaf."""
        if node.op is None:
            return ""
        declaration = self.ops.get(node.op)
        return node.op if declaration is None else symbol_text(declaration.symbol, node.params)

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    @overload
    def __getitem__(self, key: int | str) -> Node: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Node, ...]: ...
    def __getitem__(self, key: int | str | slice) -> Node | tuple[Node, ...]:
        if not isinstance(key, str):
            return self.nodes[key]
        found = self.labelled(key)
        if len(found) != 1:
            ids = ", ".join(f"n{node.id}" for node in found)
            raise KeyError(f"{len(found)} nodes are labelled {key!r}: {ids}" if found else key)
        return found[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        # repr tells floats apart exactly as the canonical document does.
        return (
            len(self) == len(other)
            and all(repr(ours) == repr(theirs) for ours, theirs in zip(self, other, strict=True))
            and repr(_apart_from_nodes(self)) == repr(_apart_from_nodes(other))
        )

    def __ne__(self, other: object) -> bool:
        return not self == other  # the != of msgspec's structs does not ask our ==

    def __hash__(self) -> int:
        return hash((len(self), self.outputs))

    def __repr__(self) -> str:
        outputs = ", ".join(f"n{output}" for output in self.outputs)
        return f"<Graph of {len(self)} nodes, output {outputs}>"


def _apart_from_nodes(graph: Graph) -> tuple[Any, ...]:
    return graph.outputs, graph.ops, graph.groups, graph.meta, graph.ext
