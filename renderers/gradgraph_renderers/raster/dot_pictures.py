"""PNG and PDF without our extras: our DOT, drawn by Graphviz itself in the fonts of the machine."""

import json
import re
from collections.abc import Callable, Mapping

from gradgraph.plugins import Limits, ToolFailed, ToolMissing, View, build_scene, check_cost
from gradgraph_renderers.dot.renderer import spell
from gradgraph_renderers.graphviz.engine import INSTALL, convert, find_dot, find_embedded
from gradgraph_renderers.raster.bitmaps import check_pixels
from gradgraph_renderers.svg.placing import outline
from gradgraph_renderers.svg.renderer import SvgRenderer

_DATE = re.compile(rb"\(D:\d{14}Z\)")  # https://www.iso.org/standard/51502.html, 7.9.4


def draw_png(view: View, options: SvgRenderer.Options, limits: Limits, dpi: float) -> bytes:
    """Return the PNG with `dpi` pixels an inch. Raises ToolError."""
    text = _text(view, options, limits)
    program = _program(options.layout, {"dot": find_dot, "embedded": find_embedded}, "png")
    # Graphviz crashes on some bitmaps that are too large, and shrinks others: so their size is found out first.
    try:
        _, _, *corner = json.loads(convert(program, "json0", text, limits))["bb"].split(",")
        width, height = (float(length) / 72 * dpi for length in corner)
    except (ValueError, KeyError, TypeError) as error:
        raise ToolFailed(f"Graphviz answered with no layout ({error!r})", "check its installation") from None
    check_pixels(width, height)
    return convert(program, "png", text, limits, f"-Gdpi={dpi:g}")


def draw_pdf(view: View, options: SvgRenderer.Options, limits: Limits) -> bytes:
    """Return the PDF, the same bytes at any time. The embedded engine has none. Raises ToolError."""
    text = _text(view, options, limits)
    page = convert(_program(options.layout, {"dot": find_dot}, "pdf"), "pdf", text, limits)
    return _DATE.sub(b"(D:19700101000000Z)", page)


def remedy(extra: str) -> str:
    """Return what would help where neither the extra nor a Graphviz that draws is there.

    >>> remedy("pdf")
    "pip install 'gradgraph[embedded,pdf]', or install Graphviz (Debian: apt install graphviz)"
    """
    return f"pip install 'gradgraph[embedded,{extra}]', or {INSTALL}"


def _program(layout: str, finders: Mapping[str, Callable[[], str | None]], extra: str) -> str:
    """The program for that layout, or the first there is. Raises ToolMissing."""
    for name, find in finders.items():
        found = find() if layout in ("auto", name) else None
        if found:
            return found
    sentence = f"{' or '.join(finders)} draws {extra.upper()}, and is not installed or not chosen"
    raise ToolMissing(sentence, remedy(extra))


def _text(view: View, options: SvgRenderer.Options, limits: Limits) -> str:
    scene = build_scene(view, options)
    check_cost(outline(scene), limits)
    return spell(scene, view, options.direction)
