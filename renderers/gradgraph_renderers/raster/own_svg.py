"""What has to be known of an SVG of ours before an engine in this process draws it."""

import re

from gradgraph.plugins import ToolLimit
from gradgraph_renderers.palette import DARK, LIGHT

MOST_LETTERS, LONGEST_TEXT = 200_000, 1_000
"""Of a drawing and of one text in it: CairoSVG takes 20 µs a letter, and resvg the square of a text's length, which
is some ms for the longest."""

_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
_FONT = re.compile(r'font-family="[^"]*"')
_SIZE = re.compile(r'<svg [^>]* width="([0-9.]+)" height="([0-9.]+)"')


def size_of(svg: str) -> tuple[float, float]:
    """Return its width and height in px.

    >>> size_of('<svg id="gg-1" width="20" height="7.5"></svg>')
    (20.0, 7.5)
    """
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError("this is no SVG of ours")
    return float(found[1]), float(found[2])


def texts_of(svg: str) -> list[str]:
    """Return all that is written in it; &, < and > are entities. Raises ToolLimit for more than the engines can take.

    >>> texts_of('<svg width="9" height="9"><title>no</title><text x="1">a &amp; b</text></svg>')
    ['a &amp; b']
    """
    texts = _TEXT.findall(svg)
    letters, longest = sum(map(len, texts)), max(map(len, texts), default=0)
    for count, most, where in ((letters, MOST_LETTERS, "all"), (longest, LONGEST_TEXT, "one text")):
        if count > most:
            raise ToolLimit(
                f"the picture has {count:,} letters in {where}, more than {most:,}",
                "draw less of the graph (--focus, --max-boxes), use shorter labels, or use -f svg",
            )
    return texts


def in_font(svg: str, family: str) -> str:
    """Return it with one family in the place of our stack, of which some engines know the first only."""
    return _FONT.sub(f'font-family="{family}"', svg, count=1)


def paper_of(svg: str) -> str:
    """Return the colour of the paper for the colours that it has where there are no styles."""
    return (DARK if f'fill="{DARK["ink"]}"' in svg else LIGHT)["paper"]
