"""SVG: the layout engine gives positions, and we draw. Self-contained, without scripts, and the same bytes anywhere."""

import hashlib
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from gradgraph.errors import ToolMissing
from gradgraph.layouts import Placement, Point, Rectangle, Route
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._layout import RING, STACK, choose_engine, place
from gradgraph_renderers._legend import Legend, arrange
from gradgraph_renderers._metrics import FONT_SIZE, FONT_STACK, LINE_HEIGHT, MARK_SIZE, is_held, text_width
from gradgraph_renderers._palette import DARK, LIGHT, fill
from gradgraph_renderers._scene import KINDS, Box, Circle, Cluster, Sample, Scene, Stub, Wire
from gradgraph_renderers._staging import build_scene

MARGIN = 8.0
_ROUND = 6.0  # the corners of a result; those of a leaf are square


class SvgRenderer:
    """Draws the scene as SVG, at positions that a layout engine finds."""

    name = "svg"
    media_type = "image/svg+xml"
    suffixes = (".svg",)

    def availability(self) -> str | None:
        """None when a layout engine is installed."""
        try:
            choose_engine("auto")
        except ToolMissing as error:
            return str(error)
        return None

    def render(self, view: View, options: RenderOptions) -> str:
        """The SVG text. Raises ToolError when there is no layout engine, or it fails or exceeds its limits."""
        scene = build_scene(view, options)
        return draw(scene, place(scene, options), options.theme)


def draw(scene: Scene, placement: Placement, theme: str) -> str:
    """The SVG of a scene at given places. Ids start with a hash of the content, so that no two drawings clash."""
    legend = arrange(scene.legend, placement)
    body = "\n".join([*_body(scene, placement), *_legend(legend)])
    head = _head(scene, legend, theme, "gg-")
    root = "gg-" + hashlib.sha256(f"{head}{body}".encode()).hexdigest()[:12]
    return f"{_head(scene, legend, theme, root)}\n{body}\n</svg>\n"


def _head(scene: Scene, legend: Legend, theme: str, root: str) -> str:
    """All that stands before the drawing, and all that has an id."""
    width, height = _spell(legend.width + 2 * MARGIN), _spell(legend.height + 2 * MARGIN)
    # What is inside an image is not read out; links have to be.
    role = "group" if any(box.link for box in scene.boxes) else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{root}" role="{role}" aria-labelledby="{root}-title" '
        f'aria-describedby="{root}-desc" width="{width}" height="{height}" '
        f'viewBox="{_spell(-MARGIN)} {_spell(-MARGIN)} {width} {height}" '
        f'font-family="{FONT_STACK}" font-size="{_spell(FONT_SIZE)}">\n'
        f'<title id="{root}-title">{escape(scene.title)}</title>\n'
        f'<desc id="{root}-desc">{escape(scene.description)}</desc>\n'
        f"<style>{_style(root, theme)}</style>"
    )


def _body(scene: Scene, placement: Placement) -> Iterator[str]:
    """The drawing, what is behind first. Nodes come in the order of the computation."""
    yield f'<g class="gg-clusters" fill="none" stroke="{LIGHT["faint"]}">'
    for cluster in scene.clusters:
        yield from _cluster(cluster, placement.frames[cluster.group_id])
    yield "</g>"
    yield f'<g class="gg-wires" fill="none" stroke="{LIGHT["line"]}">'
    for wire, route in zip(scene.wires, placement.routes, strict=True):
        yield _wire(wire, route)
    yield "</g>"
    circles = {circle.node_id: circle for circle in scene.circles}
    yield f'<g class="gg-nodes" stroke="{LIGHT["line"]}" fill="{LIGHT["ink"]}">'
    for box in scene.boxes:
        circle = circles.get(box.node.id) if box.node else None
        if circle is not None:
            yield _circle(circle, placement.blocks[circle.key])
        yield from _box(box, placement.blocks[box.key])
    for stub in scene.stubs:
        yield _stub(stub, placement.blocks[stub.key])
    yield "</g>"


def _legend(legend: Legend) -> Iterator[str]:
    if legend.entries:
        yield f'<g class="gg-legend" stroke="{LIGHT["line"]}" fill="{LIGHT["ink"]}">'
        for entry in legend.entries:
            yield from _sample(*entry)
        yield "</g>"


