"""Graphviz DOT: idiomatic, deterministic, and the same text in the picture as in the graph, whatever the label."""

from collections.abc import Iterator

from gradgraph.plugins import (
    Box,
    Circle,
    Cluster,
    DrawingOptions,
    Limits,
    Scene,
    View,
    Wire,
    build_scene,
    escapes_texts,
)
from gradgraph_renderers.dot.facts import graph_facts, node_facts
from gradgraph_renderers.dot.quoting import field, quote, quote_plain, quote_record
from gradgraph_renderers.nesting import nested
from gradgraph_renderers.palette import LIGHT, fill

_STYLES = {"parameter": "bold", "constant": "dashed", "result": "rounded", "folded": "rounded,diagonals"}


class DotRenderer:
    """Spells the scene as a DOT graph of record boxes and op circles."""

    name = "dot"
    media_type = "text/vnd.graphviz"
    suffixes = (".dot", ".gv")
    Options = DrawingOptions

    def availability(self) -> str | None:
        """Always available: the text needs no program."""
        return None

    def render(self, view: View, options: DrawingOptions, limits: Limits) -> str:
        """The DOT text."""
        return spell(build_scene(view, options, whole=True), view, options.direction)


def spell(scene: Scene, view: View, direction: str) -> str:
    """The DOT text of a scene, with the facts of its view as attributes."""
    return "\n".join(_lines(scene, view, direction)) + "\n"


def _lines(scene: Scene, view: View, direction: str) -> Iterator[str]:
    yield "digraph gradgraph {"
    facts = graph_facts(view)
    if facts:
        yield f"  graph [gradgraph={quote_plain(facts)}];"
    yield f"  graph [rankdir={direction}, label={quote(scene.title)}, labelloc=t, newrank=true];"
    yield '  graph [fontname="monospace", fontsize=12]; node [fontname="monospace", fontsize=12];'
    yield '  edge [fontname="monospace", fontsize=10];'
    circles = iter(scene.circles)
    is_escaped = escapes_texts(view.graph)
    upright = direction in ("TB", "BT")
    for box in scene.boxes:
        if box.kind == "result" and box.node:
            yield _circle(next(circles))
        yield _box(box, upright, is_escaped)
    for stub in scene.stubs:
        yield f"  {stub.key} [shape=plaintext, label={quote(stub.text)}];"
    yield from nested(scene.clusters, _cluster, "{};".format, "}")
    yield from map(_wire, scene.wires)
    yield "}"


def _box(box: Box, upright: bool, is_escaped: bool) -> str:
    style = "filled" if box.kind not in _STYLES else f"filled,{_STYLES[box.kind]}"
    paint = fill(box.tint, box.is_alarm, LIGHT)
    colour = f', color="{LIGHT["alarm"]}"' if box.is_alarm else ""
    outline = ", penwidth=2" if box.is_output else ""
    fields = [cell.text if cell.kind == "number" else field(cell.text) for cell in box.cells]
    label = quote_record(fields, turned=not upright)
    facts = node_facts(box.node, is_escaped=is_escaped) if box.node else ""
    return f'  {box.key} [shape=record, style="{style}", fillcolor="{paint}"{colour}{outline}, label={label}{facts}];'


def _circle(circle: Circle) -> str:
    return f"  {circle.key} [shape=circle, label={quote(circle.symbol)}];"


def _cluster(cluster: Cluster) -> str:
    return f"subgraph cluster_{cluster.group_id} {{ label={quote(cluster.name)};"


def _wire(wire: Wire) -> str:
    if not wire.mark and not wire.leads_out:
        return f"  {wire.tail} -> {wire.head};"
    attributes = [f"label={quote(wire.mark)}"] if wire.mark else []
    if wire.leads_out:
        attributes.append("style=dashed")
    return f"  {wire.tail} -> {wire.head} [{', '.join(attributes)}];"
