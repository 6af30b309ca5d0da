"""What is wrong with the placement of an outline, in sentences: sizes, overlaps, frames, lines, marks, direction."""

from collections.abc import Iterator
from itertools import combinations
from math import hypot

from gradgraph.drawing.layout import Block, Line, Outline, Placement, Point, Rectangle, Route, complaint, whole_way
from gradgraph.drawing.options import Direction
from gradgraph.testing.ways import followed, through_circle, through_rectangle

CLOSE = 1.0
"""px by which a size or a position may be off: engines count in inches or points, and print rounded numbers. `dot`
2.43 is 0.6 px off at most in the pictures of our tests."""
NEAR = 32.0
"""px from a mark to its line at most, about two lines of text. Graphviz stays below 24 in the pictures of our tests."""


def faults(outline: Outline, placement: Placement, direction: Direction | None) -> Iterator[str]:
    """Yield what is wrong with a placement, a sentence each. None for `direction`: lines may lead anywhere.

    A line is followed over its trunks. A placement that lacks a part, or has a position that is not finite, is not
    looked at any further.
    """
    lacking = complaint(outline, placement)
    if lacking:
        yield lacking
        return
    yield from _blocks(outline, placement)
    yield from _frames(outline, placement)
    yield from _marks(outline, placement)
    yield from _trunks(placement)
    for number, (line, route) in enumerate(zip(outline.lines, placement.routes, strict=True)):
        way = followed(whole_way(route, placement.trunks))
        found = (*_route(line, route, way, outline, placement), *_through(line, way, outline, placement))
        for fault in (*found, *_leading(line, placement, direction)):
            yield f"line {number}, {line.tail} to {line.head}, {fault}"


def _blocks(outline: Outline, placement: Placement) -> Iterator[str]:
    for key, block in outline.blocks.items():
        at = placement.blocks[key]
        if abs(at.width - block.width) > CLOSE or abs(at.height - block.height) > CLOSE:
            yield f"the block {key} of {block.width:g} × {block.height:g} px has become {at.width:g} × {at.height:g}"
        if not _holds(_picture(placement), at):
            yield f"the block {key} is not inside the picture"
    for one, other in combinations(outline.blocks, 2):
        if _overlap(placement.blocks[one], placement.blocks[other]):
            yield f"the blocks {one} and {other} overlap"


def _frames(outline: Outline, placement: Placement) -> Iterator[str]:
    """What belongs to a frame is inside, below its name, and all else is outside."""
    inside: dict[str | int, set[str | int]] = {frame.group_id: {*frame.members} for frame in outline.frames}
    for frame in reversed(outline.frames):
        if frame.parent is not None:
            inside[frame.parent] |= {frame.group_id, *inside[frame.group_id]}
    places: dict[str | int, Rectangle] = {key: placement.blocks[key] for key in outline.blocks}
    places.update({frame.group_id: placement.frames[frame.group_id] for frame in outline.frames})
    for frame in outline.frames:
        own = frame.group_id
        at = places[own]
        name = placement.name_at(frame)
        if not _holds(_picture(placement), at):
            yield f"frame {own} is not inside the picture"
        if not _holds(at, name):
            yield f"frame {own} has no room for its name"
        for key, place in places.items():
            what = f"frame {key}" if isinstance(key, int) else f"the block {key}"
            if key in inside[own]:
                if not _holds(at, place):
                    yield f"{what} is not inside frame {own}"
                elif _overlap(name, place):
                    yield f"{what} is in the room for the name of frame {own}"
            elif key != own and own not in inside.get(key, ()) and _overlap(at, place):
                yield f"{what} is not outside frame {own}"


def _marks(outline: Outline, placement: Placement) -> Iterator[str]:
    """Marks can be read: nothing covers them."""
    marks = []
    for number, (line, route) in enumerate(zip(outline.lines, placement.routes, strict=True)):
        if line.mark and route.mark:
            marks.append((number, _around(route.mark, line.mark)))
    for number, mark in marks:
        if not _holds(_picture(placement), mark):
            yield f"the mark of line {number} is not inside the picture"
        for key in outline.blocks:
            if _overlap(mark, placement.blocks[key]):
                yield f"the mark of line {number} and the block {key} overlap"
    for (one, mark), (other, another) in combinations(marks, 2):
        if _overlap(mark, another):
            yield f"the marks of lines {one} and {other} overlap"


