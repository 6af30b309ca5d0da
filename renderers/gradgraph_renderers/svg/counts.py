"""The counts on lines, moved close to them: an engine keeps room for a mark near its line, and that may be far away."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, hypot
from typing import NamedTuple

from gradgraph.plugins import Outline, Placement, Point, Rectangle
from gradgraph_renderers.svg.metrics import MARK_SIZE

OWN, OTHER = 2.5, 5.0
"""px from a count to its line, and to anything else at least. So a reader sees whose it is."""
NEAR = 100.0
"""px from where the engine put a count, within which a place that is clear is better than a nearer one."""
CLEAR = 0.6
"""A place is clear if it is so far from other lines, as a share of the way from its middle to its own line."""
APART = 8.0
"""px from a clear place to another count at least."""
_COUNT = -1  # instead of the number of a line
STEP = 4.0
"""px between the points that stand for a line; those of a block are twice as far apart. A count is higher."""
MOST_POINTS = 100_000
"""Points of all lines and blocks. In a larger drawing counts stay where the engine put them."""
_CELL = 32.0


def counts_at_lines(plan: Outline, placement: Placement, is_count: Sequence[bool]) -> Placement:
    """Return the placement with the marks of these lines beside their lines, where there is room. Linear in the px.

    A mark goes to the nearest place at its line where it covers nothing.
    """
    splines = [*[route.spline for route in placement.routes], *[trunk.spline for trunk in placement.trunks]]
    area = sum([at.width * at.height for at in placement.blocks.values()])
    if not any(is_count) or sum(map(_length, splines)) / STEP + area / (4 * STEP**2) > MOST_POINTS:
        return placement
    lines = [[*_along(route.spline)] for route in placement.routes]
    ground = _Ground({}, set())
    for number, points in enumerate(lines):
        ground.add(points, number)
    for trunk in placement.trunks:
        ground.add(_along(trunk.spline))
    names = [placement.name_at(frame) for frame in plan.frames]
    for at in (*placement.blocks.values(), *names):
        ground.add(_inside(at))
    rooms = {
        number: _around(route.mark, line.mark.width)
        for number, (line, route) in enumerate(zip(plan.lines, placement.routes, strict=True))
        if is_count[number] and line.mark and route.mark
    }
    for number, room in rooms.items():
        ground.add(_inside(room), _waiting(number))
    routes = list(placement.routes)
    for number, room in rooms.items():
        ground.moved.add(_waiting(number))
        place = _place(lines[number], number, room, placement, ground)
        ground.add(_inside(place), _COUNT)
        routes[number] = routes[number]._replace(mark=(place.x + place.width / 2, place.y + place.height / 2))
    return placement._replace(routes=tuple(routes))


def _waiting(number: int) -> int:
    """Return the number of a count that is still where the engine put it."""
    return _COUNT - 1 - number


class _Ground(NamedTuple):
    """What is drawn, as points, by squares of the drawing. Points of a line have its number, those of a block None.

    `moved` are the numbers of counts that are not where they were.
    """

    cells: dict[tuple[int, int], list[tuple[float, float, int | None]]]
    moved: set[int]

    def add(self, points: Iterable[Point], line: int | None = None) -> None:
        for x, y in points:
            self.cells.setdefault((int(x // _CELL), int(y // _CELL)), []).append((x, y, line))

    def is_free(self, room: Rectangle, line: int, lines: float, counts: float) -> bool:
        """Return whether all is so far from a room: other lines, other counts, blocks, and its own line."""
        most = max(lines, counts, OTHER)
        gaps = {None: OTHER, line: OWN / 2, _COUNT: counts}
        left, top, right, bottom = room.x, room.y, room.x + room.width, room.y + room.height
        for column in range(int((left - most) // _CELL), int((right + most) // _CELL) + 1):
            for row in range(int((top - most) // _CELL), int((bottom + most) // _CELL) + 1):
                for x, y, its in self.cells.get((column, row), ()):
                    gap = gaps.get(its, lines if its is None or its >= 0 else OTHER)
                    if its not in self.moved and left - gap < x < right + gap and top - gap < y < bottom + gap:
                        return False
        return True


def _place(points: Sequence[Point], line: int, room: Rectangle, placement: Placement, ground: _Ground) -> Rectangle:
    """Return the free place at a line that is nearest to a room, the room itself if there is none.

    One that is clear of other lines and counts is better.
    """

    def distance(place: Rectangle) -> float:
        return hypot(place.x - room.x, place.y - room.y)

    def is_in(place: Rectangle) -> bool:
        return 0 <= place.x <= placement.width - place.width and 0 <= place.y <= placement.height - place.height

    places = sorted([(distance(place), place, away) for place, away in _beside(points, room) if is_in(place)])
    for far, place, away in places:
        if far < NEAR and ground.is_free(place, line, max(OTHER, CLEAR * away), APART):
            return place
    return next((place for _, place, _ in places if ground.is_free(place, line, OTHER, OTHER)), room)


def _beside(points: Sequence[Point], room: Rectangle) -> Iterator[tuple[Rectangle, float]]:
    """Yield the places of a room on both sides of a line, and how far from it their middles are."""
    for (x, y), (next_x, next_y) in zip(points[::2], points[1::2], strict=False):
        long = hypot(next_x - x, next_y - y)
        if long:
            across, up = (next_y - y) / long, (x - next_x) / long
            away = room.width / 2 * abs(across) + room.height / 2 * abs(up) + OWN
            for side in (-away, away):
                yield _around((x + across * side, y + up * side), room.width), away


def _around(middle: Point, width: float) -> Rectangle:
    return Rectangle(middle[0] - width / 2, middle[1] - MARK_SIZE / 2, width, MARK_SIZE)


def _inside(at: Rectangle) -> Iterator[Point]:
    columns, rows = ceil(at.width / (2 * STEP)), ceil(at.height / (2 * STEP))
    for column in range(columns + 1):
        for row in range(rows + 1):
            yield at.x + at.width * column / max(columns, 1), at.y + at.height * row / max(rows, 1)


def _length(spline: Sequence[Point]) -> float:
    """Return the length of the control polygon, which is at least that of the curve."""
    return sum([hypot(x - a, y - b) for (a, b), (x, y) in pairwise(spline)])


def _along(spline: Sequence[Point]) -> Iterator[Point]:
    """Yield points along cubic Bézier curves, and along the straight end that an arrow has."""
    for first in range(0, len(spline) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = spline[first : first + 4]
        steps = ceil(_length(spline[first : first + 4]) / STEP) or 1
        for step in range(steps):
            t = step / steps
            u = 1 - t
            p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            yield p * ax + q * bx + r * cx + s * dx, p * ay + q * by + r * cy + s * dy
    yield spline[-1]
