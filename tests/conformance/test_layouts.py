"""What every registered layout engine must do, whoever wrote it, and whether its check finds each broken promise."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from gradgraph.drawing import layout
from gradgraph.drawing.registry import find_layout, layout_names
from gradgraph.plugins import (
    Block,
    DrawingOptions,
    Limits,
    Outline,
    Placement,
    Point,
    Rectangle,
    Route,
    ToolLimit,
    Trunk,
    build_scene,
    everything,
)
from gradgraph.testing import check_layout, layouts, placements
from gradgraph_renderers.svg.placing import outline as scene_outline
from tests.conformance.staircase import Branching, Staircase
from tests.conftest import need
from tests.test_goldens import CASES, PARTS


@pytest.mark.parametrize("name", layout_names())
def test_it_keeps_every_promise(name):
    engine = find_layout(name)
    need(f"the layout engine {name}", engine.availability() is None)
    check_layout(engine)


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
@pytest.mark.parametrize("name", layout_names())
def test_the_scenes_of_the_goldens_are_placed_without_a_fault(name, direction):
    engine = find_layout(name)
    need(f"the layout engine {name}", engine.availability() is None)
    views = [everything(CASES[case]()) for case in CASES]
    views += [part(CASES[case]()) for case, parts in PARTS.items() for part in parts.values()]
    for view in views:
        outline = scene_outline(build_scene(view, DrawingOptions(local=True)))
        placement = engine.place(outline, direction=direction, limits=Limits())
        assert [*placements.faults(outline, placement, direction)] == []


@pytest.mark.parametrize("engine", [Staircase(), Branching()], ids=["routes alone", "trunks"])
def test_an_engine_of_a_guest_can_keep_them(engine):
    check_layout(engine)


def changing(
    change: Callable[[Outline, Placement], Any], *, only: str | None = None, engine: type[Staircase] = Staircase
) -> Any:
    """An engine whose placements are changed, in every direction or in one only."""

    class Changing(engine):  # type: ignore[valid-type, misc]  # a base that is an argument
        def place(self, outline, *, direction, limits):
            placement = super().place(outline, direction=direction, limits=limits)
            return change(outline, placement) if only in (None, direction) else placement

    return Changing()


def blocks(change: Callable[[Rectangle], Rectangle], key: str, **where: Any) -> Any:
    """An engine that changes the place of a block without lines."""

    def changed(outline: Outline, placement: Placement) -> Placement:
        if key not in placement.blocks or any(key in (line.tail, line.head) for line in outline.lines):
            return placement
        return placement._replace(blocks={**placement.blocks, key: change(placement.blocks[key])})

    return changing(changed, **where)


def frames(group_id: int, change: Callable[[Rectangle, Placement], Rectangle], only: str = "LR") -> Any:
    """An engine that changes the place of one frame of the frames in frames."""

    def changed(outline: Outline, placement: Placement) -> Placement:
        if group_id not in placement.frames:
            return placement
        frame = change(placement.frames[group_id], placement)
        return placement._replace(frames={**placement.frames, group_id: frame})

    return changing(changed, only=only)


def routes(change: Callable[[Route, Placement], Route], marked: bool | None = None) -> Any:
    """An engine that changes the route of the first line, or only if that has a mark, or has none."""

    def changed(outline: Outline, placement: Placement) -> Placement:
        if not outline.lines or marked not in (None, outline.lines[0].mark is not None):
            return placement
        return placement._replace(routes=(change(placement.routes[0], placement), *placement.routes[1:]))

    return changing(changed)


def trunks(change: Callable[[Trunk], Trunk]) -> Any:
    """An engine that changes the first trunk."""

    def changed(outline: Outline, placement: Placement) -> Placement:
        return placement._replace(trunks=(*map(change, placement.trunks[:1]), *placement.trunks[1:]))

    return changing(changed, engine=Branching)


def off_its_trunk(outline: Outline, placement: Placement) -> Placement:
    """The placement with a gap between the first route and its trunk."""
    first = [
        route._replace(spline=(shifted(route.spline[0], 9.0), *route.spline[1:])) for route in placement.routes[:1]
    ]
    return placement._replace(routes=(*first, *placement.routes[1:]))


def on_a_trunk_of_another(outline: Outline, placement: Placement) -> Placement:
    """The placement with the first route on the first trunk of another tail, and a detour from there."""
    for line, route in zip(outline.lines, placement.routes, strict=True):
        if line.tail != outline.lines[0].tail:
            own, first = placement.routes[0].spline, placement.trunks[route.trunk or 0].spline[-1]
            moved = Route((first, first, own[0], *own), placement.routes[0].mark, route.trunk)
            return placement._replace(routes=(moved, *placement.routes[1:]))
    return placement


def through_a_stranger(outline: Outline, placement: Placement) -> Placement:
    """The placement with a detour of the first line over a block that it does not connect."""
    for line, route in zip(outline.lines[:1], placement.routes, strict=False):
        stranger = next(key for key in outline.blocks if key not in (line.tail, line.head))
        detour = by_way_of(route, middle(placement.blocks[stranger]))
        return placement._replace(routes=(detour, *placement.routes[1:]))
    return placement


def by_way_of(route: Route, point: Point, *, mark: bool = False) -> Route:
    """The route with a detour, on which the mark may be."""
    start = route.spline[:4]
    there_and_back = (start[-1], point, point, point, start[-1], start[-1])
    return Route((*start, *there_and_back, *route.spline[4:]), point if mark else route.mark)


def beside(at: Rectangle) -> Point:
    """A place for a line that does not run through a block, but whose mark does."""
    return at.x - 2.0, at.y - 2.0


def middle(at: Rectangle) -> Point:
    return at.x + at.width / 2, at.y + at.height / 2


def shifted(point: Point, by: float) -> Point:
    return point[0] + by, point[1] + by


class Named(Staircase):
    def __init__(self, name: Any = "staircase", version: Any = "1", reason: str | None = None) -> None:
        self.name, self.number, self.reason = name, version, reason

    def availability(self):
        return self.reason

    def version(self):
        if isinstance(self.number, Exception):
            raise self.number
        return self.number


class Stateful(Staircase):
    count = 0

    def place(self, outline, *, direction, limits):
        self.count += 1
        placement = super().place(outline, direction=direction, limits=limits)
        return placement._replace(width=placement.width + self.count)


class Hashing(Staircase):
    """Takes blocks from a set, whose order changes with their names."""

    def place(self, outline, *, direction, limits):
        shuffled = outline._replace(blocks={key: outline.blocks[key] for key in set(outline.blocks)})
        return super().place(shuffled, direction=direction, limits=limits)


class Meddling(Staircase):
    def place(self, outline, *, direction, limits):
        placement = super().place(outline, direction=direction, limits=limits)
        outline.blocks.update({key: Block(1.0, 1.0) for key in outline.blocks})
        return placement


class Reordering(Staircase):
    """Leaves all blocks as they are, but for their order."""

    def place(self, outline, *, direction, limits):
        placement = super().place(outline, direction=direction, limits=limits)
        first = next(iter(outline.blocks), None)
        if first is not None:
            outline.blocks[first] = outline.blocks.pop(first)
        return placement


class Refusing(Staircase):
    def place(self, outline, *, direction, limits):
        if len(outline.lines) > 30:
            raise ToolLimit("too many lines", "draw less")
        return super().place(outline, direction=direction, limits=limits)


class Dividing(Staircase):
    def place(self, outline, *, direction, limits):
        assert 1 / len(outline.blocks)
        return super().place(outline, direction=direction, limits=limits)


class GivingUp(Staircase):
    """Stops where its limit is and answers with what it has."""

    def place(self, outline, *, direction, limits):
        placement = super().place(outline, direction=direction, limits=limits)
        kept = [*placement.blocks.items()][: limits.max_layout_cost]
        return placement._replace(blocks=dict(kept))


class Sideways(Staircase):
    """Honours no direction but one."""

    def place(self, outline, *, direction, limits):
        return super().place(outline, direction="LR", limits=limits)


def without_marks(outline: Outline, placement: Placement) -> Placement:
    return placement._replace(routes=tuple([route._replace(mark=None) for route in placement.routes]))


BROKEN: dict[str, tuple[Any, str]] = {
    "no name": (Named(name=""), "name is '', not a text of its own"),
    "the name of the choice": (Named(name="auto"), "name is 'auto', not a text of its own"),
    "no version": (Named(version=""), "version() is '', not a text"),
    "a version that cannot be had": (Named(version=OSError("gone")), "version() raised OSError('gone')"),
    "out of order": (Named(reason="it is on holiday"), "it cannot work here: it is on holiday"),
    "another answer each time": (Stateful(), "a + a: placed differently the second time"),
    "order of a set": (Hashing(), "placed differently when the keys are others"),
    "sizes of the outline changed": (Meddling(), "one block, LR: the outline has been changed"),
    "order of the outline changed": (Reordering(), "a + a, LR: the outline has been changed"),
    "refuses": (Refusing(), "lines across a long chain, LR: refused (too many lines; draw less)"),
    "no outline is empty": (Dividing(), "nothing, LR: raised ZeroDivisionError('division by zero')"),
    "half an answer at its limit": (GivingUp(), "marks, with max_layout_cost=1: 7 things have no place, n1 first"),
    "no layout": (changing(lambda outline, placement: None), "nothing, LR: raised AttributeError"),
    "a block left out": (
        changing(lambda outline, placement: placement._replace(blocks=dict([*placement.blocks.items()][:-1]))),
        "one block, LR: 1 things have no place, n0 first",
    ),
    "routes left out": (
        changing(lambda outline, placement: placement._replace(routes=placement.routes[1:])),
        "a + a, LR: 2 routes for 3 lines",
    ),
    "no curves": (
        routes(lambda route, placement: route._replace(spline=(route.spline[0], route.spline[-1]))),
        "a route is no chain of Bézier curves and a tip",
    ),
    "a trunk without curves": (
        trunks(lambda trunk: trunk._replace(spline=trunk.spline[:3])),
        "a trunk is no chain of Bézier curves",
    ),
    "a trunk of itself": (
        trunks(lambda trunk: trunk._replace(trunk=0)),
        "a + a, LR: trunk 0 names trunk 0, and there are 0 before it",
    ),
    "a line off its trunk": (
        changing(off_its_trunk, engine=Branching),
        "a + a, LR: route 0 does not start where trunk 0 ends",
    ),
    "a line on the trunk of another": (
        changing(on_a_trunk_of_another, engine=Branching),
        "a + a, LR: line 0, n0 to n1op, does not start at the edge of n0",
    ),
    "a trunk from nowhere": (
        trunks(lambda trunk: trunk._replace(spline=(shifted(trunk.spline[0], -9.0), *trunk.spline[1:]))),
        "a + a, LR: line 0, n0 to n1op, does not start at the edge of n0",
    ),
    "a trunk to nowhere": (
        changing(
            lambda outline, placement: placement._replace(trunks=placement.trunks + placement.trunks[:1]),
            engine=Branching,
        ),
        "a + a, LR: trunk 3 leads to no line",
    ),
    "line through a block": (
        changing(through_a_stranger),
        "a + a, LR: line 0, n0 to n1op, runs through the block n1",
    ),
    "marks left out": (changing(without_marks), "marks, LR: a mark has no place"),
    "no number": (
        changing(lambda outline, placement: placement._replace(width=float("nan"))),
        "a position is not finite",
    ),
    "wrong size": (
        blocks(lambda at: at._replace(width=at.width + 9.0), "n0"),
        "one block, LR: the block n0 of 88 × 46 px has become 97 × 46",
    ),
    "block outside the picture": (
        blocks(lambda at: at._replace(x=-9.0), "n0"),
        "one block, LR: the block n0 is not inside the picture",
    ),
    "overlap": (
        blocks(lambda at: at._replace(x=at.x - 80.0, y=at.y - 40.0), "n7", only="LR"),
        "parts without a line between, LR: the blocks n6 and n7 overlap",
    ),
    "frame outside the picture": (
        frames(9, lambda at, _: at._replace(x=-9.0, width=at.x + at.width + 9.0)),
        "frames in frames, LR: frame 9 is not inside the picture",
    ),
    "frame smaller than its name": (
        frames(2, lambda at, _: at._replace(width=at.width - 9.0), only="TB"),
        "frames in frames, TB: frame 2 has no room for its name",
    ),
    "frame beside its block": (
        frames(9, lambda at, _: at._replace(height=20.0)),
        "frames in frames, LR: the block n2 is not inside frame 9",
    ),
    "name on a block": (
        frames(9, lambda at, all: at._replace(y=all.blocks["n2"].y, height=at.y + at.height - all.blocks["n2"].y)),
        "frames in frames, LR: the block n2 is in the room for the name of frame 9",
    ),
    "frame around a stranger": (
        frames(9, lambda at, all: at._replace(y=20.0, height=at.y + at.height - 20.0)),
        "frames in frames, LR: frame 2 is not outside frame 9",
    ),
    "mark outside the picture": (
        routes(lambda route, all: by_way_of(route, (route.spline[3][0], all.height), mark=True), marked=True),
        "the mark of line 0 is not inside the picture",
    ),
    "mark under a block": (
        routes(lambda route, all: by_way_of(route, beside(all.blocks["n2"]), mark=True), marked=True),
        "the mark of line 0 and the block n2 overlap",
    ),
    "marks on each other": (
        routes(lambda route, all: by_way_of(route, all.routes[1].mark or (0.0, 0.0), mark=True), marked=True),
        "the marks of lines 0 and 1 overlap",
    ),
    "mark far from its line": (
        routes(lambda route, all: route._replace(mark=(all.width - 60.0, 20.0)), marked=True),
        "is farther than 32 px from its mark",
    ),
    "mark of no line": (
        routes(lambda route, all: route._replace(mark=route.spline[1]), marked=False),
        "line 0, n0 to n1op, has no mark, and the placement has one",
    ),
    "line from nowhere": (
        routes(lambda route, all: route._replace(spline=(shifted(route.spline[0], -9.0), *route.spline[1:]))),
        "line 0, n0 to n1op, does not start at the edge of n0",
    ),
    "line to nowhere": (
        routes(lambda route, all: route._replace(spline=(*route.spline[:-1], shifted(route.spline[-1], 9.0)))),
        "line 0, n0 to n1op, does not end at the edge of n1op",
    ),
    "no arrow": (
        routes(lambda route, all: route._replace(spline=(*route.spline[:-2], route.spline[-1], route.spline[-1]))),
        "line 0, n0 to n1op, has an arrow without length",
    ),
    "line outside the picture": (
        routes(lambda route, all: by_way_of(route, (-9.0, 0.0))),
        "line 0, n0 to n1op, leaves the picture",
    ),
    "routes in another order": (
        changing(lambda outline, placement: placement._replace(routes=placement.routes[::-1])),
        "line 0, n0 to n1op, does not start at the edge of n0",
    ),
    "direction ignored": (Sideways(), "TB: line 2, n1op to n1, does not lead the way that TB says"),
}
"""Engines that break a promise, and what the check says of it."""


@cache
def complaints(kind: str) -> list[str]:
    engine, _ = BROKEN[kind]
    with pytest.raises(AssertionError) as caught:
        check_layout(engine)
    heading, *lines = str(caught.value).splitlines()
    assert re.fullmatch(rf"the layout engine {engine.name!r} breaks {len(lines)} promises:", heading)
    return lines


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_promise_is_named_with_its_reason(kind):
    _, said = BROKEN[kind]
    assert [line for line in complaints(kind) if said in line]


def sentences() -> Iterator[str]:
    """What the check can say, as patterns: the texts that its modules yield, and those that `complaint` returns."""
    for module in (layouts, placements, layout):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Yield | ast.Return):
                given = node.value
                for each in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                    yield from pattern(each)


def pattern(sentence: ast.expr | None) -> Iterator[str]:
    """The pattern of a sentence; none of what passes one on, or counts those that are left out."""
    parts: list[Any] = sentence.values if isinstance(sentence, ast.JoinedStr) else [sentence]
    spelled = "".join([re.escape(part.value) if is_text(part) else ".+" for part in parts])
    if re.search("[a-z]", spelled) and not spelled.endswith((r",\ .+", r"\ more")):
        yield rf"(^|: |, ){spelled}$"


def is_text(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, str)


def test_each_promise_has_an_engine_that_nothing_else_catches():
    known = {*sentences()}
    alone = set()
    for kind in BROKEN:
        said = {each for each in known if re.search(each, "\n".join(complaints(kind)), re.MULTILINE)}
        alone |= said if len(said) == 1 else set()
    assert len(known) >= 30
    assert known - alone == set()
