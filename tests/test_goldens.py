"""Drawings accepted on purpose: `pytest --update-goldens` rewrites them, and someone looks at the pictures."""

from pathlib import Path
from typing import Any

import pytest

from gradgraph import Graph, Value, dumps, export, focus, fold, load, named_scope, render
from gradgraph.drawing.layout import Placement, Rectangle, Route
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import everything
from gradgraph_renderers.svg.renderer import draw
from tests.conftest import example

GOLDENS = Path(__file__).parent / "goldens"


def twice() -> Value:
    a = Value(1.5, "a")
    b = a + a
    b.label = "b"
    b.backward()
    return b


def hostile() -> Value:
    with named_scope("<g> & {|}"):
        a = Value(float("nan"), 'a"<b>\\N|{x}\x1b[31m\u202e')
        b = a / Value(0.0, "-- end %% ;")
    b.label = "权重 👩‍👩‍👧"
    b.backward()
    return b


def not_finite() -> Value:
    x = Value(-1.0, "x")
    y = x.log() * 2
    z = y + Value(1000.0, "big").exp()
    y.label, z.label = "y", "z"
    z.backward()
    return z


CASES = {
    "neuron": lambda: example("neuron"),
    "mlp": lambda: example("mlp"),
    "shared": lambda: example("shared"),
    "twice": lambda: export(twice()),
    "no-backward": lambda: export((Value(2.0, "x") - 3).exp()),
    "not-finite": lambda: export(not_finite()),
    "hostile": lambda: export(hostile()),
}
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "dot": ("dot", {}),
    "mmd": ("mermaid", {"fold": "none"}),
    "txt": ("text", {}),
    "ascii.txt": ("text", {"charset": "ascii"}),
}
PARTS = {
    "mlp": {
        "focus": lambda graph: focus(graph, "x0"),
        "folded": lambda graph: fold(graph, max_boxes=30),
        "stacks": lambda graph: Selection(fold="stacks").view(graph),
    }
}
"""Cases that are drawn in part too, and how."""


@pytest.fixture(params=CASES)
def case(request) -> tuple[Path, Graph]:
    return GOLDENS / request.param, CASES[request.param]()


def accept(path: Path, text: str, update: bool) -> None:
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert path.read_text(encoding="utf-8") == text


def test_goldens(case, pytestconfig):
    folder, graph = case
    update = pytestconfig.getoption("--update-goldens")
    accept(folder / "graph.json", dumps(graph), update)
    assert load(folder / "graph.json") == graph
    for suffix, (name, options) in FORMATS.items():
        accept(folder / f"drawing.{suffix}", str(render(graph, name, **options)), update)
        if name == "text":
            accept(folder / f"tree.{suffix}", str(render(graph, name, style="tree", **options)), update)
        for part, view in PARTS.get(folder.name, {}).items():
            shown = {option: value for option, value in options.items() if option != "fold"}
            accept(folder / f"{part}.{suffix}", str(render(view(graph), name, **shown)), update)
    accept(folder / "drawing.svg", draw_on_a_grid(graph), update)


def draw_on_a_grid(graph: Graph) -> str:
    """The SVG at made-up places: engines of different versions differ in theirs, and our drawing must not."""
    scene = build_scene(everything(graph), DrawingOptions())
    keys = [box.key for box in scene.boxes] + [circle.key for circle in scene.circles]
    boxes = {key: Rectangle(150.0 * (n % 8), 90.0 * (n // 8), 120.0, 60.0) for n, key in enumerate(keys)}
    routes = []
    for wire in scene.wires:
        tail, head = boxes[wire.tail], boxes[wire.head]
        start, end = (tail.x + 60, tail.y + 30), (head.x + 60, head.y + 30)
        routes.append(Route((start, start, end, end, (end[0] + 5, end[1])), start if wire.mark else None))
    clusters = {cluster.group_id: Rectangle(0.0, 0.0, 200.0, 200.0) for cluster in scene.clusters}
    return draw(scene, Placement(1200.0, 900.0, boxes, clusters, tuple(routes)), "auto")


def test_every_golden_has_its_case():
    assert {path.name for path in GOLDENS.iterdir()} == set(CASES)
