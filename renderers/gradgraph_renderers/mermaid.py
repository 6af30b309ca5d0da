"""Mermaid flowcharts, https://mermaid.js.org/syntax/flowchart.html, for Markdown on code hosts and in docs."""

import re
from collections.abc import Iterator
from typing import Annotated

from gradgraph.plugins import Cluster, Direction, Limits, PictureOptions, Scene, TooLarge, View, build_scene, option
from gradgraph_renderers.nesting import nested
from gradgraph_renderers.palette import LIGHT

MOST_EDGES = 500
"""mermaid.js draws no flowchart with more, by its setting `maxEdges`."""
MOST_CHARACTERS = 50_000
"""mermaid.js reads no longer text, by its setting `maxTextSize`."""

REMEDY = "fold groups (--max-boxes, --collapse) or draw a part (--focus)"

_STROKES = {
    "parameter": "stroke-width:3px",
    "constant": "stroke-dasharray:4 3",
    "result": "stroke-width:1px",
    "folded": "stroke-width:3px",
}
_DIRECTION = re.compile(r"(direction) ", re.IGNORECASE)
_SPECIAL = re.compile(r"[^A-Za-z0-9 ]")


class MermaidRenderer:
    """Spells the scene as a Mermaid flowchart."""

    name = "mermaid"
    media_type = "text/vnd.mermaid"
    suffixes = (".mmd", ".mermaid")

    class Options(PictureOptions, frozen=True, kw_only=True):
        """Options of a flowchart."""

        fenced: Annotated[bool, option("Wrap the flowchart in a code block for Markdown.")] = False

    def availability(self) -> str | None:
        """Always available: the text needs no program."""
        return None

    def render(self, view: View, options: Options, limits: Limits) -> str:
        """The flowchart text. Raises TooLarge, with the figures, for a graph that mermaid.js would refuse."""
        scene = build_scene(view, options)
        if len(scene.wires) > MOST_EDGES:
            raise TooLarge(f"the graph has {len(scene.wires)} edges and Mermaid draws at most {MOST_EDGES}; {REMEDY}")
        text = "\n".join(_lines(scene, options.direction)) + "\n"
        length = len(text.encode("utf-16-le")) // 2  # as JavaScript counts
        if length > MOST_CHARACTERS:
            figures = f"the Mermaid text has {length} characters and Mermaid reads at most {MOST_CHARACTERS}"
            raise TooLarge(f"{figures}; {REMEDY}")
        return f"```mermaid\n{text}```\n" if options.fenced else text


def entities(text: str) -> str:
    """`text` with everything but ASCII letters, digits and spaces as numeric entities, so that none is read as syntax.

    >>> entities('say "hi"')
    'say #34;hi#34;'
    """
    spelled = _SPECIAL.sub(lambda found: f"#{ord(found[0])};", text)
    # Mermaid reads `direction LR` as a statement wherever it stands, and takes no empty text.
    return _DIRECTION.sub(r"\1#32;", spelled) or "#160;"


def _lines(scene: Scene, direction: Direction) -> Iterator[str]:
    yield f"flowchart {direction}"
    yield f"  accTitle: {_plain(scene.title)}"
    yield f"  accDescr: {_plain(scene.description)}"
    circles = {circle.node_id: circle for circle in scene.circles}
    for box in scene.boxes:
        if box.node and box.node.id in circles:
            yield f'  {box.key}op(("{entities(circles[box.node.id].symbol)}"))'
        yield f'  {box.key}["{entities(" | ".join([cell.text for cell in box.cells]))}"]'
    for stub in scene.stubs:
        yield f'  {stub.key}(["{entities(stub.text)}"])'
    yield from nested(scene.clusters, lambda cluster: _opening(cluster, direction), "{}".format, "end")
    for wire in scene.wires:
        arrow = "-.->" if wire.leads_out else "-->"
        mark = f'|"{entities(wire.mark)}"|' if wire.mark else ""
        yield f"  {wire.tail} {arrow}{mark} {wire.head}"
    yield from _classes(scene)


def _opening(cluster: Cluster, direction: str) -> str:
    """The start of a group, with the direction, which one that no edge leads into or out of does not take over."""
    return f'subgraph g{cluster.group_id}["{entities(cluster.name)}"]\n    direction {direction}'


def _plain(text: str) -> str:
    """Accessible text reaches the end of its line and knows no entities: what could be read as syntax is left out."""
    return _DIRECTION.sub(r"\1: ", re.sub(r"[^\w .,:=+*/()-]", "", text))


def _classes(scene: Scene) -> Iterator[str]:
    """Fill by gradient and stroke by role, each class only if a box has it."""
    for tint in sorted({box.tint for box in scene.boxes}):
        yield f"  classDef tint{tint} fill:{LIGHT[f'tint{tint}']},stroke:{LIGHT['line']},color:{LIGHT['ink']}"
        yield f"  class {','.join(box.key for box in scene.boxes if box.tint == tint)} tint{tint}"
    for kind, stroke in _STROKES.items():
        members = [box.key for box in scene.boxes if box.kind == kind]
        if members:
            yield f"  classDef {kind} {stroke}"
            yield f"  class {','.join(members)} {kind}"
    alarms = [box.key for box in scene.boxes if box.is_alarm]
    if alarms:
        yield f"  classDef alarm fill:{LIGHT['alarm-paper']},stroke:{LIGHT['alarm']},color:{LIGHT['alarm']}"
        yield f"  class {','.join(alarms)} alarm"
    yield "  classDef output stroke-width:4px"
    yield f"  class {','.join(box.key for box in scene.boxes if box.is_output)} output"
