"""Where lines end at their blocks, in the order in which they come, and where their marks are beside them."""

from collections.abc import Sequence
from typing import NamedTuple

from gradgraph_renderers.layered.room import LANE, Room
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import Units

_SIDE = 0.8
"""The part of a box's side on which lines end."""


class Port(NamedTuple):
    """The end of a line."""

    lane: float
    """Where the line is, across the drawing, before it turns to its block."""
    tip: float
    """Where it ends, across the drawing."""
    inset: float
    """How far along the drawing it ends behind the foremost point of its block."""
    mark: float | None
    """Where the middle of its mark is, across the drawing."""


def find_ports(units: Units, graph: Layered, across: Sequence[float], room: Room) -> dict[int, Port]:
    """Return the port of each line between units, by the line's number."""
    entering: dict[int, list[int]] = {}
    for number, (_, head) in units.links.items():
        entering.setdefault(head, []).append(number)
    ports = {}
    for head, numbers in entering.items():
        if len(numbers) > 1:
            numbers.sort(key=lambda number: (across[graph.source[units.links[number]]], number))
        size = room.blocks[units.parts[head][0]]
        lane = across[head] - room.fan[head] / 2
        for place, number in enumerate(numbers):
            side = (2 * place + 1) / len(numbers) - 1  # from -1 to 1
            if room.round[head]:
                half = side / 2  # the tangent of half the angle: points on a circle without sine and cosine
                part = (size.along / 2) / (1 + half * half)
                tip, inset = across[head] + part * 2 * half, size.along / 2 - part * (1 - half * half)
            else:
                tip, inset = across[head] + side * _SIDE * size.across / 2, 0.0
            if not room.fan[head]:
                ports[number] = Port(tip, tip, inset, None)
                continue
            mark = None
            if number in room.marks:
                mark = lane + room.marks[number].across / 2
                lane += room.marks[number].across
            ports[number] = Port(lane + LANE / 2, tip, inset, mark)
            lane += LANE
    return ports
