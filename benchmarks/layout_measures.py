"""The quality of one placement, from what would be drawn of it and never from an engine's own idea of it.

Trunks are measured as they are drawn: a piece that many lines share is there once. Needs numpy.
"""

import math
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from benchmarks.layout_geometry import Numbers, crossings, entered, flattened, meeting, places
from gradgraph.plugins import Direction, Line, Outline, Placement, Point, Rectangle

INSIDE = 1.0
"""px that a line may run inside a block: positions are rounded."""
OVERLAP = 0.5
"""px by which a block or a frame is made smaller on each side before it is compared: positions are rounded."""
STRAIGHT = math.radians(10)
"""The most that a straight line turns in all."""


class Measures(NamedTuple):
    """Figures of one placement. Lengths are in px. Shares are nan when there is nothing to have a share in."""

    pairs: int
    """Pairs of lines that cross, once for each place where they do: a trunk of k lines counts k."""
    places: int
    """Crossings that a reader sees: those less than 1.5 px apart are one."""
    ink: int
    """Length of all that is drawn."""
    length: int
    """Length of all lines, each from its tail to its head."""
    stretch: float
    """The length of all lines, divided by that of straight ones between the same ends."""
    straight: float
    """Share of lines that turn by 10 degrees or less in all."""
    turns: float
    """Turning of all lines, in right angles a line."""
    order: float
    """Share of neighbouring operands of an op whose boxes are in the order of the operands; 0.5 is chance."""
    private_order: float
    """The same among operands that only this op uses and that are in the same frame."""
    area: float
    """Megapixels of the picture."""
    aspect: float
    """Width of the picture divided by its height."""
    backward: int
    """Lines whose tip comes before their start, in the direction asked for."""
    through: int
    """Times that a line, or a trunk, runs more than 1 px inside a block that is neither its tail nor its head."""
    overlaps: int
    """Pairs of blocks that overlap."""
    frames: int
    """Blocks that are in a frame of which they are no members, members outside, and frames that overlap."""
    lost: int
    """Lines without a way."""
    titles: int
    """Times that a line, or a trunk, runs through the room for the name of a frame."""


class Piece(NamedTuple):
    """A trunk, or the part of a route that follows its trunks, as it is drawn, with what leads up to it."""

    points: list[Point]
    length: float
    """From the edge of the tail to the end of this piece."""
    turning: float
    """Turning of the whole way to the end of this piece, in radians."""
    start: Point
    """The start of the way, at the edge of the tail."""
    tail: str
    head: str | None
    """None for a trunk."""
    lines: int
    """The number of lines along this piece."""


def _leads_on(piece: Piece, placement: Placement, axis: int) -> bool:
    """Return whether a line ends in a row after the row of its tail."""
    rows = []
    for key in (piece.tail, piece.head):
        at = placement.blocks[key or piece.tail]
        x, y = at.x + at.width / 2, at.y + at.height / 2
        inside = (r for r in placement.rows if r.x <= x <= r.x + r.width and r.y <= y <= r.y + r.height)
        rows += [*inside][:1]
    return len(rows) == 2 and rows[0][axis] + rows[0][axis + 2] <= rows[1][axis] + OVERLAP


