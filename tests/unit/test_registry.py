"""Plug-ins by entry point: a good one, and each way one can be bad."""

from importlib.metadata import EntryPoint
from typing import Any

import pytest

from gradgraph import RendererError, ToolMissing, entry_points, render
from gradgraph.drawing import registry
from gradgraph.drawing.layout import Placement, Rectangle, Route
from gradgraph.drawing.options import DrawingOptions
from tests.command import run_cli
from tests.conftest import ROOT, example

CACHES: tuple[Any, ...] = (entry_points.claims, registry._installed, registry.find_layout)


class UpperRenderer:
    """A renderer as a third party might write it."""

    name = "upper"
    media_type = "text/x-upper"
    suffixes = (".up",)
    Options = DrawingOptions

    def availability(self):
        return None

    def render(self, view, options, limits):
        return " ".join(f"N{node.id}" for node in view.nodes)


class Unfinished:
    name = "unfinished"


class Column:
    """A layout engine as a third party might write it: everything in a column."""

    name = "column"

    def availability(self):
        return None

    def version(self):
        return "3"

    def place(self, outline, *, direction, limits):
        places = {}
        y = 0.0
        for key, block in outline.blocks.items():
            places[key] = Rectangle(0.0, y, block.width, block.height)
            y += block.height + 10
        frames = {frame.group_id: Rectangle(0.0, 0.0, 200.0, y) for frame in outline.frames}
        routes = []
        for line in outline.lines:
            (x1, y1, *_), (x2, y2, *_) = places[line.tail], places[line.head]
            routes.append(Route(((x1, y1), (x1, y1), (x2, y2), (x2, y2), (x2 + 5, y2 + 5)), (x1, y1)))
        return Placement(200.0, y, places, frames, tuple(routes))


class Absent(Column):
    name = "absent"

    def availability(self):
        return "it is on holiday"


@pytest.fixture
def plug_ins(monkeypatch):
    """Entry points of a made-up distribution beside ours."""
    here = "tests.unit.test_registry"
    made_up = [
        EntryPoint("upper", f"{here}:UpperRenderer", registry.RENDERERS),
        EntryPoint("twice", f"{here}:UpperRenderer", registry.RENDERERS),
        EntryPoint("twice", f"{here}:Unfinished", registry.RENDERERS),
        EntryPoint("missing", f"{here}.nowhere:Renderer", registry.RENDERERS),
        EntryPoint("unfinished", f"{here}:Unfinished", registry.RENDERERS),
        EntryPoint("column", f"{here}:Column", registry.LAYOUTS),
        EntryPoint("absent", f"{here}:Absent", registry.LAYOUTS),
        EntryPoint("branching", "tests.conformance.staircase:Branching", registry.LAYOUTS),
        EntryPoint("aaa", f"{here}.nowhere:Layout", registry.LAYOUTS),
        EntryPoint("svg", "gradgraph_renderers.svg.renderer:SvgRenderer", registry.RENDERERS),
        EntryPoint("text", "gradgraph_renderers.text.renderer:TextRenderer", registry.RENDERERS),
    ]
    monkeypatch.setattr(
        entry_points, "entry_points", lambda group: [entry for entry in made_up if entry.group == group]
    )
    for cached in CACHES:
        cached.cache_clear()
    yield
    for cached in CACHES:
        cached.cache_clear()


def test_a_plug_in_is_found_by_name_and_suffix(plug_ins):
    assert render(example("neuron"), "upper").content == " ".join(f"N{n}" for n in range(10))
    assert registry.renderer_for_suffix(".UP") == "upper"
    assert registry.renderer_for_suffix(".none") is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("absent", "no renderer named 'absent' (known: missing, svg, text, twice, unfinished, upper)"),
        ("twice", "claimed by tests.unit.test_registry:Unfinished and tests.unit.test_registry:UpperRenderer"),
        ("missing", "cannot be loaded: ModuleNotFoundError"),
        ("unfinished", "has no 'media_type'"),
    ],
)
def test_a_bad_plug_in_is_named_and_harms_nobody_else(plug_ins, name, told):
    with pytest.raises(RendererError) as caught:
        registry.find_renderer(name)
    assert told in str(caught.value)
    assert registry.find_renderer("text").name == "text"


def test_a_layout_engine_of_a_guest_is_found_by_name_and_not_taken_by_auto(plug_ins):
    assert registry.layout_names() == ("aaa", "absent", "branching", "column")
    assert "</svg>" in str(render(example("neuron"), "svg", strict=True, layout="column"))
    trunks = run_cli("render", str(ROOT / "examples/neuron.json"), "--strict", "--layout", "branching")
    assert (trunks.returncode, trunks.stdout.count('<path class="gg-trunk"'), trunks.stderr) == (
        0,
        14,
        "",
    )  # one for each line
    with pytest.raises(RendererError, match="there is no layout engine named 'dot'"):
        render(example("neuron"), "svg", strict=True)
    with pytest.raises(ToolMissing, match="on holiday"):
        render(example("neuron"), "svg", strict=True, layout="absent")
    for bad in ("aaa", "nobody"):
        with pytest.raises(RendererError, match=bad):
            render(example("neuron"), "svg", layout=bad)
