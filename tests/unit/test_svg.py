"""The SVG itself: only what an allow-list names, ids of its own, and the same bytes with or without fonts."""

import itertools
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from gradgraph import Graph, Limits, Node, OptionError, ToolFailed, Value, export, fold, render
from gradgraph.drawing.layout import Placement, Rectangle, Route, whole_way
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import everything
from gradgraph_renderers.svg.metrics import is_held, text_width
from gradgraph_renderers.svg.placing import outline, place
from tests.conftest import example
from tests.strategies import NASTY_LABELS, many_labels
from tests.test_goldens import CASES

PLACE = {"x", "y", "width", "height", "rx"}
PAINT = {"fill", "stroke", "stroke-width", "stroke-dasharray", "class"}
ALLOWED = {
    "svg": {
        "id",
        "role",
        "aria-labelledby",
        "aria-describedby",
        "width",
        "height",
        "viewBox",
        "font-family",
        "font-size",
    },
    "title": {"id"},
    "desc": {"id"},
    "style": set(),
    "g": {"class", "fill", "stroke", "data-node", "data-fold", "data-op", "data-role", "data-output", "data-stub"}
    | {"data-tail", "data-head", "data-constants"},
    "rect": PLACE | PAINT,
    "circle": {"cx", "cy", "r", "fill"},
    "path": {"d", "stroke-dasharray", "class", "data-tail"},
    "polygon": {"points", "fill", "stroke"},
    "text": {
        "x",
        "y",
        "text-anchor",
        "class",
        "fill",
        "font-size",
        "font-weight",
        "textLength",
        "lengthAdjust",
        "stroke",
    }
    | {"{http://www.w3.org/XML/1998/namespace}space"},
    "a": {"href"},
}
"""Every element our SVG may have, and its attributes."""


def check_allowed(svg: str) -> None:
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own drawing
    ids = []
    for element in root.iter():
        name = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        assert name in ALLOWED
        assert element.attrib.keys() <= ALLOWED[name], name
        ids += [element.attrib["id"]] if "id" in element.attrib else []
        if name == "style":
            assert not re.search(r"url|@import|expression|<|\\", element.text or "")
    assert len(ids) == len(set(ids)) == 3
    assert all(each.startswith(ids[0]) for each in ids)


def leaf(label: str) -> Graph:
    return Graph((Node(0, 1.0, None, label),), (0,))


def test_every_drawing_keeps_to_the_allow_list(each_engine):
    for make in CASES.values():
        every: list[dict[str, Any]] = [{}, {"local": True, "theme": "dark"}, {"link": "{id}?{label}", "grad": False}]
        for options in every:
            check_allowed(str(render(make(), "svg", strict=True, **options)))
    check_allowed(str(render(fold(example("mlp"), max_boxes=20), "svg", strict=True)))
    nodes = tuple(Node(n, 1.0, None, label) for n, label in enumerate(many_labels(200)))
    check_allowed(str(render(Graph(nodes, (0,)), "svg", strict=True, title=NASTY_LABELS[4], desc=NASTY_LABELS[5])))


def test_different_graphs_have_different_ids(layout_engine):
    drawings = [str(render(make(), "svg", theme=theme)) for make in CASES.values() for theme in ("auto", "dark")]
    ids = [each for drawing in drawings for each in re.findall(r' id="([^"]*)"', drawing)]
    assert len(set(ids)) == len(ids) == 3 * len(drawings)


