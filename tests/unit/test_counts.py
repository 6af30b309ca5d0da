"""The counts on the lines of folded pictures: each is nearer to its own line than to any other, and covers nothing."""

from math import hypot

import pytest

from gradgraph import Graph, Limits
from gradgraph.drawing.layout import Block, Line, Outline, Placement, Point, Rectangle, Route
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph_renderers.svg import counts
from gradgraph_renderers.svg.counts import OWN, counts_at_lines
from gradgraph_renderers.svg.metrics import MARK_SIZE
from gradgraph_renderers.svg.placing import outline, place
from tests import architectures


def gap(room: Rectangle, point: Point) -> float:
    """The px between a rectangle and a point."""
    x, y = point
    return hypot(
        max(room.x - x, 0.0, x - room.x - room.width),
        max(room.y - y, 0.0, y - room.y - room.height),
    )


def along(spline: tuple[Point, ...]) -> list[Point]:
    """Points along a curve, by de Casteljau's way of halves: another way than the one that is judged."""
    found: list[Point] = []
    for first in range(0, len(spline) - 3, 3):
        pieces = [spline[first : first + 4]]
        while pieces:
            a, b, c, d = pieces.pop()
            if (
                max(hypot(b[0] - a[0], b[1] - a[1]), hypot(c[0] - b[0], c[1] - b[1]), hypot(d[0] - c[0], d[1] - c[1]))
                < 1
            ):
                found.append(a)
                continue
            ab, bc, cd = (((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in ((a, b), (b, c), (c, d)))
            abc, bcd = (((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in ((ab, bc), (bc, cd)))
            middle = ((abc[0] + bcd[0]) / 2, (abc[1] + bcd[1]) / 2)
            pieces += [(middle, bcd, cd, d), (a, ab, abc, middle)]
    return [*found, spline[-1]]


@pytest.mark.parametrize("engine", ["layered", "dot"])
@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize(
    ("graph", "mode"),
    [(architectures.rnn(12), "steps"), (architectures.mlp([2, 8, 8, 1], 5), "stacks"), (architectures.gan(), "stacks")],
    ids=["rnn", "mlp", "gan"],
)
def test_a_count_is_nearest_to_its_own_line(graph: Graph, mode, direction, engine, request):
    if engine == "dot":
        request.getfixturevalue("dot")
    scene = build_scene(Selection(fold=mode).view(graph), DrawingOptions())
    plan = outline(scene)
    placement = place(scene, engine, direction, Limits())
    ways = [along(route.spline) for route in placement.routes]
    judged = far = 0
    for number, (line, route) in enumerate(zip(plan.lines, placement.routes, strict=True)):
        if not line.mark or not route.mark:
            continue
        judged += 1
        x, y = route.mark
        room = Rectangle(x - line.mark.width / 2, y - MARK_SIZE / 2, line.mark.width, MARK_SIZE)
        gaps = [min([gap(room, point) for point in way]) for way in ways]
        far += gaps[number] > OWN + 4 or min(gaps) < gaps[number] - 1e-9  # a lane is between two lines: rounding
        for block in placement.blocks.values():
            apart = max(room.x - block.x - block.width, block.x - room.x - room.width)
            assert apart > 0 or max(room.y - block.y - block.height, block.y - room.y - room.height) > 0
    assert judged > 4
    assert far <= judged // 10  # where there is no room, a count stays where the engine put it


def test_a_mark_that_is_no_count_stays_and_so_do_all_of_a_large_drawing(monkeypatch):
    lines = (Line("a", "b", Block(20, 17)),)
    plan = Outline({"a": Block(10, 10), "b": Block(10, 10)}, lines, ())
    spline = ((10.0, 50.0), (10.0, 50.0), (190.0, 50.0), (190.0, 50.0), (195.0, 50.0))
    blocks = {"a": Rectangle(0, 45, 10, 10), "b": Rectangle(195, 45, 10, 10)}
    placement = Placement(205, 100, blocks, {}, (Route(spline, (100.0, 20.0)),))
    moved = counts_at_lines(plan, placement, [True]).routes[0].mark
    assert moved is not None
    assert abs(moved[1] - (50 - OWN - MARK_SIZE / 2)) < 0.01
    assert counts_at_lines(plan, placement, [False]) is placement
    monkeypatch.setattr(counts, "MOST_POINTS", 10)
    assert counts_at_lines(plan, placement, [True]) is placement
