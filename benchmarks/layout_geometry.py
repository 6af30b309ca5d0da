"""The geometry that layouts are measured by: curves as straight pieces, what is near what, and where lines cross."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gradgraph.plugins import Point

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

FLAT = 0.1
"""px by which straight pieces may be off the curve that they replace, at most."""
TOUCH = 0.01
"""px between two points that are one."""
ONE_PLACE = 1.5
"""px between two crossings that a reader sees as one."""
_AT_ONCE = 200_000
"""Entries of the grid that are compared at once, which bounds memory."""


def flattened(spline: Sequence[Point], tip: Point | None = None) -> list[Point]:
    """Return the points of a chain of Bézier curves, and its tip if it has one; a straight curve stays one piece."""
    points = [spline[0]]
    for at in range(0, len(spline) - 3, 3):
        a, b, c, d = spline[at : at + 4]
        steps = _steps(a, b, c, d)
        for step in range(1, steps):
            t = step / steps
            u = 1 - t
            first, second, third, fourth = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            x = first * a[0] + second * b[0] + third * c[0] + fourth * d[0]
            points.append((x, first * a[1] + second * b[1] + third * c[1] + fourth * d[1]))
        points.append(d)
    if tip is not None:
        points.append(tip)
    kept = points[:1]
    for point in points[1:]:
        if math.dist(point, kept[-1]) > 1e-6:
            kept.append(point)
    return kept


def _steps(a: Point, b: Point, c: Point, d: Point) -> int:
    """Return how many straight pieces replace a curve: 1 if it is straight, and enough for FLAT if not.

    The number is odd: two mirrored curves cross in the middle, where no piece should end. The error of n pieces is at
    most 6/8 of the largest second difference of the control points, divided by n² (Wang's formula).
    """
    dx, dy = d[0] - a[0], d[1] - a[1]
    size = math.hypot(dx, dy) or 1.0
    if all(abs(dx * (p[1] - a[1]) - dy * (p[0] - a[0])) <= FLAT * size for p in (b, c)):
        return 1
    bend = max(math.hypot(p[0] - 2 * q[0] + r[0], p[1] - 2 * q[1] + r[1]) for p, q, r in ((a, b, c), (b, c, d)))
    return math.ceil(math.sqrt(0.75 * bend / FLAT)) | 1


def bounds(segments: Numbers) -> Numbers:
    """Return the rectangles (left, top, right, bottom) around segments (x1, y1, x2, y2)."""
    return np.concatenate(
        (np.minimum(segments[:, :2], segments[:, 2:]), np.maximum(segments[:, :2], segments[:, 2:])), axis=1
    )


def meeting(boxes: Numbers, others: Numbers | None = None) -> Indices:
    """Return the pairs of indices of rectangles that meet: each of `boxes` with each of `others`, or with each other.

    A grid finds them, so that time grows with the area that they cover.
    """
    both = boxes if others is None else np.concatenate((boxes, others))
    if len(both) == 0:
        return np.zeros((0, 2), np.int64)
    cell = max(4.0, 2 * float(np.median(np.maximum(both[:, 2] - both[:, 0], both[:, 3] - both[:, 1]))))
    who, where = _cells(boxes, cell)
    whom, there = (who, where) if others is None else _cells(others, cell)
    order = np.argsort(there, kind="stable")
    whom, there = whom[order], there[order]
    found = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(who), _AT_ONCE):
        wanted = where[start : start + _AT_ONCE]
        first, last = np.searchsorted(there, wanted), np.searchsorted(there, wanted, "right")
        count = last - first
        left = np.repeat(who[start : start + _AT_ONCE], count)
        right = whom[np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())]
        if others is None:
            once = left < right
            left, right = left[once], right[once]
        a, b = boxes[left], (boxes if others is None else others)[right]
        meet = (a[:, 0] <= b[:, 2]) & (b[:, 0] <= a[:, 2]) & (a[:, 1] <= b[:, 3]) & (b[:, 1] <= a[:, 3])
        found.append(np.unique(np.stack((left[meet], right[meet]), axis=1), axis=0))
    return np.unique(np.concatenate(found), axis=0)


def _cells(boxes: Numbers, cell: float) -> tuple[Indices, Indices]:
    """Return which box is in which cell of a grid, and the numbers of these cells."""
    low = np.floor(boxes[:, :2] / cell).astype(np.int64)
    span = np.floor(boxes[:, 2:] / cell).astype(np.int64) - low + 1
    count = span[:, 0] * span[:, 1]
    who = np.repeat(np.arange(len(boxes)), count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return who, (low[who, 0] + number % span[who, 0]) * (1 << 31) + low[who, 1] + number // span[who, 0]


def near(segments: Numbers, others: Numbers | None = None) -> Indices:
    """Return the pairs of indices of segments that may meet each other, or the rectangles given.

    A long segment is sought in short pieces, whose rectangles are small.
    """
    if len(segments) == 0:
        return np.zeros((0, 2), np.int64)
    long = np.abs(segments[:, 2:] - segments[:, :2]).max(axis=1)
    piece = max(8.0, 2 * float(np.median(long)))
    count = np.maximum(1, np.ceil(long / piece)).astype(np.int64)
    owner = np.repeat(np.arange(len(segments)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start, whole = segments[owner, :2], segments[owner, 2:] - segments[owner, :2]
    share = np.stack((step, step + 1), axis=1) / count[owner, None]
    pieces = bounds(np.concatenate((start + whole * share[:, :1], start + whole * share[:, 1:]), axis=1))
    if others is not None:
        pairs = meeting(pieces, others)
        return np.unique(np.stack((owner[pairs[:, 0]], pairs[:, 1]), axis=1), axis=0)
    pairs = owner[meeting(pieces)]
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return np.unique(np.sort(pairs, axis=1), axis=0)


def crossings(segments: Numbers) -> tuple[Indices, Numbers]:
    """Return the pairs of segments that cross, and the points where they do.

    A line whose joint is on another line crosses it once if it goes on to the other side, and not at all if it turns
    back. Segments that share an end do not cross. Segments that lie on each other do not cross either.
    """
    pairs = near(segments)
    a, b = segments[pairs[:, 0]], segments[pairs[:, 1]]
    apart = np.ones(len(pairs), bool)
    for p in (a[:, :2], a[:, 2:]):
        for q in (b[:, :2], b[:, 2:]):
            apart &= np.hypot(*(p - q).T) > TOUCH
    of_a = [_side(a, b[:, :2]), _side(a, b[:, 2:])]
    of_b = [_side(b, a[:, :2]), _side(b, a[:, 2:])]
    # What is on a line counts as beside it, on the one side, so that a joint on a line is one crossing or none.
    meet = apart
    for sides in (of_a, of_b):
        meet &= (sides[0] >= -TOUCH / 100) != (sides[1] >= -TOUCH / 100)
    pairs, a = pairs[meet], a[meet]
    from_b = [side[meet] for side in of_b]
    share = (from_b[0] / (from_b[0] - from_b[1]))[:, None]
    return pairs, a[:, :2] + share * (a[:, 2:] - a[:, :2])


def _side(segments: Numbers, points: Numbers) -> Numbers:
    """Return how many px points are to one side of the lines through segments."""
    way = segments[:, 2:] - segments[:, :2]
    beside = points - segments[:, :2]
    return np.asarray((way[:, 0] * beside[:, 1] - way[:, 1] * beside[:, 0]) / np.maximum(np.hypot(*way.T), 1e-9))


def places(points: Numbers) -> int:
    """Return how many points a reader sees: from left to right, one within ONE_PLACE px of another counted is none."""
    counted: dict[tuple[int, int], list[tuple[float, float]]] = {}
    total = 0
    for x, y in np.unique(np.round(points, 2), axis=0).tolist():
        column, row = math.floor(x / ONE_PLACE), math.floor(y / ONE_PLACE)
        around = [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        if all(math.dist((x, y), other) >= ONE_PLACE for cell in around for other in counted.get(cell, ())):
            counted.setdefault((column, row), []).append((x, y))
            total += 1
    return total


def entered(segments: Numbers, boxes: Numbers, is_round: NDArray[np.bool_]) -> Indices:
    """Return the pairs of segments and shapes that meet: rectangles, or the circles in those that are round."""
    pairs = near(segments, boxes)
    s, box = segments[pairs[:, 0]], boxes[pairs[:, 1]]
    way = s[:, 2:] - s[:, :2]
    first, last = np.zeros(len(pairs)), np.ones(len(pairs))
    with np.errstate(divide="ignore", invalid="ignore"):
        for axis in (0, 1):
            low, high = box[:, axis] - s[:, axis], box[:, 2 + axis] - s[:, axis]
            still, within = way[:, axis] == 0, (low < 0) & (high > 0)
            one, other = low / way[:, axis], high / way[:, axis]
            first = np.maximum(first, np.where(still, np.where(within, 0.0, 2.0), np.minimum(one, other)))
            last = np.minimum(last, np.where(still, 1.0, np.maximum(one, other)))
    middle = (box[:, :2] + box[:, 2:]) / 2 - s[:, :2]
    length = np.maximum((way * way).sum(axis=1), 1e-12)
    share = np.clip((middle * way).sum(axis=1) / length, 0, 1)[:, None]
    inside = np.hypot(*(middle - share * way).T) < (box[:, 2] - box[:, 0]) / 2
    return pairs[np.where(is_round[pairs[:, 1]], inside, last > first)]
