"""The way of a line as straight pieces, and what it goes through."""

from collections.abc import Iterable
from itertools import pairwise
from math import hypot

from gradgraph.drawing.layout import Point, Rectangle

_STEPS = 16
"""In how many straight pieces each curve is followed."""


def followed(spline: Iterable[Point]) -> list[Point]:
    """Return points on a chain of cubic Bézier curves that ends in the tip of an arrow, from its start to that tip.

    >>> followed([(0.0, 0.0), (0.0, 0.0), (8.0, 0.0), (8.0, 0.0), (9.0, 0.0)])
    [(0.0, 0.0), (8.0, 0.0), (9.0, 0.0)]
    """
    *points, tip = spline
    way = points[:1]
    for first in range(0, len(points) - 1, 3):
        start, one, other, end = points[first : first + 4]
        if one in (start, end) and other in (start, end):  # it is straight
            way.append(end)
            continue
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            x, y = (a * p + b * q + c * r + d * s for p, q, r, s in zip(start, one, other, end, strict=True))
            way.append((x, y))
    return [*way, tip]


def through_rectangle(way: Iterable[Point], at: Rectangle) -> bool:
    """Return whether a way has a point in a rectangle. One without width or height is never met.

    Each piece is cut to what is between two opposite sides, then to what is between the other two (Liang and Barsky,
    A New Concept and Method for Line Clipping, 1984).

    >>> through_rectangle([(0.0, 0.0), (9.0, 9.0)], Rectangle(4.0, 3.0, 2.0, 2.0))
    True
    >>> through_rectangle([(0.0, 0.0), (9.0, 9.0)], Rectangle(4.0, 1.0, 2.0, 2.0))
    False
    """
    if at.width <= 0 or at.height <= 0:
        return False
    sides = ((at.x, at.x + at.width), (at.y, at.y + at.height))
    for one, other in pairwise(way):
        enters, leaves = 0.0, 1.0
        for start, end, (low, high) in zip(one, other, sides, strict=True):
            if start == end:
                if not low <= start <= high:
                    leaves = -1.0
                continue
            first, last = sorted(((low - start) / (end - start), (high - start) / (end - start)))
            enters, leaves = max(enters, first), min(leaves, last)
        if enters <= leaves:
            return True
    return False


def through_circle(way: Iterable[Point], middle: Point, radius: float) -> bool:
    """Return whether a way has a point in a circle.

    >>> [through_circle([(0.0, 0.0), (9.0, 0.0)], (5.0, y), 3.0) for y in (2.0, 4.0)]
    [True, False]
    """
    for (x0, y0), (x1, y1) in pairwise(way):
        dx, dy = x1 - x0, y1 - y0
        along = (middle[0] - x0) * dx + (middle[1] - y0) * dy
        nearest = min(1.0, max(0.0, along / (dx * dx + dy * dy))) if dx or dy else 0.0
        if hypot(x0 + nearest * dx - middle[0], y0 + nearest * dy - middle[1]) < radius:
            return True
    return False
