"""SVG: the layout engine gives positions, and we draw. Self-contained, without scripts, and the same bytes anywhere."""

import hashlib
from collections.abc import Iterator
from xml.sax.saxutils import escape

from gradgraph.errors import ToolMissing
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._layout import Placement, Point, Rectangle, Route, find_engine, place
from gradgraph_renderers._metrics import FONT_SIZE, FONT_STACK, LINE_HEIGHT, MARK_SIZE
from gradgraph_renderers._scene import Box, Circle, Scene, Wire, build_scene
from gradgraph_renderers._tints import TINTS

MARGIN = 8.0

_LIGHT = {"ink": "#1f2328", "line": "#57606a", "faint": "#8c959f", "paper": "#ffffff"}
_DARK = {"ink": "#e6edf3", "line": "#9198a1", "faint": "#656c76", "paper": "#0d1117"}
_DARK_TINTS = ("#161b22", "#122438", "#15395f", "#1b528a", "#1f6fbe")
_ROUND = 6  # the corners of a result; those of a leaf are square


class SvgRenderer:
    """Draws the scene as SVG, at positions that `dot` or the embedded engine finds."""

    name = "svg"
    media_type = "image/svg+xml"
    suffixes = (".svg",)

    def availability(self) -> str | None:
        """None when a layout engine is installed."""
        try:
            find_engine("auto")
        except ToolMissing as error:
            return str(error)
        return None

    def render(self, view: View, options: RenderOptions) -> str:
        """The SVG text. Raises ToolError when there is no layout engine, or it fails or exceeds its limits."""
        scene = build_scene(view, options)
        return draw(scene, place(scene, options), options.theme)


def draw(scene: Scene, placement: Placement, theme: str) -> str:
    """The SVG of a scene at given places. Ids start with a hash of the content, so that no two drawings clash."""
    root = "gg-" + hashlib.sha256(repr((scene, placement, theme)).encode()).hexdigest()[:12]
    return "\n".join(_lines(scene, placement, theme, root)) + "\n"


def _lines(scene: Scene, placement: Placement, theme: str, root: str) -> Iterator[str]:
    width, height = _spell(placement.width + 2 * MARGIN), _spell(placement.height + 2 * MARGIN)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{root}" role="img" aria-labelledby="{root}-title {root}-desc" '
        f'width="{width}" height="{height}" viewBox="{_spell(-MARGIN)} {_spell(-MARGIN)} {width} {height}" '
        f'font-family="{FONT_STACK}" font-size="{_spell(FONT_SIZE)}">'
    )
    yield f'<title id="{root}-title">{escape(scene.title)}</title>'
    yield f'<desc id="{root}-desc">{escape(scene.description)}</desc>'
    yield f"<style>{_style(root, theme)}</style>"
    yield f'<g class="gg-clusters" fill="none" stroke="{_LIGHT["faint"]}">'
    for cluster in scene.clusters:
        yield from _cluster(cluster.name, placement.clusters[cluster.group_id])
    yield "</g>"
    yield f'<g class="gg-wires" fill="none" stroke="{_LIGHT["line"]}">'
    for wire, route in zip(scene.wires, placement.routes, strict=True):
        yield _wire(wire, route)
    yield "</g>"
    circles = {circle.node_id: circle for circle in scene.circles}
    yield f'<g class="gg-nodes" stroke="{_LIGHT["line"]}" fill="{_LIGHT["ink"]}">'
    for box in scene.boxes:
        circle = circles.get(box.node.id)
        if circle is not None:
            yield _circle(circle, placement.boxes[circle.key])
        yield from _box(box, placement.boxes[box.key])
    for stub in scene.stubs:
        at = placement.boxes[stub.key]
        text = _text(stub.text, at.x + at.width / 2, at.y + LINE_HEIGHT)
        yield f'<g data-stub="{stub.key}">{text}</g>'
    yield "</g>"
    yield "</svg>"


def _style(root: str, theme: str) -> str:
    """Colours as custom properties that a page can override, `--gg-ink` and so on. Every rule is bound to our id."""

    def colours(palette: dict[str, str], tints: tuple[str, ...]) -> str:
        named = {**palette, **{f"tint{index}": tint for index, tint in enumerate(tints)}}
        return "".join(f"--_{name}:var(--gg-{name},{colour});" for name, colour in named.items())

    light, dark = colours(_LIGHT, TINTS), colours(_DARK, _DARK_TINTS)
    rules = [f"#{root}{{{dark if theme == 'dark' else light}}}"]
    if theme == "auto":
        rules.append(f"@media (prefers-color-scheme:dark){{#{root}{{{dark}}}}}")
    rules += [f"#{root} .gg-tint{index}{{fill:var(--_tint{index})}}" for index in range(len(TINTS))]
    rules += [
        f"#{root} text{{fill:var(--_ink);stroke:none}}",
        f"#{root} .gg-wires,#{root} .gg-nodes{{stroke:var(--_line)}}",
        f"#{root} .gg-wires polygon{{fill:var(--_line)}}",
        f"#{root} .gg-clusters{{stroke:var(--_faint)}}",
        f"#{root} circle{{fill:var(--_paper)}}",
        f"#{root} .gg-output{{stroke:var(--_ink)}}",
    ]
    return "".join(rules)


