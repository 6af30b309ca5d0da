"""The engine: an outline goes through all steps, and comes back as a placement."""

from gradgraph.plugins import Direction, Limits, Outline, Placement, Rectangle, Route, Trunk
from gradgraph_renderers.layered.columns import Columns, find_columns
from gradgraph_renderers.layered.directions import turned
from gradgraph_renderers.layered.layers import find_layers, trunk_length
from gradgraph_renderers.layered.order import find_order
from gradgraph_renderers.layered.frames import find_across
from gradgraph_renderers.layered.room import APART, Room, find_room, half_of_units
from gradgraph_renderers.layered.ports import find_ports
from gradgraph_renderers.layered.tracks import find_tracks
from gradgraph_renderers.layered.routes import find_routes
from gradgraph_renderers.layered.trunks import Layered, build
from gradgraph_renderers.layered.units import ROOT, Units, find_units


SMALL = 1_000
"""Up to so many units, both ways to give layers are tried."""


class LayeredLayout:
    """Our own layered layout, in process."""

    name = "layered"

    def availability(self) -> str | None:
        """None: it always works."""
        return None

    def version(self) -> str:
        """Return the release of gradgraph."""
        return "0"

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        """Return where everything goes. Raises ToolLimit for more things than `limits` allow."""
        units = find_units(outline)
        room = find_room(outline, units, direction)
        return turned(_placed(outline, units, room), direction)


def _placed(outline: Outline, units: Units, room: Room) -> Placement:
    size = len(units.parts)
    layerings = [find_layers(units, late) for late in (False, True)]
    layerings.sort(key=lambda layers: trunk_length(units, layers))
    if layerings[0] == layerings[1] or size > SMALL:
        del layerings[1]
    half = half_of_units(units, room)
    best = None
    for layers in layerings:
        graph = build(units, layers)
        rows, crossings = find_order(graph, units, 60_000 // len(layerings))
        if best is None or crossings < best[0]:
            best = crossings, graph, rows
        if not crossings:
            break
    _, graph, rows = best
    across, frames = find_across(units, graph, rows, half, room)
    half = [*half, *[0.0] * (len(graph.layer) - size)]
    tops = [at - room_for + APART / 2 for at, room_for, owner in zip(across, half, graph.owner) if owner >= 0]
    low = min([*tops, *[low for low, _ in frames]], default=0.0)
    across = [at - low for at in across]
    bottoms = [at + room_for - APART / 2 for at, room_for, owner in zip(across, half, graph.owner) if owner >= 0]
    high = max([*bottoms, *[high - low for _, high in frames]], default=0.0)
    ports = find_ports(units, graph, across, room)
    tracks, numbers = find_tracks(units, graph, across, ports)
    columns = find_columns(units, graph, across, numbers, room)
    blocks = {}
    for unit, keys in enumerate(units.parts):
        layer = graph.layer[unit]
        wide, tall = room.blocks[keys[-1]]
        left = columns.middle[layer] - wide / 2
        blocks[keys[-1]] = Rectangle(left, across[unit] - tall / 2, wide, tall)
        if len(keys) > 1:
            wide, tall = room.blocks[keys[0]]
            blocks[keys[0]] = Rectangle(left - room.pair[unit] - wide, across[unit] - tall / 2, wide, tall)
    placed = {
        frame.group_id: Rectangle(start, first - low, end - start, last - first)
        for frame, (start, end), (first, last) in zip(outline.frames, columns.frames, frames)
    }
    routes, trunks = find_routes(units, graph, across, ports, tracks, columns, room, blocks)
    wide = max([*columns.end, *[end for _, end in columns.frames]], default=0.0)
    ordered = tuple([routes[number] for number in range(len(outline.lines))])
    return Placement(wide, high, blocks, placed, ordered, tuple(trunks))
