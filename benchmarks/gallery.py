"""How long the pictures of the gallery take: CPU seconds of structure, layout and SVG. Prints a table.

Run `make gallery`, or `python -m benchmarks.gallery [NAME…]` with beginnings of names from benchmarks/listed_graphs.py.
Each time is the least of three, that of `dot` among them. The last column is their sum, divided by the time that the
program itself took to compute the graph and its gradients: that ratio is nearly the same on each machine.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from benchmarks.listed_graphs import ALL
from gradgraph import Limits
from gradgraph.drawing.layout_choice import auto_layout
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph_renderers.svg.placing import outline, place
from gradgraph_renderers.svg.renderer import SvgRenderer, draw

ROUNDS = 3
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the least CPU seconds of some rounds, with those of programs that are started, and what came out."""
    least = float("inf")
    for _ in range(ROUNDS):
        before = _cpu()
        result = work()
        least = min(least, _cpu() - before)
    return least, result


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    """Print a line for each graph."""
    head = "values  boxes  engine   structure   layout      SVG      all  all / made"
    print(f"{'graph':<36} {head}")
    selection, options, limits = Selection().drawn_as("svg"), SvgRenderer.Options(), Limits(tool_seconds=300.0)
    for name, make in ALL.items():
        if sys.argv[1:] and not name.startswith(tuple(sys.argv[1:])):
            continue
        making, graph = timed(make)
        folding, view = timed(lambda graph=graph: selection.view(graph))
        staging, scene = timed(lambda view=view: build_scene(view, options))
        placing, placement = timed(lambda scene=scene: place(scene, "auto", "LR", limits))
        drawing, _ = timed(lambda scene=scene, placement=placement: draw(scene, placement, "auto"))
        drawing += staging
        whole = folding + placing + drawing
        boxes = len(view.nodes) + len(view.folds)
        seconds = "".join([f"{each:>9.3f}" for each in (placing, drawing, whole)])
        engine = auto_layout(outline(scene))
        print(
            f"{name:<36} {len(graph):>6,} {boxes:>6}  {engine:<8} {folding:>8.3f}{seconds} {whole / making:>11.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
