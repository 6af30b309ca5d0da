"""Every listed graph gets a picture of few boxes that fits a page; without `dot`, it or text with the same boxes."""

import re
from functools import cache

import pytest

from benchmarks.listed_graphs import ALL, LISTED, STRANGERS
from gradgraph import DegradedWarning, Graph, Rendering, export, render
from gradgraph.drawing.layout_choice import auto_layout
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import View
from gradgraph.pages.notebook import mimebundle
from gradgraph_renderers.svg.placing import outline
from gradgraph_renderers.svg.renderer import SvgRenderer
from tests.command import run_cli

BOXES, WIDTH = 60, 1_600.0
CHEAP = [name for name in LISTED if "on 20" not in name and "on 78" not in name]
"""Those that are drawn again, by the command and in a notebook: none has 2,000 values."""


@cache
def graph(name: str) -> Graph:
    return ALL[name]()


@cache
def picture(name: str) -> Rendering:
    """The picture by `layered`, which needs no program, of what `auto` folds."""
    return render(graph(name), "svg", layout="layered", strict=True)


def view(name: str) -> View:
    shown = picture(name).view
    assert shown
    return shown


def boxes(shown: View) -> set[tuple[int, ...]]:
    """The ids of the values in each box."""
    folds = {tuple([node.id for node in fold.nodes]) for fold in shown.folds}
    return folds | {(node.id,) for node in shown.nodes}


def width(svg: str) -> float:
    found = re.search(r' width="([\d.]+)"', svg)
    assert found
    return float(found[1])


def needs_dot(name: str) -> bool:
    return auto_layout(outline(build_scene(view(name), SvgRenderer.Options()))) == "dot"


@pytest.mark.parametrize("name", ALL)
def test_each_gets_a_picture_of_few_boxes(name):
    assert len(boxes(view(name))) <= BOXES
    assert picture(name).degraded_from is None


@pytest.mark.parametrize("name", LISTED)
def test_each_fits_a_page(name, dot):
    assert width(str(render(view(name), "svg", strict=True))) <= WIDTH


@pytest.mark.parametrize("name", sorted({*STRANGERS} - {"kalman"}))
def test_graphs_of_a_stranger_fit_a_page_too(name, dot):
    assert width(str(render(view(name), "svg", strict=True))) <= WIDTH


@pytest.mark.parametrize("name", ALL)
def test_without_dot_each_gets_its_picture_or_text_with_the_same_boxes(name, no_engine):
    if not needs_dot(name):
        assert render(view(name), "svg", strict=True).content == picture(name).content
        return
    with pytest.warns(DegradedWarning) as caught:
        text = render(graph(name), "svg")
    assert [*map(str, [each.message for each in caught])] == [
        'no svg: `dot` is not installed; pass layout="layered", or install Graphviz (Debian: apt install graphviz)'
    ]
    assert text.degraded_from == "svg"
    assert text.view
    assert boxes(text.view) == boxes(view(name))


def test_some_of_them_need_dot_and_some_do_not():
    assert {needs_dot(name) for name in ALL} == {True, False}
    assert needs_dot("neuron")
    assert not needs_dot("chain of 40")


@pytest.mark.parametrize("name", CHEAP)
def test_the_command_and_a_notebook_draw_the_same_boxes(name, dot, tmp_path):
    drawn = str(render(graph(name), "svg", strict=True))
    assert "image/svg+xml" in mimebundle(graph(name))
    path = tmp_path / "graph.json"
    export(graph(name), path)
    ran = run_cli("render", str(path), "-f", "svg", "--strict")
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", drawn)


@pytest.mark.parametrize("name", CHEAP)
def test_without_dot_the_command_says_one_line_that_names_layered(name, no_engine, tmp_path):
    path = tmp_path / "graph.json"
    export(graph(name), path)
    ran = run_cli("render", str(path), "-f", "svg")
    assert ran.returncode == 0
    said = ran.stderr.splitlines()
    if needs_dot(name):
        assert len(said) == 1
        assert "use --layout layered" in said[0]
    else:
        assert said == []
        assert ran.stdout == str(picture(name))
    layered = run_cli("render", str(path), "-f", "svg", "--layout", "layered")
    assert (layered.returncode, layered.stderr, layered.stdout) == (0, "", str(picture(name)))