def _style(root: str, theme: str) -> str:
    """Colours as custom properties that a page can override, `--gg-ink` and so on. Every rule is bound to our id.

    Engines without custom properties (Typst, WeasyPrint, resvg, CairoSVG, librsvg) would paint every `var()` black, so
    the rules are for those that know them; the others read the presentation attributes, which hold the light colours.
    """

    def colours(spell: Callable[[str], str]) -> str:
        return f"#{root}{{{''.join([f'--_{name}:var(--gg-{name},{spell(name)});' for name in LIGHT])}}}"

    rules = [colours((DARK if theme == "dark" else LIGHT).__getitem__)]
    if theme == "auto":
        both = colours(lambda name: f"light-dark({LIGHT[name]},{DARK[name]})")
        rules += [f"@supports (color:light-dark(red,red)){{{both}}}", *_schemes(f"#{root}")]
    else:
        rules.append(f"#{root}{{background:var(--_paper)}}")  # the page may be of the other kind
    if theme == "dark":
        rules.append(f"@media print{{{colours(LIGHT.__getitem__)}}}")  # paper is white
    rules += [f"#{root} .gg-tint{index}{{fill:var(--_tint{index})}}" for index in range(5)]
    rules += [
        f"#{root} text{{fill:var(--_ink);stroke:none}}",
        f"#{root} .gg-wires,#{root} .gg-nodes,#{root} .gg-legend{{stroke:var(--_line)}}",
        f"#{root} .gg-wires polygon,#{root} .gg-bar{{fill:var(--_line)}}",
        f"#{root} .gg-clusters{{stroke:var(--_faint)}}",
        f"#{root} circle{{fill:var(--_paper)}}",
        f"#{root} .gg-output{{stroke:var(--_ink)}}",
        f"#{root} rect.gg-alarm{{fill:var(--_alarm-paper);stroke:var(--_alarm)}}",
        f"#{root} text.gg-alarm{{fill:var(--_alarm)}}",
        # On paper nobody can scroll.
        f"@media print{{#{root}{{max-width:100%!important;min-width:0!important;height:auto!important}}}}",
    ]
    return f"@supports (color:var(--x)){{{''.join(rules)}}}"


def _schemes(own: str) -> list[str]:
    """Which scheme `theme="auto"` follows: the reader's in a file or image of its own, and in a page the page's.

    Many pages are light whatever the reader wants, and others have a switch, so inside a page it is the page's
    `color-scheme` that counts; pages that do not set it, such as Furo's, say it in an attribute.
    """
    return [
        f"{own}:root{{color-scheme:light dark;background:var(--_paper)}}",  # an image cannot know what it stands on
        f"@media screen{{[data-theme=dark] {own}{{color-scheme:dark}}}}",
        f"@media screen and (prefers-color-scheme:dark){{[data-theme=auto] {own}{{color-scheme:dark}}}}",
        f"@media print{{{own},{own}:root{{color-scheme:light}}}}",  # paper is white
    ]


def _cluster(cluster: Cluster, at: Rectangle) -> Iterator[str]:
    yield f'<rect {_place(at)} rx="8" stroke-dasharray="2 3"/>'
    yield _text(cluster.name, at.x + at.width / 2, at.y + LINE_HEIGHT, paint=LIGHT["ink"])


def _wire(wire: Wire, route: Route) -> str:
    *points, tip = route.spline
    start, *rest = points
    curve = " ".join([f"{_spell(x)},{_spell(y)}" for x, y in rest])
    dashes = ' stroke-dasharray="3 3"' if wire.leads_out else ""
    mark = ""
    if route.mark is not None:
        x, y = route.mark
        mark = _text(wire.mark, x, y + MARK_SIZE / 3, paint=LIGHT["ink"], size=MARK_SIZE)
    return (
        f'<g data-tail="{wire.tail}" data-head="{wire.head}">'
        f'<path d="M{_spell(start[0])},{_spell(start[1])}C{curve}"{dashes}/>'
        f'<polygon points="{_arrow(points[-1], tip)}" fill="{LIGHT["line"]}" stroke="none"/>{mark}</g>'
    )


def _circle(circle: Circle, at: Rectangle) -> str:
    x, y = at.x + at.width / 2, at.y + at.height / 2
    return (
        f'<g data-op="n{circle.node_id}"><circle cx="{_spell(x)}" cy="{_spell(y)}" r="{_spell(at.width / 2)}" '
        f'fill="{LIGHT["paper"]}"/>{_text(circle.symbol, x, y + FONT_SIZE / 3)}</g>'
    )


def _stub(stub: Stub, at: Rectangle) -> str:
    return f'<g data-stub="{stub.key}">{_text(stub.text, at.x + at.width / 2, at.y + LINE_HEIGHT * 0.75)}</g>'