def measure(outline: Outline, placement: Placement, direction: Direction = "LR") -> Measures:
    """Return the figures of a placement of `outline` in that direction. Every block and frame must have a place."""
    drawn = pieces(outline, placement)
    ways = drawn[len(placement.trunks) :]
    sound = max(1, len(ways))
    axis, sign = {"LR": (0, 1), "RL": (0, -1), "TB": (1, 1), "BT": (1, -1)}[direction]
    backward = sum(
        (way.points[-1][axis] - way.start[axis]) * sign < -OVERLAP and not _leads_on(way, placement, 1 - axis)
        for way in ways
    )
    length = sum(way.length for way in ways)
    direct = sum(math.dist(way.start, way.points[-1]) for way in ways)
    order, private_order = _orders(outline, placement, 1 - axis)
    segments, owners = _segments(drawn)
    crossed, points = crossings(segments)
    return Measures(
        pairs=_pairs(drawn, [(owners[a], owners[b]) for a, b in crossed.tolist()]),
        places=places(points),
        ink=round(_ink(segments)),
        length=round(length),
        stretch=length / max(direct, 1.0),
        straight=sum(way.turning <= STRAIGHT for way in ways) / sound,
        turns=sum(way.turning for way in ways) / (math.pi / 2) / sound,
        order=order,
        private_order=private_order,
        area=placement.width * placement.height / 1e6,
        aspect=placement.width / max(placement.height, 1e-9),
        backward=int(backward),
        through=_through(outline, placement, drawn, segments, owners),
        overlaps=len(meeting(_smaller([*placement.blocks.values()], OVERLAP))),
        frames=_frame_faults(outline, placement),
        lost=len(outline.lines) - len(ways),
        titles=_titles(outline, placement, segments, owners),
    )


def pieces(outline: Outline, placement: Placement) -> list[Piece]:
    """Return the trunks, then the routes that have a way, as pieces. Linear, for chains of any length."""
    users, tails = [0] * len(placement.trunks), [""] * len(placement.trunks)
    routed = [(line, route) for line, route in zip(outline.lines, placement.routes, strict=False) if route.spline]
    for line, route in routed:
        if route.trunk is not None:
            users[route.trunk] += 1
            tails[route.trunk] = line.tail
    for number in reversed(range(len(users))):  # a trunk comes after the one it starts from
        above = placement.trunks[number].trunk
        if above is not None:
            users[above] += users[number]
            tails[above] = tails[number] or tails[above]
    found: list[Piece] = []
    for number, trunk in enumerate(placement.trunks):
        before = None if trunk.trunk is None else found[trunk.trunk]
        found.append(_piece(flattened(trunk.spline), before, tails[number], None, users[number]))
    for line, route in routed:
        before = None if route.trunk is None else found[route.trunk]
        found.append(_piece(flattened(route.spline[:-1], route.spline[-1]), before, line.tail, line.head, 1))
    return found


def _piece(points: list[Point], before: Piece | None, tail: str, head: str | None, lines: int) -> Piece:
    length = sum(math.dist(a, b) for a, b in pairwise(points)) + (before.length if before else 0.0)
    corner = before.points[-2:] if before else []
    headings = [math.atan2(b[1] - a[1], b[0] - a[0]) for way in (corner, points) for a, b in pairwise(way)]
    turning = sum(abs((b - a + math.pi) % (2 * math.pi) - math.pi) for a, b in pairwise(headings))
    turning += before.turning if before else 0.0
    return Piece(points, length, turning, before.start if before else points[0], tail, head, lines)


def _segments(drawn: list[Piece]) -> tuple[Numbers, list[int]]:
    """Return the straight segments of all pieces, and which piece each is of."""
    rows, owners = [], []
    for number, piece in enumerate(drawn):
        for a, b in pairwise(piece.points):
            rows.append((*a, *b))
            owners.append(number)
    return np.array(rows, float).reshape(-1, 4), owners


def _pairs(drawn: list[Piece], crossed: list[tuple[int, int]]) -> int:
    """Return how many pairs of lines cross, from the numbers of the pieces that do."""
    return sum(drawn[a].lines * drawn[b].lines for a, b in crossed if a != b)


def _ink(segments: Numbers) -> float:
    """Return the length of all segments, those that are drawn on each other once."""
    first, last = np.round(segments[:, :2], 1), np.round(segments[:, 2:], 1)
    turned = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
    low, high = np.where(turned[:, None], last, first), np.where(turned[:, None], first, last)
    _, kept = np.unique(np.concatenate((low, high), axis=1), axis=0, return_index=True)
    return float(np.hypot(*(segments[kept, 2:] - segments[kept, :2]).T).sum())


