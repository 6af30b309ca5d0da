"""What one can do with a document: each is measured on every dimension."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from math import sqrt
from typing import Any, Literal, NamedTuple

import msgspec

import gradgraph
from gradgraph import GradgraphError, Graph, Limits, Node, entry_points
from gradgraph.drawing import registry
from gradgraph.drawing.layout import Outline, Placement, Rectangle, Route
from gradgraph.drawing.options import Direction
from gradgraph.graph.comparing import changes_as_json, diff
from gradgraph.graph.figures import summarize, summary_lines
from gradgraph.pages.notebook import mimebundle
from gradgraph.testing import parse_text

Format = Literal["json", "yaml", "dot"]
LOOSE = Limits()._replace(max_layout_cost=10**12)
"""Bounds under which a layout engine gets large pictures, so that the cost of our own code shows."""
LARGE = Limits()._replace(max_drawn=10**9)
GAP = 20.0
"""px between blocks."""


class Source(NamedTuple):
    """A document as it comes: its bytes, and what they are."""

    data: bytes
    format: Format


def read(source: Source) -> Graph:
    """The graph of a document."""
    return gradgraph.loads(source.data, source.format)


def validated(source: Source) -> None:
    """All problems, as the command line reports them."""
    if source.format == "dot":
        read(source)
    else:
        _reported(gradgraph.validate(source.data, yaml=source.format == "yaml"))


def validated_by_jsonschema(source: Source) -> None:
    """The same by the reference."""
    if source.format == "dot":
        read(source)
    else:
        _reported(gradgraph.validate(source.data, yaml=source.format == "yaml", reference=True))


def _reported(problems: tuple[gradgraph.Problem, ...]) -> None:
    for problem in problems:
        str(problem)
        msgspec.json.encode(problem._asdict())


READING: dict[str, Callable[[Source], Any]] = {
    "loads": read,
    "validate": validated,
    "validate --reference": validated_by_jsonschema,
}
"""By name; what they do with a broken document is to refuse it."""


def _drawn(graph: Graph, format: str, **options: Any) -> str:
    return str(gradgraph.render(graph, format, strict=True, **options))


def _raster(graph: Graph, format: str) -> bytes:
    """A small picture: pixels have bounds of their own, and wires across a wide one paint more than a document says."""
    return gradgraph.render(graph, format, strict=True, fold="none", layout="grid", limits=LOOSE, scale=0.1).to_bytes()


def _changed(graph: Graph) -> Graph:
    """The graph with another number in each node, another label at its end, and another leaf."""
    nodes = [msgspec.structs.replace(node, data=node.data + 1) for node in graph]
    nodes[-1] = msgspec.structs.replace(nodes[-1], label="changed")
    nodes.append(Node(len(nodes), 5.0, None, label="added"))
    return Graph(tuple(nodes), graph.outputs, graph.ops, graph.groups, graph.meta, graph.ext)


def _told(changes: tuple[Any, ...]) -> None:
    for change in changes:
        str(change)
    changes_as_json(changes)


def _info(graph: Graph) -> None:
    summary = summarize(graph)
    tuple(summary_lines(summary))
    msgspec.json.encode(summary._asdict())
    repr(graph)


def _focused(graph: Graph) -> None:
    view = gradgraph.focus(graph, graph.outputs[0], 3)
    _drawn(view, "dot")  # type: ignore[arg-type]


def _folded(graph: Graph) -> None:
    if graph.groups:
        _drawn(gradgraph.fold(graph, [graph.groups[-1].name], max_boxes=20), "dot")  # type: ignore[arg-type]


def _backward(graph: Graph) -> None:
    gradgraph.to_values(graph)[graph.outputs[0]].backward()


def _read_back(graph: Graph) -> None:
    parse_text(_drawn(graph, "text", width=0))


ON_GRAPHS: dict[str, Callable[[Graph], Any]] = {
    "convert to json": gradgraph.dumps,
    "convert to yaml": lambda graph: gradgraph.dumps(graph, "yaml"),
    "convert to dot and back": lambda graph: gradgraph.loads(_drawn(graph, "dot"), "dot"),
    "render dot": lambda graph: _drawn(graph, "dot", local=True),
    "render text": lambda graph: _drawn(graph, "text"),
    "render text, ASCII": lambda graph: _drawn(graph, "text", charset="ascii", color=True),
    "render text, all": lambda graph: _drawn(graph, "text", width=0, max_rows=0),
    "render text tree": lambda graph: _drawn(graph, "text", style="tree"),
    "render text tree, all": lambda graph: _drawn(graph, "text", style="tree", width=0, max_rows=0, depth=200),
    "render mermaid": lambda graph: _drawn(graph, "mermaid", fold="none"),
    "render mermaid, folded": lambda graph: _drawn(graph, "mermaid", max_boxes=50),
    "render svg": lambda graph: _drawn(
        graph, "svg", fold="none", layout="grid", limits=LOOSE, link="x?{id}#{label}", local=True
    ),
    "render svg, layered": lambda graph: _drawn(graph, "svg", fold="none", layout="layered", limits=LARGE),
    "render svg, limits": lambda graph: _drawn(graph, "svg", fold="none", layout="grid"),
    "structure": lambda graph: [_drawn(graph, "dot", fold=mode) for mode in ("auto", "cones", "regions", "layers")],
    "render png": lambda graph: _raster(graph, "png"),
    "render pdf": lambda graph: _raster(graph, "pdf"),
    "notebook": lambda graph: mimebundle(graph, formats=("svg", "html", "mermaid"), layout="grid", limits=LOOSE),
    "verify": lambda graph: [str(each) for each in gradgraph.verify(graph)],
    "info": _info,
    "diff, equal": lambda graph: _told(diff(graph, msgspec.structs.replace(graph))),
    "diff, changed": lambda graph: _told(diff(graph, _changed(graph))),
    "focus": _focused,
    "fold": _folded,
    "to_values, backward": _backward,
    "networkx": lambda graph: gradgraph.from_networkx(gradgraph.to_networkx(graph)),
    "read text back": _read_back,
}
"""By name, on a graph that has been read."""


def attempt(action: Callable[[Any], Any], what: Any) -> bool:
    """Do it, and return whether it was done and not refused. What it refuses has its cost as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            action(what)
        except (GradgraphError, ValueError, MemoryError, RecursionError):
            return False
    return True


