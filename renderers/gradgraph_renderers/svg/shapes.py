"""Shapes and text as SVG elements, painted by their attributes in the colours of a palette."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from gradgraph.plugins import Point, Rectangle
from gradgraph_renderers.palette import Palette, fill
from gradgraph_renderers.svg.metrics import FONT_SIZE, is_held, text_width
from gradgraph_renderers.svg.placing import RING, STACK

ROUND = 6.0
"""The corners of a result; those of a leaf are square."""


def text(
    said: str,
    x: float,
    y: float,
    *,
    paint: str = "",
    bold: bool = False,
    look: str = "",
    size: float = FONT_SIZE,
    anchor: str = "middle",
) -> str:
    """Return text at x, its baseline at y. What fonts may not hold is made as wide as the room it has.

    `paint` is a colour other than that of the group around it, and `look` a class.
    """
    attributes = f'x="{spell(x)}" y="{spell(y)}"'
    if anchor != "start":
        attributes += f' text-anchor="{anchor}"'
    if look:
        attributes += f' class="{look}"'
    if paint:
        attributes += f' fill="{paint}"'
    if size != FONT_SIZE:
        attributes += f' font-size="{spell(size)}"'
    if bold:
        attributes += ' font-weight="bold"'
    if not is_held(said):
        attributes += f' textLength="{spell(text_width(said, size))}" lengthAdjust="spacingAndGlyphs"'
    return f'<text {attributes} stroke="none" xml:space="preserve">{escape(said)}</text>'


def outline(kind: str, tint: int, alarm: bool, at: Rectangle, palette: Palette, corner: float = ROUND) -> Iterator[str]:
    """Yield the outline of a box: kinds differ in its shape."""
    rounding = f' rx="{spell(corner)}"' if kind in ("result", "folded") else ""
    look = "gg-alarm" if alarm else f"gg-tint{tint}"
    stroke = f' stroke="{palette["alarm"]}" stroke-width="2"' if alarm else ""
    paint = f'class="{look}" fill="{fill(tint, alarm, palette)}"{stroke}{rounding}'
    dashes = ' stroke-dasharray="4 3"' if kind == "constant" else ""
    if kind == "folded":
        front = front_of(at)
        yield f"<rect {place(front._replace(x=at.x + STACK, y=at.y))} {paint}/>"
        at = front
    yield f"<rect {place(at)} {paint}{dashes}/>"
    if kind == "parameter":
        yield f'<rect {place(at._replace(width=4.0))} class="gg-bar" fill="{palette["line"]}"/>'


def ring(at: Rectangle, palette: Palette) -> str:
    """Return what marks an output: a second outline around its own."""
    rounding = f'rx="{spell(ROUND + RING)}" class="gg-output"'
    return f'<rect {place(at)} {rounding} fill="none" stroke="{palette["ink"]}" stroke-width="2"/>'


def front_of(at: Rectangle) -> Rectangle:
    """Return where the foremost box of a fold is."""
    return Rectangle(at.x, at.y + STACK, at.width - STACK, at.height - STACK)


def shrunk(at: Rectangle, by: float) -> Rectangle:
    """Return the rectangle without a margin of that many px."""
    return Rectangle(at.x + by, at.y + by, at.width - 2 * by, at.height - 2 * by)


def place(at: Rectangle) -> str:
    """Return the attributes of a rectangle's place and size."""
    return f'x="{spell(at.x)}" y="{spell(at.y)}" width="{spell(at.width)}" height="{spell(at.height)}"'


def arrow(base: Point, tip: Point) -> str:
    """Return the corners of an arrowhead."""
    dx, dy = (tip[0] - base[0]) * 0.4, (tip[1] - base[1]) * 0.4
    corners = (tip, (base[0] - dy, base[1] + dx), (base[0] + dy, base[1] - dx))
    return " ".join([f"{spell(x)},{spell(y)}" for x, y in corners])


def spell(number: float) -> str:
    """Return a coordinate with at most two decimals.

    >>> spell(3.0), spell(2.456), spell(-0.001)
    ('3', '2.46', '0')
    """
    return f"{number:z.2f}".rstrip("0").rstrip(".")
