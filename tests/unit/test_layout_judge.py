"""The judge of placements finds each fault that is planted in a good one, and none in that."""

import random
from typing import get_args

import pytest

from benchmarks.layout_measures import measure
from gradgraph.plugins import Block, Direction, Frame, Limits, Line, Outline, Placement, Rectangle, Route, Trunk
from tests.conformance.staircase import Branching, Staircase
from tests.layout_cases import random_outline
from tests.layout_judge import complaints

ALL = get_args(Direction)
BOX, OP, NAME = Block(40.0, 20.0), Block(20.0, 20.0, round=True), Block(30.0, 10.0)


def way(*points: tuple[float, float], trunk: int | None = None) -> Route:
    """A route of straight pieces, the last of which is its arrow."""
    spline = [points[0]]
    for at in range(len(points) - 2):
        spline += [points[at], points[at + 1], points[at + 1]]
    return Route((*spline, points[-1]), None, trunk)


# Two boxes and an op beside each other in a frame, another below that uses the first box as well, in a frame inside.
OUTLINE = Outline(
    {"a": BOX, "b": BOX, "fop": OP, "f": BOX, "gop": OP, "g": BOX},
    (Line("a", "fop"), Line("b", "fop"), Line("a", "gop"), Line("b", "gop"), Line("fop", "f"), Line("gop", "g")),
    (Frame(0, None, NAME, ("fop", "f")), Frame(1, 0, NAME, ()), Frame(2, None, NAME, ("gop", "g"))),
)
GOOD = Placement(
    300.0,
    200.0,
    {
        "a": Rectangle(10, 40, 40, 20),
        "b": Rectangle(10, 140, 40, 20),
        "fop": Rectangle(130, 40, 20, 20),
        "f": Rectangle(200, 40, 40, 20),
        "gop": Rectangle(130, 140, 20, 20),
        "g": Rectangle(200, 140, 40, 20),
    },
    {0: Rectangle(120, 10, 140, 75), 1: Rectangle(160, 65, 40, 15), 2: Rectangle(120, 110, 140, 75)},
    (
        way((70, 50), (100, 50), (130, 50), trunk=0),
        way((50, 150), (100, 90), (137, 60)),
        way((70, 50), (100, 110), (137, 140), trunk=0),
        way((50, 150), (100, 150), (130, 150)),
        way((150, 50), (190, 50), (200, 50)),
        way((150, 150), (190, 150), (200, 150)),
    ),
    (Trunk(((50.0, 50.0), (55.0, 50.0), (65.0, 50.0), (70.0, 50.0))),),
)


def moved(key: str, x: float, y: float) -> Placement:
    return GOOD._replace(blocks={**GOOD.blocks, key: GOOD.blocks[key]._replace(x=x, y=y)})


def rerouted(number: int, route: Route) -> Placement:
    return GOOD._replace(routes=(*GOOD.routes[:number], route, *GOOD.routes[number + 1 :]))


def framed(group: int, at: Rectangle) -> Placement:
    return GOOD._replace(frames={**GOOD.frames, group: at})


def test_a_good_placement_has_no_faults():
    assert complaints(OUTLINE, GOOD, "LR") == []
    assert measure(OUTLINE, GOOD, "LR")[-6:] == (0,) * 6


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        (moved("b", 10, 50), "a and b overlap"),
        (moved("f", 270, 40), "f is not all in frame 0"),
        (moved("f", 200, 86), "f is not all in frame 0"),
        (moved("f", 245, 40), "f is not all in frame 0"),
        (moved("b", 215, 110), "b is in frame 2"),
        (moved("f", 180, 62), "f is in frame 1"),
        (moved("f", 200, 52), "line 4, fop to f, ends elsewhere"),
        (moved("a", 4, 40), "line 0, a to fop, starts elsewhere"),
        (framed(1, Rectangle(250, 65, 40, 15)), "frame 1 is not all in frame 0"),
        (framed(2, Rectangle(120, 80, 140, 105)), "frame 0 is in frame 2"),
        (framed(2, Rectangle(140, 110, 120, 75)), "gop is not all in frame 2"),
        (GOOD._replace(frames={0: GOOD.frames[0], 2: GOOD.frames[2]}), "frames [0, 2] have a place"),
        (GOOD._replace(blocks={k: at for k, at in GOOD.blocks.items() if k != "g"}), "blocks ['g'] are missing"),
        (GOOD._replace(routes=GOOD.routes[1:]), "5 routes for 6 lines"),
        (GOOD._replace(routes=(*GOOD.routes, GOOD.routes[0])), "7 routes for 6 lines"),
        (rerouted(1, way((50, 150), (100, 150), (140, 160), (140, 60))), "line 1 runs through gop"),
        (rerouted(5, way((150, 150), (170, 52), (210, 52), (230, 140))), "line 5 runs through f"),
        (rerouted(3, way((50, 150), (120, 150), (160, 150), (150, 150))), "line 3, b to gop, runs inside gop"),
        (rerouted(4, way((150, 50), (190, 50), (240, 50))), "line 4, fop to f, runs inside f"),
        (rerouted(4, way((250, 50), (245, 50), (240, 50))), "line 4, fop to f, starts elsewhere"),
        (rerouted(1, way((50, 150), (100, 90), (137, 66))), "line 1, b to fop, ends elsewhere"),
        (rerouted(0, way((75, 50), (100, 50), (130, 50), trunk=0)), "line 0, a to fop, is in pieces"),
        (rerouted(3, way((70, 50), (100, 150), (130, 150), trunk=0)), "trunk 0 leads lines of ['a', 'b']"),
        (GOOD._replace(trunks=(GOOD.trunks[0]._replace(trunk=0),)), "trunk 0 starts from trunk 0"),
        (rerouted(0, GOOD.routes[0]._replace(trunk=1)), "line 0 starts from trunk 1"),
        (GOOD._replace(trunks=(*GOOD.trunks, GOOD.trunks[0])), "trunk 1 leads lines of []"),
        (
            GOOD._replace(trunks=(GOOD.trunks[0]._replace(spline=((50, 50), (20, 180), (20, 180), (70, 50))),)),
            "trunk 0 runs through b",
        ),
    ],
)
def test_a_planted_fault_is_found(planted, fault):
    found = complaints(OUTLINE, planted, "LR")
    assert any(complaint.startswith(fault) for complaint in found), found


