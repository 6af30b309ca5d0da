"""PNG and PDF without our extras: our DOT, drawn by Graphviz itself in the fonts of the machine."""

import json
import re

from gradgraph.plugins import Limits, ToolFailed, ToolLimit, ToolMissing, View, build_scene, check_cost
from gradgraph_renderers.dot.renderer import spell
from gradgraph_renderers.graphviz.engine import INSTALL, convert, find_dot
from gradgraph_renderers.raster.bitmaps import check_pixels
from gradgraph_renderers.svg.placing import outline
from gradgraph_renderers.svg.renderer import SvgRenderer

_DATE = re.compile(rb"\(D:\d{14}Z\)")  # https://www.iso.org/standard/51502.html, 7.9.4


def draw_png(view: View, options: SvgRenderer.Options, limits: Limits, dpi: float) -> bytes:
    """Return the PNG with `dpi` pixels an inch. Raises ToolError."""
    text = _text(view, options, limits)
    program = _dot(options.layout, "png")
    # Graphviz crashes on some bitmaps that are too large, and shrinks others: so their size is found out first.
    try:
        _, _, *corner = json.loads(convert(program, "json0", text, limits))["bb"].split(",")
        width, height = (float(length) / 72 * dpi for length in corner)
    except (ValueError, KeyError, TypeError) as error:
        raise ToolFailed(f"Graphviz answered with no layout ({error!r})", "check its installation") from None
    check_pixels(width, height)
    return convert(program, "png", text, limits, f"-Gdpi={dpi:g}")


def draw_pdf(view: View, options: SvgRenderer.Options, limits: Limits) -> bytes:
    """Return the PDF, the same bytes at any time. Raises ToolError."""
    text = _text(view, options, limits)
    page = convert(_dot(options.layout, "pdf"), "pdf", text, limits)
    return _DATE.sub(b"(D:19700101000000Z)", page)


def remedy(extra: str) -> str:
    """Return what would help where neither the extra nor `dot` is there.

    >>> remedy("pdf")
    "pip install 'gradgraph[pdf]' and choose the layout layered, or install Graphviz (Debian: apt install graphviz)"
    """
    return f"pip install 'gradgraph[{extra}]' and choose the layout layered, or {INSTALL}"


def _dot(layout: str, extra: str) -> str:
    """The path of `dot`, if that layout lets it draw. Raises ToolMissing."""
    found = find_dot() if layout in ("auto", "dot") else None
    if found is None:
        raise ToolMissing(f"`dot` draws {extra.upper()}, and is not installed or not chosen", remedy(extra))
    return found


def _text(view: View, options: SvgRenderer.Options, limits: Limits) -> str:
    scene = build_scene(view, options, whole=True)
    try:
        check_cost(outline(scene), limits)
    except ToolLimit as error:
        raise ToolLimit(error.sentence, error.remedy) from None  # here `layered` would be of no help: it draws no DOT
    return spell(scene, view, options.direction)
