"""Parts that no line connects, in rows like words on a page."""

from collections.abc import Sequence

from gradgraph.plugins import Placement, Point, Rectangle, Route, Trunk

APART = 24.0
"""Between two parts, in px."""
RATIO = 2.0
"""How much wider than high all parts together are about."""


def packed(parts: Sequence[tuple[Placement, Sequence[int]]]) -> Placement:
    """Return the placement of all parts. Each comes with the numbers of its lines, in the order of its routes."""
    if len(parts) == 1:
        return parts[0][0]
    area = 0.0
    for part, _ in parts:
        area += (part.width + APART) * (part.height + APART)
    widest = max([part.width for part, _ in parts])
    blocks: dict[str, Rectangle] = {}
    frames: dict[int, Rectangle] = {}
    routes: dict[int, Route] = {}
    trunks: list[Trunk] = []
    rows: list[Rectangle] = []
    x = y = high = wide = 0.0
    for part, lines in parts:
        if x and x + part.width > widest and (x + part.width) * (x + part.width) > RATIO * area:
            x, y, high = 0.0, y + high + APART, 0.0
        blocks.update({key: _moved(at, x, y) for key, at in part.blocks.items()})
        frames.update({key: _moved(at, x, y) for key, at in part.frames.items()})
        first = len(trunks)
        trunks += [Trunk(_points(each.spline, x, y), _later(each.trunk, first)) for each in part.trunks]
        for line, route in zip(lines, part.routes, strict=True):
            mark = None if route.mark is None else (route.mark[0] + x, route.mark[1] + y)
            routes[line] = Route(_points(route.spline, x, y), mark, _later(route.trunk, first))
        rows += [_moved(row, x, y) for row in part.rows]
        x += part.width + APART
        wide, high = max(wide, x - APART), max(high, part.height)
    ordered = tuple([routes[line] for line in range(len(routes))])
    return Placement(wide, y + high, blocks, frames, ordered, tuple(trunks), tuple(rows))


def _later(trunk: int | None, first: int) -> int | None:
    return None if trunk is None else trunk + first


def _moved(at: Rectangle, x: float, y: float) -> Rectangle:
    return Rectangle(at.x + x, at.y + y, at.width, at.height)


def _points(spline: Sequence[Point], x: float, y: float) -> tuple[Point, ...]:
    return tuple([(a + x, b + y) for a, b in spline])
