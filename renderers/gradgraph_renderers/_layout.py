"""Where everything goes: a layout engine gets sizes and connections, and answers with positions."""

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from gradgraph.errors import ToolFailed, ToolLimit, ToolMissing
from gradgraph.limits import how_to_raise
from gradgraph.protocol import RenderOptions
from gradgraph_renderers._metrics import FONT_SIZE, LINE_HEIGHT, MARK_SIZE, text_width
from gradgraph_renderers._nesting import nested, nesting_depth
from gradgraph_renderers._process import run
from gradgraph_renderers._scene import Box, Circle, Cluster, Scene

PADDING = 8.0
WIRES_A_BOX = 4
"""A drawing may have this many edges for each box or circle it may have; more take a layout engine too long."""
MOST_NESTED = 100
"""Graphviz's parser runs out of memory in the thousands."""
LEAST_RADIUS = 13.0
REMEDY = "install Graphviz (Debian: apt install graphviz), or pip install 'gradgraph[embedded]', or use -f mermaid"

Point = tuple[float, float]


class Rectangle(NamedTuple):
    """A box on the page: its top left corner and its size, in px, y downwards."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """A wire's way: the control points of cubic Bézier curves, 1 + 3n of them, then the tip of its arrow.

    `mark` is the middle of its mark, None for a wire without one.
    """

    spline: tuple[Point, ...]
    mark: Point | None


class Placement(NamedTuple):
    """Positions in px, y downwards: box and circle by key, cluster by index, and a route for each wire in order."""

    width: float
    height: float
    boxes: dict[str, Rectangle]
    clusters: dict[int, Rectangle]
    routes: tuple[Route, ...]


def find_engine(layout: str) -> str:
    """The path of the program that lays out: `dot` from PATH, or the embedded one from PATH or our own scripts folder.

    Raises ToolMissing, with the remedies.
    """
    found = None
    if layout in ("auto", "dot"):
        found = shutil.which("dot")
    if found is None and layout in ("auto", "embedded"):
        folders = os.pathsep.join([os.environ.get("PATH", os.defpath), *_scripts_folders()])
        found = shutil.which("graphviz-pure", path=folders)
    if found is None:
        wanted = {"auto": "no layout engine is", "dot": "`dot` is not", "embedded": "`graphviz-pure` is not"}[layout]
        raise ToolMissing(f"{wanted} installed", REMEDY)
    return found


def _scripts_folders() -> tuple[str, ...]:
    """Where this environment keeps its commands, which is not on PATH in a notebook or a docs build."""
    return sysconfig.get_path("scripts"), str(Path(sys.executable).parent)


def place(scene: Scene, options: RenderOptions) -> Placement:
    """The placement of a scene. Raises ToolMissing, ToolFailed or ToolLimit."""
    drawn = len(scene.boxes) + len(scene.circles) + len(scene.stubs)
    if drawn > options.limits.max_drawn:
        raise ToolLimit(
            f"{drawn} boxes and circles are more than max_drawn = {options.limits.max_drawn}, and layout time grows "
            "faster than their square",
            f"use -f text, or {how_to_raise('max_drawn')}",
        )
    most_wires = WIRES_A_BOX * options.limits.max_drawn
    if len(scene.wires) > most_wires:
        sentence = f"{len(scene.wires)} edges are more than {WIRES_A_BOX} * max_drawn = {most_wires}"
        raise ToolLimit(sentence, f"use -f text, or {how_to_raise('max_drawn')}")
    if nesting_depth(scene) > MOST_NESTED:
        raise ToolLimit(f"groups nest deeper than the {MOST_NESTED} levels a layout engine takes", "use -f text")
    engine = find_engine(options.layout)
    # json0 holds positions only: the drawing operations that json adds are of no use to us.
    answer = run([engine, "-Tjson0"], _request(scene, options.direction).encode(), options.limits)
    try:
        return _placement(json.loads(answer), len(scene.wires))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ToolFailed(f"{Path(engine).name} answered with no layout ({error!r})", "check its installation") from None


def box_size(box: Box) -> tuple[float, float]:
    """Width and height of a value box: its cells are rows."""
    return max(map(text_width, box.cells)) + 2 * PADDING, len(box.cells) * LINE_HEIGHT + PADDING


def radius(circle: Circle) -> float:
    """The radius of an op circle that holds its symbol."""
    return max(LEAST_RADIUS, text_width(circle.symbol) / 2 + 5)


def _request(scene: Scene, direction: str) -> str:
    """What to lay out, in DOT. It holds names and numbers of ours only, and no text of the graph."""
    lines = ["digraph {", f"graph [rankdir={direction}, nodesep=0.2, ranksep=0.35];"]
    lines.append('node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7];')
    for box in scene.boxes:
        width, height = box_size(box)
        lines.append(f"{box.key} [width={_inches(width)}, height={_inches(height)}];")
    for stub in scene.stubs:
        lines.append(f"{stub.key} [width={_inches(text_width(stub.text) + PADDING)}, height={_inches(LINE_HEIGHT)}];")
    for circle in scene.circles:
        size = _inches(2 * radius(circle))
        lines.append(f"{circle.key} [shape=ellipse, width={size}, height={size}];")
    lines.extend(nested(scene, _opening, "{};".format, "}"))
    for index, wire in enumerate(scene.wires):
        mark = f", label=<{_empty(text_width(wire.mark) * MARK_SIZE / FONT_SIZE)}>" if wire.mark else ""
        lines.append(f"{wire.tail} -> {wire.head} [id=w{index}{mark}];")
    return "\n".join([*lines, "}\n"])


def _inches(px: float) -> str:
    return f"{px / 72:.4f}"


def _opening(cluster: Cluster) -> str:
    return f"subgraph cluster_{cluster.group_id} {{ label=<{_empty(text_width(cluster.name) + PADDING)}>;"


def _empty(width: float) -> str:
    """A label that keeps one line of text free, of this width in any font the engine may know: an empty table."""
    size = f'WIDTH="{width:.0f}" HEIGHT="{LINE_HEIGHT:.0f}"'
    return f'<TABLE BORDER="0" CELLBORDER="0" FIXEDSIZE="TRUE" {size}><TR><TD></TD></TR></TABLE>'


def _placement(answer: Any, wires: int) -> Placement:
    left, bottom, right, top = map(float, answer["bb"].split(","))
    boxes: dict[str, Rectangle] = {}
    clusters: dict[int, Rectangle] = {}
    for item in answer.get("objects", ()):
        name = item["name"]
        if "pos" in item:
            x, y = map(float, item["pos"].split(","))
            width, height = float(item["width"]) * 72, float(item["height"]) * 72
            boxes[name] = Rectangle(x - left - width / 2, top - y - height / 2, width, height)
        elif "bb" in item:
            x1, y1, x2, y2 = map(float, item["bb"].split(","))
            clusters[int(name.removeprefix("cluster_"))] = Rectangle(x1 - left, top - y2, x2 - x1, y2 - y1)
    routes: dict[int, Route] = {}
    for edge in answer.get("edges", ()):
        spline = tuple((x - left, top - y) for x, y in _points(edge["pos"]))
        mark = None
        if "lp" in edge:
            x, y = map(float, edge["lp"].split(","))
            mark = x - left, top - y
        routes[int(edge["id"].removeprefix("w"))] = Route(spline, mark)
    return Placement(right - left, top - bottom, boxes, clusters, tuple(routes[index] for index in range(wires)))


def _points(spline: str) -> Iterator[Point]:
    """The points of a position, https://graphviz.org/docs/attr-types/splineType/, its arrow tip last."""
    tip: Point | None = None
    for word in spline.partition(";")[0].split():
        *flag, x, y = word.split(",")
        if flag == ["e"]:
            tip = float(x), float(y)
        elif not flag:
            yield float(x), float(y)
    if tip is not None:
        yield tip
