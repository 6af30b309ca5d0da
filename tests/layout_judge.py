"""A judge of placements that shares no code with gradgraph.testing or the benchmarks: it halves curves.

It looks at ways as they are drawn: a line's trunks, then its route.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import dist, hypot

from gradgraph.plugins import Block, Direction, Line, Outline, Placement, Point, Rectangle

CLOSE = 1.0
"""px by which positions may be off."""
OWN = 3.0
"""px that a way may be inside its tail or its head."""
SMALL = 0.5
"""px of the pieces of a curve that are taken for points."""

Curve = tuple[Point, Point, Point, Point]


def complaints(outline: Outline, placement: Placement, direction: Direction) -> list[str]:
    """Return what is wrong with a placement, a sentence each: lines, blocks and frames as a reader sees them."""
    missing = [*_missing(outline, placement)]
    return missing or [
        *_lines(outline, placement, direction),
        *_trunks(outline, placement),
        *_through(outline, placement),
        *_blocks(placement),
        *_frames(outline, placement),
    ]


def _missing(outline: Outline, placement: Placement) -> Iterator[str]:
    """There is a place or a way for each thing, and for nothing else."""
    if set(placement.blocks) != set(outline.blocks):
        yield f"blocks {sorted(set(placement.blocks) ^ set(outline.blocks))} are missing or too many"
    if set(placement.frames) != {frame.group_id for frame in outline.frames}:
        yield f"frames {sorted(placement.frames)} have a place"
    if len(placement.routes) != len(outline.lines):
        yield f"{len(placement.routes)} routes for {len(outline.lines)} lines"
    known = len(placement.trunks)
    starts = [(f"trunk {number}", trunk.trunk, number) for number, trunk in enumerate(placement.trunks)]
    starts += [(f"line {number}", route.trunk, known) for number, route in enumerate(placement.routes)]
    for name, above, before in starts:
        if above is not None and not 0 <= above < before:
            yield f"{name} starts from trunk {above}"


def _way(placement: Placement, number: int) -> list[Curve]:
    """Return the curves of a line from its tail to its head; a straight piece, such as its arrow, is one as well."""
    route = placement.routes[number]
    parts = [[*_curves(route.spline[:-1]), _straight(route.spline[-2], route.spline[-1])]]
    above = route.trunk
    while above is not None:
        trunk = placement.trunks[above]
        parts.append(_curves(trunk.spline))
        above = trunk.trunk
    return [curve for part in reversed(parts) for curve in part]


def _curves(spline: tuple[Point, ...]) -> list[Curve]:
    return [(a, b, c, d) for a, b, c, d in (spline[at : at + 4] for at in range(0, len(spline) - 1, 3))]


def _straight(a: Point, b: Point) -> Curve:
    return a, a, b, b


def _lines(outline: Outline, placement: Placement, direction: Direction) -> Iterator[str]:
    """Each line has a way of its own, all of one piece, from the edge of its tail to that of its head, and forwards."""
    axis, sign = {"LR": (0, 1), "RL": (0, -1), "TB": (1, 1), "BT": (1, -1)}[direction]
    alike: dict[tuple[str, str], list[tuple[int, list[Curve]]]] = {}
    for number, line in enumerate(outline.lines):
        said = f"line {number}, {line.tail} to {line.head}, "
        way = _way(placement, number)
        start, tip = way[0][0], way[-1][3]
        if any(dist(one[3], other[0]) > CLOSE for one, other in pairwise(way)):
            yield said + "is in pieces"
        if not _on_edge(start, outline.blocks[line.tail], placement.blocks[line.tail]):
            yield said + "starts elsewhere"
        if not _on_edge(tip, outline.blocks[line.head], placement.blocks[line.head]):
            yield said + "ends elsewhere"
        if (tip[axis] - start[axis]) * sign <= 0 and not _leads_on(line, placement, 1 - axis):
            yield said + "leads back"
        for key in {line.tail, line.head}:
            inner = _shrunk(placement.blocks[key], OWN)
            if any(_enters(curve, inner, outline.blocks[key].round) for curve in way):
                yield said + f"runs inside {key}"
        others = alike.setdefault((line.tail, line.head), [])
        for other, its_way in others:
            if len(way) == len(its_way) and _are_one(way, its_way):
                yield said + f"is where line {other} is"
        others.append((number, way))


def _leads_on(line: Line, placement: Placement, axis: int) -> bool:
    """Return whether the head of a line is in a row that comes after that of its tail."""
    rows = []
    for key in (line.tail, line.head):
        x, y, width, height = placement.blocks[key]
        inside = [row for row in placement.rows if row.x <= x + width / 2 <= row.x + row.width]
        rows += [row for row in inside if row.y <= y + height / 2 <= row.y + row.height][:1]
    return len(rows) == 2 and rows[0][axis] + rows[0][axis + 2] <= rows[1][axis] + CLOSE


def _are_one(way: list[Curve], other: list[Curve]) -> bool:
    pairs = [pair for ours, theirs in zip(way, other, strict=True) for pair in zip(ours, theirs, strict=True)]
    return all(dist(a, b) <= CLOSE for a, b in pairs)


def _trunks(outline: Outline, placement: Placement) -> Iterator[str]:
    """Each trunk leads lines, all of one tail."""
    tails: list[set[str]] = [set() for _ in placement.trunks]
    for line, route in zip(outline.lines, placement.routes, strict=True):
        if route.trunk is not None:
            tails[route.trunk].add(line.tail)
    for number in reversed(range(len(tails))):
        above = placement.trunks[number].trunk
        if above is not None:
            tails[above] |= tails[number]
        if len(tails[number]) != 1:
            yield f"trunk {number} leads lines of {sorted(tails[number])}"


def _through(outline: Outline, placement: Placement) -> Iterator[str]:
    """No line and no trunk runs inside a block that is neither its tail nor its head."""
    tails = {}
    for line, route in zip(outline.lines, placement.routes, strict=True):
        above = route.trunk
        while above is not None and above not in tails:
            tails[above] = line.tail
            above = placement.trunks[above].trunk
    drawn = [(f"trunk {n}", _curves(trunk.spline), {tails.get(n)}) for n, trunk in enumerate(placement.trunks)]
    for number, (line, route) in enumerate(zip(outline.lines, placement.routes, strict=True)):
        curves = [*_curves(route.spline[:-1]), _straight(route.spline[-2], route.spline[-1])]
        drawn.append((f"line {number}", curves, {line.tail, line.head}))
    blocks = [(key, *_sides(_shrunk(at, CLOSE))) for key, at in placement.blocks.items()]
    for name, curves, own in drawn:
        met = set()
        for curve in curves:
            low_x, high_x, low_y, high_y = _extent(curve)
            for key, left, right, top, bottom in blocks:
                # Most blocks are far from most curves: a call for each would take most of the time.
                if left < high_x and low_x < right and top < high_y and low_y < bottom and key not in own:
                    area = Rectangle(left, top, right - left, bottom - top)
                    if key not in met and _enters(curve, area, outline.blocks[key].round):
                        met.add(key)
                        yield f"{name} runs through {key}"


def _extent(curve: Curve) -> tuple[float, float, float, float]:
    """Return the left, right, top and bottom of what a curve is within: its control points."""
    a, b, c, d = curve
    xs, ys = (a[0], b[0], c[0], d[0]), (a[1], b[1], c[1], d[1])
    return min(xs), max(xs), min(ys), max(ys)


def _sides(at: Rectangle) -> tuple[float, float, float, float]:
    """Return the left, right, top and bottom of a rectangle."""
    return at.x, at.x + at.width, at.y, at.y + at.height


def _enters(curve: Curve, area: Rectangle, is_round: bool) -> bool:
    """Return whether a curve has a point in a rectangle, or in the circle in it: halves of it are looked at in turn."""
    waiting = [curve]
    left, right, top, bottom = _sides(area)
    while waiting:
        a, b, c, d = curve = waiting.pop()
        low_x, high_x, low_y, high_y = _extent(curve)
        if low_x >= right or high_x <= left or low_y >= bottom or high_y <= top:
            continue
        if high_x - low_x < SMALL and high_y - low_y < SMALL:
            x, y = (a[0] + d[0]) / 2, (a[1] + d[1]) / 2
            if not is_round or hypot(x - (left + right) / 2, y - (top + bottom) / 2) < area.width / 2:
                return True
            continue
        ab, bc, cd = _middle(a, b), _middle(b, c), _middle(c, d)
        abc, bcd = _middle(ab, bc), _middle(bc, cd)
        centre = _middle(abc, bcd)
        waiting += [(a, ab, abc, centre), (centre, bcd, cd, d)]
    return False


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _on_edge(point: Point, block: Block, at: Rectangle) -> bool:
    """Return whether a point is on the outline of a block: inside it if it is made larger, outside if smaller."""
    larger, smaller = _shrunk(at, -CLOSE), _shrunk(at, CLOSE)
    if block.round:
        away = dist(point, (at.x + at.width / 2, at.y + at.height / 2))
        return smaller.width / 2 <= away <= larger.width / 2
    return _contains(larger, point) and not _contains(smaller, point)


def _contains(area: Rectangle, point: Point) -> bool:
    return area.x <= point[0] <= area.x + area.width and area.y <= point[1] <= area.y + area.height


def _shrunk(at: Rectangle, by: float) -> Rectangle:
    return Rectangle(at.x + by, at.y + by, max(0.0, at.width - 2 * by), max(0.0, at.height - 2 * by))


def _blocks(placement: Placement) -> Iterator[str]:
    from_left = sorted(placement.blocks.items(), key=lambda item: item[1].x)
    for number, (one, a) in enumerate(from_left):
        for other, b in from_left[number + 1 :]:
            if b.x >= a.x + a.width:
                break  # this one and all after it are further right
            if _meet(a, b):
                first, second = sorted((one, other))
                yield f"{first} and {second} overlap"


def _meet(a: Rectangle, b: Rectangle) -> bool:
    """Return whether two rectangles have more than a rim in common: their sizes add up to more than both take."""
    wide = a.width + b.width - (max(a.x + a.width, b.x + b.width) - min(a.x, b.x))
    high = a.height + b.height - (max(a.y + a.height, b.y + b.height) - min(a.y, b.y))
    return wide > CLOSE and high > CLOSE


def _frames(outline: Outline, placement: Placement) -> Iterator[str]:
    """Everything is in its frame and in all frames around that, and in no other."""
    parent = {frame.group_id: frame.parent for frame in outline.frames}
    things: list[tuple[str, int | None, Rectangle]] = [
        (f"frame {group}", parent[group], at) for group, at in placement.frames.items()
    ]
    home = {key: frame.group_id for frame in outline.frames for key in frame.members}
    things += [(key, home.get(key), at) for key, at in placement.blocks.items()]
    for name, group, at in things:
        around = set()
        while group is not None:
            around.add(group)
            group = parent[group]
        for other, frame in placement.frames.items():
            corners = (at.x, at.y), (at.x + at.width, at.y + at.height)
            if other in around and not all(_contains(_shrunk(frame, -CLOSE), corner) for corner in corners):
                yield f"{name} is not all in frame {other}"
            is_within = name == f"frame {other}" or _is_around(parent, name, other)
            if other not in around and not is_within and _meet(at, frame):
                yield f"{name} is in frame {other}"


def _is_around(parent: dict[int, int | None], name: str, group: int) -> bool:
    """Return whether a frame of that name is around the one of this group."""
    above: int | None = group
    while above is not None:
        if name == f"frame {above}":
            return True
        above = parent[above]
    return False
