"""PNG and PDF: our DOT, drawn by Graphviz in the fonts of the machine."""

import json
import re
from collections.abc import Callable, Mapping

from gradgraph.errors import ToolFailed, ToolLimit, ToolMissing
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._cost import check_cost
from gradgraph_renderers._graphviz import INSTALL, convert, find_dot, find_embedded
from gradgraph_renderers._layout import REMEDY, outline
from gradgraph_renderers._staging import build_scene
from gradgraph_renderers.dot import spell

DPI = 96.0
"""Pixels an inch at scale 1, as in CSS."""
MOST_SIDE, MOST_PIXELS = 32_767, 60_000_000
"""Of a bitmap: cairo, which draws for `dot`, makes no side longer; and `dot` takes four bytes or more a pixel."""

_DATE = re.compile(rb"\(D:\d{14}Z\)")  # https://www.iso.org/standard/51502.html, 7.9.4


class PngRenderer:
    """A bitmap, for where no SVG can be shown."""

    name = "png"
    media_type = "image/png"
    suffixes = (".png",)

    def availability(self) -> str | None:
        """None when `dot` or the embedded engine is installed."""
        return None if find_dot() or find_embedded() else f"no layout engine is installed; {REMEDY}"

    def render(self, view: View, options: RenderOptions) -> bytes:
        """The PNG. Raises ToolError when there is no Graphviz, or it fails or exceeds its limits."""
        text = _text(view, options)
        program = _program(options.layout, {"dot": find_dot, "embedded": find_embedded}, "PNG")
        dpi = DPI * options.scale
        # Graphviz crashes on some bitmaps that are too large, and shrinks others: so their size is found out first.
        try:
            _, _, *corner = json.loads(convert(program, "json0", text, options.limits))["bb"].split(",")
            width, height = (round(float(length) / 72 * dpi) for length in corner)
        except (ValueError, KeyError, TypeError) as error:
            raise ToolFailed(f"Graphviz answered with no layout ({error!r})", "check its installation") from None
        if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
            raise ToolLimit(
                f"the picture would have {width:,} × {height:,} pixels, more than {MOST_SIDE:,} on a side or "
                f"{MOST_PIXELS:,} in all",
                "use a smaller --scale, draw less of the graph, or use -f svg",
            )
        return convert(program, "png", text, options.limits, f"-Gdpi={dpi:g}")


class PdfRenderer:
    """A page as large as the drawing, for papers and print. Only `dot` writes it: the embedded engine has no PDF."""

    name = "pdf"
    media_type = "application/pdf"
    suffixes = (".pdf",)

    def availability(self) -> str | None:
        """None when `dot` is installed."""
        return None if find_dot() else f"only `dot` writes PDF, and it is not installed; {INSTALL}"

    def render(self, view: View, options: RenderOptions) -> bytes:
        """The PDF. Raises ToolError when there is no `dot`, or it fails or exceeds its limits."""
        text = _text(view, options)
        page = convert(_program(options.layout, {"dot": find_dot}, "PDF"), "pdf", text, options.limits)
        return _DATE.sub(b"(D:19700101000000Z)", page)  # the same bytes at any time


def _program(layout: str, finders: Mapping[str, Callable[[], str | None]], output: str) -> str:
    """The program for that layout, or the first there is. Raises ToolMissing."""
    for name, find in finders.items():
        found = find() if layout in ("auto", name) else None
        if found:
            return found
    raise ToolMissing(f"{' or '.join(finders)} draws {output}, and is not installed or not chosen", INSTALL)


def _text(view: View, options: RenderOptions) -> str:
    scene = build_scene(view, options)
    check_cost(outline(scene), options.limits)
    return spell(scene, view, options.direction)
