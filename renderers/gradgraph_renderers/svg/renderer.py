"""SVG: the layout engine gives positions, and we draw. Self-contained, without scripts, and the same bytes anywhere."""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Literal
from xml.sax.saxutils import escape

import msgspec

from gradgraph.plugins import (
    KINDS,
    Box,
    Circle,
    Cluster,
    GradgraphError,
    Limits,
    PictureOptions,
    Placement,
    Point,
    Rectangle,
    Sample,
    Scene,
    Stub,
    ToolMissing,
    View,
    build_scene,
    default_layout,
    option,
)
from gradgraph_renderers.palette import DARK, LIGHT, Palette
from gradgraph_renderers.svg.legend import Legend, arrange
from gradgraph_renderers.svg.metrics import FONT_ATTRIBUTE, FONT_SIZE, LINE_HEIGHT, MARK_SIZE, text_room
from gradgraph_renderers.svg.placing import RING, choose_engine, place
from gradgraph_renderers.svg.shapes import front_of, outline, ring, shrunk, spell, text
from gradgraph_renderers.svg.shapes import place as placed
from gradgraph_renderers.svg.style import style
from gradgraph_renderers.svg.wires import wires

MARGIN = 8.0


class SvgRenderer:
    """Draws the scene as SVG, at positions that a layout engine finds."""

    name = "svg"
    media_type = "image/svg+xml"
    suffixes = (".svg",)

    class Options(PictureOptions, frozen=True, kw_only=True):
        """Options of an SVG."""

        theme: Annotated[
            Literal["auto", "light", "dark"],
            option("Use these colours. auto follows the page, or the reader's setting."),
        ] = "auto"
        layout: Annotated[
            str,
            option(
                "Use this layout engine: dot, layered or that of a plug-in. auto takes dot for small pictures, else "
                "layered. Default: what GRADGRAPH_LAYOUT says, else auto.",
                usually="auto",
            ),
        ] = msgspec.field(default_factory=default_layout)

    def availability(self) -> str | None:
        """None when the layout engine of small pictures is installed."""
        try:
            choose_engine(default_layout())
        except ToolMissing as error:
            return str(error.in_words_of(lambda name, value: f"choose the {name} {value}"))
        except GradgraphError as error:
            return str(error)
        return None

    def render(self, view: View, options: Options, limits: Limits) -> str:
        """The SVG text. Raises ToolError when there is no layout engine, or it fails or exceeds its limits."""
        scene = build_scene(view, options)
        return draw(scene, place(scene, options.layout, options.direction, limits), options.theme)


def draw(scene: Scene, placement: Placement, theme: str) -> str:
    """The SVG of a scene at given places. Ids start with a hash of the content, so that no two drawings clash."""
    palette = DARK if theme == "dark" else LIGHT
    legend = arrange(scene.legend, placement)
    page = Rectangle(-MARGIN, -MARGIN, legend.width + 2 * MARGIN, legend.height + 2 * MARGIN)
    body = "\n".join([*_paper(page, theme, palette), *_body(scene, placement, palette), *_legend(legend, palette)])
    head = _head(scene, page, theme, "gg-")
    root = "gg-" + hashlib.sha256(f"{head}{body}".encode()).hexdigest()[:12]
    return f"{_head(scene, page, theme, root)}\n{body}\n</svg>\n"


def _head(scene: Scene, page: Rectangle, theme: str, root: str) -> str:
    """All that stands before the drawing, and all that has an id."""
    width, height = spell(page.width), spell(page.height)
    # What is inside an image is not read out; links have to be.
    role = "group" if any(box.link for box in scene.boxes) else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{root}" role="{role}" aria-labelledby="{root}-title" '
        f'aria-describedby="{root}-desc" width="{width}" height="{height}" '
        f'viewBox="{spell(page.x)} {spell(page.y)} {width} {height}" '
        f'font-family="{FONT_ATTRIBUTE}" font-size="{spell(FONT_SIZE)}">\n'
        f'<title id="{root}-title">{escape(scene.title)}</title>\n'
        f'<desc id="{root}-desc">{escape(scene.description)}</desc>\n'
        f"<style>{style(root, theme)}</style>"
    )


def _paper(page: Rectangle, theme: str, palette: Palette) -> Iterator[str]:
    """The ground of a drawing that is light or dark everywhere, since the page may be of the other kind."""
    if theme != "auto":
        yield f'<rect class="gg-paper" {placed(page)} fill="{palette["paper"]}"/>'


