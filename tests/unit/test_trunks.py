"""Trunks, the ways that lines of one value share: drawn once, and each line goes on from where it branches."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from gradgraph import Limits, Value, export, focus, render
from gradgraph.drawing.layout import Placement, Rectangle, Route, Trunk, complaint, whole_way
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import Wire
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import everything
from gradgraph.plugins import Outline
from gradgraph.testing.placements import faults
from gradgraph_renderers.palette import LIGHT
from gradgraph_renderers.svg import placing
from gradgraph_renderers.svg.placing import outline
from gradgraph_renderers.svg.wires import wires
from tests.conformance.staircase import Branching, Staircase
from tests.conftest import example
from tests.readback import svg_reads
from tests.unit.test_svg import check_allowed

SVG = "{http://www.w3.org/2000/svg}"
LONG = 50_000


@pytest.fixture
def engines(monkeypatch):
    """The layout engines `staircase` and `branching`, which place everything at the same places."""
    made_up = {"staircase": Staircase(), "branching": Branching()}
    monkeypatch.setattr(placing, "find_layout", made_up.__getitem__)


def drawn(what, layout: str) -> ElementTree.Element:
    svg = str(render(what, "svg", strict=True, layout=layout))
    check_allowed(svg)
    return ElementTree.fromstring(svg)  # noqa: S314  # our own drawing


def ends(path: ElementTree.Element) -> tuple[str, str]:
    """The first and the last point of a path."""
    points: list[tuple[str, str]] = []
    for command, numbers in re.findall(r"([MCHVL])([^MCHVL]*)", path.attrib["d"]):
        if command == "H":
            points.append((numbers, points[-1][1]))
        elif command == "V":
            points.append((points[-1][0], numbers))
        else:
            points += re.findall(r"([-0-9.]+),([-0-9.]+)", numbers)
    return ",".join(points[0]), ",".join(points[-1])


@pytest.mark.parametrize("make", [lambda: example("mlp"), lambda: focus(example("mlp"), "n6")])
def test_each_trunk_is_drawn_once_and_wires_go_on_from_it(make, engines):
    alone, branching = (drawn(make(), layout) for layout in ("staircase", "branching"))
    trunks = branching.findall(f".//{SVG}path[@class='gg-trunk']")
    carried = branching.findall(f".//{SVG}g[@data-head]")
    assert len(trunks) == len(carried) == len({trunk.attrib["d"] for trunk in trunks})
    assert not alone.findall(f".//{SVG}path[@class='gg-trunk']")
    for group in carried:
        start = ends(group[0])[0]
        own = [trunk for trunk in trunks if trunk.attrib["data-tail"] == group.attrib["data-tail"]]
        assert [trunk for trunk in own if ends(trunk)[1] == start]
    assert svg_reads(ElementTree.tostring(alone, "unicode")) == svg_reads(ElementTree.tostring(branching, "unicode"))


def test_a_trunk_is_dashed_where_all_that_it_carries_leads_out(engines):
    picture = drawn(focus(example("mlp"), "n6"), "branching")
    dashed = "stroke-dasharray"
    inside = {each.attrib["data-tail"]: False for each in picture.findall(f".//{SVG}g[@data-head]")}
    for group in picture.findall(f".//{SVG}g[@data-head]"):
        inside[group.attrib["data-tail"]] |= dashed not in group[0].attrib
    first: dict[str, bool] = {}
    for trunk in picture.findall(f".//{SVG}path[@class='gg-trunk']"):
        first.setdefault(trunk.attrib["data-tail"], dashed not in trunk.attrib)
    assert first == inside
    assert {*inside.values()} == {True, False}


def test_a_whole_way_is_the_route_without_trunks(engines):
    plan = outline(build_scene(everything(example("mlp")), DrawingOptions(local=True)))
    alone, branching = (engine.place(plan, direction="LR", limits=Limits()) for engine in (Staircase(), Branching()))
    assert max(trunk.trunk or 0 for trunk in branching.trunks) > 0
    for plain, route in zip(alone.routes, branching.routes, strict=True):
        way = whole_way(route, branching.trunks)
        assert (way[0], way[-6:]) == (plain.spline[0], plain.spline[-6:])
        assert len(way) % 3 == 2


@pytest.mark.parametrize("direction", ["TB", "BT"])
def test_a_mirrored_placement_is_as_good(direction):
    plan = outline(build_scene(everything(example("mlp")), DrawingOptions(local=True)))
    placement = Branching().place(plan, direction=direction, limits=Limits())
    mirrored = placing._mirrored(placement)
    assert mirrored.trunks != placement.trunks
    assert [*faults(plan, mirrored, direction)] == []


def chain(length: int) -> tuple[Outline, Placement]:
    """An outline whose lines branch from a chain of trunks, one from the end of each."""
    plan = outline(build_scene(everything(export(-Value(1.0))), DrawingOptions()))
    pieces = [*pairwise([(float(x), 0.0) for x in range(length + 2)])]
    trunks = [Trunk((a, a, b, b), n - 1 if n else None) for n, (a, b) in enumerate(pieces[:-1])]
    routes = [Route((a, a, b, b, (b[0] + 9.0, 0.0)), trunk=n) for n, (a, b) in enumerate(pieces[1:])]
    blocks = dict.fromkeys(plan.blocks, Rectangle(0.0, 0.0, 9.0, 9.0))
    return plan._replace(lines=plan.lines[:1] * length), Placement(9.0, 9.0, blocks, {}, tuple(routes), tuple(trunks))


def test_a_chain_of_trunks_may_be_of_any_length():
    plan, placement = chain(LONG)
    assert complaint(plan, placement) == ""
    drawing = [*wires([Wire(line.tail, line.head, "") for line in plan.lines], placement, LIGHT)]
    assert len(drawing) == 2 * LONG
    assert len(whole_way(placement.routes[-1], placement.trunks)) == 3 * LONG + 5
