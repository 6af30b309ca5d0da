"""What benchmarks say of a layout, on placements whose figures are known by hand."""

import random
from itertools import combinations, pairwise
from math import isnan, pi, sqrt

import numpy as np
import pytest

from benchmarks.layout_geometry import crossings, entered
from benchmarks.layout_measures import Measures, measure
from gradgraph.plugins import Block, Frame, Line, Outline, Placement, Point, Rectangle, Route, Trunk

BOX, OP = Block(10.0, 10.0), Block(10.0, 10.0, round=True)


def straight(*points: Point, tip: Point | None = None, trunk: int | None = None) -> Route:
    """A route of straight pieces between these points, with an arrow to its tip, which is 1 px on by default."""
    spline = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        spline += [((2 * x0 + x1) / 3, (2 * y0 + y1) / 3), ((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3), (x1, y1)]
    x, y = points[-1]
    return Route((*spline, tip or (x + 1, y)), None, trunk)


def curve(a: Point, b: Point) -> Route:
    """An S from left to right."""
    middle = (a[0] + b[0]) / 2
    return Route((a, (middle, a[1]), (middle, b[1]), b, (b[0] + 1, b[1])))


def measured(
    places: dict[str, tuple[float, float]],
    lines: dict[tuple[str, str], Route],
    trunks: tuple[Trunk, ...] = (),
    frames: dict[Frame, Rectangle] | None = None,
    direction="LR",
) -> Measures:
    """The figures of blocks of 10 × 10 px with these top left corners; those that are named by digits are ops."""
    blocks = {key: OP if key.isdigit() else BOX for key in places}
    outline = Outline(blocks, tuple([Line(*ends) for ends in lines]), tuple(frames or ()))
    rectangles = {key: Rectangle(x, y, 10.0, 10.0) for key, (x, y) in places.items()}
    around = {frame.group_id: at for frame, at in (frames or {}).items()}
    return measure(outline, Placement(200.0, 100.0, rectangles, around, (*lines.values(),), trunks), direction)


FOUR = {"a": (0.0, 0.0), "b": (0.0, 50.0), "c": (100.0, 0.0), "d": (100.0, 50.0)}


@pytest.mark.parametrize("way", [straight, curve])
def test_two_lines_cross_once(way):
    crossed = measured(FOUR, {("a", "d"): way((10, 5), (99, 55)), ("b", "c"): way((10, 55), (99, 5))})
    assert (crossed.pairs, crossed.places) == (1, 1)
    beside = measured(FOUR, {("a", "c"): way((10, 5), (99, 5)), ("b", "d"): way((10, 55), (99, 55))})
    assert (beside.pairs, beside.places) == (0, 0)
    assert (beside.ink, beside.area, beside.aspect) == (180, 0.02, 2.0)


def test_a_crossing_at_a_joint_counts_once_and_a_touch_does_not():
    down = straight((50, -20), (50, 50))
    assert measured(FOUR, {("a", "c"): straight((10, 5), (50, 5), (99, 5)), ("b", "d"): down}).pairs == 1
    peak = straight((10, 55), (50, 5), (99, 55))
    for level in (straight((10, 5), (99, 5)), straight((10, 5), (50, 5), (99, 5))):
        assert measured(FOUR, {("a", "c"): level, ("b", "d"): peak}).pairs == 0


def test_lines_that_share_an_end_or_a_stretch_do_not_cross_and_ink_is_counted_once():
    apart = {("a", "c"): straight((10, 5), (60, 5), (99, 5)), ("a", "d"): straight((10, 5), (60, 5), (99, 55))}
    found = measured(FOUR, apart)
    assert found.pairs == 0
    assert found.length == round(90 + 51 + sqrt(39**2 + 50**2))
    assert found.length - found.ink == 50


def test_crossings_less_than_one_and_a_half_px_apart_are_one_place():
    across = straight((5, 20), (99, 20))
    for gap, places in ((1.0, 1), (2.0, 3)):
        downs = [straight((30 + n * gap, 10), (30 + n * gap, 90)) for n in range(3)]
        blocks = {"p": (0.0, 15.0), "q": (100.0, 15.0), **{f"{n}": (50.0 + 20 * n, 0.0) for n in range(3)}}
        lines = {(f"{n}", "q"): down for n, down in enumerate(downs)}
        found = measured(blocks, {("p", "q"): across, **lines})
        assert (found.pairs, found.places) == (3, places if gap == 2.0 else 2)


def trunked() -> tuple[dict[str, tuple[float, float]], dict[tuple[str, str], Route], tuple[Trunk, ...]]:
    """A trunk of two parts from `a` to three heads, crossed in its first part by a line from `b` to `e`."""
    places = {"a": (0.0, 40.0), "b": (30.0, 0.0), "e": (30.0, 90.0)} | {f"{n}": (120.0, 30.0 * n) for n in range(3)}
    first = Trunk(straight((10, 45), (50, 45)).spline[:-1])
    second = Trunk(straight((50, 45), (80, 45)).spline[:-1], 0)
    lines = {("a", f"{n}"): straight((80, 45), (119, 30 * n + 5), trunk=1) for n in range(3)}
    return places, {**lines, ("b", "e"): straight((35, 10), (35, 89), tip=(35, 90))}, (first, second)


def test_a_trunk_of_three_lines_crossed_once_is_three_pairs_and_one_place():
    found = measured(*trunked())
    assert (found.pairs, found.places, found.through, found.lost) == (3, 1, 0, 0)


def test_a_trunk_is_drawn_once_and_is_a_part_of_each_line():
    found = measured(*trunked())
    branches = sum(sqrt(39**2 + (40 - 30 * n) ** 2) + 1 for n in range(3))
    assert found.ink == round(70 + branches + 80)
    assert found.length == round(3 * 70 + branches + 80)


def test_a_way_turns_where_it_leaves_its_trunk():
    trunk = Trunk(straight((10, 5), (50, 5)).spline[:-1])
    lines = {
        ("a", "d"): straight((50, 5), (50, 80), tip=(50, 90), trunk=0),
        ("a", "c"): straight((50, 5), (99, 5), trunk=0),
    }
    found = measured(FOUR, lines, (trunk,))
    assert found.straight == 0.5
    assert found.turns == pytest.approx(0.5)
    assert found.pairs == 0


def test_a_chain_of_two_thousand_trunks_is_measured():
    trunks = [Trunk(((10.0, 5.0), (10.0, 5.0), (11.0, 5.0), (11.0, 5.0)))]
    for number in range(1, 2000):
        x = 10.0 + number
        trunks.append(Trunk(((x, 5.0), (x, 5.0), (x + 1, 5.0), (x + 1, 5.0)), number - 1))
    lines = {
        ("a", "c"): straight((2010, 5), (2020, 5), trunk=1999),
        ("a", "d"): straight((1010, 5), (1010, 50), trunk=999),
    }
    found = measured({**FOUR, "c": (3000.0, 0.0), "d": (3000.0, 50.0)}, lines, tuple(trunks))
    assert found.length == 2011 + 1046
    assert found.ink == 2011 + 46
    assert found.stretch == pytest.approx(3057 / (2011 + sqrt(1001**2 + 45**2)))


def test_a_line_that_leads_back_is_counted_in_each_direction():
    lines = {("a", "c"): straight((10, 5), (99, 5)), ("d", "b"): straight((100, 55), (11, 55), tip=(10, 55))}
    back = {direction: measured(FOUR, lines, direction=direction).backward for direction in ("LR", "RL", "TB", "BT")}
    assert back == {"LR": 1, "RL": 1, "TB": 0, "BT": 0}


def test_a_line_through_a_box_is_counted_and_one_along_its_edge_or_past_a_circle_is_not():
    places = {**FOUR, "x": (50.0, 0.0)}
    for height, through in ((5.0, 1), (0.5, 0), (9.5, 0), (8.0, 1)):
        found = measured(places, {("a", "c"): straight((10, height), (99, height))})
        assert found.through == through, height
    past_corner = straight((48.0, 10.0), (62.0, 24.0))
    assert measured({**FOUR, "x": (52.0, 11.5)}, {("a", "c"): past_corner}).through == 1
    assert measured({**FOUR, "5": (54.5, 8.0)}, {("a", "c"): past_corner}).through == 0


def test_a_trunk_through_a_box_counts_once_and_its_tail_is_its_own():
    places, lines, trunks = trunked()
    assert measured({**places, "x": (55.0, 40.0)}, lines, trunks).through == 1
    assert measured({**places, "a": (5.0, 40.0)}, lines, trunks).through == 0


def test_operands_in_order_are_counted_and_private_ones_apart():
    def order(first: str, second: str, extra: dict[tuple[str, str], Route] | None = None, direction="LR") -> Measures:
        lines = {
            (first, "1"): straight((10, 5), (49, 30)),
            (second, "1"): straight((10, 55), (49, 30)),
            **(extra or {}),
        }
        return measured({**FOUR, "1": (50.0, 25.0)}, lines, direction=direction)

    assert (order("a", "b").order, order("a", "b").private_order) == (1.0, 1.0)
    assert (order("b", "a").order, order("b", "a").private_order) == (0.0, 0.0)
    shared = order("a", "b", {("a", "c"): straight((10, 5), (99, 5))})
    assert shared.order == 1.0
    assert isnan(shared.private_order)
    assert isnan(order("a", "b", direction="TB").order), "they are at one place in the order that TB has"
    assert order("a", "c", direction="TB").order == 1.0


def test_what_overlaps_and_what_is_in_a_wrong_frame_is_counted():
    frame, inner, beside = (Frame(0, None, BOX, ("a",)), Frame(1, 0, BOX, ("b",)), Frame(2, None, BOX, ("d",)))
    good = {frame: Rectangle(-5, -5, 30, 75), inner: Rectangle(-2, 40, 20, 25), beside: Rectangle(95, 45, 20, 20)}
    assert measured(FOUR, {}, frames=good)[-4:] == (0, 0, 0, 0)
    assert measured({**FOUR, "c": (2.0, 20.0)}, {}, frames=good).frames == 1, "c is in frame 0"
    assert measured({**FOUR, "b": (40.0, 50.0)}, {}, frames=good).frames == 2, "b is outside frames 1 and 0"
    assert measured(FOUR, {}, frames={**good, beside: Rectangle(20, 45, 95, 20)}).frames == 1, "frames 0 and 2 overlap"
    found = measured({**FOUR, "c": (5.0, 5.0), "d": (100.0, 50.0)}, {}, frames=good)
    assert (found.overlaps, found.frames) == (1, 1)


def test_a_line_through_the_name_of_a_frame_is_counted():
    frames = {Frame(0, None, BOX, ("c",)): Rectangle(95, -12, 20, 30)}
    for level, titles in ((5.0, 0), (-5.0, 1)):
        assert (
            measured(FOUR, {("a", "c"): straight((10, 5), (80, level), (108, level))}, frames=frames).titles == titles
        )


def test_a_line_without_a_way_is_lost():
    outline = Outline({"a": BOX, "c": BOX}, (Line("a", "c"), Line("a", "c")), ())
    places = {"a": Rectangle(0, 0, 10, 10), "c": Rectangle(100, 0, 10, 10)}
    for routes in ((), (straight((10, 5), (99, 5)),), (Route(()), straight((10, 5), (99, 5)))):
        lost = measure(outline, Placement(110, 10, places, {}, routes)).lost
        assert lost == 2 - sum(bool(route.spline) for route in routes)


def test_a_curve_is_as_long_as_it_is():
    quarter = 4 / 3 * (sqrt(2) - 1) * 100
    arc = Route(((10, 5), (10 + quarter, 5), (110, 105 - quarter), (110, 105), (110, 106)))
    found = measured(FOUR, {("a", "d"): arc})
    assert found.length == pytest.approx(100 * pi / 2 + 1, abs=1)
    assert found.turns == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("reach", [60, 1000])
def test_what_a_grid_finds_is_all_that_there_is(reach):
    rng = random.Random(reach)  # noqa: S311
    starts = [(rng.uniform(0, 1000), rng.uniform(0, 1000)) for _ in range(300)]
    rows = [(x, y, x + rng.uniform(-reach, reach), y + rng.uniform(-20, 20)) for x, y in starts]

    def turn(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> bool:
        return (bx - ax) * (cy - ay) > (by - ay) * (cx - ax)

    def cross(one: int, other: int) -> bool:
        a, b, c, d = rows[one][:2], rows[one][2:], rows[other][:2], rows[other][2:]
        return turn(*a, *b, *c) != turn(*a, *b, *d) and turn(*c, *d, *a) != turn(*c, *d, *b)

    pairs, points = crossings(np.array(rows))
    crossed = {pair for pair in combinations(range(len(rows)), 2) if cross(*pair)}
    assert len(crossed) > 10
    assert {(a, b) for a, b in pairs.tolist()} == crossed
    for (a, b), (x, y) in zip(pairs.tolist(), points.tolist(), strict=True):
        for x0, y0, x1, y1 in (rows[a], rows[b]):
            assert abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) < 1e-6 * reach * reach


def test_a_segment_enters_the_boxes_and_circles_that_its_points_are_in():
    rng = random.Random(1)  # noqa: S311
    rows = np.array([[rng.uniform(0, 500) for _ in range(4)] for _ in range(60)])
    corners = np.array([(rng.uniform(0, 500), rng.uniform(0, 500)) for _ in range(50)])
    sizes = np.array([[rng.uniform(1, 80)] for _ in range(50)])
    is_round = np.arange(50) % 2 == 0
    found = {(a, b) for a, b in entered(rows, np.concatenate((corners, corners + sizes), axis=1), is_round).tolist()}
    shares = np.linspace(0, 1, 2000)[:, None]
    reached = set()
    for number, row in enumerate(rows):
        points = row[:2] + shares * (row[2:] - row[:2])
        for box in range(50):
            away = np.abs(points - corners[box] - sizes[box] / 2)
            far = np.hypot(*away.T) if is_round[box] else away.max(axis=1)
            if (far < sizes[box] / 2).any():
                reached.add((number, box))
    assert len(reached) > 100
    assert reached <= found
    assert len(found - reached) <= 2, "points can miss a corner"
