"""`make pictures` draws the pictures of the gallery as a browser shows them: docs/pictures/NAME.png.

Each is one page of four drawings, inlined as HTML: light and dark, left to right and top to bottom. Somebody looks
at them before they are committed.
"""

import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from gradgraph import Graph, View, fold, render
from gradgraph.views import everything
from tests.browser import chromium
from tests.test_goldens import CASES

FOLDER = Path(__file__).parent.parent / "docs/pictures"
MOST_WIDTH = 1_600
"""px of a picture; a wider page is shown smaller."""
PAGES = {"light": "#ffffff", "dark": "#0d1117"}


def views() -> dict[str, Callable[[], View]]:
    """What each picture shows."""

    def folded() -> View:
        return fold(CASES["mlp"](), ["layer 1", "layer 2"])

    def whole(make: Callable[[], Graph]) -> Callable[[], View]:
        return lambda: everything(make())

    return {**{name: whole(make) for name, make in CASES.items()}, "mlp-folded": folded}


def page(view: View) -> tuple[str, int, int]:
    """The HTML of a picture, and the size of the window that holds it."""
    cells = {}
    sizes = {}
    for theme, paper in PAGES.items():
        for direction in ("LR", "TB"):
            svg = str(render(view, "svg", strict=True, theme=theme, direction=direction))
            size = re.search(r' width="([0-9.]+)" height="([0-9.]+)"', svg)
            assert size
            sizes[direction] = int(float(size[1])) + 24, int(float(size[2])) + 24
            style = f"background:{paper};padding:10px;flex:1 0 auto"
            cells[theme, direction] = f'<div style="{style}">{svg}</div>'
    (wide, low), (narrow, high) = sizes["LR"], sizes["TB"]
    upright = f"<div style='display:flex'>{cells['light', 'TB']}{cells['dark', 'TB']}</div>"
    body = cells["light", "LR"] + cells["dark", "LR"] + upright
    return f"<!doctype html><meta charset=utf-8><body style='margin:0'>{body}", max(wide, 2 * narrow), 2 * low + high


def main(names: list[str]) -> None:
    """Draw the pictures of these names, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, make in views().items():
        if names and name not in names:
            continue
        html, width, height = page(make())
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "page.html"
            source.write_text(html, encoding="utf-8")
            picture = FOLDER / f"{name}.png"
            scale = min(1.0, MOST_WIDTH / width)
            sizes = f"--window-size={width},{height}", f"--force-device-scale-factor={scale}"
            chromium(f"--screenshot={picture}", *sizes, source.as_uri())
        print(picture, f"{picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
