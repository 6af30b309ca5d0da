"""How wide pictures are by `dot` and by `layered`, beside the width that "auto" estimates. Prints a table.

Run `python -m benchmarks.layout_widths [NAME…]`, with beginnings of names. Each graph is drawn with default options.
"""

import re
import sys
from collections.abc import Callable, Iterator

from benchmarks.layout_graphs import makers
from benchmarks.layout_random import GENERATORS, PER_GENERATOR
from benchmarks.listed_graphs import LISTED
from gradgraph import Graph, Limits
from gradgraph.drawing.layout_choice import auto_layout, dot_width
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import View
from gradgraph_renderers.svg.placing import outline, place
from gradgraph_renderers.svg.renderer import SvgRenderer, draw
from tests.architectures import NAMED

LIMITS = Limits(max_layout_cost=2**40, tool_seconds=60.0)
"""Bounds that let `dot` try what it is not asked for otherwise."""


PAGE = 1_600.0
"""px that a picture may be wide."""


def graphs() -> Iterator[tuple[str, Callable[[], Graph | View]]]:
    """Yield a name for each graph, and what makes it."""
    yield from LISTED.items()
    yield from NAMED.items()
    made = makers()
    yield from [(name, make) for name, make in made.items() if name.startswith(("examples/", "gallery/"))]
    for kind in GENERATORS:
        yield from [(f"{kind} {seed}", made[f"{kind} {seed}"]) for seed in range(PER_GENERATOR)]


def main() -> None:
    """Print a line for each graph, and how many pictures are wider than a page though the other engine's is not."""
    print(f"{'graph':<40} {'boxes':>5} {'estimate':>8} {'dot':>6} {'layered':>7}  auto")
    count = wider = missed = 0
    for name, make in graphs():
        if sys.argv[1:] and not name.startswith(tuple(sys.argv[1:])):
            continue
        view = Selection().drawn_as("svg").view(make())
        scene = build_scene(view, SvgRenderer.Options())
        plan = outline(scene)
        widths = {}
        for engine in ("dot", "layered"):
            drawn = draw(scene, place(scene, engine, "LR", LIMITS), "auto")
            found = re.search(r' width="([\d.]+)"', drawn)
            assert found
            widths[engine] = float(found[1])
        chosen = auto_layout(plan)
        boxes = len(view.nodes) + len(view.folds)
        figures = f"{boxes:>5} {dot_width(plan):>8,.0f} {widths['dot']:>6,.0f} {widths['layered']:>7,.0f}"
        print(f"{name:<40} {figures}  {chosen}", flush=True)
        count += 1
        wider += widths[chosen] > PAGE
        missed += widths[chosen] > PAGE >= min(widths.values())
    print(f"{count} graphs: {wider} are wider than {PAGE:,.0f} px, {missed} of them by the other engine are not")


if __name__ == "__main__":
    main()
