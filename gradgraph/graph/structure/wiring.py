"""A graph as lists by node, as the search for its structure reads it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from gradgraph.graph.frozen import EMPTY
from gradgraph.graph.model import Graph, Node
from gradgraph.op_laws import LAWS, Law

_DIGITS = re.compile(r"[0-9]+")


class Wiring(NamedTuple):
    """What the structure of a graph depends on, by node: no numbers, and of labels and groups only their families.

    `user` is the node that uses it, if it is used exactly once, else -1. `constant` if it is a leaf that was written as
    a number: its role says so, or `numbers` finds it. `stem` is the label with its digits replaced. `scope` is a number
    for all ways down to a group that differ in digits alone.
    """

    nodes: tuple[Node, ...]
    operands: list[tuple[int, ...]]
    op: list[str | None]
    law: list[Law | None]
    uses: list[int]
    user: list[int]
    constant: list[bool]
    params: list[Mapping[str, Any] | None]
    is_output: list[bool]
    stem: list[str]
    scope: list[int]

    def is_sum(self, place: int) -> bool:
        """Return whether the op of a node adds its operands, or takes one from another."""
        law = self.law[place]
        return law is not None and law.family == "add"


def wire(graph: Graph) -> Wiring:
    """Return the wiring of a graph."""
    nodes = graph.nodes
    operands = [node.operands for node in nodes]
    uses = [0] * len(nodes)
    user = [-1] * len(nodes)
    for head, tails in enumerate(operands):
        for tail in tails:
            uses[tail] += 1
            user[tail] = head
    is_output = [False] * len(nodes)
    for output in graph.outputs:
        is_output[output] = True
    ops = [node.op for node in nodes]
    laws: dict[str | None, Law | None] = {op: LAWS.get(op) if op else None for op in set(ops)}
    families: dict[tuple[int, str], int] = {}
    scopes: dict[int | None, int] = {None: 0}
    for group in graph.groups:
        scopes[group.id] = families.setdefault((scopes[group.parent], stem(group.name)), len(families) + 1)
    return Wiring(
        nodes,
        operands,
        ops,
        [laws[op] for op in ops],
        uses,
        [place if count == 1 else -1 for place, count in zip(user, uses, strict=True)],
        [node.role == "constant" and node.op is None for node in nodes],
        [None if node.params is EMPTY else node.params or None for node in nodes],
        is_output,
        [stem(node.label) if node.label else "" for node in nodes],
        [scopes[node.group] for node in nodes],
    )


def stem(label: str) -> str:
    """Return what the labels of a family have in common: each stretch of digits as one #.

    >>> stem("w12_3"), stem("loss")
    ('w#_#', 'loss')
    """
    return _DIGITS.sub("#", label)
