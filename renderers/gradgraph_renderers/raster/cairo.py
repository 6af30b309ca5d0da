"""SVG of ours → PDF by CairoSVG, in this process: text as text, in a font that fits its boxes.

To import this takes 0.2 s, and fails where the extra `pdf` or cairo itself is missing.
"""

import unicodedata
from collections.abc import Iterable
from html import unescape
from importlib.metadata import version
from typing import Any

import cairocffi
from cairosvg.surface import PDFSurface

from gradgraph.plugins import ToolFailed, ToolMissing
from gradgraph_renderers.palette import LIGHT
from gradgraph_renderers.raster.fonts import INSTALL, find_fonts
from gradgraph_renderers.raster.own_svg import in_font, paper_of, texts_of
from gradgraph_renderers.svg.metrics import ADVANCE, is_held


def describe() -> str:
    """Return what draws: the releases of CairoSVG and cairo, and the font. Raises ToolMissing as `draw` does."""
    return f"CairoSVG {version('CairoSVG')} with cairo {cairocffi.cairo_version_string()} in {choose_family()}"


def choose_family() -> str:
    """Return the first family that cairo draws with letters of one width, not wider than our boxes have room for.

    Cairo asks the system for fonts and takes another in silence, so it is measured what it took. Raises ToolMissing.
    """
    for family in (*(font.family for font in find_fonts()), "monospace"):
        font = _scaled(family)
        advances = {font.text_extents(letter)[4] for letter in "iMW0"}
        if len(advances) == 1 and 0 < advances.pop() <= ADVANCE * _SIZE:
            return family
    raise ToolMissing("cairo finds no font of our stack, so text would not fit its boxes", INSTALL)


def can_set(svg: str) -> bool:
    """Return whether CairoSVG sets every text right. Raises ToolMissing and ToolLimit as `draw` does.

    It sets one letter after the other from left to right, in one font. So no text may run from right to left, join
    its letters or set marks on them, and the font must have them all.
    """
    strange = {
        letter for text in texts_of(svg) if not is_held(text) for letter in unescape(text) if not is_held(letter)
    }
    return _stand_alone(strange) and _has(choose_family(), strange)


def draw(svg: str) -> bytes:
    """Return the PDF of `svg`, the same bytes at any time. Raises ToolMissing, ToolLimit, and ToolFailed."""
    family = choose_family()
    texts_of(svg)
    paper = paper_of(svg)
    page = in_font(svg, family).encode()
    try:
        # Nothing is loaded unless `unsafe`, and an SVG of ours refers to nothing.
        return bytes(_Page.convert(page, background_color=None if paper == LIGHT["paper"] else paper))
    except Exception as error:
        raise ToolFailed(f"CairoSVG failed: {error!r:.500}", "use -f svg, and report it with the graph") from None


class _Page(PDFSurface):  # type: ignore[misc]  # CairoSVG has no types
    """A page whose date is not that of its making."""

    def _create_surface(self, width: float, height: float) -> Any:
        made = super()._create_surface(width, height)
        made[0].set_metadata(cairocffi.PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z")
        return made


_SIZE = 100


def _scaled(family: str) -> Any:
    """The font that cairo takes for that family, at a size of 100."""
    unit = cairocffi.Matrix()
    size = cairocffi.Matrix(xx=_SIZE, yy=_SIZE)
    return cairocffi.ScaledFont(cairocffi.ToyFontFace(family), size, unit, cairocffi.FontOptions())


def _stand_alone(letters: Iterable[str]) -> bool:
    return not any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN")
        or unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf")
        for letter in letters
    )


def _has(family: str, letters: Iterable[str]) -> bool:
    font = _scaled(family)
    return all(font.text_to_glyphs(0, 0, letter, with_clusters=False)[0][0] for letter in letters)
