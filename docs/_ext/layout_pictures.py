"""The directive `layout-pictures`: one graph as several layout engines place it, each picture a link to its file.

`.. layout-pictures:: sum of 200` draws a graph of benchmarks/layout_graphs.py by `layered` and `dot`. A picture that is
too large for the page is made smaller. An engine that cannot work here has a sentence in the place of its picture.
"""

import os
import re
from pathlib import Path
from typing import Any, ClassVar, get_args

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from benchmarks import layout_graphs
from gradgraph import Rendering, ToolError, render
from gradgraph.plugins import Direction, Limits

WIDE, HIGH = 730.0, 600.0
"""The largest size of a picture in the page, in px: the column of text is that wide."""
LIMITS = Limits(max_layout_cost=2**40, tool_seconds=60.0)
"""Bounds that let `dot` try graphs that it is not asked for otherwise."""


def _direction(given: str) -> str:
    if given not in get_args(Direction):
        raise ValueError(f"{given!r} is none of {', '.join(get_args(Direction))}")
    return given


class LayoutPictures(SphinxDirective):
    """`.. layout-pictures:: name of a graph`, with the options `engines` and `direction`."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"engines": str.split, "direction": _direction}

    def run(self) -> list[nodes.Node]:
        """Return a figure for each engine."""
        for source in (__file__, layout_graphs.__file__):
            self.env.note_dependency(source)
        return [self._drawn(engine) for engine in self.options.get("engines", ["layered", "dot"])]

    def _drawn(self, engine: str) -> nodes.Element:
        name, direction = self.arguments[0], self.options.get("direction", "LR")
        make = layout_graphs.makers().get(name)
        if make is None:
            raise self.error(f"there is no graph {name} in benchmarks/layout_graphs.py")
        try:
            drawing = render(
                make(),
                "svg",
                fold="none",
                ops="circle",
                layout=engine,
                direction=direction,
                limits=LIMITS,
                legend=False,
                strict=True,
            )
        except ToolError as error:
            reason = f"There is no picture of {engine} here: {error.sentence}."
            return nodes.paragraph(reason, reason)
        said = f"{engine}: {told_size(drawing)}"
        return figure_of(
            self.env, drawing, file_name(name, engine, direction), f"{name}, {direction}, placed by {engine}", said
        )


def figure_of(env: Any, drawing: Rendering, name: str, alt: str, said: str) -> nodes.Element:
    """Return a figure of an SVG, which is saved under that name; smaller than it is if the page has less room.

    Under it is what is `said`, and how much smaller it is.
    """
    width, height = size(drawing)
    scale = min(1.0, WIDE / width, HIGH / height)
    folder = Path(env.doctreedir) / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    file = drawing.save(folder / name)
    picture = nodes.image(
        uri=f"/{Path(os.path.relpath(file, env.srcdir)).as_posix()}", alt=alt, width=f"{scale * width:.0f}px"
    )
    said += "" if scale == 1 else f", here at {scale:.0%}"
    return nodes.figure("", picture, nodes.caption(said, said))


def told_size(drawing: Rendering) -> str:
    """Return the size of an SVG in words."""
    width, height = size(drawing)
    return f"{width:,.0f} × {height:,.0f} px"


def size(drawing: Rendering) -> tuple[float, float]:
    """Return the width and the height of an SVG, in px."""
    found = re.search(r' width="([0-9.]+)" height="([0-9.]+)"', str(drawing))
    if not found:
        raise ValueError("an SVG without a size")
    return float(found[1]), float(found[2])


def file_name(graph: str, engine: str, direction: str) -> str:
    """Return a name for the file of a picture.

    >>> file_name("sum of 200", "dot", "LR")
    'sum-of-200-lr-dot.svg'
    """
    words = re.findall(r"[a-z0-9]+", f"{graph} {direction} {engine}".lower())
    return f"{'-'.join(words)}.svg"


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("layout-pictures", LayoutPictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