def test_a_line_that_leads_back_is_found_in_each_direction():
    back = {direction: sum("leads back" in each for each in complaints(OUTLINE, GOOD, direction)) for direction in ALL}
    assert back == {"LR": 0, "TB": 5, "RL": 6, "BT": 5}, "level lines lead neither down nor up"


def test_two_lines_at_one_place_are_found():
    twice = OUTLINE._replace(lines=(*OUTLINE.lines, Line("gop", "g")))
    beside = GOOD._replace(routes=(*GOOD.routes, way((150, 150), (175, 153), (190, 153), (200, 153))))
    assert complaints(twice, beside, "LR") == []
    upon = GOOD._replace(routes=(*GOOD.routes, GOOD.routes[-1]))
    assert complaints(twice, upon, "LR") == ["line 6, gop to g, is where line 5 is"]


def _onto_another(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    if len(good.blocks) < 2:
        return None
    one, other = rng.sample(sorted(good.blocks), 2)
    x, y, *_ = good.blocks[other]
    return good._replace(blocks={**good.blocks, one: good.blocks[one]._replace(x=x + 2, y=y + 2)})


def _out_of_its_frame(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    members = [key for frame in drawn.frames for key in frame.members]
    if not members:
        return None
    key = rng.choice(members)
    return good._replace(blocks={**good.blocks, key: good.blocks[key]._replace(y=good.height + 10)})


def _into_a_frame(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    held = {key for frame in drawn.frames for key in frame.members}
    strangers = sorted(set(good.blocks) - held)
    if not strangers or not drawn.frames:
        return None
    key, frame = rng.choice(strangers), good.frames[rng.choice(drawn.frames).group_id]
    return good._replace(blocks={**good.blocks, key: good.blocks[key]._replace(x=frame.x, y=frame.y)})


def _without_a_route(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    if not good.routes:
        return None
    number = rng.randrange(len(good.routes))
    return good._replace(routes=good.routes[:number] + good.routes[number + 1 :])


def _with_the_route_of_another(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    if len(good.routes) < 2:
        return None
    one, other = rng.sample(range(len(good.routes)), 2)
    routes = [*good.routes]
    routes[one] = routes[other]
    return good._replace(routes=tuple(routes))


def _through_a_block(rng: random.Random, drawn: Outline, good: Placement) -> Placement | None:
    if not drawn.lines or len(good.blocks) < 3:
        return None
    number = rng.randrange(len(drawn.lines))
    tail, head, _ = drawn.lines[number]
    at = good.blocks[rng.choice(sorted(set(good.blocks) - {tail, head}))]
    *before, tip = good.routes[number].spline
    middle = at.x + at.width / 2, at.y + at.height / 2
    detour = (*before, before[-1], middle, middle, middle, before[-1], before[-1], tip)
    return good._replace(
        routes=(*good.routes[:number], good.routes[number]._replace(spline=detour), *good.routes[number + 1 :])
    )


@pytest.mark.parametrize("engine", [Staircase(), Branching()])
@pytest.mark.parametrize(
    "plant",
    [_onto_another, _out_of_its_frame, _into_a_frame, _without_a_route, _with_the_route_of_another, _through_a_block],
)
def test_a_fault_that_is_planted_in_a_random_drawing_is_found(plant, engine):
    planted = 0
    for seed in range(24):
        drawn, direction = random_outline(seed), ALL[seed % 4]
        good = engine.place(drawn, direction=direction, limits=Limits())
        assert complaints(drawn, good, direction) == [], seed
        bad = plant(random.Random(seed), drawn, good)  # noqa: S311
        if bad:
            planted += 1
            assert complaints(drawn, bad, direction), seed
    assert planted > 10