def _box(box: Box, at: Rectangle) -> Iterator[str]:
    subject = f'data-node="n{box.node.id}"' if box.node else f'data-fold="{box.key}"'
    output = ' data-output="true"' if box.is_output else ""
    yield (f'<a href="{escape(box.link)}">' if box.link else "") + f'<g {subject} data-role="{box.kind}"{output}>'
    if box.is_output:
        yield from _ring(at)
        at = _shrunk(at, RING)
    yield from _outline(box.kind, box.tint, box.is_alarm, at, _ROUND)
    if box.kind == "folded":
        at = _front(at)
    for row, cell in enumerate(box.cells, 1):
        yield _text(cell.text, at.x + at.width / 2, at.y + LINE_HEIGHT * row, style=cell.kind)
    yield "</g>" + ("</a>" if box.link else "")


def _outline(kind: str, tint: int, alarm: bool, at: Rectangle, corner: float) -> Iterator[str]:
    """A box: kinds differ in the shape of the outline."""
    rounding = f' rx="{_spell(corner)}"' if kind in ("result", "folded") else ""
    look = "gg-alarm" if alarm else f"gg-tint{tint}"
    stroke = f' stroke="{LIGHT["alarm"]}" stroke-width="2"' if alarm else ""
    paint = f'class="{look}" fill="{fill(tint, alarm, LIGHT)}"{stroke}{rounding}'
    dashes = ' stroke-dasharray="4 3"' if kind == "constant" else ""
    if kind == "folded":
        front = _front(at)
        yield f"<rect {_place(front._replace(x=at.x + STACK, y=at.y))} {paint}/>"
        at = front
    yield f"<rect {_place(at)} {paint}{dashes}/>"
    if kind == "parameter":
        yield f'<rect {_place(at._replace(width=4.0))} class="gg-bar" fill="{LIGHT["line"]}"/>'


def _ring(at: Rectangle) -> Iterator[str]:
    """What marks an output: a second outline around its own."""
    rounding = f'rx="{_spell(_ROUND + RING)}" class="gg-output"'
    yield f'<rect {_place(at)} {rounding} fill="none" stroke="{LIGHT["ink"]}" stroke-width="2"/>'


def _front(at: Rectangle) -> Rectangle:
    """Where the foremost box of a fold is."""
    return Rectangle(at.x, at.y + STACK, at.width - STACK, at.height - STACK)


def _shrunk(at: Rectangle, by: float) -> Rectangle:
    return Rectangle(at.x + by, at.y + by, at.width - 2 * by, at.height - 2 * by)


def _sample(sample: Sample, at: Rectangle | None, start: Point) -> Iterator[str]:
    if at is not None and sample.look == "output":
        yield from _ring(at)
        yield from _outline("result", 0, False, _shrunk(at, 3.0), 2.0)
    elif at is not None:
        tint = int(sample.look.removeprefix("tint")) if sample.look.startswith("tint") else 0
        kind = sample.look if sample.look in KINDS else "result"
        yield from _outline(kind, tint, sample.look == "alarm", at, 3.0)
    yield _text(sample.meaning, *start, size=MARK_SIZE, anchor="start")


def _text(
    text: str,
    x: float,
    y: float,
    *,
    style: str = "",
    paint: str = "",
    size: float = FONT_SIZE,
    anchor: str = "middle",
) -> str:
    """Text at x, its baseline at y. What fonts may not hold is made as wide as the room it has."""
    attributes = f'x="{_spell(x)}" y="{_spell(y)}"'
    if anchor != "start":
        attributes += f' text-anchor="{anchor}"'
    if style == "alarm":
        paint = LIGHT["alarm"]
        attributes += ' class="gg-alarm"'
    if paint:
        attributes += f' fill="{paint}"'
    if size != FONT_SIZE:
        attributes += f' font-size="{_spell(size)}"'
    if style in ("label", "alarm"):
        attributes += ' font-weight="bold"'
    if not is_held(text):
        attributes += f' textLength="{_spell(text_width(text, size))}" lengthAdjust="spacingAndGlyphs"'
    return f'<text {attributes} stroke="none" xml:space="preserve">{escape(text)}</text>'


def _place(at: Rectangle) -> str:
    return f'x="{_spell(at.x)}" y="{_spell(at.y)}" width="{_spell(at.width)}" height="{_spell(at.height)}"'


def _arrow(base: Point, tip: Point) -> str:
    """The corners of an arrow head."""
    dx, dy = (tip[0] - base[0]) * 0.4, (tip[1] - base[1]) * 0.4
    corners = (tip, (base[0] - dy, base[1] + dx), (base[0] + dy, base[1] - dx))
    return " ".join([f"{_spell(x)},{_spell(y)}" for x, y in corners])


def _spell(number: float) -> str:
    """A coordinate with at most two decimals.

    >>> _spell(3.0), _spell(2.456), _spell(-0.001)
    ('3', '2.46', '0')
    """
    spelled = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if spelled == "-0" else spelled