def _trunks(placement: Placement) -> Iterator[str]:
    """Each trunk leads somewhere."""
    used = {route.trunk for route in placement.routes} | {trunk.trunk for trunk in placement.trunks}
    for number in range(len(placement.trunks)):
        if number not in used:
            yield f"trunk {number} leads to no line"


def _route(line: Line, route: Route, way: list[Point], outline: Outline, placement: Placement) -> Iterator[str]:
    *_, base, tip = route.spline
    if _distance(way[0], outline.blocks[line.tail], placement.blocks[line.tail]) > CLOSE:
        yield f"does not start at the edge of {line.tail}"
    if _distance(tip, outline.blocks[line.head], placement.blocks[line.head]) > CLOSE:
        yield f"does not end at the edge of {line.head}"
    if hypot(tip[0] - base[0], tip[1] - base[1]) < CLOSE:
        yield "has an arrow without length"
    if not all(_holds(_picture(placement), Rectangle(*point, 0.0, 0.0)) for point in way):
        yield "leaves the picture"
    if route.mark and not line.mark:
        yield "has no mark, and the placement has one"
    if route.mark and line.mark and not through_rectangle(way, _grown(_around(route.mark, line.mark), NEAR)):
        yield f"is farther than {NEAR:g} px from its mark"


def _through(line: Line, way: list[Point], outline: Outline, placement: Placement) -> Iterator[str]:
    """A line keeps out of what it does not connect. It may touch it."""
    left, top = (min(numbers) for numbers in zip(*way, strict=True))
    right, bottom = (max(numbers) for numbers in zip(*way, strict=True))
    around = Rectangle(left, top, right - left, bottom - top)
    for key, block in outline.blocks.items():
        inside = _grown(placement.blocks[key], -CLOSE)
        if key in (line.tail, line.head) or not _overlap(around, inside, -CLOSE):
            continue
        middle = inside.x + inside.width / 2, inside.y + inside.height / 2
        if through_circle(way, middle, inside.width / 2) if block.round else through_rectangle(way, inside):
            yield f"runs through the block {key}"


def _leading(line: Line, placement: Placement, direction: Direction | None) -> Iterator[str]:
    tail, head = placement.blocks[line.tail], placement.blocks[line.head]
    right = head.x + head.width / 2 - tail.x - tail.width / 2
    down = head.y + head.height / 2 - tail.y - tail.height / 2
    if direction and {"LR": right, "RL": -right, "TB": down, "BT": -down}[direction] <= 0:
        one, other = _row(tail, placement), _row(head, placement)
        if one and other:
            apart = other.x - one.x - one.width if direction in ("TB", "BT") else other.y - one.y - one.height
            if apart >= -CLOSE:
                return  # it leads on in a later row
        yield f"does not lead the way that {direction} says"


def _row(at: Rectangle, placement: Placement) -> Rectangle | None:
    return next((row for row in placement.rows if _holds(row, at)), None)


def _picture(placement: Placement) -> Rectangle:
    return Rectangle(0.0, 0.0, placement.width, placement.height)


def _around(middle: Point, block: Block) -> Rectangle:
    return Rectangle(middle[0] - block.width / 2, middle[1] - block.height / 2, block.width, block.height)


def _grown(at: Rectangle, by: float) -> Rectangle:
    return Rectangle(at.x - by, at.y - by, at.width + 2 * by, at.height + 2 * by)


def _holds(outer: Rectangle, inner: Rectangle) -> bool:
    left, top = inner.x - outer.x, inner.y - outer.y
    right, bottom = outer.width - left - inner.width, outer.height - top - inner.height
    return min(left, top, right, bottom) >= -CLOSE


def _overlap(one: Rectangle, other: Rectangle, least: float = CLOSE) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return min(across, down) > least


def _distance(point: Point, block: Block, at: Rectangle) -> float:
    """Return how far a point is from the outline of a block, a circle if it is round."""
    dx = abs(point[0] - at.x - at.width / 2)
    dy = abs(point[1] - at.y - at.height / 2)
    if block.round:
        return abs(hypot(dx, dy) - at.width / 2)
    over, under = dx - at.width / 2, dy - at.height / 2
    return -max(over, under) if max(over, under) <= 0 else hypot(max(over, 0.0), max(under, 0.0))
