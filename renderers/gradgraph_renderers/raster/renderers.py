"""PNG and PDF: our SVG, drawn by resvg and CairoSVG of the extras `png` and `pdf`; without them Graphviz draws."""

from collections.abc import Callable
from importlib.util import find_spec
from types import ModuleType
from typing import Annotated

import msgspec

from gradgraph.plugins import Limits, ToolError, ToolMissing, View, option
from gradgraph_renderers.graphviz.engine import INSTALL, find_dot
from gradgraph_renderers.raster import dot_pictures, resvg
from gradgraph_renderers.raster.bitmaps import check_pixels, with_dpi
from gradgraph_renderers.raster.dot_pictures import remedy
from gradgraph_renderers.raster.own_svg import size_of
from gradgraph_renderers.svg.renderer import SvgRenderer

PIXELS_AN_INCH = 96.0
"""Of a px, in CSS and so in our SVG: https://www.w3.org/TR/css-values-4/#absolute-lengths."""


class PngRenderer:
    """A bitmap, for where no SVG can be shown."""

    name = "png"
    media_type = "image/png"
    suffixes = (".png",)

    class Options(SvgRenderer.Options, frozen=True, kw_only=True):
        """Options of a bitmap. A side has `scale * dpi / 96` pixels for each px of the SVG."""

        scale: Annotated[float, option("Draw the picture this many times as large as the SVG.", ge=0.1, le=10)] = 1.0
        dpi: Annotated[float, option("Draw this many pixels an inch.", ge=24, le=1200)] = 96.0

    def availability(self) -> str | None:
        """None when resvg, a font of ours and a layout engine are there, or without resvg `dot`."""
        if resvg.is_installed():
            return SvgRenderer().availability() or _reason(resvg.describe)
        return None if find_dot() else f"neither resvg nor `dot` is installed; {remedy('png')}"

    def drawn_by(self) -> str:
        """Return what draws a PNG here, with its release, for reports. Raises ToolError."""
        return resvg.describe() if resvg.is_installed() else "Graphviz"

    def render(self, view: View, options: Options, limits: Limits) -> bytes:
        """The PNG: by resvg the very picture of the SVG.

        Raises ToolError when a program, an engine or a font is missing, fails or exceeds its limits.
        """
        if resvg.is_installed():
            return self.of_svg(SvgRenderer().render(view, options, limits), options)
        return with_dpi(dot_pictures.draw_png(view, options, limits, options.scale * options.dpi), options.dpi)

    def of_svg(self, svg: str, options: Options) -> bytes:
        """The PNG of an SVG of ours, of the size that `scale` and `dpi` say. Raises ToolError as `render` does."""
        if not resvg.is_installed():
            raise ToolMissing("resvg-py is not installed", "pip install 'gradgraph[png]'")
        zoom = options.scale * options.dpi / PIXELS_AN_INCH
        width, height = size_of(svg)
        check_pixels(width * zoom, height * zoom)
        return with_dpi(resvg.draw(svg, zoom), options.dpi)


class PdfRenderer:
    """A page as large as the drawing, for papers and print. Its text is text: it can be searched and copied."""

    name = "pdf"
    media_type = "application/pdf"
    suffixes = (".pdf",)
    Options = SvgRenderer.Options

    def availability(self) -> str | None:
        """None when CairoSVG, a font and a layout engine are there, or without CairoSVG `dot`."""
        if _has_cairosvg():
            return SvgRenderer().availability() or _reason(self.drawn_by)
        return None if find_dot() else f"neither CairoSVG nor `dot` is installed; {remedy('pdf')}"

    def drawn_by(self) -> str:
        """Return what draws a PDF here, with its release, for reports. Raises ToolError."""
        return str(_load_cairo().describe()) if _has_cairosvg() else "Graphviz"

    def render(self, view: View, options: SvgRenderer.Options, limits: Limits) -> bytes:
        """The PDF: by CairoSVG the picture of the SVG, and by `dot` if there is text that CairoSVG cannot set.

        Raises ToolError when a program, an engine or a font is missing, fails or exceeds its limits.
        """
        if not _has_cairosvg():
            return dot_pictures.draw_pdf(view, options, limits)
        cairo = _load_cairo()
        svg = SvgRenderer().render(view, msgspec.structs.replace(options, link=""), limits)  # CairoSVG draws no links
        if cairo.can_set(svg):
            return bytes(cairo.draw(svg))
        if not find_dot():
            raise ToolMissing(
                "CairoSVG cannot set some of the text: its font lacks letters, or they join or run from right to left",
                f"{INSTALL}, whose `dot` can, or use -f svg",
            )
        return dot_pictures.draw_pdf(view, options, limits)


def _reason(draws: Callable[[], str]) -> str | None:
    """Why nothing draws, None if something does."""
    try:
        draws()
    except ToolError as error:
        return str(error)
    return None


def _has_cairosvg() -> bool:
    return find_spec("cairosvg") is not None


def _load_cairo() -> ModuleType:
    """What draws by CairoSVG. It is imported here, since that takes 0.2 s. Raises ToolMissing without cairo itself."""
    try:
        from gradgraph_renderers.raster import cairo
    except (ImportError, OSError):
        raise ToolMissing(
            "CairoSVG is installed but cannot load cairo", "install cairo (Debian: apt install libcairo2)"
        ) from None
    return cairo
