"""Graphviz DOT: idiomatic, deterministic, and the same text in the picture as in the graph, whatever the label."""

import re
from collections.abc import Iterator

from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._facts import graph_facts, node_facts
from gradgraph_renderers._nesting import nested
from gradgraph_renderers._palette import LIGHT, fill
from gradgraph_renderers._scene import Box, Circle, Cluster, Scene, Wire, build_scene

_WHOLE = 4_000
_PARTS = re.compile(r"(?:\\.|[^\\]){1,4000}", re.DOTALL)  # Graphviz reads no string of 16,384 bytes or more
_LOSABLE_SPACE = re.compile("^ | $| (?= )|(?<= ) ")
_STYLES = {"parameter": "bold", "constant": "dashed", "result": "rounded", "folded": "rounded,diagonals"}


class DotRenderer:
    """Spells the scene as a DOT graph of record boxes and op circles."""

    name = "dot"
    media_type = "text/vnd.graphviz"
    suffixes = (".dot", ".gv")

    def availability(self) -> str | None:
        """Always available: the text needs no program."""
        return None

    def render(self, view: View, options: RenderOptions) -> str:
        """The DOT text."""
        return spell(build_scene(view, options), view, options.direction)


def spell(scene: Scene, view: View, direction: str) -> str:
    """The DOT text of a scene, with the facts of its view as attributes."""
    return "\n".join(_lines(scene, view, direction)) + "\n"


def quote(text: str) -> str:
    r"""`text` as a quoted ID of the DOT language, https://graphviz.org/doc/info/lang.html, that stands for itself.

    In a label, Graphviz reads backslashes as escapes (https://graphviz.org/docs/attr-types/escString/) and `&…;` as
    HTML entities, so both are escaped, and `\N`, `\l` or `&lt;` are drawn as written.

    >>> print(quote('say "hi"'), quote(r"a\N"), quote("&lt;"))
    "say \"hi\"" "a\\N" "&amp;lt;"
    """
    return _joined(_escaped(text))


def quote_record(cells: tuple[str, ...], turned: bool = False) -> str:
    r"""The label of a record box, https://graphviz.org/doc/info/shapes.html#record, one field a cell.

    `turned` sets the fields side by side where Graphviz would stack them, in ranks from left to right.

    >>> print(quote_record(("a|b <x>", "data 2")))
    "a\|b \<x\>|data 2"

    Graphviz drops spaces at the ends of a field and all but one in a row, so those are written as entities.
    """
    fields = []
    for cell in cells:
        escaped = _escaped(cell)
        for mark in "{}|<>":
            escaped = escaped.replace(mark, "\\" + mark)
        fields.append(_LOSABLE_SPACE.sub("&#32;", escaped))
    record = "|".join(fields)
    return _joined(f"{{{record}}}" if turned else record)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _plain(text: str) -> str:
    """Text for an attribute that Graphviz has no meaning for, and so reads no escapes in."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _joined(escaped: str) -> str:
    """Escaped text in quotes: in several, joined by `+`, where it is longer than Graphviz reads one."""
    if len(escaped) < _WHOLE:
        return f'"{escaped}"'
    parts = _PARTS.findall(escaped)
    return " + ".join([f'"{part}"' for part in parts])


def _lines(scene: Scene, view: View, direction: str) -> Iterator[str]:
    yield "digraph gradgraph {"
    facts = graph_facts(view)
    if facts:
        yield f"  graph [gradgraph={_joined(_plain(facts))}];"
    yield f"  graph [rankdir={direction}, label={quote(scene.title)}, labelloc=t, newrank=true];"
    yield '  node [fontname="monospace", fontsize=12];'
    yield '  edge [fontname="monospace", fontsize=10];'
    circles = {circle.node_id: circle for circle in scene.circles}
    for box in scene.boxes:
        if box.node and box.node.id in circles:
            yield _circle(circles[box.node.id])
        yield _box(box, direction)
    for stub in scene.stubs:
        yield f"  {stub.key} [shape=plaintext, label={quote(stub.text)}];"
    yield from nested(scene.clusters, _cluster, "{};".format, "}")
    yield from map(_wire, scene.wires)
    yield "}"


def _box(box: Box, direction: str) -> str:
    paint = fill(box.tint, box.is_alarm, LIGHT)
    style = ",".join(filter(None, ("filled", _STYLES.get(box.kind))))
    outline = ", penwidth=2" if box.is_output else ""
    colour = f', color="{LIGHT["alarm"]}"' if box.is_alarm else ""
    label = quote_record(tuple([cell.text for cell in box.cells]), turned=direction in ("LR", "RL"))
    look = f'shape=record, style="{style}", fillcolor="{paint}"{colour}{outline}, label={label}'
    facts = [f", {name}={_joined(_plain(fact))}" for name, fact in node_facts(box.node)] if box.node else []
    return f"  {box.key} [{look}{''.join(facts)}];"


def _circle(circle: Circle) -> str:
    return f"  {circle.key} [shape=circle, label={quote(circle.symbol)}];"


def _cluster(cluster: Cluster) -> str:
    return f"subgraph cluster_{cluster.group_id} {{ label={quote(cluster.name)};"


def _wire(wire: Wire) -> str:
    attributes = [f"label={quote(wire.mark)}"] if wire.mark else []
    if wire.leads_out:
        attributes.append("style=dashed")
    return f"  {wire.tail} -> {wire.head}{' [' + ', '.join(attributes) + ']' if attributes else ''};"
