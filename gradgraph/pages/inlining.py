"""SVG of ours inside an HTML page: sized for it, and with ids that no other copy there has."""

import re

LEAST_SHARE = 0.7
"""How small a picture gets that is wider than its page, before it scrolls: its text is 8 px high then."""

_PAPER = "background:var(--_paper)"
"""The property is that of our SVG's own style sheet."""

_ID = re.compile(r' id="(gg-[0-9a-f]{12})"')
_SIZE = re.compile(r' width="([0-9.]+)" height="([0-9.]+)"')


def on_paper(svg: str) -> str:
    """Return an SVG of ours that paints the ground behind it, for a page whose colours nobody knows."""
    return svg.replace("<svg ", f'<svg style="{_PAPER}" ', 1)


def inline_svg(svg: str, width: str = "", copy: int = 0, *, paper: bool = False) -> str:
    """An SVG of ours for the inside of an HTML page: it scrolls when it is too wide.

    Its ids hold `copy`, a number that no equal picture on the page may have. With `paper` it paints the ground
    behind it.
    """
    own = _SIZE.search(svg)
    if width:
        size = f"width:{css_length(width)};max-width:none;height:auto"
    else:
        size = f"max-width:100%;min-width:{float(own[1]) * LEAST_SHARE:.0f}px;height:auto" if own else ""
    root = _ID.search(svg)
    if copy and root:
        svg = svg.replace(root[1], f"{root[1]}-{copy}")
    if paper:
        size = f"{size};{_PAPER}"
    styled = svg.strip().replace("<svg ", f'<svg style="{size}" ', 1)
    return f'<div class="gradgraph-picture" style="overflow-x:auto;margin:1em 0">{styled}</div>'


def css_length(width: str) -> str:
    """A width as CSS has it: without a unit it is pixels.

    >>> css_length("50%"), css_length("300")
    ('50%', '300px')
    """
    return f"{width}px" if width[-1].isdigit() else width


def pixels(svg: str) -> float:
    """How many px an SVG of ours covers, 0 if it is none of ours.

    >>> pixels('<svg id="gg-0123456789ab" width="20" height="7.5"></svg>')
    150.0
    """
    found = _SIZE.search(svg) if root_id(svg) else None
    return float(found[1]) * float(found[2]) if found else 0.0


def root_id(svg: str) -> str:
    """The id that all others in an SVG of ours start with."""
    found = _ID.search(svg)
    return found[1] if found else ""
