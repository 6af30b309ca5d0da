"""A long narrow drawing in rows, to be read like text: cut where few lines pass, and never within a unit or a frame."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gradgraph_renderers.layered.columns import Columns
from gradgraph_renderers.layered.room import BEND
from gradgraph_renderers.layered.trunks import Layered

WIDTH = 1_560.0
"""How long a row is at most, in px, if there are places to cut: a page of 1,600 px with its margins."""
LONG = 3.0
"""How many times longer than wide a drawing is that is cut."""
_FEW = 8
"""Trunks that may pass a cut."""
_LANE = 5.0
"""From one line between two rows to the next, in px."""


class Turn(NamedTuple):
    """The way from the end of a row to the start of the next."""

    lanes: dict[int, int]
    """The lane of each vertex whose lines go on in the next row."""
    right: float
    channel: float
    left: float

    def way(self, vertex: int) -> tuple[float, float, float]:
        """Return where the lane of a vertex leads down, where it leads back across, and where it leads down again."""
        lane = self.lanes[vertex]
        inner = len(self.lanes) - 1 - lane
        return self.right + _LANE * lane, self.channel + _LANE * lane, self.left - _LANE * inner


class Wrapped(NamedTuple):
    """A drawing in rows."""

    columns: Columns
    shift: list[float]
    """By how much the vertices of each layer move across the drawing."""
    turns: dict[int, Turn]
    """By the layer before each cut."""
    reaches: list[tuple[float, float]]
    """From where to where each row is, across the drawing."""

    @property
    def length(self) -> float:
        """How long the longest row is, with the lines that turn at its end."""
        return max([turn.right + _LANE * len(turn.lanes) for turn in self.turns.values()])


def wrap(
    graph: Layered,
    across: Sequence[float],
    reach: Sequence[tuple[float, float]],
    columns: Columns,
    frames: Sequence[tuple[float, float]],
) -> Wrapped | None:
    """Return a drawing in rows that fit a page, or None if it is in one row.

    `reach` is from where to where each vertex takes room, and `frames` where frames are, across the drawing.
    """
    height = len(columns.start)
    low = min([low for low, _ in (*reach, *frames)], default=0.0)
    high = max([high for _, high in (*reach, *frames)], default=0.0)
    length = max([*columns.end, *[end for _, end in columns.frames]], default=0.0)
    if length <= WIDTH or length < LONG * (high - low):
        return None
    passing = _passing(graph, height)
    allowed = _places_to_cut(graph, passing)
    lanes_room = 2 * BEND + _LANE * max([len(passing[layer]) for layer in allowed], default=0)
    limit = WIDTH - 2 * lanes_room
    cuts = _cuts(columns, allowed, limit)
    if not cuts:
        return None
    firsts = [0, *[cut + 1 for cut in cuts]]
    rows = zip(firsts, [*cuts, height - 1], strict=True)
    if max([columns.end[last] - columns.start[first] for first, last in rows]) > WIDTH:
        return None  # it would not fit a page all the same
    row_of = [0] * height
    for row, (first, stop) in enumerate(zip(firsts, [*firsts[1:], height], strict=True)):
        row_of[first:stop] = [row] * (stop - first)
    lows, highs = _reaches(graph, reach, frames, row_of, len(firsts))
    margin = max([_LANE * len(passing[cut]) for cut in cuts]) + 2 * BEND
    shift_along = [margin - columns.start[first] for first in firsts]
    for number, (first, _) in enumerate(graph.spans):
        row = row_of[first]
        shift_along[row] = max(shift_along[row], margin - columns.frames[number][0])
    last_of: dict[int, float] = {}  # by layer: where the last of the frames ends that end there
    for (_, end), (_, layer) in zip(columns.frames, graph.spans, strict=True):
        last_of[layer] = max(end, last_of.get(layer, 0.0))
    shift, turns, at = [], {}, 0.0
    reaches = []
    for row, cut in enumerate([*cuts, -1]):
        shift.append(at - lows[row])
        reaches.append((at, at + highs[row] - lows[row]))
        at = reaches[-1][1]
        if cut >= 0:
            vertices = sorted(passing[cut], key=lambda vertex: (-across[vertex], vertex))
            lanes = {vertex: lane for lane, vertex in enumerate(vertices)}
            end = max(columns.end[cut], last_of.get(cut, 0.0))
            turns[cut] = Turn(lanes, end + shift_along[row] + 2 * BEND, at + 2 * BEND, margin - 2 * BEND)
            at += 4 * BEND + _LANE * len(lanes)
    moved = Columns(
        [each + shift_along[row] for each, row in zip(columns.start, row_of, strict=True)],
        [each + shift_along[row] for each, row in zip(columns.middle, row_of, strict=True)],
        [each + shift_along[row] for each, row in zip(columns.end, row_of, strict=True)],
        [
            (start + shift_along[row_of[first]], end + shift_along[row_of[first]])
            for (start, end), (first, _) in zip(columns.frames, graph.spans, strict=True)
        ],
        [(first + shift_along[row], apart) for (first, apart), row in zip(columns.tracks, row_of, strict=True)],
    )
    return Wrapped(moved, [shift[row] for row in row_of], turns, reaches)


def _passing(graph: Layered, height: int) -> list[list[int]]:
    """Return for each layer the vertices from which lines lead on."""
    passing: list[list[int]] = [[] for _ in range(height)]
    for vertex, heads in enumerate(graph.after):
        if heads and graph.owner[vertex] >= 0:
            passing[graph.layer[vertex]].append(vertex)
    return passing


def _places_to_cut(graph: Layered, passing: Sequence[Sequence[int]]) -> list[int]:
    """Return the layers behind which few trunks pass and no frame goes on."""
    held = {layer for first, last in graph.spans for layer in range(first, last)}
    return [layer for layer in range(len(passing) - 1) if len(passing[layer]) <= _FEW and layer not in held]


def _cuts(columns: Columns, allowed: Sequence[int], limit: float) -> list[int]:
    """Return the layers behind which the drawing is cut, so that rows are as long as can be."""
    cuts: list[int] = []
    start = 0.0
    for layer, following in pairwise([*allowed, len(columns.start) - 1]):
        if columns.end[following] - start > limit:
            cuts.append(layer)
            start = columns.start[layer + 1]
    return cuts


def _reaches(
    graph: Layered,
    reach: Sequence[tuple[float, float]],
    frames: Sequence[tuple[float, float]],
    row_of: Sequence[int],
    rows: int,
) -> tuple[list[float], list[float]]:
    lows: list[list[float]] = [[] for _ in range(rows)]
    highs: list[list[float]] = [[] for _ in range(rows)]
    for (low, high), layer in (
        *zip(reach, graph.layer, strict=True),
        *zip(frames, [first for first, _ in graph.spans], strict=True),
    ):
        lows[row_of[layer]].append(low)
        highs[row_of[layer]].append(high)
    return [min(each) for each in lows], [max(each) for each in highs]