def _body(scene: Scene, placement: Placement, palette: Palette) -> Iterator[str]:
    """The drawing, what is behind first. Nodes come in the order of the computation."""
    yield f'<g class="gg-clusters" fill="none" stroke="{palette["faint"]}">'
    for cluster in scene.clusters:
        at = placement.frames[cluster.group_id]
        yield from _cluster(cluster, at, placement.names.get(cluster.group_id), palette)
    yield "</g>"
    yield f'<g class="gg-wires" fill="none" stroke="{palette["line"]}">'
    yield from wires(scene.wires, placement, palette)
    yield "</g>"
    circles = {circle.node_id: circle for circle in scene.circles}
    yield f'<g class="gg-nodes" stroke="{palette["line"]}" fill="{palette["ink"]}">'
    for box in scene.boxes:
        circle = circles.get(box.node.id) if box.node else None
        if circle is not None:
            yield _circle(circle, placement.blocks[circle.key], palette)
        yield from _box(box, placement.blocks[box.key], palette)
    for stub in scene.stubs:
        yield _stub(stub, placement.blocks[stub.key])
    yield "</g>"


def _legend(legend: Legend, palette: Palette) -> Iterator[str]:
    if legend.entries:
        yield f'<g class="gg-legend" stroke="{palette["line"]}" fill="{palette["ink"]}">'
        for sample, swatch, start in legend.entries:
            yield from _sample(sample, swatch, start, palette)
        yield "</g>"


def _cluster(cluster: Cluster, at: Rectangle, name: Point | None, palette: Palette) -> Iterator[str]:
    yield f'<rect {placed(at)} rx="8" stroke-dasharray="2 3"/>'
    x, y = name or (at.x + at.width / 2, at.y + LINE_HEIGHT / 2)
    yield text(cluster.name, x, y + LINE_HEIGHT / 2, paint=palette["ink"])


def _circle(circle: Circle, at: Rectangle, palette: Palette) -> str:
    x, y = at.x + at.width / 2, at.y + at.height / 2
    constants, shape = _constants(circle.constants), f'circle cx="{spell(x)}" cy="{spell(y)}" r="{spell(at.width / 2)}"'
    if circle.constants:
        shape = f'rect {placed(at)} rx="{spell(at.height / 2)}"'
    said = text(circle.symbol, x, y + FONT_SIZE / 3)
    return f'<g data-op="n{circle.node_id}"{constants}><{shape} fill="{palette["paper"]}"/>{said}</g>'


def _constants(ids: tuple[int, ...]) -> str:
    """Return the attribute that says which operands are written into an op."""
    return f' data-constants="{" ".join([f"n{each}" for each in ids])}"' if ids else ""


def _badge(box: Box, said: str, x: float, y: float, palette: Palette) -> str:
    """Return the op of a box, in a stadium around the text at x and y."""
    width, height = text_room(said) + 12, LINE_HEIGHT - 2
    at = Rectangle(x - width / 2, y - FONT_SIZE / 3 - height / 2, width, height)
    shape = f'<rect {placed(at)} rx="{spell(height / 2)}" fill="{palette["paper"]}"/>'
    return f'<g data-op="{box.key}"{_constants(box.constants)}>{shape}{text(said, x, y)}</g>'


def _stub(stub: Stub, at: Rectangle) -> str:
    return f'<g data-stub="{stub.key}">{text(stub.text, at.x + at.width / 2, at.y + LINE_HEIGHT * 0.75)}</g>'


def _box(box: Box, at: Rectangle, palette: Palette) -> Iterator[str]:
    subject = f'data-node="n{box.node.id}"' if box.node else f'data-fold="{box.key}"'
    output = ' data-output="true"' if box.is_output else ""
    yield (f'<a href="{escape(box.link)}">' if box.link else "") + f'<g {subject} data-role="{box.kind}"{output}>'
    yield from [f"<title>{escape(cell.text)}</title>" for cell in box.cells if cell.wrapped]
    if box.is_output:
        yield ring(at, palette)
        at = shrunk(at, RING)
    yield from outline(box.kind, box.tint, box.is_alarm, at, palette)
    if box.kind == "folded":
        at = front_of(at)
    for row, (line, kind) in enumerate([(line, cell.kind) for cell in box.cells for line in cell.lines], 1):
        x, y = at.x + at.width / 2, at.y + LINE_HEIGHT * row
        if kind == "op":
            yield _badge(box, line, x, y, palette)
            continue
        paint, look = (palette["alarm"], "gg-alarm") if kind == "alarm" else ("", "")
        yield text(line, x, y, paint=paint, look=look, bold=kind in ("label", "alarm"))
    yield "</g>" + ("</a>" if box.link else "")


def _sample(sample: Sample, at: Rectangle | None, start: Point, palette: Palette) -> Iterator[str]:
    if at is not None and sample.look == "output":
        yield ring(at, palette)
        yield from outline("result", 0, False, shrunk(at, 3.0), palette, 2.0)
    elif at is not None:
        tint = int(sample.look.removeprefix("tint")) if sample.look.startswith("tint") else 0
        kind = sample.look if sample.look in KINDS else "result"
        yield from outline(kind, tint, sample.look == "alarm", at, palette, 3.0)
    yield text(sample.meaning, *start, size=MARK_SIZE, anchor="start")
