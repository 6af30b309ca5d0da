"""What is placed as one: an op's circle and the box of its result are a unit, every other block is one by itself."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gradgraph.plugins import Outline, ToolFailed, ToolLimit
from gradgraph_renderers.nesting import nesting_depth

ROOT = -1
"""The frame of what is in no frame."""
LONGEST = 1_000_000
"""px of a side at most: with far larger ones, sums of lengths are not exact enough."""
MOST_NESTED = 200
"""Frames in each other at most: a trunk may have to pass all their borders."""


class Units(NamedTuple):
    """The graph of units, by number. Frames have numbers too, by their place in the outline."""

    parts: list[tuple[str, ...]]
    """The keys of each unit's blocks, a circle before its box. Units come in the order of the computation."""
    tails: list[list[int]]
    """The operands of each unit, in order, repeats included."""
    heads: list[list[int]]
    """The users of each unit, each once."""
    frame: list[int]
    """The innermost frame of each unit, ROOT for none."""
    around: list[int]
    """The frame around each frame, ROOT for none."""
    links: dict[int, tuple[int, int]]
    """The tail and the head of each line, by the line's number. A line from a circle to its box is none."""
    inside: dict[int, int]
    """The unit of each line from a circle to its box, by the line's number."""
    frames: list[int]
    """The number in the outline of each frame."""


def find_units(outline: Outline) -> Units:
    """Return the units of an outline. Linear.

    Raises ToolFailed for a line from a block to itself and a side that is no length, and ToolLimit for frames in more
    than MOST_NESTED others.
    """
    _check_sizes(outline)
    if nesting_depth(outline.frames) > MOST_NESTED:
        raise ToolLimit(f"groups nest deeper than {MOST_NESTED} levels", "use -f text")
    frames = {key: number for number, frame in enumerate(outline.frames) for key in frame.members}
    numbers = {frame.group_id: number for number, frame in enumerate(outline.frames)}
    leaving = Counter([line.tail for line in outline.lines])
    entering = Counter([line.head for line in outline.lines])
    box_of: dict[str, str] = {}
    inside: dict[int, str] = {}
    for number, line in enumerate(outline.lines):
        circle, box = line.tail, line.head
        if (
            outline.blocks[circle].round
            and not outline.blocks[box].round
            and leaving[circle] == entering[box] == 1
            and frames.get(circle) == frames.get(box)
        ):
            box_of[circle] = box
            inside[number] = box
    circle_of = {box: circle for circle, box in box_of.items()}
    parts: list[tuple[str, ...]] = []
    for key in outline.blocks:
        if key not in box_of:
            parts.append((circle_of[key], key) if key in circle_of else (key,))
    unit = {key: number for number, keys in enumerate(parts) for key in keys}
    tails: list[list[int]] = [[] for _ in parts]
    heads: list[list[int]] = [[] for _ in parts]
    links = {}
    for number, line in enumerate(outline.lines):
        if number not in inside:
            tail, head = unit[line.tail], unit[line.head]
            if tail == head:
                raise ToolFailed(f"a line leads from {line.tail} back to itself", "choose another layout engine")
            links[number] = tail, head
            tails[head].append(tail)
            if not heads[tail] or heads[tail][-1] != head:
                heads[tail].append(head)
    heads = [[*dict.fromkeys(each)] for each in heads]
    frame = [frames.get(keys[-1], ROOT) for keys in parts]
    around = [ROOT if each.parent is None else numbers[each.parent] for each in outline.frames]
    pairs = {number: unit[box] for number, box in inside.items()}
    return Units(parts, tails, heads, frame, around, links, pairs, [*range(len(around))])


def innermost(one: int, other: int, around: Sequence[int], depth: Sequence[int]) -> int:
    """Return the innermost frame around two frames, which may be one of them. `around` and `depth` are by frame."""
    while one != other:
        if depth[one] >= depth[other]:
            one = around[one]
        else:
            other = around[other]
    return one


def _check_sizes(outline: Outline) -> None:
    marks = [line.mark for line in outline.lines if line.mark]
    for block in (*outline.blocks.values(), *marks, *[frame.name for frame in outline.frames]):
        for side in (block.width, block.height):
            if not 0 <= side <= LONGEST:
                raise ToolFailed(f"a side of {side!r} px cannot be placed", "use sides from 0 to 1,000,000 px")


def components(units: Units) -> list[Units]:
    """Return the parts of a graph that no line and no frame connects, in the order of their first units."""
    count = len(units.parts)
    nearer = [*range(count + len(units.around))]  # something of the same part; frames follow units

    def first(item: int) -> int:
        while nearer[item] != item:
            nearer[item] = nearer[nearer[item]]
            item = nearer[item]
        return item

    pairs = [(item, count + frame) for item, frame in enumerate((*units.frame, *units.around)) if frame != ROOT]
    for one, other in (*units.links.values(), *pairs):
        one, other = first(one), first(other)
        nearer[max(one, other)] = min(one, other)
    roots = [first(item) for item in range(len(nearer))]
    if len({*roots}) < 2:
        return [units]
    found: dict[int, Units] = {}
    number = [0] * len(nearer)
    for item, root in enumerate(roots):
        part = found.setdefault(root, Units([], [], [], [], [], {}, {}, []))
        if item < count:
            number[item] = len(part.parts)
            part.parts.append(units.parts[item])
        else:
            number[item] = len(part.frames)
            part.frames.append(units.frames[item - count])
    for item in range(count):
        part, frame = found[roots[item]], units.frame[item]
        part.tails.append([number[tail] for tail in units.tails[item]])
        part.heads.append([number[head] for head in units.heads[item]])
        part.frame.append(ROOT if frame == ROOT else number[count + frame])
    for item, around in enumerate(units.around, count):
        found[roots[item]].around.append(ROOT if around == ROOT else number[count + around])
    for line, (tail, head) in units.links.items():
        found[roots[tail]].links[line] = number[tail], number[head]
    for line, unit in units.inside.items():
        found[roots[unit]].inside[line] = number[unit]
    return [*found.values()]
