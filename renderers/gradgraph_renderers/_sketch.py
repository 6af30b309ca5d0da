"""What a style of text drawing says of its lines, before they have columns."""

from collections.abc import Sequence
from typing import NamedTuple

from gradgraph.views import View
from gradgraph_renderers._charset import Charset


class Gap(NamedTuple):
    """A line before line number `at` that tells how many others are left out there, with something drawn before it."""

    at: int
    drawn: str
    said: str


class Sketch(NamedTuple):
    """The lines of a drawing, the view they are of, and notes on what they leave out.

    Line number i is for node number `places[i]` of the view, with `drawn[i]` before its facts. Those whose numbers are
    in `again` only refer to a line above.
    """

    view: View
    drawn: list[str]
    places: Sequence[int]
    again: frozenset[int]
    gap: Gap | None
    notes: tuple[str, ...]


def gap_in(at: int, drawn: str, what: str, chars: Charset) -> Gap:
    """The gap that says what is left out there."""
    return Gap(at, drawn, f"{chars.gap} {what} left out")


def counted(count: int, one: str) -> str:
    """So many things in words.

    >>> counted(1, "node"), counted(2000, "node")
    ('1 node', '2,000 nodes')
    """
    return f"{count:,} {one}" + ("" if count == 1 else "s")
