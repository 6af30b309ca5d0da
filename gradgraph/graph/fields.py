"""The fields of a node: one table of their names in files and drawings, and of when they are there.

Counting keys, DOT in both directions, networkx in both directions and `diff` go through this table. `Node` and the fast
writer of JSON are written by hand, and tests hold them against it.
"""

from typing import Any, Literal, NamedTuple

from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Node

Kind = Literal["id", "ids", "number", "number or null", "numbers", "text", "word", "params"]
"""What a field holds. An "id" is the place of a node or a group; a "word" is one of a few that the schema lists."""

ALWAYS: Any = object()
"""What is `absent` of a field that every node has: no value equals it."""

FIRST = "1.0"
"""The first version of the document."""


class Field(NamedTuple):
    """One field: its `name` in Node, its `key` in the row of a document, its `attribute` in DOT, and what it holds.

    The attribute is "" for the id, which is the name of the box in DOT. A field is left out where its value is
    `absent`. Documents have the key `since` that version.
    """

    name: str
    key: str
    attribute: str
    kind: Kind
    absent: Any = ALWAYS
    since: str = FIRST

    def is_there(self, node: Node) -> bool:
        """Return whether the field says something of `node`.

        >>> [field.name for field in FIELDS if field.is_there(Node(id=0, data=1.0, grad=None, group=0))]
        ['id', 'data', 'grad', 'group']
        """
        value = getattr(node, self.name)
        return value is not self.absent and value != self.absent


FIELDS = (
    Field("id", "id", "", "id"),
    Field("label", "label", "caption", "text", ""),
    Field("role", "role", "role", "word", None),
    Field("op", "op", "op", "text", None),
    Field("operands", "operands", "operands", "ids", ()),
    Field("params", "params", "params", "params", EMPTY),
    Field("data", "data", "data", "number"),
    Field("grad", "grad", "grad", "number or null"),
    Field("local", "local", "local", "numbers", ()),
    Field("group", "group", "in_group", "id", None),
)
"""Every field, in the order of a row."""

REQUIRED_FIRST = tuple(sorted(FIELDS, key=lambda field: field.absent is not ALWAYS))
"""Every field, those that are always there first: the order of `Node`, of attributes in DOT and in networkx."""

LATER = tuple(field for field in FIELDS if field.since != FIRST)
"""The fields that the first version of the document does not have."""
