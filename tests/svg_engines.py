"""Engines that draw SVG outside a browser, and what is wrong with a picture of ours that one of them drew."""

import base64
import io
import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gradgraph_renderers.palette import DARK, LIGHT
from gradgraph_renderers.svg.metrics import FONT_SIZE, is_held, text_room, text_width
from gradgraph_renderers.svg.placing import PADDING
from tests.browser import screenshot

SCALE = 2
"""Pixels of a picture for each px of the SVG, so that the thinnest line has a pixel of its own colour."""
CLOSE = 12
"""How far a channel of a colour may be off, of 255."""

Pixels = NDArray[np.int16]


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and height of an SVG of ours in px."""
    found = re.search(r' width="([0-9.]+)" height="([0-9.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def _resvg(svg: str) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE))


def _cairosvg(svg: str) -> bytes:
    import cairosvg

    return bytes(cairosvg.svg2png(bytestring=svg.encode(), scale=SCALE))


def _weasyprint(svg: str) -> bytes:
    import pypdfium2
    import weasyprint

    width, height = size_of(svg)
    source = base64.b64encode(svg.encode()).decode()
    page = f"<style>@page{{size:{width}px {height}px;margin:0}}body{{margin:0}}img{{display:block}}</style>"
    pdf = weasyprint.HTML(string=f"{page}<img src='data:image/svg+xml;base64,{source}'>").write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        png = io.BytesIO()
        document[0].render(scale=SCALE * 96 / 72).to_pil().save(png, "PNG")
    finally:
        document.close()
    return png.getvalue()


def _typst(svg: str) -> bytes:
    import typst

    width, height = (0.75 * side for side in size_of(svg))  # a px is 0.75 pt
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "drawing.svg").write_text(svg, encoding="utf-8")
        page = Path(folder, "page.typ")
        page.write_text(
            f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n#image('drawing.svg', width: 100%)".replace(
                "'", '"'
            )
        )
        return bytes(typst.compile(str(page), format="png", ppi=96 * SCALE))


def _librsvg(svg: str) -> bytes:
    ran = subprocess.run(["rsvg-convert", "-z", str(SCALE)], input=svg.encode(), capture_output=True, check=True)
    return ran.stdout


def _chromium(svg: str) -> bytes:
    width, height = map(math.ceil, size_of(svg))
    with tempfile.TemporaryDirectory() as folder:
        drawing = Path(folder, "drawing.svg")
        drawing.write_text(svg, encoding="utf-8")
        png = io.BytesIO()
        screenshot(drawing, width, height, SCALE).save(png, "PNG")
        return png.getvalue()


class Engine(NamedTuple):
    """An engine: what has to be there for it, a module or a program, and what draws an SVG as PNG."""

    needs: str
    draw: Callable[[str], bytes]

    def is_there(self) -> bool:
        """Return whether it can draw here."""
        from importlib.util import find_spec

        return bool(shutil.which(self.needs)) if self.needs == "rsvg-convert" else find_spec(self.needs) is not None

    def pixels(self, svg: str) -> Pixels:
        """Return the picture on white, as rows of red, green and blue."""
        picture = Image.open(io.BytesIO(self.draw(svg))).convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        return np.asarray(ground.convert("RGB"), dtype=np.int16)


ENGINES = {
    "resvg": Engine("resvg_py", _resvg),
    "CairoSVG": Engine("cairosvg", _cairosvg),
    "WeasyPrint": Engine("weasyprint", _weasyprint),
    "Typst": Engine("typst", _typst),
    "librsvg": Engine("rsvg-convert", _librsvg),
}
CHROMIUM = Engine("chromium", _chromium)


def what_is_wrong(svg: str, pixels: Pixels, theme: str) -> list[str]:
    """Return what this picture lacks of an SVG of ours: shapes, colours of the theme, text at its place.

    Colours are those that the palette has for the class of a shape, whatever its attributes say.
    """
    width, height = size_of(svg)
    if abs(pixels.shape[1] - width * SCALE) > SCALE or abs(pixels.shape[0] - height * SCALE) > SCALE:
        return [f"{pixels.shape[1]} × {pixels.shape[0]} pixels for {width} × {height} px"]
    return [*_complaints(ElementTree.fromstring(svg), Picture(pixels, theme))]  # noqa: S314


class Picture:
    """The pixels of a drawing of ours, by places in px of the SVG, and the colours of its theme."""

    def __init__(self, pixels: Pixels, theme: str, left: float = -8.0, top: float = -8.0) -> None:
        self.pixels, self.left, self.top = pixels, left, top
        palette = DARK if theme == "dark" else LIGHT
        self.colours = {
            name: np.array([int(spelled[n : n + 2], 16) for n in (1, 3, 5)]) for name, spelled in palette.items()
        }

    def part(self, x0: float, y0: float, x1: float, y1: float) -> Pixels:
        """Return the pixels that are wholly inside this rectangle."""
        columns = [math.ceil((x0 - self.left) * SCALE), math.floor((x1 - self.left) * SCALE)]
        rows = [math.ceil((y0 - self.top) * SCALE), math.floor((y1 - self.top) * SCALE)]
        return self.pixels[max(rows[0], 0) : max(rows[1], 0), max(columns[0], 0) : max(columns[1], 0)]

    def distance(self, pixels: Pixels, name: str) -> NDArray[np.int64]:
        """Return for each pixel how far its worst channel is from a colour."""
        return np.abs(pixels - self.colours[name]).max(axis=-1)

    def has(self, points: Sequence[tuple[float, float]], name: str) -> bool:
        """Return whether the picture has this colour within a pixel of one of the points."""
        near = 1.5 / SCALE
        spots = [self.part(x - near, y - near, x + near, y + near) for x, y in points]
        return any(spot.size and self.distance(spot, name).min() <= CLOSE for spot in spots)


def _complaints(root: ElementTree.Element, picture: Picture) -> Iterator[str]:
    for group in root:
        look = group.get("class", "")
        for element in group.iter():
            kind = element.tag.rpartition("}")[2]
            if kind == "rect":
                yield from _rect(element, look == "gg-clusters", picture)
            elif kind == "circle":
                yield from _circle(element, picture)
            elif kind == "polygon":
                yield from _arrowhead(element, picture)
            elif kind == "path":
                yield from _wire(element, picture)
            elif kind == "text":
                yield from _text(element, picture)
            elif element.get("data-node") or element.get("data-fold"):
                yield from _inside(element, picture)


def _numbers(element: ElementTree.Element, *names: str) -> list[float]:
    return [float(element.get(name, "nan")) for name in names]


def _rect(element: ElementTree.Element, is_cluster: bool, picture: Picture) -> Iterator[str]:
    x, y, width, height = _numbers(element, "x", "y", "width", "height")
    look = element.get("class", "").removeprefix("gg-")
    filled = {"alarm": "alarm-paper", "bar": "line", "output": ""}.get(look, look)
    middle = y + height / 2
    if filled and not picture.has([(x + width - min(2.25, width / 2), middle)], filled):
        yield f"rect at {x}, {y} is not filled with {filled}"
    if look == "paper":
        return
    stroked = "faint" if is_cluster else {"alarm": "alarm", "output": "ink"}.get(look, "line")
    along = [step / 40 for step in range(10, 31)]
    sides = {
        "top": [(x + width * share, y) for share in along],
        "right": [(x + width, y + height * share) for share in along],
    }
    for side, points in sides.items():
        if not picture.has(points, stroked):
            yield f"rect at {x}, {y} has no {stroked} on its {side}"


def _circle(element: ElementTree.Element, picture: Picture) -> Iterator[str]:
    x, y, radius = _numbers(element, "cx", "cy", "r")
    if not picture.has([(x, y - radius + 3)], "paper"):
        yield f"circle at {x}, {y} is not filled"
    for point in ((x, y - radius), (x, y + radius)):
        if not picture.has([point], "line"):
            yield f"circle at {x}, {y} has no outline at {point}"


def _arrowhead(element: ElementTree.Element, picture: Picture) -> Iterator[str]:
    corners = [tuple(map(float, corner.split(","))) for corner in element.get("points", "").split()]
    x, y = (sum(side) / len(corners) for side in zip(*corners, strict=True))
    if not picture.has([(x, y)], "line"):
        yield f"arrowhead at {x:.1f}, {y:.1f} is missing"


def _wire(element: ElementTree.Element, picture: Picture) -> Iterator[str]:
    points = [tuple(map(float, point)) for point in re.findall(r"(-?[0-9.]+),(-?[0-9.]+)", element.get("d", ""))]
    for first in range(0, len(points) - 3, 3):
        curve = points[first : first + 4]
        spots = []
        for share in (0.3, 0.4, 0.5, 0.6, 0.7):
            rest = 1 - share
            weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
            x, y = (
                sum(weight * side for weight, side in zip(weights, axis, strict=True))
                for axis in zip(*curve, strict=True)
            )
            spots.append((x, y))
        if not picture.has(spots, "line"):
            yield f"wire {element.get('d')} is missing at {spots[2]}"


def room(element: ElementTree.Element) -> tuple[float, float, float, float]:
    """Return where text is: from its left to its right, from the top of its letters to below its baseline."""
    x, y = _numbers(element, "x", "y")
    size = float(element.get("font-size", FONT_SIZE))
    width = text_width(element.text or "", size)
    left = x - width / 2 if element.get("text-anchor") == "middle" else x
    return left, y - 0.8 * size, left + width, y + 0.25 * size


def _text(element: ElementTree.Element, picture: Picture) -> Iterator[str]:
    said = element.text or ""
    if not said.strip() or not is_held(said):  # a font for emoji has colours of its own
        return
    ink = "alarm" if element.get("class") == "gg-alarm" else "ink"
    near = picture.distance(picture.part(*room(element)), ink)
    if near.min() > 3 * CLOSE:
        yield f"text {said!r} has no {ink}"
    share = (near < 90).mean()
    if not 0.01 < share < 0.5:
        yield f"text {said!r} covers {share:.0%} of its room"


def _inside(group: ElementTree.Element, picture: Picture) -> Iterator[str]:
    """Text of our fonts is where the room for it is; other text, which few engines fit into it, is inside its box."""
    boxes = [
        each for each in group if (each.get("class") or "").startswith(("gg-tint", "gg-alarm")) and each.get("width")
    ]
    x, _, width, _ = _numbers(boxes[-1], "x", "y", "width", "height")
    look = str(boxes[-1].get("class")).removeprefix("gg-")
    ground = "alarm-paper" if look == "alarm" else look
    bar = 5.0 if group.get("data-role") == "parameter" else 1.5
    for text in group:
        if text.tag.endswith("}text"):
            left, top, right, bottom = room(text)
            said = text.text or ""
            edge = 1.0 if is_held(said) else PADDING - 2.0 + (text_room(said) - text_width(said)) / 2
            for beside in ((x + bar, top, left - edge, bottom), (right + edge, top, x + width - 1.5, bottom)):
                if beside[0] < beside[2] and (picture.distance(picture.part(*beside), ground) > 3 * CLOSE).any():
                    yield f"text {said!r} leaves its room"
