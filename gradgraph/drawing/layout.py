"""What a layout engine is: Layout, and what goes to it and comes back. All sizes and points are in px, y downwards."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from gradgraph.drawing.options import Direction
from gradgraph.limits import Limits

Point = tuple[float, float]
"""A place: x to the right, y downwards."""

JOINT = 1.0
"""px between the end of a trunk and what goes on from it, at most: less is not seen."""


class Block(NamedTuple):
    """Something to be placed, as large as it will be drawn: a rectangle, or a circle if it is `round`."""

    width: float
    height: float
    round: bool = False


class Line(NamedTuple):
    """A connection of two blocks, with room for a mark of that size on it, None for none."""

    tail: str
    head: str
    mark: Block | None = None


class Frame(NamedTuple):
    """A group: it goes around its `members` and the frames whose `parent` it is, with room for its name at the top.

    Frames come after the frame around them.
    """

    group_id: int
    parent: int | None
    name: Block
    members: tuple[str, ...]


class Outline(NamedTuple):
    """What is to be placed: sizes and connections only, and no text of the graph, which can then do no harm.

    Blocks come in the order of the computation, and lines by the op that uses them and its operands in order.
    """

    blocks: Mapping[str, Block]
    lines: tuple[Line, ...]
    frames: tuple[Frame, ...]


class Rectangle(NamedTuple):
    """A place: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float


class Trunk(NamedTuple):
    """A way that lines of one tail share: the control points of cubic Bézier curves, 1 + 3n of them.

    It starts at the edge of that tail, or at the end of the trunk of number `trunk`, which comes before it.
    """

    spline: tuple[Point, ...]
    trunk: int | None = None


class Route(NamedTuple):
    """A line's way: the control points of cubic Bézier curves, 1 + 3n of them, then the tip of its arrow.

    It starts at the edge of its tail, or at the end of the trunk of number `trunk`. `mark` is the middle of its mark,
    None for a line without one.
    """

    spline: tuple[Point, ...]
    mark: Point | None = None
    trunk: int | None = None


class Placement(NamedTuple):
    """The size of the whole, where each block and each frame is, and a route for each line in order.

    Trunks are what routes branch from, so that a shared piece is there once. `rows` are for a long drawing that is read
    like text, row below row, or column beside column if lines lead up or down: a line may lead on in a later row. An
    engine need have neither. `names` is where the middle of a frame's name is, if not in the middle of its upper side.
    """

    width: float
    height: float
    blocks: Mapping[str, Rectangle]
    frames: Mapping[int, Rectangle]
    routes: tuple[Route, ...]
    trunks: tuple[Trunk, ...] = ()
    rows: tuple[Rectangle, ...] = ()
    names: Mapping[int, Point] = {}  # a default that nobody changes

    def name_at(self, frame: Frame) -> Rectangle:
        """Return the room for the name of a frame."""
        at = self.frames[frame.group_id]
        x, y = self.names.get(frame.group_id, (at.x + at.width / 2, at.y + frame.name.height / 2))
        return Rectangle(x - frame.name.width / 2, y - frame.name.height / 2, frame.name.width, frame.name.height)


class Layout(Protocol):
    """A layout engine. Distributions register theirs as an entry point of the group `gradgraph.layouts`."""

    name: str
    """What users ask for: "dot"."""

    def availability(self) -> str | None:
        """None when this engine can work here, otherwise why not, in a sentence."""

    def version(self) -> str:
        """Which release of the engine works here, for reports. Raises ToolError if it cannot say."""

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        """Where everything goes: `direction` says which way lines lead, `limits` bound the work.

        The same outline gets the same placement. Raises ToolError when it cannot be done.
        `gradgraph.testing.check_layout` lists what a placement has to keep to, and checks it.
        """


def whole_way(route: Route, trunks: Sequence[Trunk]) -> tuple[Point, ...]:
    """Return the control points of a line from its tail to its tip: those of its trunks, then its own.

    They are 1 + 3n points and the tip, as those of a route without a trunk are. A placement of which `complaint`
    finds nothing wrong has no circle of trunks. Time grows with the number of points.

    >>> trunk = Trunk(((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)))
    >>> route = Route(((3.0, 0.0), (4.0, 0.0), (5.0, 0.0), (6.0, 0.0), (9.0, 0.0)), trunk=0)
    >>> [x for x, y in whole_way(route, [trunk])]
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0]
    """
    pieces: list[tuple[Point, ...]] = [route.spline]
    before = route.trunk
    while before is not None:
        pieces[-1] = pieces[-1][1:]  # it starts where the trunk ends
        pieces.append(trunks[before].spline)
        before = trunks[before].trunk
    return tuple([point for piece in reversed(pieces) for point in piece])


def complaint(outline: Outline, placement: Placement) -> str:
    """Return what a placement lacks that a drawing needs, or holds that none can use; "" if nothing.

    Time grows with the number of blocks, frames and points.

    >>> complaint(Outline({"a": Block(9.0, 9.0)}, (), ()), Placement(9.0, 9.0, {}, {}, ()))
    '1 things have no place, a first'
    """
    missing = [key for key in outline.blocks if key not in placement.blocks]
    missing += [f"frame {frame.group_id}" for frame in outline.frames if frame.group_id not in placement.frames]
    if missing:
        return f"{len(missing)} things have no place, {missing[0]} first"
    if len(placement.routes) != len(outline.lines):
        return f"{len(placement.routes)} routes for {len(outline.lines)} lines"
    if any(len(route.spline) < 5 or len(route.spline) % 3 != 2 for route in placement.routes):
        return "a route is no chain of Bézier curves and a tip"
    if any(len(trunk.spline) < 4 or len(trunk.spline) % 3 != 1 for trunk in placement.trunks):
        return "a trunk is no chain of Bézier curves"
    if any(line.mark and not route.mark for line, route in zip(outline.lines, placement.routes, strict=True)):
        return "a mark has no place"
    if not all(map(math.isfinite, _numbers(placement))):
        return "a position is not finite"
    return _loose_end(placement)


def _loose_end(placement: Placement) -> str:
    """Return what does not go on from the trunk that it names; "" if everything does."""
    ends = [trunk.spline[-1] for trunk in placement.trunks]
    kinds: tuple[tuple[str, Sequence[Trunk | Route]], ...] = (("trunk", placement.trunks), ("route", placement.routes))
    for kind, pieces in kinds:
        for number, piece in enumerate(pieces):
            if piece.trunk is None:
                continue
            earlier = number if kind == "trunk" else len(ends)
            if not 0 <= piece.trunk < earlier:
                return f"{kind} {number} names trunk {piece.trunk}, and there are {earlier} before it"
            if math.dist(piece.spline[0], ends[piece.trunk]) > JOINT:
                return f"{kind} {number} does not start where trunk {piece.trunk} ends"
    return ""


def _numbers(placement: Placement) -> Iterator[float]:
    yield from (placement.width, placement.height)
    for rectangle in (*placement.blocks.values(), *placement.frames.values()):
        yield from rectangle
    for point in placement.names.values():
        yield from point
    for trunk in placement.trunks:
        for point in trunk.spline:
            yield from point
    for route in placement.routes:
        for point in (*route.spline, *([route.mark] if route.mark else [])):
            yield from point