def _cluster(name: str, at: Rectangle) -> Iterator[str]:
    yield f'<rect {_place(at)} rx="8" stroke-dasharray="2 3"/>'
    yield _text(name, at.x + at.width / 2, at.y + LINE_HEIGHT, _LIGHT["ink"])


def _wire(wire: Wire, route: Route) -> str:
    *points, tip = route.spline
    start, *rest = points
    curve = " ".join(f"{_spell(x)},{_spell(y)}" for x, y in rest)
    dashes = ' stroke-dasharray="3 3"' if wire.leads_out else ""
    mark = ""
    if route.mark is not None:
        x, y = route.mark
        mark = _text(wire.mark, x, y + MARK_SIZE / 3, _LIGHT["ink"], size=MARK_SIZE)
    return (
        f'<g data-tail="{wire.tail}" data-head="{wire.head}">'
        f'<path d="M{_spell(start[0])},{_spell(start[1])}C{curve}"{dashes}/>'
        f'<polygon points="{_arrow(points[-1], tip)}" fill="{_LIGHT["line"]}" stroke="none"/>{mark}</g>'
    )


def _circle(circle: Circle, at: Rectangle) -> str:
    x, y = at.x + at.width / 2, at.y + at.height / 2
    return (
        f'<g data-op="n{circle.node_id}"><circle cx="{_spell(x)}" cy="{_spell(y)}" r="{_spell(at.width / 2)}" '
        f'fill="{_LIGHT["paper"]}"/>{_text(circle.symbol, x, y + FONT_SIZE / 3)}</g>'
    )


def _box(box: Box, at: Rectangle) -> Iterator[str]:
    """A value box: roles differ in the shape of the outline, and an output has a second one."""
    output = ' data-output="true"' if box.is_output else ""
    yield f'<g data-node="n{box.node.id}" data-role="{box.kind}"{output}>'
    corner = _ROUND if box.kind == "result" else 0
    dashes = ' stroke-dasharray="4 3"' if box.kind == "constant" else ""
    outline = f'<rect {_place(at)} rx="{corner}"{dashes}'
    yield f'{outline} class="gg-tint{box.tint}" fill="{TINTS[box.tint]}"/>'
    if box.kind == "parameter":
        yield f'<rect {_place(at._replace(width=3.0))} fill="{_LIGHT["line"]}"/>'
    if box.is_output:
        around = Rectangle(at.x - 3, at.y - 3, at.width + 6, at.height + 6)
        yield f'<rect {_place(around)} rx="{corner + 3}" class="gg-output" fill="none"/>'
    for row, cell in enumerate(box.cells):
        is_label = row == 0 and box.node.label != ""
        yield _text(cell, at.x + at.width / 2, at.y + LINE_HEIGHT * (row + 1), bold=is_label)
    yield "</g>"


def _text(text: str, x: float, y: float, fill: str = "", *, size: float = FONT_SIZE, bold: bool = False) -> str:
    """Text centred at x, its baseline at y."""
    paint = f' fill="{fill}"' if fill else ""
    shape = (f' font-size="{_spell(size)}"' if size != FONT_SIZE else "") + (' font-weight="bold"' if bold else "")
    return (
        f'<text x="{_spell(x)}" y="{_spell(y)}" text-anchor="middle" stroke="none" xml:space="preserve"'
        f"{paint}{shape}>{escape(text)}</text>"
    )


def _place(at: Rectangle) -> str:
    return f'x="{_spell(at.x)}" y="{_spell(at.y)}" width="{_spell(at.width)}" height="{_spell(at.height)}"'


def _arrow(base: Point, tip: Point) -> str:
    """The corners of an arrow head."""
    dx, dy = (tip[0] - base[0]) * 0.4, (tip[1] - base[1]) * 0.4
    corners = (tip, (base[0] - dy, base[1] + dx), (base[0] + dy, base[1] - dx))
    return " ".join(f"{_spell(x)},{_spell(y)}" for x, y in corners)


def _spell(number: float) -> str:
    """A coordinate with at most two decimals.

    >>> _spell(3.0), _spell(2.456), _spell(-0.001)
    ('3', '2.46', '0')
    """
    return f"{round(number, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # adding 0 makes a -0 a 0
