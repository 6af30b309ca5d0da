"""The engine: an outline goes through all steps, and comes back as a placement."""

from collections.abc import Sequence
from importlib.metadata import version

from gradgraph.plugins import Direction, Limits, Outline, Placement, Rectangle, check_drawn
from gradgraph_renderers.layered.columns import Columns, find_columns
from gradgraph_renderers.layered.directions import turned
from gradgraph_renderers.layered.frames import find_across
from gradgraph_renderers.layered.layers import find_layers, trunk_length
from gradgraph_renderers.layered.order import find_order
from gradgraph_renderers.layered.packing import packed
from gradgraph_renderers.layered.ports import find_ports
from gradgraph_renderers.layered.room import APART, Room, find_room, half_of_units
from gradgraph_renderers.layered.routes import find_routes
from gradgraph_renderers.layered.tracks import find_tracks
from gradgraph_renderers.layered.trunks import ROOMY, Layered, build
from gradgraph_renderers.layered.units import Units, components, find_units
from gradgraph_renderers.layered.wrapping import wrap

SMALL = 1_000
"""Up to so many units, both ways to give layers are tried."""
WORK = 40_000
"""Visits to vertices and edges in the search for an order that are enough for a drawing, all its parts together."""


class LayeredLayout:
    """Our own layered layout, in process: for computation graphs, with groups, at any size."""

    name = "layered"

    def availability(self) -> str | None:
        """None: it works everywhere."""
        return None

    def version(self) -> str:
        """Return the release of gradgraph, which it is a part of."""
        return version("gradgraph")

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        """Return where everything goes. Raises ToolLimit for more than `limits` allow, ToolFailed for circles."""
        check_drawn(outline, limits)
        parts = []
        most = ROOMY * limits.max_drawn
        for units in components(find_units(outline)):
            lines = sorted((*units.links, *units.inside))
            work = int(WORK * (len(lines) + 1) / (len(outline.lines) + 1))
            part, vertices = _placed(outline, units, lines, direction, work, most)
            most -= vertices
            parts.append((turned(part, direction), lines))
        placement = packed(parts) if parts else Placement(0.0, 0.0, {}, {}, ())
        return _named(placement, outline) if direction in ("TB", "BT") else placement


def _placed(
    outline: Outline, units: Units, lines: Sequence[int], direction: Direction, work: int, most: int
) -> tuple[Placement, int]:
    """Return the placement of one part, from left to right, and its number of vertices, of which `most` are allowed."""
    room = find_room(outline, units, direction)
    graph, rows = _ordered(units, work, most)
    half = half_of_units(units, room)
    across, frames = find_across(units, graph, rows, half, room)
    reach = [(at, at) for at in across]
    for unit, room_taken in enumerate(half):
        inner = room_taken - APART / 2
        reach[unit] = across[unit] - inner, across[unit] + inner
    ports = find_ports(units, graph, across, room)
    tracks, numbers = find_tracks(units, graph, across, ports, 16 * work)
    columns = find_columns(units, graph, across, numbers, room)
    wrapped = wrap(graph, across, reach, columns, frames)
    if wrapped:
        columns, shift = wrapped.columns, [wrapped.shift[layer] for layer in graph.layer]
        frames_shift = [wrapped.shift[first] for first, _ in graph.spans]
    else:
        low = min([low for low, _ in (*reach, *frames)], default=0.0)
        shift, frames_shift = [-low] * len(across), [-low] * len(frames)
    across = [at + by for at, by in zip(across, shift, strict=True)]
    reach = [(low + by, high + by) for (low, high), by in zip(reach, shift, strict=True)]
    frames = [(low + by, high + by) for (low, high), by in zip(frames, frames_shift, strict=True)]
    ports = find_ports(units, graph, across, room)
    blocks = _blocks(units, graph, across, columns, room)
    turns = wrapped.turns if wrapped else {}
    routes, trunks = find_routes(units, graph, across, ports, tracks, columns, turns, room, blocks)
    length = max([wrapped.length if wrapped else 0.0, *columns.end, *[end for _, end in columns.frames]], default=0.0)
    placement = Placement(
        length,
        max([high for _, high in (*reach, *frames)], default=0.0),
        blocks,
        {
            outline.frames[number].group_id: Rectangle(start, low, end - start, high - low)
            for number, (start, end), (low, high) in zip(units.frames, columns.frames, frames, strict=True)
        },
        tuple([routes[line] for line in lines]),
        tuple(trunks),
        tuple([Rectangle(0.0, low, length, high - low) for low, high in (wrapped.reaches if wrapped else ())]),
    )
    return placement, len(graph.layer)


def _named(placement: Placement, outline: Outline) -> Placement:
    """Return the placement with the name of each frame in its upper left corner, beside the lines through it."""
    names = {}
    for frame in outline.frames:
        at = placement.frames[frame.group_id]
        names[frame.group_id] = at.x + frame.name.width / 2, at.y + frame.name.height / 2
    return placement._replace(names=names)


def _ordered(units: Units, work: int, most: int) -> tuple[Layered, list[list[int]]]:
    """Return the graph of layers and its rows: of two ways to give layers, the one whose lines cross less."""
    layerings = [find_layers(units, late) for late in (False, True)]
    layerings.sort(key=lambda layers: trunk_length(units, layers))
    if layerings[0] == layerings[1] or len(units.parts) > SMALL:
        del layerings[1]
    found = []
    for layers in layerings:
        graph = build(units, layers, most)
        rows, crossings = find_order(graph, units, work // len(layerings))
        found.append((crossings, graph, rows))
        if not crossings:
            break
    _, graph, rows = min(found, key=lambda each: each[0])
    return graph, rows


def _blocks(
    units: Units, graph: Layered, across: Sequence[float], columns: Columns, room: Room
) -> dict[str, Rectangle]:
    """Return the places of blocks: boxes in the middle of their columns, circles beside their boxes."""
    blocks = {}
    for unit, keys in enumerate(units.parts):
        size = room.blocks[keys[-1]]
        along = columns.middle[graph.layer[unit]] - size.along / 2
        blocks[keys[-1]] = Rectangle(along, across[unit] - size.across / 2, *size)
        if len(keys) > 1:
            size = room.blocks[keys[0]]
            blocks[keys[0]] = Rectangle(along - room.pair[unit] - size.along, across[unit] - size.across / 2, *size)
    return blocks