def _through(outline: Outline, placement: Placement, drawn: list[Piece], segments: Numbers, owners: list[int]) -> int:
    """Return how often a piece is inside a block that is neither its tail nor its head."""
    keys = [*placement.blocks]
    is_round = np.array([outline.blocks[key].round for key in keys], bool)
    pairs = entered(segments, _smaller([*placement.blocks.values()], INSIDE), is_round)
    met = {(owners[segment], keys[block]) for segment, block in pairs.tolist()}
    return sum(key not in (drawn[piece].tail, drawn[piece].head) for piece, key in met)


def _titles(outline: Outline, placement: Placement, segments: Numbers, owners: list[int]) -> int:
    """Return how often a piece is in the room for the name of a frame."""
    rooms = [placement.name_at(frame) for frame in outline.frames]
    pairs = entered(segments, _smaller(rooms, INSIDE), np.zeros(len(rooms), bool))
    return len({(owners[segment], room) for segment, room in pairs.tolist()})


def _smaller(rectangles: list[Rectangle], by: float) -> Numbers:
    """Return (left, top, right, bottom) of each, made smaller on each side."""
    rows = [(r.x + by, r.y + by, r.x + r.width - by, r.y + r.height - by) for r in rectangles]
    return np.array(rows, float).reshape(-1, 4)


def _orders(outline: Outline, placement: Placement, across: int) -> tuple[float, float]:
    """Return in which share of neighbouring operands the first one comes first, of all and of the private ones."""
    middle = {key: (at.x + at.width / 2, at.y + at.height / 2)[across] for key, at in placement.blocks.items()}
    frame = {key: frame.group_id for frame in outline.frames for key in frame.members}
    users = Counter(tail for tail, _ in {(line.tail, line.head) for line in outline.lines})
    good, all_pairs, good_private, private = 0, 0, 0, 0
    for one, other in pairwise(outline.lines):
        if not _are_operands(outline, one, other) or abs(middle[one.tail] - middle[other.tail]) <= OVERLAP:
            continue
        in_order = middle[one.tail] < middle[other.tail]
        all_pairs += 1
        good += in_order
        if users[one.tail] == users[other.tail] == 1 and frame.get(one.tail) == frame.get(other.tail):
            private += 1
            good_private += in_order
    return good / all_pairs if all_pairs else math.nan, good_private / private if private else math.nan


def _are_operands(outline: Outline, one: Line, other: Line) -> bool:
    """Return whether two lines are different operands of one op: what leads into the box of a fold has no order."""
    return one.head == other.head and one.tail != other.tail and outline.blocks[one.head].round


def _frame_faults(outline: Outline, placement: Placement) -> int:
    """Return how many blocks are in a wrong frame or outside their own, and how many pairs of frames overlap."""
    parent = {frame.group_id: frame.parent for frame in outline.frames}
    home = {key: frame.group_id for frame in outline.frames for key in frame.members}

    def around(group: int | None) -> list[int]:
        found = []
        while group is not None:
            found.append(group)
            group = parent[group]
        return found

    keys, groups = [*placement.blocks], [*placement.frames]
    blocks = _smaller([*placement.blocks.values()], OVERLAP)
    frames = _smaller([*placement.frames.values()], 0.0)
    wrong = 0
    for block, key in zip(blocks.tolist(), keys, strict=True):
        for group in around(home.get(key)):
            frame = placement.frames[group]
            right, bottom = frame.x + frame.width, frame.y + frame.height
            wrong += not (frame.x <= block[0] and frame.y <= block[1] and block[2] <= right and block[3] <= bottom)
    for block, group in meeting(blocks, frames).tolist():
        wrong += groups[group] not in around(home.get(keys[block]))
    for one, other in meeting(_smaller([*placement.frames.values()], OVERLAP)).tolist():
        a, b = groups[one], groups[other]
        wrong += a not in around(b) and b not in around(a)
    return wrong
