"""Where everything goes: what has to be placed is measured, a layout engine chosen, and its answer checked."""

from collections.abc import Iterable
from itertools import pairwise

from gradgraph.plugins import (
    Block,
    Box,
    Circle,
    Direction,
    Frame,
    Layout,
    Limits,
    Line,
    Outline,
    Placement,
    Point,
    Rectangle,
    Scene,
    ToolError,
    ToolFailed,
    ToolMissing,
    auto_layout,
    complaint,
    find_layout,
)
from gradgraph_renderers.svg.counts import counts_at_lines
from gradgraph_renderers.svg.metrics import LINE_HEIGHT, MARK_SIZE, text_room

PADDING = 8.0
RING = 4.0
"""px from the outer outline of an output to the inner one."""
STACK = 4.0
"""px by which the second box of a fold stands out behind the first, to the right and above."""
LEAST_RADIUS = 13.0


def place(scene: Scene, layout: str, direction: Direction, limits: Limits) -> Placement:
    """The placement of a scene by the layout engine of that name, or by that which "auto" takes. Raises ToolError."""
    plan = outline(scene)
    engine = choose_engine(layout, plan)
    try:
        placement = engine.place(plan, direction=direction, limits=limits)
        wrong = complaint(plan, placement)
    except ToolError:
        raise
    except Exception as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        wrong = repr(error)
    if wrong:
        raise ToolFailed(f"the layout engine {engine.name} answered with no layout ({wrong})", "choose another")
    upright = direction in ("TB", "BT")
    if upright and not placement.rows and _reads_backwards(plan, placement):
        placement = _mirrored(placement)
    return counts_at_lines(plan, placement, ["×" in wire.mark for wire in scene.wires])


def choose_engine(layout: str, plan: Outline = Outline({}, (), ())) -> Layout:  # noqa: B008  # it is a tuple
    """The layout engine of that name; for "auto", the one for an outline of this cost, be it installed or not.

    Raises ToolMissing, with the remedies, when it cannot work, and RendererError for an unknown name.
    """
    engine = find_layout(auto_layout(plan) if layout == "auto" else layout)
    reason = engine.availability()
    if reason is not None:
        sentence, _, remedy = reason.partition("; ")
        raise ToolMissing(sentence, remedy or "choose another layout engine", ("layout", "layered"))
    return engine


def outline(scene: Scene) -> Outline:
    """The sizes of all that a scene shows, from the metrics of our fonts."""
    blocks = {box.key: box_size(box) for box in scene.boxes}
    for stub in scene.stubs:
        blocks[stub.key] = Block(text_room(stub.text) + PADDING, LINE_HEIGHT)
    for circle in scene.circles:
        blocks[circle.key] = circle_size(circle)
    lines = tuple([Line(wire.tail, wire.head, _mark_size(wire.mark)) for wire in scene.wires])
    frames = []
    for cluster in scene.clusters:
        name = Block(text_room(cluster.name) + PADDING, LINE_HEIGHT)
        frames.append(Frame(cluster.group_id, cluster.parent, name, cluster.members))
    return Outline(blocks, lines, tuple(frames))


def box_size(box: Box) -> Block:
    """The size of a value box: the lines of its cells are rows."""
    around = 2 * RING if box.is_output else 0.0
    stack = STACK if box.kind == "folded" else 0.0
    lines = [line for cell in box.cells for line in cell.lines]
    width = max(map(text_room, lines)) + 2 * PADDING
    return Block(width + around + stack, len(lines) * LINE_HEIGHT + PADDING + around + stack)


def circle_size(circle: Circle) -> Block:
    """The size of an op circle that holds its symbol; with a constant in it, it is a lying stadium."""
    width = max(2 * LEAST_RADIUS, text_room(circle.symbol) + 14)
    return Block(width, 2 * LEAST_RADIUS) if circle.constants else Block(width, width, round=True)


def _mark_size(mark: str) -> Block | None:
    return Block(text_room(mark, MARK_SIZE), LINE_HEIGHT) if mark else None


def _reads_backwards(plan: Outline, placement: Placement) -> bool:
    """Whether the operands of most ops stand from right to left, as older `dot` sets them inside groups."""
    middle = {key: at.x + at.width / 2 for key, at in placement.blocks.items()}
    balance = 0
    for line, following in pairwise(plan.lines):
        if line.head == following.head:
            left, right = middle[line.tail], middle[following.tail]
            balance += (left < right) - (left > right)
    return balance < 0


def _mirrored(placement: Placement) -> Placement:
    """The placement with left and right exchanged."""

    def flipped(at: Rectangle) -> Rectangle:
        return at._replace(x=placement.width - at.x - at.width)

    def turned(points: Iterable[Point]) -> tuple[Point, ...]:
        return tuple([(placement.width - x, y) for x, y in points])

    routes = []
    for route in placement.routes:
        mark = turned([route.mark])[0] if route.mark else None
        routes.append(route._replace(spline=turned(route.spline), mark=mark))
    return placement._replace(
        blocks={key: flipped(at) for key, at in placement.blocks.items()},
        frames={group_id: flipped(at) for group_id, at in placement.frames.items()},
        routes=tuple(routes),
        trunks=tuple([trunk._replace(spline=turned(trunk.spline)) for trunk in placement.trunks]),
        names={group_id: turned([at])[0] for group_id, at in placement.names.items()},
    )
