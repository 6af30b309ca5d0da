"""Diagrams in pages: what the Sphinx directive and the Markdown fence have in common."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gradgraph.document.files import format_of, loads
from gradgraph.document.json_writing import chunks
from gradgraph.document.reading import read
from gradgraph.drawing import describing, rendering
from gradgraph.drawing.choosing import FALLBACK
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.registry import find_layout, find_renderer, layout_names
from gradgraph.drawing.selection import Selection
from gradgraph.errors import OptionError, Spelling, ToolError, in_python
from gradgraph.graph.model import Graph
from gradgraph.limits import Limits
from gradgraph.pages.options import Options
from gradgraph.saving import save
from gradgraph.version import __version__

PICTURES = ("svg", "png")
"""The formats that are pictures in a page; the others are text and stand there as such."""


class Diagram(NamedTuple):
    """A graph in a page."""

    graph: Graph
    options: Options


def read_inline(text: str, source: str | None = None, limits: Limits | None = None) -> Graph:
    """Return the graph of a document that stands in a page: JSON if it starts with a brace, YAML otherwise.

    Raises DocumentError; its lines count from the first of `text`.
    """
    return loads(text, "json" if text.lstrip().startswith("{") else "yaml", limits=limits, source=source)


def read_file(path: str | os.PathLike[str], name: str, limits: Limits | None = None) -> Graph:
    """Return the graph of a document that a page names so. Raises DocumentError and OSError, which tell that name."""
    try:
        return loads(read(path, limits), format_of(name), limits=limits, source=name)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, name) from None


def sentence(error: Exception, spelled: Spelling = in_python) -> str:
    """What an error says, the file first if it is about one; options as they are `spelled` where the page is made."""
    if isinstance(error, ToolError):
        return str(error.in_words_of(spelled))
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)


def draw(diagram: Diagram, format: str, **place: Any) -> Rendering:
    """The drawing in one format. `place` are options that go before the diagram's own.

    Raises ToolError, TooLarge, RendererError, and OptionError for a node or a group that is not there.
    """
    options = diagram.options
    record = msgspec.structs.asdict(options.record(format, **place))
    selection = _selection(diagram)
    return rendering.draw(diagram.graph, format, record, options.limits, selection=selection, policy="error")


def _selection(diagram: Diagram) -> Selection:
    """Return what is selected, folded as the format that was asked for is, also in text that replaces it."""
    return diagram.options.selection.drawn_as(diagram.options.page.format)


def shown_width(png: bytes, diagram: Diagram) -> str:
    """Return the CSS width of a PNG in an HTML page; "" for a pixel a px, which pages do by themselves.

    The width is in the header: https://www.w3.org/TR/png/#11IHDR.
    """
    dpi = diagram.options.record("png").dpi
    return diagram.options.page.width or ("" if dpi == 96 else f"{int.from_bytes(png[16:20]) * 96 / dpi:.0f}px")


def draw_text(diagram: Diagram, format: str = FALLBACK, **place: Any) -> str:
    """The drawing as text to be shown as it is. Raises as `draw` does, and OptionError for a format that is no text."""
    content = draw(diagram, format, **place).content
    if isinstance(content, bytes):
        raise OptionError(f"a page shows {', '.join(PICTURES)}, or what is text, but not {format}")
    return content


def picture_file(diagram: Diagram, format: str, folder: Path) -> Path:
    """The picture as a file in `folder`, drawn only if no equal one is there. Raises as `draw` does, and OSError.

    Its name is a hash of all that makes it: the document, the options, our version and those of the layout engines.
    """
    file = folder / f"{_key(diagram, format)}.{format}"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save(file, [draw(diagram, format).to_bytes()])
    return file


def _key(diagram: Diagram, format: str) -> str:
    options = diagram.options
    how = (options.selection, options.record(format))
    key = hashlib.sha256(repr((__version__, engines(), format, *how)).encode())
    for chunk in chunks(diagram.graph):
        key.update(chunk.encode())
    return key.hexdigest()[:32]


def engines() -> str:
    """Return the layout engines and the drawers of PNG and PDF that work here, with their versions.

    What GRADGRAPH_LAYOUT says comes last, since pictures change with it.
    """
    return _engines(*[os.environ.get(name, "") for name in ("PATH", "GRADGRAPH_FONTS", "GRADGRAPH_LAYOUT")])


@cache
def _engines(path: str, fonts: str, layout: str) -> str:
    chosen = f"layout {layout}" if layout else ""
    return ", ".join(filter(None, [*map(_engine, layout_names()), *map(_drawn_by, ("png", "pdf")), chosen]))


def _engine(name: str) -> str:
    try:
        engine = find_layout(name)
        return "" if engine.availability() else f"{name} {engine.version()}"
    except Exception as error:  # a plug-in is anyone's code, and this page may not name it
        return f"{name}: {error}"


def _drawn_by(name: str) -> str:
    try:
        drawn_by = getattr(find_renderer(name), "drawn_by", None)  # a plug-in's may not say
        return f"{name} by {drawn_by()}" if drawn_by else ""
    except Exception as error:  # a plug-in is anyone's code, and this page may not name it
        return f"{name}: {error}"


def alt_text(diagram: Diagram) -> str:
    """The title and description of a picture, for an image that cannot say them itself. Raises as `draw` does."""
    view, record = _selection(diagram).view(diagram.graph), diagram.options.record(diagram.options.page.format)
    return f"{describing.title(view, record)}. {describing.description(view, record)}"
