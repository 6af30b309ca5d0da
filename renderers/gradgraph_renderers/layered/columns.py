"""Where layers and frames are along the drawing: circles beside their boxes, room to turn, for marks and for frames."""

from collections.abc import Sequence
from typing import NamedTuple

from gradgraph_renderers.layered.room import BEND, LEAD, PAD, Room
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import Units

GAP = 14.0
"""px between two columns in which lines turn, at least."""
FALL, MOST = 0.05, 70.0
"""The share of a line's way across by which its gap is wider, and px by which gaps are wider at most."""
TRACK, WIDEST = 5.0, 240.0
"""From a track to the next, and what the tracks of a gap take at most: beyond that they come closer. In px."""


class Columns(NamedTuple):
    """Of each layer: where lines to it have turned, where its boxes have their middle, where lines from it turn."""

    start: list[float]
    middle: list[float]
    end: list[float]
    frames: list[tuple[float, float]]
    """Where each frame begins and ends."""
    tracks: list[tuple[float, float]]
    """Where the first track behind each layer is, and how far it is to the next."""

    def track(self, layer: int, number: int) -> float:
        """Return where a track behind a layer is."""
        first, apart = self.tracks[layer]
        return first + number * apart

    def gap(self, layer: int) -> tuple[float, float]:
        """Return where lines from a layer turn, if not in a track, and where they have turned."""
        return self.end[layer], self.start[layer + 1]


def find_columns(units: Units, graph: Layered, across: Sequence[float], tracks: Sequence[int], room: Room) -> Columns:
    """Return where columns and frames are, from 0 on."""
    height = max(graph.layer, default=-1) + 1
    lead, circle, box, fall = [0.0] * height, [0.0] * height, [0.0] * height, [0.0] * height
    for unit, keys in enumerate(units.parts):
        layer = graph.layer[unit]
        box[layer] = max(box[layer], room.blocks[keys[-1]].along)
        if len(keys) == 2:
            circle[layer] = max(circle[layer], room.blocks[keys[0]].along + room.pair[unit])
        if units.tails[unit]:
            lead[layer] = max(lead[layer], LEAD + room.zone[unit])
    for vertex, heads in enumerate(graph.after):
        layer = graph.layer[vertex]
        for head in heads:
            fall[layer] = max(fall[layer], abs(across[vertex] - across[head]))
    before, begins, ends = _frames_by_layer(units, graph, height)
    starts, middles, stops = [0.0] * height, [0.0] * height, [0.0] * height
    frames = [(0.0, 0.0)] * len(units.around)
    places: list[tuple[float, float]] = []
    at = 0.0
    for layer in range(height):
        at += begins[layer]
        starts[layer] = at
        middles[layer] = at + lead[layer] + circle[layer] + box[layer] / 2
        at = stops[layer] = middles[layer] + box[layer] / 2
        inner: dict[int, float] = {}  # by frame: where the last frame in it ends that ends here
        for frame in ends[layer]:  # the inner ones first
            first = starts[graph.spans[frame][0]] - before[frame]
            last = max(inner.get(frame, stops[layer]) + PAD, first + room.titles[frame].along)
            frames[frame] = first, last
            inner[units.around[frame]] = max(inner.get(units.around[frame], 0.0), last)
            at = max(at, last)
        wide = min(WIDEST, TRACK * (tracks[layer] - 1))
        places.append((at + BEND, wide / max(1, tracks[layer] - 1)))
        at += wide + 2 * BEND if tracks[layer] else GAP + min(MOST, FALL * fall[layer])
    return Columns(starts, middles, stops, frames, places)


def _frames_by_layer(units: Units, graph: Layered, height: int) -> tuple[list[float], list[float], list[list[int]]]:
    """Return how far before its first layer each frame begins, and by layer the most of these, and what ends there."""
    before = [0.0] * len(units.around)
    begins = [0.0] * height
    ends: list[list[int]] = [[] for _ in range(height)]
    for frame in reversed(range(len(units.around))):  # what is in a frame comes after it
        first, last = graph.spans[frame]
        before[frame] += PAD
        around = units.around[frame]
        if around >= 0 and graph.spans[around][0] == first:
            before[around] = max(before[around], before[frame])
        begins[first] = max(begins[first], before[frame])
        ends[last].append(frame)
    return before, begins, ends
