"""Where the legend of an SVG goes: in rows below the drawing."""

from collections.abc import Sequence
from typing import NamedTuple

from gradgraph.plugins import Placement, Point, Rectangle, Sample
from gradgraph_renderers.svg.metrics import MARK_SIZE, text_width

GAP = 14.0
"""px between the drawing and its legend, and between two entries."""
ROW = 18.0
SWATCH = Rectangle(0, 0, 18, 12)
LEAST_WIDTH = 320.0
"""The legend of a small drawing may be this wide."""


class Entry(NamedTuple):
    """A sample, where its swatch is, if it has one, and where its text starts."""

    sample: Sample
    swatch: Rectangle | None
    start: Point


class Legend(NamedTuple):
    """The entries, and the size of the drawing with them."""

    width: float
    height: float
    entries: tuple[Entry, ...]


def arrange(samples: Sequence[Sample], placement: Placement) -> Legend:
    """The legend of a drawing: as many entries in a row as the drawing is wide."""
    if not samples:
        return Legend(placement.width, placement.height, ())
    room = max(placement.width, LEAST_WIDTH)
    entries = []
    x, y = 0.0, placement.height + GAP
    width = placement.width
    for sample in samples:
        offset = 0.0 if sample.look in ("", "note") else SWATCH.width + 5
        length = offset + text_width(sample.meaning, MARK_SIZE)
        if x and (x + length > room or sample.look == "note"):
            x, y = 0.0, y + ROW
        swatch = SWATCH._replace(x=x, y=y) if offset else None
        entries.append(Entry(sample, swatch, (x + offset, y + SWATCH.height / 2 + MARK_SIZE / 3)))
        width = max(width, x + length)
        x += length + GAP
    return Legend(width, y + SWATCH.height, tuple(entries))
