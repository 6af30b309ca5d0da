"""What a style of text drawing says of its lines, before they have columns."""

from typing import NamedTuple

from gradgraph.views import View
from gradgraph_renderers._charset import Charset


class Line(NamedTuple):
    """A line for node number `place` of the view: `drawn` comes before its facts. `again` if it stands above too."""

    drawn: str
    place: int
    again: bool = False


class Gap(NamedTuple):
    """A line before line number `at` that tells how many others are left out there, with something drawn before it."""

    at: int
    drawn: str
    said: str


class Sketch(NamedTuple):
    """The lines of a drawing, the view their places are of, and notes on what they leave out."""

    view: View
    lines: list[Line]
    gap: Gap | None
    notes: tuple[str, ...]


def gap_in(at: int, drawn: str, lines: int, chars: Charset) -> Gap:
    """The gap that stands for so many lines."""
    return Gap(at, drawn, f"{chars.gap} {lines:,} {'line' if lines == 1 else 'lines'} left out")