class Grid:
    """A layout engine that takes no time: rows of blocks, in a picture whose area is in proportion to theirs."""

    name = "grid"

    def availability(self) -> str | None:
        """Always there."""
        return None

    def version(self) -> str:
        """The only one."""
        return "1"

    def place(self, outline: Outline, *, direction: Direction, limits: gradgraph.Limits) -> Placement:
        """Places in the order of the blocks, with straight lines."""
        area = sum([(block.width + GAP) * (block.height + GAP) for block in outline.blocks.values()])
        width = max([sqrt(area), *[block.width + GAP for block in outline.blocks.values()]])
        places: dict[str, Rectangle] = {}
        x = y = row = 0.0
        for key, block in outline.blocks.items():
            if x + block.width + GAP > width and row:
                x, y, row = 0.0, y + row, 0.0
            places[key] = Rectangle(x, y, block.width, block.height)
            x, row = x + block.width + GAP, max(row, block.height + GAP)
        frames = {frame.group_id: Rectangle(0.0, 0.0, width, y + row) for frame in outline.frames}
        routes = []
        for line in outline.lines:
            (x1, y1, *_), (x2, y2, *_) = places[line.tail], places[line.head]
            routes.append(Route(((x1, y1), (x1, y1), (x2, y2), (x2, y2), (x2, y2)), (x1, y2) if line.mark else None))
        return Placement(width, y + row, places, frames, tuple(routes))


@contextmanager
def grid_layout() -> Iterator[None]:
    """Have Grid registered as a plug-in is, for as long as this lasts."""
    ours: Any = vars(entry_points)["entry_points"]
    grid = EntryPoint("grid", f"{__name__}:Grid", registry.LAYOUTS)

    def with_grid(group: str) -> list[EntryPoint]:
        return [*ours(group=group), *([grid] if group == registry.LAYOUTS else [])]

    vars(entry_points)["entry_points"] = with_grid
    _forget()
    try:
        yield
    finally:
        vars(entry_points)["entry_points"] = ours
        _forget()


def _forget() -> None:
    for cached in (entry_points.claims, registry.find_layout):
        cached.cache_clear()
