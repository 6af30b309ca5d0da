"""Graphviz as a layout engine: `dot` from PATH."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradgraph.plugins import (
    Block,
    Direction,
    Limits,
    Outline,
    Placement,
    Point,
    Rectangle,
    Route,
    ToolFailed,
    ToolLimit,
    ToolMissing,
    check_cost,
)
from gradgraph_renderers.graphviz import lean
from gradgraph_renderers.graphviz.process import NO_VARIABLES, run
from gradgraph_renderers.nesting import nested, nesting_depth

INSTALL = "install Graphviz (Debian: apt install graphviz)"
TESTED = (2, 43)
"""The newest `dot` our own tests have seen, major and minor; doctor tells those who have an older one."""
MOST_NESTED = 100
"""Graphviz's parser runs out of memory in the thousands."""


class DotLayout:
    """The `dot` program of Graphviz, from PATH."""

    name = "dot"

    def availability(self) -> str | None:
        """None when `dot` is on PATH."""
        return None if find_dot() else f"`dot` is not installed; {INSTALL}"

    def version(self) -> str:
        """Which Graphviz it is, and whether that is older than what was tested. Raises ToolError if it cannot say."""
        number = _version(_found())
        parts = tuple(map(int, number.split(".")[:2]))
        tested = ".".join(map(str, TESTED))
        return number if parts >= TESTED else f"{number}, older than {tested}, the newest tested: update Graphviz"

    def how_started(self) -> str:
        """Whether `dot` starts leanly here, and if not, why. Raises ToolMissing."""
        return lean.how_started(_found())

    def place(self, outline: Outline, *, direction: Direction, limits: Limits) -> Placement:
        """Where `dot` puts everything."""
        return _place(_found(), outline, direction, limits)


def find_dot() -> str | None:
    """The path of `dot`, None if it is not on PATH."""
    return shutil.which("dot")


def convert(
    program: str, output: str, text: str, limits: Limits, *settings: str, variables: Mapping[str, str] = NO_VARIABLES
) -> bytes:
    """What Graphviz makes of DOT `text` in the format `output`, with these environment variables. Raises ToolError."""
    try:
        return run([program, f"-T{output}", *settings], text.encode(), limits, variables=variables)
    except ToolFailed as error:
        if "not recognized" not in error.sentence:
            raise
        sentence = f"{Path(program).name} cannot write {output}: it is too old, or was built without it"
        raise ToolFailed(sentence, "update Graphviz to 2.40 or newer") from None


def _found() -> str:
    found = find_dot()
    if found is None:
        raise ToolMissing("`dot` is not installed", INSTALL, ("layout", "layered"))
    return found


def _version(program: str) -> str:
    said = run([program, "-V"], b"", Limits(tool_seconds=10.0), stderr=True).decode("utf-8", "replace")
    found = re.search(r"version (\d{1,9}(?:\.\d{1,9})+)", said)
    if not found:
        raise ToolFailed(f"{Path(program).name} -V tells no version", "check its installation")
    return found[1]


def _place(program: str, outline: Outline, direction: Direction, limits: Limits) -> Placement:
    check_cost(outline, limits)
    if nesting_depth(outline.frames) > MOST_NESTED:
        raise ToolLimit(f"groups nest deeper than the {MOST_NESTED} levels Graphviz takes", "use -f text")
    request = _request(outline, direction)

    def draw(variables: Mapping[str, str]) -> Placement:
        # json0 holds positions only: the drawing operations that json adds are of no use to us.
        answer = convert(program, "json0", request, limits, variables=variables)
        try:
            return _placement(json.loads(answer), len(outline.lines))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            name = Path(program).name
            raise ToolFailed(f"{name} answered with no layout ({error!r})", "check its installation") from None

    return lean.start(program, draw, limits)


def _request(outline: Outline, direction: str) -> str:
    """What to lay out, in DOT. It holds names and numbers of ours only, and no text of the graph."""
    lines = ["digraph {", f"graph [rankdir={direction}, nodesep=0.2, ranksep=0.35];"]
    if direction == "BT":  # Graphviz turns the whole picture: names of groups at the bottom get on top
        lines.append("graph [labelloc=b];")
    lines.append('node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7];')
    for key, block in outline.blocks.items():
        shape = "shape=ellipse, " if block.round else ""
        lines.append(f"{key} [{shape}width={_inches(block.width)}, height={_inches(block.height)}];")
    lines.extend(
        nested(
            outline.frames,
            lambda frame: f"subgraph cluster_{frame.group_id} {{ label=<{_empty(frame.name)}>;",
            "{};".format,
            "}",
        )
    )
    for index, line in enumerate(outline.lines):
        mark = f", label=<{_empty(line.mark)}>" if line.mark else ""
        lines.append(f"{line.tail} -> {line.head} [id=w{index}{mark}];")
    return "\n".join([*lines, "}\n"])


def _inches(px: float) -> str:
    return f"{px / 72:.4f}"


def _empty(room: Block) -> str:
    """Return a label that keeps this much room free, in any font the engine may know: an empty table.

    Its cell has neither border, spacing nor padding, which would take 8 px: `dot` warns of each smaller table.
    """
    bare = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'
    size = f'FIXEDSIZE="TRUE" WIDTH="{room.width:.0f}" HEIGHT="{room.height:.0f}"'
    return f"<TABLE {bare} {size}><TR><TD></TD></TR></TABLE>"


def _placement(answer: Any, lines: int) -> Placement:
    left, bottom, right, top = map(float, answer["bb"].split(","))
    blocks: dict[str, Rectangle] = {}
    frames: dict[int, Rectangle] = {}
    for item in answer.get("objects", ()):
        name = item["name"]
        if "pos" in item:
            x, y = map(float, item["pos"].split(","))
            width, height = float(item["width"]) * 72, float(item["height"]) * 72
            blocks[name] = Rectangle(x - left - width / 2, top - y - height / 2, width, height)
        elif "bb" in item:
            x1, y1, x2, y2 = map(float, item["bb"].split(","))
            frames[int(name.removeprefix("cluster_"))] = Rectangle(x1 - left, top - y2, x2 - x1, y2 - y1)
    routes: dict[int, Route] = {}
    for edge in answer.get("edges", ()):
        spline = tuple([(x - left, top - y) for x, y in _points(edge["pos"])])
        mark = None
        if "lp" in edge:
            x, y = map(float, edge["lp"].split(","))
            mark = x - left, top - y
        routes[int(edge["id"].removeprefix("w"))] = Route(spline, mark)
    return Placement(right - left, top - bottom, blocks, frames, tuple([routes[index] for index in range(lines)]))


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
