"""The counts on lines, moved close to them: an engine keeps room for a mark near its line, and that may be far away."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, hypot
from typing import NamedTuple

from gradgraph.plugins import Outline, Placement, Point, Rectangle
from gradgraph_renderers.svg.metrics import MARK_SIZE

OWN, OTHER = 2.5, 5.0
"""px from a count to its line, and to anything else at least. So a reader sees whose it is."""
STEP = 4.0
"""px between the points that stand for a line; those of a block are twice as far apart. A count is higher."""
MOST_POINTS = 500_000
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
    ground = _Ground({})
    for number, points in enumerate(lines):
        ground.add(points, number)
    for trunk in placement.trunks:
        ground.add(_along(trunk.spline))
    names = [placement.name_at(frame) for frame in plan.frames]
    for at in (*placement.blocks.values(), *names):
        ground.add(_inside(at))
    routes = list(placement.routes)
    for number, (line, route) in enumerate(zip(plan.lines, placement.routes, strict=True)):
        if is_count[number] and line.mark and route.mark:
            room = _place(lines[number], number, _around(route.mark, line.mark.width), placement, ground)
            ground.add(_inside(room))
            routes[number] = route._replace(mark=(room.x + room.width / 2, room.y + room.height / 2))
    return placement._replace(routes=tuple(routes))


class _Ground(NamedTuple):
    """What is drawn, as points, by squares of the drawing. Points of a line have its number, others None."""

    cells: dict[tuple[int, int], list[tuple[float, float, int | None]]]

    def add(self, points: Iterable[Point], line: int | None = None) -> None:
        for x, y in points:
            self.cells.setdefault((int(x // _CELL), int(y // _CELL)), []).append((x, y, line))

    def is_free(self, room: Rectangle, line: int) -> bool:
        """Return whether nothing is as near to a room as OTHER, and its own line is not in it."""
        left, top = room.x - OTHER, room.y - OTHER
        right, bottom = room.x + room.width + OTHER, room.y + room.height + OTHER
        slack = OTHER - OWN / 2
        for column in range(int(left // _CELL), int(right // _CELL) + 1):
            for row in range(int(top // _CELL), int(bottom // _CELL) + 1):
                for x, y, its in self.cells.get((column, row), ()):
                    inner = slack if its == line else 0.0
                    if left + inner < x < right - inner and top + inner < y < bottom - inner:
                        return False
        return True


def _place(points: Sequence[Point], line: int, room: Rectangle, placement: Placement, ground: _Ground) -> Rectangle:
    """Return the free place at a line that is nearest to a room, the room itself if there is none."""

    def distance(place: Rectangle) -> float:
        return hypot(place.x - room.x, place.y - room.y)

    for place in sorted(_beside(points, room), key=distance):
        is_in = 0 <= place.x <= placement.width - place.width and 0 <= place.y <= placement.height - place.height
        if is_in and ground.is_free(place, line):
            return place
    return room


def _beside(points: Sequence[Point], room: Rectangle) -> Iterator[Rectangle]:
    """Yield the places of a room on both sides of a line."""
    for (x, y), (next_x, next_y) in zip(points[::2], points[1::2], strict=False):
        long = hypot(next_x - x, next_y - y)
        if long:
            across, up = (next_y - y) / long, (x - next_x) / long
            away = room.width / 2 * abs(across) + room.height / 2 * abs(up) + OWN
            for side in (-away, away):
                yield _around((x + across * side, y + up * side), room.width)


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
