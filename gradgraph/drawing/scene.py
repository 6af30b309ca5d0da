"""What a drawing shows: DOT, SVG and Mermaid only spell it."""

from typing import NamedTuple

import msgspec

from gradgraph.graph.model import Node

KINDS = ("input", "leaf", "parameter", "constant", "result", "folded")
"""The kinds of boxes."""


class Cell(msgspec.Struct, frozen=True, gc=False):
    """What a value box says of one thing.

    `kind` is op for a badge, label, expression, number, or alarm for what is not finite.
    `text` is whole. `wrapped` has the lines of a text that a picture wraps, the last with an ellipsis if it is cut.
    """

    text: str
    kind: str
    wrapped: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that a picture shows."""
        return self.wrapped or (self.text,)


class Box(msgspec.Struct, frozen=True, gc=False):
    """A value, or those of a fold, which has no node. `tint` is the size of its gradient.

    `kind` is one of KINDS. `is_alarm` if a number in it is not finite. `constants` are those of a badge, as those of a
    circle.
    """

    key: str
    node: Node | None
    kind: str
    is_output: bool
    is_alarm: bool
    cells: tuple[Cell, ...]
    tint: int
    link: str = ""
    constants: tuple[int, ...] = ()


class Circle(msgspec.Struct, frozen=True, gc=False):
    """The op that makes the value of node `node_id`.

    `constants` are the ids of operands that are written into its symbol, and have no box and no wire.
    """

    key: str
    node_id: int
    symbol: str
    constants: tuple[int, ...] = ()


class Stub(NamedTuple):
    """The end of an edge to nodes that are not shown: the name of the operand, or the number of users."""

    key: str
    text: str


class Wire(msgspec.Struct, frozen=True, gc=False):
    """A line from a box to an op that uses it, or from an op to its value. `mark` is written on it, "" for nothing.

    `leads_out` if one end is a stub.
    """

    tail: str
    head: str
    mark: str
    leads_out: bool = False


class Cluster(NamedTuple):
    """A group: its name, the cluster around it, and the keys of what stands directly in it."""

    group_id: int
    name: str
    parent: int | None
    members: tuple[str, ...]


class Sample(NamedTuple):
    """An entry of the legend: what looks like that means this.

    `look` is a kind, output, tint0 and so on, alarm, "" for text alone, or note for text on a line of its own.
    """

    look: str
    meaning: str


class Scene(NamedTuple):
    """Everything a drawing shows.

    Boxes come in the order of the computation. Operand wires come by node and slot, each as often as it stands in the
    graph; those that start or end at a fold and look alike are one, with their number on it. An operand that is written
    into the symbol of its op has neither box nor wire. Where ops are badges there are no circles: the first cell of a
    result's box is the op, and its operand wires lead to the box.
    """

    title: str
    description: str
    boxes: tuple[Box, ...]
    circles: tuple[Circle, ...]
    stubs: tuple[Stub, ...]
    wires: tuple[Wire, ...]
    clusters: tuple[Cluster, ...]
    legend: tuple[Sample, ...]
