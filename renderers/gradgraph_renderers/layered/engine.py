"""A stand-in for our own layout engine: each block has a row and a column of its own."""

from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from itertools import pairwise
from math import dist
from typing import NamedTuple

from gradgraph.plugins import Block, Direction, Limits, Outline, Placement, Point, Rectangle, Route, Trunk, check_drawn

GAP, ARROW = 12.0, 8.0


class Span(NamedTuple):
    """A stretch of one axis."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


class Staircase:
    """Leads lines along one axis in the order of the computation, and keeps frames apart on the other."""

    name = "staircase"

    def availability(self) -> str | None:
        return None

    def version(self) -> str:
        return "1"

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        lies = direction in ("LR", "RL")
        columns, entries = _along(outline, lies)
        rows, bands = _across(outline, lies)
        if direction in ("RL", "BT"):
            columns = {key: Span(-at.end, -at.start) for key, at in columns.items()}
            entries = [-entry for entry in entries]
        frames = _stretched(outline, columns, lies)

        def rectangle(along: Span, across: Span) -> Rectangle:
            x, y = (along, across) if lies else (across, along)
            return Rectangle(x.start, y.start, x.end - x.start, y.end - y.start)

        def point(along: float, across: float) -> Point:
            return (along, across) if lies else (across, along)

        routes = []
        for line, entry in zip(outline.lines, entries, strict=True):
            tail, head, row = columns[line.tail], columns[line.head], rows[line.head].middle
            start, tip = (tail.end, head.start) if entry < head.middle else (tail.start, head.end)
            base = tip + (ARROW if entry > tip else -ARROW)
            corners = [(start, rows[line.tail].middle), (entry, rows[line.tail].middle), (entry, row), (base, row)]
            mark = point(entry, rows[line.tail].middle) if line.mark else None
            routes.append(Route((*_straight([point(*corner) for corner in corners]), point(tip, row)), mark))
        return _from_zero(
            {key: rectangle(columns[key], rows[key]) for key in outline.blocks},
            {group_id: rectangle(along, bands[group_id]) for group_id, along in frames.items()},
            routes,
        )


def _along(outline: Outline, lies: bool) -> tuple[dict[str, Span], list[float]]:
    """Where each block is in the direction of lines, and where each line turns to its head, in front of that."""
    into: dict[str, list[int]] = {key: [] for key in outline.blocks}
    for number, line in enumerate(outline.lines):
        into[line.head].append(number)
    tails = {key: [outline.lines[number].tail for number in into[key]] for key in outline.blocks}
    spans: dict[str, Span] = {}
    entries = [0.0] * len(outline.lines)
    at = 0.0
    for key in TopologicalSorter(tails).static_order():
        for number in into[key]:
            width = _size(outline.lines[number].mark or Block(2.0, 2.0), lies)
            entries[number] = at + width / 2 + 1.0
            at += width + 2.0
        start = at + 2 * ARROW
        spans[key] = Span(start, start + _size(outline.blocks[key], lies))
        at = spans[key].end + GAP
    return spans, entries


def _across(outline: Outline, lies: bool) -> tuple[dict[str, Span], dict[int, Span]]:
    """Where each block and each frame is on the other axis: what is in a frame comes together."""
    marks: dict[str, float] = {}
    for line in outline.lines:
        marks[line.tail] = max(marks.get(line.tail, 0.0), _size(line.mark, not lies) if line.mark else 0.0)
    rows: dict[str, Span] = {}
    bands: dict[int, Span] = {}
    in_frames = {key for frame in outline.frames for key in frame.members}
    at = _stacked([key for key in outline.blocks if key not in in_frames], outline, marks, lies, rows, 0.0)

    def framed(parent: int | None, at: float) -> float:
        for frame in outline.frames:
            if frame.parent == parent:
                head, least = (frame.name.height, 0.0) if lies else (0.0, frame.name.width)
                end = _stacked(frame.members, outline, marks, lies, rows, at + head + GAP)
                bands[frame.group_id] = Span(at, max(framed(frame.group_id, end), at + least))
                at = bands[frame.group_id].end + GAP
        return at

    framed(None, at)
    return rows, bands


def _stacked(
    keys: Iterable[str], outline: Outline, marks: dict[str, float], lies: bool, rows: dict[str, Span], at: float
) -> float:
    for key in keys:
        size = _size(outline.blocks[key], not lies)
        room = max(size, marks.get(key, 0.0))
        start = at + (room - size) / 2
        rows[key] = Span(start, start + size)
        at += room + GAP
    return at


def _stretched(outline: Outline, columns: dict[str, Span], lies: bool) -> dict[int, Span]:
    """How far each frame goes in the direction of lines, with room for its name."""
    frames: dict[int, Span] = {}
    for frame in reversed(outline.frames):
        inside = [columns[key] for key in frame.members]
        inside += [frames[inner.group_id] for inner in outline.frames if inner.parent == frame.group_id]
        start, end = min(at.start for at in inside) - GAP, max(at.end for at in inside) + GAP
        if lies:
            frames[frame.group_id] = Span(start, max(end, start + frame.name.width))
        else:
            frames[frame.group_id] = Span(start - frame.name.height, end)
    return frames


def _size(block: Block, is_width: bool) -> float:
    return block.width if is_width else block.height


def _straight(corners: list[Point]) -> Iterator[Point]:
    yield corners[0]
    for one, other in pairwise(corners):
        yield from (one, other, other)


def _from_zero(blocks: dict[str, Rectangle], frames: dict[int, Rectangle], routes: list[Route]) -> Placement:
    """The placement with everything moved to the corner at 0, 0."""
    xs = [x for at in (*blocks.values(), *frames.values()) for x in (at.x, at.x + at.width)] or [0.0]
    ys = [y for at in (*blocks.values(), *frames.values()) for y in (at.y, at.y + at.height)] or [0.0]
    xs += [x for route in routes for x, _ in route.spline]
    ys += [y for route in routes for _, y in route.spline]
    left, top = min(xs) - 50.0, min(ys) - 50.0  # marks reach over the lines that they are on

    def moved(at: Rectangle) -> Rectangle:
        return at._replace(x=at.x - left, y=at.y - top)

    def shifted(point: Point) -> Point:
        return point[0] - left, point[1] - top

    return Placement(
        max(xs) - left + 50.0,
        max(ys) - top + 50.0,
        {key: moved(at) for key, at in blocks.items()},
        {group_id: moved(at) for group_id, at in frames.items()},
        tuple([Route(tuple(map(shifted, route.spline)), route.mark and shifted(route.mark)) for route in routes]),
    )


class LayeredLayout(Staircase):
    """Leads all lines of a block along one chain of trunks, from which each branches where it turns to its head."""

    name = "layered"

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        check_drawn(outline, limits)
        placement = super().place(outline, direction=direction, limits=limits)
        routes = [*placement.routes]
        trunks: list[Trunk] = []
        leaving: dict[str, list[int]] = {}
        for number, line in enumerate(outline.lines):
            leaving.setdefault(line.tail, []).append(number)
        for numbers in leaving.values():
            start, before = routes[numbers[0]].spline[0], None
            for number in sorted(numbers, key=lambda number: dist(start, routes[number].spline[3])):
                *_, turn = routes[number].spline[:4]
                trunks.append(Trunk((start, start, turn, turn), before))
                start, before = turn, len(trunks) - 1
                routes[number] = routes[number]._replace(spline=routes[number].spline[3:], trunk=before)
        return placement._replace(routes=tuple(routes), trunks=tuple(trunks))
