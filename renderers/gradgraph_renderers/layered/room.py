"""How much room things take, in a drawing that leads from left to right; others are turned afterwards. All in px.

`along` is the direction of the lines, `across` the other one.
"""

from typing import NamedTuple

from gradgraph.plugins import Block, Direction, Outline
from gradgraph_renderers.layered.units import Units

APART = 10.0
"""Between blocks of one layer."""
TRUNK = 7.0
"""What a trunk takes beside others."""
PAD = 8.0
"""From a frame to its contents."""
PAIR = 16.0
"""From a circle to its box."""
ARROW = 7.0
"""The length of an arrowhead."""
LEAD = 10.0
"""From where lines have turned to the block at their end: the arrowhead and a piece of line."""
BEND = 6.0
"""How long the bend of a line is, into a track or from a lane to a block."""
LANE = 3.0
"""Between a mark and its line, and to the next line."""


class Size(NamedTuple):
    """How large a block or a mark is."""

    along: float
    across: float


class Room(NamedTuple):
    """The sizes of all that is placed."""

    blocks: dict[str, Size]
    marks: dict[int, Size]
    """By line. A mark is beside its line, in a lane of its own before the block at its end."""
    titles: list[Size]
    """The names of frames: each has its room beside all that is in its frame, so no line leads through it."""
    fan: list[float]
    """What the lanes into each unit take across, 0 if no line into it has a mark."""
    zone: list[float]
    """What the marks of the lines into each unit take along."""
    pair: list[float]
    """From each unit's circle to its box."""
    round: list[bool]
    """Whether lines into a unit end at a circle."""


def find_room(outline: Outline, units: Units, direction: Direction) -> Room:
    """Return the room that units, the lines between them and their frames take."""
    upright = direction in ("TB", "BT")

    def turned(block: Block) -> Size:
        return Size(block.height, block.width) if upright else Size(block.width, block.height)

    count = len(units.parts)
    marks: dict[int, Size] = {}
    fan, zone, pair = [0.0] * count, [0.0] * count, [PAIR] * count
    for number in (*units.links, *units.inside):
        mark = outline.lines[number].mark
        if mark:
            size = marks[number] = turned(mark)
            if number in units.links:
                head = units.links[number][1]
                zone[head] = max(zone[head], size.along + 2 * LANE + BEND)
            else:
                pair[units.inside[number]] = max(PAIR, size.along + 2 * ARROW)
    if marks:
        for number, (_, head) in units.links.items():
            if zone[head]:
                fan[head] += LANE + (marks[number].across if number in marks else 0.0)
    blocks = {key: turned(outline.blocks[key]) for keys in units.parts for key in keys}
    titles = [turned(outline.frames[number].name) for number in units.frames]
    return Room(blocks, marks, titles, fan, zone, pair, [outline.blocks[keys[0]].round for keys in units.parts])


def half_of_units(units: Units, room: Room) -> list[float]:
    """Return half of what each unit takes across, its distance to others included."""
    widest = [max(room.fan[unit], *[room.blocks[key].across for key in keys]) for unit, keys in enumerate(units.parts)]
    for number, unit in units.inside.items():
        if number in room.marks:
            widest[unit] = max(widest[unit], 2 * (LANE + room.marks[number].across))
    return [(each + APART) / 2 for each in widest]
