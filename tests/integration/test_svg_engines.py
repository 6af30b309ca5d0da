"""Our SVG in five engines that are no browsers: the same picture as in Chromium, in a light and a dark theme.

`make engines` draws the large graphs too.
"""

import sys
from collections.abc import Callable

import numpy as np
import pytest

from gradgraph import Graph, Node, focus, fold, render
from gradgraph.graph.views import View
from gradgraph_renderers.svg.metrics import is_held
from tests.browser import find_chromium
from tests.conftest import need
from tests.strategies import NASTY_LABELS
from tests.svg_engines import CHROMIUM, ENGINES, SCALE, Pixels, what_is_wrong
from tests.test_goldens import CASES

THEMES = ("auto", "light", "dark")
SQUARE = 8 * SCALE
"""Pixels on the side of the squares whose mean colours are compared."""

VIEWS: dict[str, Callable[[], Graph | View]] = {
    **{name: make for name, make in CASES.items() if name != "mlp"},
    "folded": lambda: fold(CASES["mlp"](), max_boxes=8),
    "focus": lambda: focus(CASES["mlp"](), "x0"),
}


def drawn(name: str, theme: str, **options) -> str:
    return str(render(VIEWS[name](), "svg", strict=True, theme=theme, local=True, **options))


@pytest.fixture(params=ENGINES)
def engine(request):
    found = ENGINES[request.param]
    need(request.param, found.is_there())
    return found


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_shapes_and_text_are_there_in_our_colours_at_our_places(engine, theme, layout_engine):
    for name in VIEWS:
        svg = drawn(name, theme)
        assert what_is_wrong(svg, engine.pixels(svg), theme) == [], name


def test_any_label_leaves_the_picture_whole(engine, layout_engine):
    """Engines differ in what they do with scripts that their fonts lack, and in nothing else."""
    nodes = tuple([Node(n, 1.0, None, label) for n, label in enumerate(NASTY_LABELS)])
    svg = str(render(Graph(nodes, (0,)), "svg", strict=True))
    complaints = what_is_wrong(svg, engine.pixels(svg), "auto")
    assert [each for each in complaints if not each.startswith("text ") or is_held(each.split("'")[1])] == []


@pytest.mark.parametrize(("name", "theme"), [("not-finite", "dark"), ("folded", "light")])
def test_the_picture_is_that_of_chromium(name, theme, layout_engine):
    need("chromium", find_chromium())
    svg = drawn(name, theme)
    expected = CHROMIUM.pixels(svg)
    assert what_is_wrong(svg, expected, theme) == []
    for engine in [each for each in ENGINES.values() if each.is_there()]:
        assert largest_difference(expected, engine.pixels(svg)) < 30


def largest_difference(one: Pixels, other: Pixels) -> float:
    """Of the mean colours of squares, of 255: fonts are smoothed in different ways, so pixels differ."""
    rows, columns = (min(sides) // SQUARE for sides in zip(one.shape[:2], other.shape[:2], strict=True))
    means = [
        picture[: rows * SQUARE, : columns * SQUARE].reshape(rows, SQUARE, columns, SQUARE, 3).mean(axis=(1, 3))
        for picture in (one, other)
    ]
    return float(np.abs(means[0] - means[1]).max())


@pytest.mark.parametrize(
    ("what", "replacement", "complaint"),
    [
        (' fill="#1f2328"', ' fill="#ffffff"', "has no ink"),
        ("monospace, ", "sans-serif, ", "leaves its room"),
        ("<polygon ", '<polygon opacity="0" ', "arrowhead"),
        ("<path ", '<path opacity="0" ', "wire"),
        ("<circle ", '<circle opacity="0" ', "circle"),
        ('class="gg-tint4" fill="#5a9bd4"', 'class="gg-tint4" fill="#eaf2fb"', "not filled with tint4"),
        ('stroke-width="2"', 'stroke-width="0"', "has no ink on its top"),
        ("<style>@supports (color:var(--x)){", "<style>", "not filled"),
    ],
)
def test_the_judge_sees_what_is_wrong(what, replacement, complaint, layout_engine):
    engine = ENGINES["CairoSVG"]
    need("CairoSVG", engine.is_there())
    svg = drawn("neuron", "light")
    assert what in svg
    bad = svg.replace(what, replacement)
    assert any(complaint in each for each in what_is_wrong(bad, engine.pixels(bad), "light"))


def test_the_judge_knows_a_light_picture_from_a_dark_one(layout_engine):
    engine = ENGINES["CairoSVG"]
    need("CairoSVG", engine.is_there())
    light, dark = drawn("twice", "light"), drawn("twice", "dark")
    assert len(what_is_wrong(dark, engine.pixels(light), "dark")) > 10


def main() -> int:
    """Draw every case and example whole in every engine. Returns how many pictures are wrong."""
    wrong = 0
    for name, make in CASES.items():
        for theme in THEMES:
            svg = str(render(make(), "svg", strict=True, theme=theme, local=True))
            for engine, found in {"Chromium": CHROMIUM, **ENGINES}.items():
                complaints = what_is_wrong(svg, found.pixels(svg), theme)
                wrong += bool(complaints)
                print(f"{name}, {theme}, {engine}: {complaints or 'right'}", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main()))
