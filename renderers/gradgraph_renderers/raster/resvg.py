"""SVG of ours → PNG by resvg, in this process: the same picture, in a font of our stack."""

from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from gradgraph.plugins import ToolFailed, ToolMissing
from gradgraph_renderers.raster.fonts import REMEDY, Font, find_fonts
from gradgraph_renderers.raster.own_svg import in_font, paper_of, texts_of
from gradgraph_renderers.svg.metrics import is_held


def is_installed() -> bool:
    """Whether the extra `png` is there."""
    return find_spec("resvg_py") is not None


def describe() -> str:
    """Return what draws: the release of resvg-py and the font. Raises ToolMissing when no font of ours is there."""
    return f"resvg-py {version('resvg_py')} in {choose_font().family}"


def choose_font() -> Font:
    """Return the first font of our stack that resvg draws with. Raises ToolMissing when there is none.

    Without a font resvg leaves all text out and says nothing, so a letter is tried.
    """
    for font in find_fonts():
        if _draws(font):
            return font
    raise ToolMissing("no font of our stack is installed, so a PNG would have no text", REMEDY)


def draw(svg: str, zoom: float) -> bytes:
    """Return the PNG of `svg`, `zoom` pixels a px. Raises ToolMissing, ToolLimit, and ToolFailed when resvg fails."""
    font = choose_font()
    texts = texts_of(svg)
    # Fonts of the machine are asked only for what ours may not hold: reading them all takes a while, and what they
    # are should matter as little as may be. What no font has is an empty box.
    ours_will_do = all(map(is_held, texts))
    return _convert(
        svg_string=in_font(svg, font.family),
        zoom=zoom,
        background=paper_of(svg),
        font_files=list(font.files),
        skip_system_fonts=ours_will_do,
        monospace_family=font.family,
    )


@lru_cache(maxsize=16)
def _draws(font: Font) -> bool:
    page = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="{}">{}</text></svg>'
    )
    with_text, without = (
        _convert(svg_string=page.format(font.family, text), font_files=list(font.files), skip_system_fonts=True)
        for text in ("x", "")
    )
    return with_text != without


def _convert(**settings: Any) -> bytes:
    """What resvg makes of it. No folder of resources is named, and an SVG of ours refers to none."""
    try:
        from resvg_py import svg_to_bytes

        return bytes(svg_to_bytes(**settings))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # Rust's panic is no Exception
        raise ToolFailed(f"resvg failed: {error!r:.500}", "use -f svg, and report it with the graph") from None
