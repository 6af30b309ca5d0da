"""Bitmaps: how large they may be, and how fine they say they are."""

import struct
import zlib

from gradgraph.plugins import ToolLimit

MOST_SIDE, MOST_PIXELS = 32_767, 60_000_000
"""Pixels on a side and in all. Cairo, which draws for `dot`, makes no side longer; a pixel takes four bytes or more."""

_INCH = 0.0254  # metres


def check_pixels(width: float, height: float) -> None:
    """Raise ToolLimit, with the figures, for a bitmap that is too large."""
    across, down = round(width), round(height)
    if max(across, down) > MOST_SIDE or across * down > MOST_PIXELS:
        raise ToolLimit(
            f"the picture would have {across:,} × {down:,} pixels, more than {MOST_SIDE:,} on a side or "
            f"{MOST_PIXELS:,} in all",
            "use a smaller --scale or --dpi, draw less of the graph, or use -f svg",
        )


def with_dpi(png: bytes, dpi: float) -> bytes:
    """Return the PNG with its pixels an inch written into it, for print; a figure it already has is replaced.

    It is the chunk pHYs, in pixels a metre, right behind the header: https://www.w3.org/TR/png/#11pHYs.
    """
    metre = round(dpi / _INCH)
    chunk = b"pHYs" + struct.pack(">IIB", metre, metre, 1)
    header, rest = png[:33], png[33:]
    if rest[4:8] == b"pHYs":
        rest = rest[21:]
    return b"".join([header, struct.pack(">I", 9), chunk, struct.pack(">I", zlib.crc32(chunk)), rest])
