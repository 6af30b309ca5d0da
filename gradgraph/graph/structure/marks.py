"""Marks of shapes, roles and classes: numbers that are the same on every machine and for any order of nodes."""

from hashlib import blake2b

from gradgraph.graph.structure.quotient import Quotient
from gradgraph.graph.structure.shapes import CONSTANT, OUTSIDE, Cones


def shape_marks(cones: Cones) -> list[int]:
    """Return a mark of each shape, of its expression alone."""
    marks = [0] * (len(cones.keys) + 2)
    marks[OUTSIDE], marks[CONSTANT] = 1, 2
    for shape, (name, params, kinds) in enumerate(cones.keys, 2):
        inner = [marks[kind] for kind in kinds]
        marks[shape] = mark_of(name, params, sorted(inner) if isinstance(kinds, frozenset) or name == "mul" else inner)
    return marks


def role_marks(cone_graph: Quotient, shapes: list[int]) -> list[int]:
    """Return a mark of each role, of the way up to the root alone."""
    marks: list[int] = []
    for around, op, slot, beside in cone_graph.roles:
        tokens = [shapes[token] if isinstance(token, int) and token >= 0 else token for token in beside]
        marks.append(mark_of(marks[around] if marks else 0, op, slot, tokens))
    return marks


def mark_of(*facts: object) -> int:
    """Return a number of 64 bits for what facts are spelled as."""
    return int.from_bytes(blake2b(repr(facts).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