def test_the_bytes_do_not_depend_on_the_fonts_of_the_machine(dot, tmp_path, monkeypatch):
    with_fonts = str(render(CASES["hostile"](), "svg", strict=True, layout="dot"))
    nothing = tmp_path / "fonts.conf"
    nothing.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    wrapper = tmp_path / "dot"
    wrapper.write_text(f'#!/bin/sh\nFONTCONFIG_FILE={nothing} exec {dot} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(render(CASES["hostile"](), "svg", strict=True, layout="dot")) == with_fonts


def test_the_legend_tells_what_occurs_and_the_note_stays_without_it(layout_engine):
    one = Value(1.0, "one", "constant")
    plain = str(render(Value(1.0, "a") - one, "svg", strict=True))
    legend = plain.partition('class="gg-legend"')[2]
    for said in (">input<", ">constant<", ">result<", ">output<", ">1, 2 … operands in order<"):
        assert said in legend
    for absent in ("parameter", "folded", "grad", "not finite"):
        assert absent not in legend
    assert 'class="gg-legend"' not in str(render(Value(1.0, "a") - one, "svg", strict=True, legend=False))
    folded = str(render(fold(example("mlp"), ["layer 1"]), "svg", strict=True, legend=False))
    assert ">layer 1 folded: 32 nodes stand in 1 box</text>" in folded


def test_the_origin_of_what_is_not_finite_is_marked_once(layout_engine):
    svg = str(render(CASES["not-finite"](), "svg", strict=True))
    assert svg.count("starts here") == 1
    assert "Numbers stop being finite at n1, data nan" in svg
    backwards = Value(0.0, "x").sqrt()
    backwards.backward()
    assert ">grad inf</text>" in str(render(backwards, "svg", strict=True))
    assert ">inf starts here</text>" in str(render(backwards, "svg", strict=True))
    assert "inf" not in str(render(backwards, "svg", strict=True, grad=False))


def test_a_link_leads_to_an_address_that_can_run_nothing(layout_engine):
    svg = str(render(leaf('"><script>'), "svg", strict=True, link="https://example.org/{id}?label={label}&op={op}"))
    assert '<a href="https://example.org/n0?label=%22%3E%3Cscript%3E&amp;op=">' in svg
    assert 'role="group"' in svg
    assert "<a" in str(render(leaf("javascript:alert(1)"), "svg", strict=True, link="{label}"))
    for bad in (
        "javascript:{id}",
        "JAVASCRIPT:1",
        "data:text/html,x",
        " javascript:1",
        "java\nscript:1",
        "vbscript:{id}",
    ):
        with pytest.raises(OptionError, match=r"a link is|no address has"):
            render(leaf("x"), "svg", strict=True, link=bad)
    for bad in ("{0}", "{id.__class__}", "{label!r}", "{id:9}", "{", "a b", '"'):
        with pytest.raises(OptionError):
            render(leaf("x"), "svg", strict=True, link=bad)


def test_titles_can_be_given(layout_engine):
    svg = str(render(leaf("x"), "svg", strict=True, title="Loss & <b>", desc="What it is."))
    assert "Loss &amp; &lt;b&gt;</title>" in svg
    assert ">What it is.</desc>" in svg


def test_widths_follow_the_rule():
    assert text_width("∂x") == 2 * text_width("a")
    assert is_held("naïve ≤ Ωmega")
    assert not is_held("权")
    assert text_width("权") < 2 * text_width("a") < text_width("🙂") + 1


class FakeLayout:
    """A layout engine that answers whatever the test wants."""

    name = "fake"

    def __init__(self, answer):
        self.answer = answer

    def availability(self):
        return None

    def version(self):
        return "1"

    def place(self, plan, *, direction, limits):
        return self.answer(plan)


def on_a_line(plan) -> Placement:
    """An answer that nothing is wrong with."""
    blocks = {key: Rectangle(100.0 * n, 0.0, 50.0, 20.0) for n, key in enumerate(plan.blocks)}
    frames = {frame.group_id: Rectangle(0.0, 0.0, 9.0, 9.0) for frame in plan.frames}
    return Placement(900.0, 90.0, blocks, frames, (Route(((0.0, 0.0),) * 5),) * len(plan.lines))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda plan: on_a_line(plan)._replace(blocks={}), "6 things have no place, n0 first"),
        (lambda plan: on_a_line(plan)._replace(routes=()), "0 routes for 5 lines"),
        (lambda plan: on_a_line(plan)._replace(width=float("nan")), "a position is not finite"),
        (lambda plan: on_a_line(plan)._replace(routes=(Route(()),) * 5), "a route is no chain"),
        (lambda plan: None, "AttributeError"),
        (lambda plan: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_a_layout_engine_answers_is_checked(answer, told, monkeypatch):
    scene = build_scene(everything(export(-(Value(1.0, "a") + Value(1.0)))), DrawingOptions())
    monkeypatch.setattr("gradgraph_renderers.svg.placing.find_layout", lambda name: FakeLayout(answer))
    with pytest.raises(ToolFailed) as caught:
        place(scene, "fake", "LR", Limits())
    assert told in str(caught.value)


def test_a_mark_is_never_lost(monkeypatch):
    scene = build_scene(everything(export(Value(1.0, "a") - Value(1.0))), DrawingOptions())
    monkeypatch.setattr("gradgraph_renderers.svg.placing.find_layout", lambda name: FakeLayout(on_a_line))
    with pytest.raises(ToolFailed, match=r"answered with no layout \(a mark has no place\)"):
        place(scene, "fake", "LR", Limits())


def test_a_layout_engine_sees_no_text_of_the_graph():
    scene = build_scene(everything(CASES["hostile"]()), DrawingOptions(title="secret", local=True))
    plan = repr(outline(scene))
    assert not re.search("secret|end|权|script|<g>", plan)


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
@pytest.mark.parametrize("name", CASES)
def test_nothing_overlaps_and_wires_end_at_what_they_connect(name, direction, each_engine):
    scene = build_scene(fold(CASES[name](), max_boxes=30), DrawingOptions(local=True))
    placement = place(scene, each_engine, direction, Limits())
    for (first, a), (second, b) in itertools.combinations(placement.blocks.items(), 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (first, second)
    for wire, route in zip(scene.wires, placement.routes, strict=True):
        start, *_, tip = whole_way(route, placement.trunks)
        for key, (x, y) in ((wire.tail, start), (wire.head, tip)):
            at = placement.blocks[key]
            assert at.x - 2 <= x <= at.x + at.width + 2, (wire, direction)
            assert at.y - 2 <= y <= at.y + at.height + 2, (wire, direction)


def test_upright_drawings_read_from_left_to_right(dot):
    scene = build_scene(everything(CASES["neuron"]()), DrawingOptions())
    for direction in ("TB", "BT"):
        at = place(scene, "dot", direction, Limits()).blocks
        assert at["n0"].x < at["n1"].x < at["n3"].x < at["n4"].x
